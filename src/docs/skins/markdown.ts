/** The book as Markdown: one file of all sections, or of one. */
import type { Block, Entry, Section, Term, Words } from '../blocks.ts'
import { anchor, bulletList, page, table } from '../markdown.ts'
import { mermaidOf } from './mermaid.ts'

/** Where the places stand that are not in the same file: `#decision-table` is in `coverage.md`. */
export type Elsewhere = (id: string) => string | undefined

export function markdownOf(sections: readonly Section[], level: number, elsewhere: Elsewhere): string {
  return page(...sections.map((section) => sectionOf(section, level, elsewhere))).trimEnd()
}

function sectionOf({ id, title, blocks, parts }: Section, level: number, elsewhere: Elsewhere): string {
  return page(
    `${'#'.repeat(level)} ${anchor(id)}${title}`,
    ...blocks.map((block) => blockOf(block, level + 1, elsewhere)),
    parts && markdownOf(parts, level + 1, elsewhere),
  ).trimEnd()
}

function blockOf(block: Block, level: number, elsewhere: Elsewhere): string {
  const led = (words: Words) =>
    words.replaceAll(/\]\(#([\w-]+)\)/g, (_, id: string) => `](${elsewhere(id) ?? ''}#${id})`)
  switch (block.kind) {
    case 'text':
      return led(block.words)
    case 'list':
      return bulletList(block.items.map(led))
    case 'table':
      return page(
        `*${block.caption}*`,
        table(
          block.head,
          block.rows.map(({ id, cells }) =>
            cells.map((cell, at) => (id && at === 0 ? anchor(id) : '') + inCell(led(cell))),
          ),
        ),
      ).trimEnd()
    case 'entries':
      return page(...block.entries.map((entry) => entryOf(entry, level, led))).trimEnd()
    case 'flow':
      return mermaidOf(block.flow)
  }
}

/** Sentences may hold a bar, which would end the cell. */
const inCell = (words: Words) => words.replaceAll(/(?<!\\)\|/g, '\\|')

function entryOf(
  { id, code, title, tag, about, terms }: Entry,
  level: number,
  led: (words: Words) => Words,
): string {
  const head = [code, title].filter(Boolean).join(' ')
  return page(
    `${'#'.repeat(level)} ${anchor(id)}${head}`,
    [`*${tag}*`, about].filter(Boolean).join(' · '),
    bulletList(terms.map((term) => termOf(term, led))),
  ).trimEnd()
}

function termOf({ term, said }: Term, led: (words: Words) => Words): string {
  if (typeof said === 'string') return `**${term}:** ${led(said)}`
  const [only] = said
  if (said.length === 1 && only) return `**${term}:** ${led(only)}`
  return `**${term}:**\n${bulletList(said.map(led), '  ')}`
}
