/** Words beside a code: which of the groups that they name say more than the code does? */
import { wordGroups } from '../../grammar.ts'
import type { CodeRow } from '../../pathway/codes.ts'
import type { WordLists } from '../../pathway/schema.ts'
import type { Said } from './said.ts'

/** Of groups that words beside these codes name: does one say more than the codes do? */
export type BeyondCodes = (coded: ReadonlySet<CodeRow>) => (row: CodeRow) => boolean

export function beyondCodes(settings: WordLists['beside-codes'], read: (text: string) => Said): BeyondCodes {
  /** Sets whose codes say all that there is to say within their set. */
  const tellAll = new Set(settings['tell-all'])
  /** Sets whose codes say so little that words count which only may tell of something. */
  const tellLittle = new Set(settings['tell-little'])
  /** By row: groups of its display. What a wide group is called is in the words of nearly every code below it. */
  const named = new WeakMap<CodeRow, ReadonlySet<string>>()

  function namedBy(row: CodeRow): ReadonlySet<string> {
    const known = named.get(row)
    if (known) return known
    const { affirmed, suspected, past } = read(row.display)
    const groups = new Set([affirmed, suspected, past].flatMap((rows) => rows.map(({ key }) => key)))
    named.set(row, groups)
    return groups
  }

  return (coded) => {
    const rows = [...coded]
    const saysLittle = rows.every(({ set }) => tellLittle.has(set))
    return ({ set, key }) => {
      if (set === wordGroups.set && !saysLittle) return false
      return !rows.some(
        (row) => row.key === key || (row.set === set && tellAll.has(set)) || namedBy(row).has(key),
      )
    }
  }
}
