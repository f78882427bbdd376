/** Which page holds what: each section a page, a long one several, and where each place of the book can be read. */
import { type Block, type Entry, idsIn, type Section, type Words, withParts } from '../../docs/blocks.ts'

/** Words on one page, without what frames it: a reader stays within ten minutes, and within a page of 3,000 words. */
export const mostWords = 2500

export interface Leaf {
  /** Below `/pathway/`: `sources`, and where a section takes several pages `sources-2`. */
  name: string
  section: Section
  blocks: readonly Block[]
  /** Which page of how many. */
  part: number
  of: number
  /** The section that it belongs to. */
  above?: Section
}

/** As many words as a reader sees, links without their addresses. */
export const countWords = (words: Words): number =>
  words
    .replaceAll(/\]\([^)\]]*\)/g, '')
    .split(/\s+/)
    .filter(Boolean).length

/** `isBrief`: entries of this section have pages of their own. */
export function leavesOf(sections: readonly Section[], isBrief: (section: Section) => boolean): Leaf[] {
  return sections.flatMap((section) => [
    ...split(section, isBrief(section)),
    ...(section.parts ?? []).flatMap((part) =>
      split(part, isBrief(part)).map((leaf) => ({ ...leaf, above: section })),
    ),
  ])
}

function split(section: Section, isBrief: boolean): Leaf[] {
  const pages: Block[][] = [[]]
  let room = mostWords
  for (const piece of section.blocks.flatMap(piecesOf)) {
    const words = wordsOf(piece, isBrief)
    if (words > room && pages.at(-1)?.length) {
      pages.push([])
      room = mostWords
    }
    room -= words
    pages.at(-1)?.push(piece)
  }
  return pages.map((blocks, at) => ({
    name: at === 0 ? section.id : `${section.id}-${at + 1}`,
    section,
    blocks: together(blocks),
    part: at + 1,
    of: pages.length,
  }))
}

/** What a page may end after: a row, an entry, any other block. */
function piecesOf(block: Block): Block[] {
  if (block.kind === 'table') return block.rows.map((row) => ({ ...block, rows: [row] }))
  if (block.kind === 'entries') return block.entries.map((entry) => ({ ...block, entries: [entry] }))
  return [block]
}

/** Rows of one table and neighbouring entries in one block again. */
function together(blocks: readonly Block[]): Block[] {
  const whole: Block[] = []
  for (const block of blocks) {
    const last = whole.at(-1)
    if (block.kind === 'table' && last?.kind === 'table' && last.caption === block.caption)
      whole[whole.length - 1] = { ...last, rows: [...last.rows, ...block.rows] }
    else if (block.kind === 'entries' && last?.kind === 'entries')
      whole[whole.length - 1] = { ...last, entries: [...last.entries, ...block.entries] }
    else whole.push(block)
  }
  return whole
}

function wordsOf(block: Block, isBrief: boolean): number {
  switch (block.kind) {
    case 'text':
      return countWords(block.words)
    case 'list':
      return sum(block.items)
    case 'table':
      return sum(block.rows.flatMap(({ cells }) => cells))
    case 'entries':
      return sum(block.entries.flatMap((entry) => wordsOfEntry(entry, isBrief)))
    case 'flow':
      return sum(
        block.flow.steps.flatMap(({ question, asks, outcomes }) =>
          // Drawn, and told in words.
          [question, ...asks, ...outcomes].flatMap(({ says }) => [says, says]),
        ),
      )
  }
}

const wordsOfEntry = (
  { code = '', title, tag, about, terms, brief = '' }: Entry,
  isBrief: boolean,
): Words[] => [
  code,
  title,
  tag,
  about,
  ...(isBrief ? [brief] : terms.flatMap(({ term, said }) => [term, ...[said].flat()])),
]

const sum = (all: readonly Words[]) => all.reduce((words, each) => words + countWords(each), 0)

/** The address of each place: a page of its own, or a place on the page of its section. */
export function addressesOf(leaves: readonly Leaf[], address: string): ReadonlyMap<string, string> {
  const places = new Map<string, string>()
  for (const { name, section, blocks } of leaves) {
    const page = `${address}/${name}`
    for (const id of idsIn({ ...section, blocks })) if (!places.has(id)) places.set(id, `${page}#${id}`)
    places.set(section.id, places.get(section.id)?.replace(/#.*/, '') ?? page)
  }
  return places
}

export const placesIn = (sections: readonly Section[]): ReadonlySet<string> =>
  new Set(sections.flatMap(withParts).flatMap(idsIn))
