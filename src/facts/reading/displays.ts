/** Texts that are the display of a code: many systems send the words of a code without the code. */
import type { CodeRow } from '../../pathway/codes.ts'
import { wordsIn } from '../phrases.ts'

const none: readonly CodeRow[] = []

/** A longer text is no display. */
const longestDisplay = 300

/** What displays say beside what they are about: the kind of concept, that nothing more is known, which visit it is. */
const kinds = /\((?:disorder|finding|procedure|situation|regime\/therapy|morphologic abnormality)\)/gi
const idle = new Set(['unspecified', 'nos', ',', ':'])
const visits = [', initial encounter', ', subsequent encounter']

export class Displays {
  readonly #rows: readonly CodeRow[]
  #byText: Map<string, CodeRow[]> | undefined

  constructor(rows: readonly CodeRow[]) {
    this.#rows = rows
  }

  /** Rows whose display says the same, whatever its case, marks and order of "unspecified". */
  find(text: string): readonly CodeRow[] {
    if (text.length > longestDisplay) return none
    this.#byText ??= byText(this.#rows)
    return this.#byText.get(plain(text)) ?? none
  }
}

/** Made when the first text is read: most records bring codes. */
function byText(rows: readonly CodeRow[]): Map<string, CodeRow[]> {
  const found = new Map<string, CodeRow[]>()
  for (const row of rows) {
    // A short display is a word, and words have their own list.
    const text = plain(row.display)
    if (!text.includes(' ')) continue
    const same = found.get(text)
    if (same) same.push(row)
    else found.set(text, [row])
  }
  return found
}

function plain(text: string): string {
  const lower = text.toLowerCase()
  const end = visits.reduce((least, mark) => {
    const at = lower.indexOf(mark)
    return at < 0 ? least : Math.min(least, at)
  }, lower.length)
  return wordsIn(lower.slice(0, end).replace(kinds, ' '))
    .filter((word) => !idle.has(word))
    .join(' ')
}
