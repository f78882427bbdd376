/** What a site sets must fit the pathway: its numbers within bounds, its rules and referrals known. */

import { sameAddress } from '../../site/addresses.ts'
import type { Policy } from '../../site/coverage.ts'
import type { Site } from '../../site/schema.ts'
import type { Named } from '../catalog.ts'
import type { CodeIndex } from '../codes.ts'
import { entryOf, type Single } from '../draft.ts'
import type { Path } from '../files.ts'
import { type Problems, unknownName } from '../problems.ts'
import { type FactDeclaration, isRetired, type OrderKind, type Parameter, type Rule } from '../schema.ts'
import { checkWhen } from './rules.ts'
import { parametersIn } from './uses.ts'

// What a site says for payers must fit the pathway: headlines that can speak, facts that are there, numbers that
// have a name.

/** What a policy can name. */
interface AroundCoverage {
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

/** What a site can name. */
interface AroundSite {
  site: Single<Site>
  parameters: Named<Parameter>
  rules: Named<Rule>
  offers: Named<unknown>
  orders: Named<unknown>
  codes: { index: CodeIndex; complete: boolean }
}

export function checkSite(draft: AroundSite, problems: Problems) {
  const [site] = entryOf(draft.site)
  if (!site) return
  const { parameters, rules, offers, orders, codes } = draft
  for (const [name, value] of Object.entries(site.value.parameters)) {
    const place = site.place('parameters', name)
    const parameter = parameters.entries.find((each) => each.name === name)
    if (!parameter) {
      if (parameters.lacks(name)) problems.add(place, unknownName('parameter', name, parameters.names))
      continue
    }
    const { bounds } = parameter.value
    if (!bounds)
      problems.add(place, `parameter "${name}" is not for sites to set: it has no bounds in pathway.yaml`)
    else if (value < bounds['at-least'] || value > bounds['at-most']) {
      problems.add(place, `"${name}" must lie between ${bounds['at-least']} and ${bounds['at-most']}`)
    }
  }
  const ruleCodes = new Set(rules.entries.map(({ value }) => value.code))
  for (const key of ['silent', 'off'] as const) {
    for (const [at, code] of site.value.rules[key].entries()) {
      if (rules.complete && !ruleCodes.has(code))
        problems.add(site.place('rules', key, at), unknownName('rule', code, ruleCodes))
    }
  }
  for (const code of Object.keys(site.value.rules['speaks-from'])) {
    if (rules.complete && !ruleCodes.has(code))
      problems.add(site.place('rules', 'speaks-from', code), unknownName('rule', code, ruleCodes))
  }
  const departments = new Set(Object.keys(site.value.departments))
  for (const [at, { name }] of site.value.silent.departments.entries()) {
    if (!departments.has(name))
      problems.add(
        site.place('silent', 'departments', at, 'name'),
        unknownName('department', name, departments),
      )
  }
  const issuers = new Set(site.value.callers?.issuers.map(({ iss }) => iss))
  for (const [at, { name }] of site.value.silent.callers.entries()) {
    if (!issuers.has(name))
      problems.add(site.place('silent', 'callers', at, 'name'), unknownName('issuer', name, issuers))
  }
  const servers = site.value.callers?.issuers.flatMap((issuer) => issuer['fhir-servers'].map(sameAddress))
  for (const [at, { 'fhir-server': server }] of site.value.ledger['order-outcomes'].entries()) {
    if (servers && !servers.includes(sameAddress(server)))
      problems.add(
        site.place('ledger', 'order-outcomes', at, 'fhir-server'),
        'is in `fhir-servers` of no caller: no call would be about it',
      )
  }
  const bands = site.value.ledger.strata['age-bands']
  if (bands.some((start, at) => start <= (bands[at - 1] ?? 0)))
    problems.add(site.place('ledger', 'strata', 'age-bands'), 'the ages must rise')
  for (const [at, { for: order }] of site.value.directory.entries()) {
    const known = new Set([...orders.names, ...offers.names])
    if (orders.complete && !known.has(order))
      problems.add(site.place('directory', at, 'for'), unknownName('order', order, orders.names))
  }
  for (const order of Object.keys(site.value.clients['order-codes'])) {
    if (orders.lacks(order))
      problems.add(site.place('clients', 'order-codes', order), unknownName('order', order, orders.names))
  }
  for (const [at, { code, means }] of site.value['local-codes'].entries()) {
    if (codes.complete && codes.index.lookup(means).length === 0) {
      const mend = 'no value set holds that, so it would never count'
      problems.add(
        site.place('local-codes', at, 'means'),
        `local code "${code}" means ${means.system}|${means.code}: ${mend}`,
      )
    }
  }
}
