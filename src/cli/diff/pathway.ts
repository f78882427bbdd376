/** Version, standing and scope of the pathway, its open questions, what it leaves out, and its numbers. */

import { numbersBehind } from '../../docs/numbers-behind.ts'
import { withUnit } from '../../docs/sentence.ts'
import type { Content } from '../../pathway/content.ts'
import type { Parameter } from '../../pathway/schema.ts'
import { fromTo, keyChanges, listChange, recordChanges, type Section, section } from './section.ts'

type Written = Pick<Content, 'pathway'>

export function pathwayChanges({ pathway: before }: Written, { pathway: after }: Written): Section {
  const version =
    before.version === after.version
      ? []
      : [
          `version: ${fromTo(before.version, after.version)}`,
          ...after.history
            .filter(({ version: each }) => each === after.version)
            .flatMap(({ impact }) => impact.map((each) => `  ${each}`)),
        ]
  const questions = listChange(
    before['open-questions'].map(({ question }) => question),
    after['open-questions'].map(({ question }) => question),
  )
  const rest = keyChanges(before, after, [
    'version',
    'parameters',
    'open-questions',
    'not-encoded',
    'history',
  ])
  return section('Pathway', [
    ...version,
    ...rest,
    ...(questions.startsWith('the same') ? [] : [`open questions: ${questions}`]),
    ...leftOut(before, after),
  ])
}

function leftOut(before: Content['pathway'], after: Content['pathway']): string[] {
  const [was, is] = [before, after].map((pathway) => pathway['not-encoded'].map(({ code }) => code))
  const change = listChange(was ?? [], is ?? [])
  return change.startsWith('the same') ? [] : [`not encoded: ${change}`]
}

/** From what to what, by whose word, and which rules rest on them. */
export function numberChanges(before: Content, after: Content): Section {
  const behind = (name: string) => {
    const codes = after.rules
      .filter((rule) => numbersBehind(rule, after).includes(name))
      .map(({ code }) => code)
    return codes.length > 0 ? `behind: ${codes.join(', ')}` : 'behind no rule'
  }
  const named = (name: string, parameter: Parameter) =>
    `${name}, ${withUnit(parameter)}: ${parameter.meaning} (${sourceOf(parameter)})`
  const names = new Map(Object.entries(after.parameters).map(([name, parameter]) => [parameter, name]))
  return section(
    'Numbers',
    recordChanges<Parameter>(before.parameters, after.parameters, {
      name: named,
      changes: (was, is) => [
        ...(withUnit(was) === withUnit(is)
          ? []
          : [`${withUnit(was)} → ${withUnit(is)}, by ${sourceOf(is)}; ${behind(names.get(is) ?? '')}`]),
        ...keyChanges(was, is, ['value', 'unit']),
      ],
    }),
  )
}

const sourceOf = (parameter: Parameter) => `${parameter['stated-by']}: ${parameter.cites.join(', ')}`
