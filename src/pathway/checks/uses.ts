/** What is cited is there, and nothing is declared for nobody: an unused number or fact is a rule that somebody forgot to write. */

import type { Entry } from '../catalog.ts'
import { type Draft, entryOf } from '../draft.ts'
import { type Problems, unknownName } from '../problems.ts'
import { valueAt } from '../unions.ts'
import { leavesOf, parametersIn, valuesOf } from './walk.ts'

/** Looks at what was written, right or wrong in shape, so that one mistake does not bring others with it. */
export function checkUses(draft: Draft, problems: Problems) {
  const { parameters, facts, rules, offers, episode, medicines, words, handouts } = draft
  if (!facts.complete || !rules.complete || !offers.complete || !episode.file) return
  if (!medicines.file || !words.file) return
  if (handouts && !handouts.file) return
  const choices = Object.values(valueAt(handouts?.file?.value, ['choices']) ?? {}).flat()
  const readers = [
    ...facts.raw,
    ...rules.raw,
    ...offers.raw,
    episode.file.value,
    medicines.file.value,
    words.file.value,
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

/** Every citation names a source of `sources.yaml`, and no two sources are one entry of the bibliography. */
export function checkCitations(draft: Draft, problems: Problems) {
  const { parameters, facts, rules, orderKinds, episode, checklist, sources, handouts } = draft
  const citing = [parameters, facts, rules, orderKinds].flatMap(
    (catalog): Entry<unknown>[] => catalog.entries,
  )
  const pages = [handouts, handouts?.share].flatMap((each) =>
    each?.file ? entryOf({ file: each.file, value: each.value }) : [],
  )
  for (const { value, place } of [...citing, ...entryOf(episode), ...entryOf(checklist), ...pages]) {
    for (const cites of valuesOf(value, 'cites')) {
      for (const { value: source, path } of leavesOf(cites.value, cites.path)) {
        const id = String(source)
        if (sources.lacks(id)) problems.add(place(...path), unknownName('source', id, sources.names))
      }
    }
  }
  const numbered = new Map<string, string>()
  for (const { name, value, place } of sources.entries) {
    const number = value.bibliography
    if (number === undefined) continue
    const other = numbered.get(number)
    if (other) problems.add(place('bibliography'), `${number} of the bibliography is ${other} already`)
    else numbered.set(number, name)
  }
}
