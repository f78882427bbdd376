/** Nothing is declared for nobody: an unused number or fact is a rule that somebody forgot to write. */
import type { Draft } from '../draft.ts'
import type { Problems } from '../problems.ts'
import { valueAt } from '../unions.ts'
import { leavesOf, parametersIn } from './walk.ts'

/** Looks at what was written, right or wrong in shape, so that one mistake does not bring others with it. */
export function checkUses(draft: Draft, problems: Problems) {
  const { parameters, facts, rules, offers, episode, medicines, handouts } = draft
  if (!facts.complete || !rules.complete || !offers.complete || !episode.file || !medicines.file) return
  if (handouts && !handouts.file) return
  const choices = Object.values(valueAt(handouts?.file?.value, ['choices']) ?? {}).flat()
  const readers = [
    ...facts.raw,
    ...rules.raw,
    ...offers.raw,
    episode.file.value,
    medicines.file.value,
    ...choices,
  ]
  const usedParameters = new Set(readers.flatMap(parametersIn).map(({ value }) => value))
  for (const { name, place } of parameters.entries) {
    if (!usedParameters.has(name)) {
      problems.add(place(), `parameter "${name}" is never used: use it as $${name}, or delete it`)
    }
  }
  const conditions = readers.flatMap((raw) =>
    ['when', 'recommended-when', 'only-when', 'safe-when'].map((key) => valueAt(raw, [key])),
  )
  const parts = facts.raw.flatMap((raw) =>
    ['any-of', 'all-of', 'fact', 'reads'].map((key) => valueAt(raw, [key])),
  )
  const usedFacts = new Set([
    ...conditions.flatMap((when) => leavesOf(when)).flatMap(({ path }) => path.map(String)),
    ...parts.flatMap((part) => leavesOf(part)).map(({ value }) => String(value)),
  ])
  for (const { name, value, place } of facts.entries) {
    // Every card tells when the pain began, and on what basis.
    if (!usedFacts.has(name) && value.kind !== 'episode') {
      problems.add(place(), `fact "${name}" is never used: ask it in a rule or a group, or delete it`)
    }
  }
}
