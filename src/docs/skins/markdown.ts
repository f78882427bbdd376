/** The book as Markdown: one file of all sections, or of one. */

import type { Block, Entry, Section, Term, Words } from '../blocks.ts'
import { end, type Flow, type Outcome, type Step } from '../flow.ts'
import { anchor, bulletList, capital, page, table } from '../markdown.ts'

// A flow as a Mermaid chart, for readers of the repository.

function mermaidOf({ start, steps, end: last }: Flow): string {
  const lines = [
    `start([${label(start)}]) --> ${steps[0]?.name ?? end}`,
    ...steps.flatMap((step, at) => linesOf(step, steps[at + 1]?.name ?? 'no-card')),
    boxed('no-card', last),
    ...styles,
  ]
  return [
    '```mermaid',
    '%%{init: {"flowchart": {"wrappingWidth": 330, "nodeSpacing": 25, "rankSpacing": 30}}}%%',
    'flowchart TD',
    ...lines.map((line) => `  ${line}`),
    '```',
  ].join('\n')
}

function linesOf({ name, question, asks, outcomes, skipsTo, onward }: Step, next: string): string[] {
  return [
    `${name}(${label([question, ...asks].map(({ says }) => says).join('<br/>'))})`,
    ...outcomes.flatMap((outcome, at) => {
      const box = outcome.to ?? `${name}-card-${at + 1}`
      return [boxed(box, outcome), edge(name, box, outcome.when ?? 'yes')]
    }),
    ...(skipsTo === undefined ? [] : [edge(name, skipsTo === end ? 'no-card' : skipsTo, 'yes')]),
    edge(name, next, onward),
  ]
}

const boxed = (name: string, { says, indicator }: Outcome) => `${name}[${label(says)}]:::${indicator}`

const edge = (from: string, to: string, says: string) => `${from} -- ${label(says)} --> ${to}`

const styles = [
  'classDef critical fill:#fde2e1,stroke:#b42318,color:#1f1f1f',
  'classDef warning fill:#fef0c7,stroke:#b54708,color:#1f1f1f',
  'classDef info fill:#e0f2fe,stroke:#026aa2,color:#1f1f1f',
  'classDef none fill:#f2f4f7,stroke:#667085,color:#1f1f1f',
]

/** Mermaid ends a text at a quotation mark and reads # as the beginning of an entity. */
const label = (text: string) => `"${capital(text).replaceAll('"', "'").replaceAll('#', '#35;')}"`

/** Where the places stand that are not in the same file: `#decision-table` is in `coverage.md`. */
type Elsewhere = (id: string) => string | undefined

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
