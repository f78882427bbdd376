/** Every question that the rules ask, with what answers it: one table a file. */
import type { FactDeclaration } from '../content/schema.ts'
import type { Book, FactFile } from './book.ts'
import { tellEvidence } from './evidence.ts'
import { anchor, anchors, capital, cell, link, page, spaced, stacked, table } from './markdown.ts'
import type { Speech } from './sentence.ts'
import { sourceLinks } from './sources.ts'

export function factsSection(book: Book, speech: Speech): string {
  return page(
    '## Questions asked of the chart',
    'Rules name these facts. Each is answered yes, no, with a word or a number, or “cannot be told”. Nothing found means no only where all the data came.',
    ...book.factFiles.map((file) => factTable(file, book, speech)),
  ).trimEnd()
}

function factTable({ name, file, facts }: FactFile, book: Book, speech: Speech): string {
  const rows = facts.flatMap((fact) => {
    const declaration = book.content.facts[fact]
    return declaration ? [rowOf(fact, declaration, book, speech)] : []
  })
  const head = ['Question', 'Found by', 'Value sets', 'How recent', 'Nothing found', 'Data', 'Sources']
  return page(
    `### ${capital(spaced(name))}`,
    `From ${link(file, file.replace('pathway/', ''))}.`,
    table(head, rows),
  ).trimEnd()
}

function rowOf(name: string, fact: FactDeclaration, { content, reads }: Book, speech: Speech): string[] {
  const { how, when } = tellEvidence(fact, speech, (other) => link(spaced(other), `#${anchors.fact(other)}`))
  const { records } = content.phrases
  return [
    stacked(
      `${anchor(anchors.fact(name))}**${cell(fact.asks)}**`,
      `\`${name}\`${fact.noun ? `, “${cell(fact.noun)}”` : ''}`,
      fact.note && cell(fact.note),
    ),
    capital(how.map(linkedCell).join('; ')),
    codesOf(fact),
    capital(when.map(linkedCell).join('; ')),
    absence(fact),
    [...readBy(name, fact, reads)].map((type) => records[type] ?? type).join(', '),
    sourceLinks(fact.cites ?? []),
  ]
}

/** What a function reads may depend on the site; the page says what it may read. */
const readBy = (name: string, fact: FactDeclaration, reads: Book['reads']) =>
  fact.kind === 'function' ? fact.reads : reads(name)

/** Links are made before; only what would end the cell is escaped. */
const linkedCell = (text: string) => text.replaceAll('|', '\\|')

function codesOf(fact: FactDeclaration): string {
  const codes = 'codes' in fact ? fact.codes : undefined
  if (!codes) return ''
  if (Array.isArray(codes)) return codes.map((set) => link(set, `#${anchors.codes(set)}`)).join(', ')
  return stacked(
    ...Object.entries(codes).map(
      ([set, groups]) => `${link(set, `#${anchors.codes(set)}`)}: ${groups.map(cell).join(', ')}`,
    ),
  )
}

function absence(fact: FactDeclaration): string {
  const condition = fact['conditional-because']
  return stacked(
    'absent-means' in fact ? nothingFound(fact) : undefined,
    condition && `Where its data did not come, advice asks to make sure: ${cell(condition)}`,
  )
}

function nothingFound(fact: Extract<FactDeclaration, { 'absent-means': unknown }>): string {
  const because = fact.because ? ` (${cell(fact.because)})` : ''
  return fact['absent-means'] === 'false' ? `No${because}` : `Cannot be told${because}`
}
