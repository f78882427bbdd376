/** Clinical numbers are named parameters, and nothing else is a clinical number. */
import { type Draft, entryOf } from '../draft.ts'
import type { Path } from '../files.ts'
import { type Problems, unknownName } from '../problems.ts'
import { bareNumbersIn, parametersIn } from './walk.ts'

export function checkParameters(draft: Draft, problems: Problems) {
  const { parameters, facts, rules, offers, episode, medicines, words } = draft
  for (const { value, place } of [
    ...facts.entries,
    ...rules.entries,
    ...offers.entries,
    ...entryOf(episode),
    ...entryOf(medicines),
    ...entryOf(words),
    ...choicesOf(draft),
  ]) {
    for (const { value: name, path } of parametersIn(value)) {
      if (parameters.lacks(name))
        problems.add(place(...path), unknownName('parameter', name, parameters.names))
    }
    for (const { value: number, path } of bareNumbersIn(value)) {
      problems.add(
        place(...path),
        `"${String(path.at(-1))}: ${number}" is a bare number: write it as a named parameter with its source in pathway.yaml`,
      )
    }
  }
  for (const { name, value, place } of parameters.entries) {
    const { bounds } = value
    if (bounds && (value.value < bounds['at-least'] || value.value > bounds['at-most'])) {
      problems.add(
        place('value'),
        `parameter "${name}" is outside its own bounds: mend its value or its bounds`,
      )
    }
  }
}

/** Who is given which page: the rest of that file holds no condition. */
function choicesOf({ handouts }: Draft) {
  const { file, value } = handouts ?? {}
  if (!file || !value) return []
  return [{ value: value.choices, place: (...path: Path) => file.place(['choices', ...path]) }]
}
