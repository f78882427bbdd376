/** One page for patients as far as it could be read: front matter, and sections. */
import { readFrontMatter } from '../front-matter.ts'
import type { Problems } from '../problems.ts'
import { type HandoutFront, handoutFront } from '../schema.ts'
import { checkShape } from '../shape.ts'
import { type PlacedSection, parseSections } from './text.ts'

export interface HandoutPage {
  file: string
  /** Undefined when it has mistakes; then its sections may be unread too. */
  front: HandoutFront | undefined
  sections: readonly PlacedSection[]
}

export function readPage(root: string, file: string, problems: Problems): HandoutPage {
  const parts = readFrontMatter(root, file, 'its title', problems)
  return {
    file,
    front: checkShape(handoutFront, parts?.yaml, problems),
    sections: parts ? parseSections(file, parts.text, parts.firstLine, problems) : [],
  }
}
