/** The pathway in words, before it has a look: sections made of blocks, from which skins make Markdown and HTML. */
import type { Flow } from './flow.ts'

/** A line of Markdown. Its links lead to `#id`, a place of the book, or to the web; others are files beside it. */
export type Words = string

export interface Section {
  /** Also the name of its page. */
  id: string
  title: string
  blocks: readonly Block[]
  parts?: readonly Section[]
}

export type Block =
  | { kind: 'text'; words: Words }
  | { kind: 'list'; items: readonly Words[] }
  | Table
  | { kind: 'entries'; entries: readonly Entry[] }
  | { kind: 'flow'; flow: Flow }

export interface Table {
  kind: 'table'
  caption: string
  head: readonly string[]
  rows: readonly Row[]
}

export interface Row {
  /** Of the place that links lead to. */
  id?: string
  cells: readonly Words[]
}

/** A rule or a question, with what is told of it. */
export interface Entry {
  id: string
  /** `IM01` */
  code?: string
  title: string
  /** Which colour it has: an indicator, or what kind of entry it is. */
  look: string
  /** In a few words: what it is, and what of. */
  tag: string
  about: Words
  terms: readonly Term[]
  /** What a list of entries says of it, where it has a page of its own. */
  brief?: Words
}

export interface Term {
  term: string
  said: Words | readonly Words[]
}

export const text = (words: Words): Block => ({ kind: 'text', words })
export const list = (items: readonly Words[]): Block => ({ kind: 'list', items })

/** Terms of which nothing is said are left out. */
export const terms = (
  ...all: readonly (readonly [string, Words | readonly Words[] | undefined | false])[]
): Term[] =>
  all.flatMap(([term, said]) =>
    said === undefined || said === false || said.length === 0 ? [] : [{ term, said }],
  )

/** A section with all that stand below it, in reading order. */
export const withParts = (section: Section): Section[] => [
  section,
  ...(section.parts ?? []).flatMap(withParts),
]

/** Places that links may lead to. */
export const idsIn = ({ id, blocks }: Section): string[] => [
  id,
  ...blocks.flatMap((block) => {
    if (block.kind === 'table') return block.rows.flatMap((row) => row.id ?? [])
    return block.kind === 'entries' ? block.entries.map((entry) => entry.id) : []
  }),
]
