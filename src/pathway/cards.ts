/** Card files: front matter in YAML between two `---` lines, then the detail in Markdown. */

import type { Entry } from './catalog.ts'
import { filesIn } from './files.ts'
import { readFrontMatter } from './front-matter.ts'
import type { Problems } from './problems.ts'
import { type Card, cardFront } from './schema.ts'
import { checkShape } from './shape.ts'

export const cardsFolder = 'cards'

export interface CardEntry extends Entry<Card> {
  /** Every line of the file as written, for checks that look for a word. */
  lines: readonly string[]
}

/** By rule id; `undefined` for a card that is there but cannot be read. */
export function readCards(root: string, problems: Problems): Map<string, CardEntry | undefined> {
  const cards = new Map<string, CardEntry | undefined>()
  for (const file of filesIn(root, cardsFolder, '.md')) {
    const name = file.slice(cardsFolder.length + 1, -'.md'.length)
    if (name !== 'README') cards.set(name, readCard(root, file, name, problems))
  }
  return cards
}

function readCard(root: string, file: string, name: string, problems: Problems): CardEntry | undefined {
  const parts = readFrontMatter(root, file, 'its summary or line', problems)
  const said = checkShape(cardFront, parts?.yaml, problems)
  if (!parts || !said) return undefined
  const { yaml, text, lines } = parts
  return {
    name,
    value: { ...said, detail: text.trim() },
    raw: said,
    place: (...path) => yaml.place(path),
    lines,
  }
}
