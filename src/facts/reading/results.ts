/** Measurements under a name of a hospital's own: "Temp (Src)", "Sed Rate". */
import type { CodeRow } from '../../pathway/codes.ts'
import type { Meanings } from '../../pathway/schema.ts'
import { wordsIn } from '../phrases.ts'
import { withoutRemark } from '../words.ts'
import { rowsOfTerm } from './terms.ts'

/** A longer name is a sentence. */
const longestName = 120
const none: readonly CodeRow[] = []

/** Rows of what is measured under these names; only a whole name counts, because words of it stand in many others. */
export function resultNames({ results }: Meanings): (names: readonly string[]) => readonly CodeRow[] {
  const known = new Map<string, readonly CodeRow[]>()
  for (const { 'measured-as': means, names } of results)
    for (const name of names) known.set(plain(name), rowsOfTerm({ means, terms: [name] }, name))
  return (names) => {
    for (const name of names) {
      if (name.length > longestName) continue
      const short = withoutRemark(name)
      const rows = known.get(plain(name)) ?? (short === name ? undefined : known.get(plain(short)))
      if (rows) return rows
    }
    return none
  }
}

const plain = (name: string) =>
  wordsIn(name)
    .filter((word) => /[a-z0-9]/.test(word))
    .join(' ')
