/** What a site says for payers must fit the pathway: headlines that can speak, facts that are there, numbers that have a name. */

import type { Policy } from '../../site/coverage.ts'
import type { Site } from '../../site/schema.ts'
import type { Named } from '../catalog.ts'
import { entryOf, type Single } from '../draft.ts'
import type { Path } from '../files.ts'
import { type Problems, unknownName } from '../problems.ts'
import type { FactDeclaration, OrderKind, Parameter, Rule } from '../schema.ts'
import { isRetired } from '../status.ts'
import { checkWhen } from './rules.ts'
import { parametersIn } from './uses.ts'

/** What a policy can name. */
export interface AroundCoverage {
  site: Single<Site>
  parameters: Named<Parameter>
  rules: Named<Rule>
  facts: Named<FactDeclaration>
}

export function checkCoverage(draft: AroundCoverage, problems: Problems) {
  const [site] = entryOf(draft.site)
  if (!site) return
  const { payers } = site.value.coverage
  const askingFirst = site.value.payers['prior-authorization'].map((name) => name.toLowerCase())
  for (const [at, { names, orders }] of payers.entries()) {
    for (const [index, name] of names.entries()) {
      if (askingFirst.includes(name.toLowerCase()))
        problems.add(
          site.place('coverage', 'payers', at, 'names', index),
          `"${name}" is in payers.prior-authorization too: a card would say what the order itself is told (resp-25). Keep one`,
        )
    }
    for (const [kind, policy] of Object.entries(orders) as [OrderKind, Policy][])
      checkPolicy(kind, policy, ['coverage', 'payers', at, 'orders', kind])
  }

  function checkPolicy(kind: OrderKind, policy: Policy, path: Path) {
    const headlines = draft.rules.entries.flatMap(({ value: rule }) =>
      rule.role === 'headline' && !isRetired(rule) && rule.on.includes(kind) ? [rule.code] : [],
    )
    const place = (...more: Path) => site?.place(...path, ...more) ?? { file: 'site.yaml', line: 1 }
    const checkNumber = (name: string | undefined, ...more: Path) => {
      if (name !== undefined && draft.parameters.lacks(name.slice(1)))
        problems.add(place(...more), unknownName('parameter', name.slice(1), draft.parameters.names))
    }
    for (const [at, { rules = [], when, 'until-onset-plus': until }] of policy.assertions.entries()) {
      for (const [index, code] of rules.entries()) {
        if (draft.rules.complete && !headlines.includes(code))
          problems.add(
            place('assertions', at, 'rules', index),
            unknownName(`headline rule on ${kind}`, code, headlines),
          )
      }
      const inWhen = (...more: Path) => place('assertions', at, 'when', ...more)
      if (when) checkWhen(draft, when, inWhen, problems)
      for (const { value, path: where } of parametersIn(when)) {
        if (draft.parameters.lacks(value))
          problems.add(inWhen(...where), unknownName('parameter', value, draft.parameters.names))
      }
      checkNumber(until, 'assertions', at, 'until-onset-plus')
    }
    checkNumber(policy.otherwise['until-onset-plus'], 'otherwise', 'until-onset-plus')
  }
}
