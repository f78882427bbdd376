/** Clinical numbers: from what to what, by whose word, and which rules rest on them. */
import type { Content } from '../../content/content.ts'
import type { Parameter } from '../../content/schema.ts'
import { numbersBehind } from '../../docs/numbers-behind.ts'
import { withUnit } from '../../docs/sentence.ts'
import { keyChanges, recordChanges, type Section, section } from './section.ts'

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
