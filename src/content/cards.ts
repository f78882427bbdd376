/** Card files: front matter in YAML between two `---` lines, then the detail in Markdown. */

import type { Entry } from './catalog.ts'
import { filesIn, parseYaml, readText } from './files.ts'
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
  const text = readText(root, file, problems) ?? ''
  const parts = /^---\n([\s\S]*?)^---[ \t]*(?:\n|$)([\s\S]*)$/m.exec(text)
  if (!text.startsWith('---\n') || !parts) {
    problems.add({ file, line: 1 }, 'must begin with its summary or line between two --- lines')
    return undefined
  }
  const [, front = '', detail = ''] = parts
  const yaml = parseYaml(file, front, problems, 2)
  const said = checkShape(cardFront, yaml, problems)
  if (!yaml || !said) return undefined
  return {
    name,
    value: { ...said, detail: detail.trim() },
    raw: said,
    place: (...path) => yaml.place(path),
    lines: text.split('\n'),
  }
}
