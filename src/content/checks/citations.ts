/** Every citation names a source of `sources.yaml`, and no two sources are one entry of the bibliography. */
import type { Entry } from '../catalog.ts'
import { type Draft, entryOf } from '../draft.ts'
import { type Problems, unknownName } from '../problems.ts'
import { leavesOf, valuesOf } from './walk.ts'

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
