/** Words stand for groups that exist. */
import { type Draft, entryOf } from '../draft.ts'
import { type Problems, unknownName } from '../problems.ts'
import { checkGroups } from './value-sets.ts'

export function checkMeanings({ meanings, codes }: Draft, problems: Problems) {
  for (const { value, place } of entryOf(meanings)) {
    for (const [at, entry] of value.meanings.entries()) {
      if ('means' in entry)
        checkGroups(codes, entry.means, (...path) => place('meanings', at, 'means', ...path), problems)
    }
    const { set } = value.imaging
    if (!codes.columns.has(set))
      problems.add(place('imaging', 'set'), unknownName('value set', set, codes.columns.keys()))
  }
}
