/** Card files: front matter in YAML between two `---` lines, then the detail in Markdown. */

import type { Entry } from './catalog.ts'
import { filesIn, parseYaml, readText, type YamlFile } from './files.ts'
import type { Problems } from './problems.ts'
import { type Card, cardFront } from './schema.ts'
import { checkShape } from './shape.ts'

// Markdown files that begin with YAML between two `---` lines.

interface FrontMatter {
  yaml: YamlFile
  text: string
  /** The line of the file on which the text begins. */
  firstLine: number
  /** Every line of the file as written. */
  lines: readonly string[]
}

/** `holds` says what is expected between the lines. */
export function readFrontMatter(
  root: string,
  file: string,
  holds: string,
  problems: Problems,
): FrontMatter | undefined {
  const whole = readText(root, file, problems) ?? ''
  const parts = /^---\n([\s\S]*?)^---[ \t]*(?:\n|$)([\s\S]*)$/m.exec(whole)
  if (!whole.startsWith('---\n') || !parts) {
    problems.add({ file, line: 1 }, `must begin with ${holds} between two --- lines`)
    return undefined
  }
  const [, front = '', text = ''] = parts
  const yaml = parseYaml(file, front, problems, 2)
  if (!yaml) return undefined
  return { yaml, text, firstLine: front.split('\n').length + 2, lines: whole.split('\n') }
}

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
