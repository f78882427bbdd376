/** From what the book is told: the pathway as written, as a site runs it, and how its sources are named. */
import type { Content } from '../pathway/content.ts'
import { isRetired, type Rule, type Source } from '../pathway/schema.ts'
import type { Words } from './blocks.ts'
import type { Book } from './book.ts'
import { anchors, cell, link } from './markdown.ts'
import { type Speech, speech } from './sentence.ts'

export interface Telling {
  /** As written, with every rule. */
  book: Book
  /** As a site runs it: its own numbers, without the rules that it has switched off. */
  content: Content
  /** Sentences whose facts and numbers are links. */
  speech: Speech
}

export function tellingOf(book: Book, content: Content = book.content): Telling {
  const said = speech(content, {
    fact: (name, words) => link(words, `#${anchors.fact(name)}`),
    number: (name, words) =>
      link(marked(words, content.parameters[name]?.usually), `#${anchors.parameter(name)}`),
  })
  return { book, content, speech: said }
}

const marked = (words: string, usually: number | undefined) =>
  usually === undefined ? words : `${words} (set by this site, usually ${usually})`

export const allRules = ({ book }: Pick<Telling, 'book'>): readonly Rule[] =>
  book.ruleFiles.flatMap(({ rules }) => rules)

export const runningRules = (telling: Pick<Telling, 'book'>): readonly Rule[] =>
  allRules(telling).filter((rule) => !isRetired(rule))

export const ruleLink = ({ code }: Pick<Rule, 'code'>): Words => link(code, `#${anchors.rule(code)}`)

export const sourceStatus: Readonly<Record<Source['status'], string>> = {
  V: 'read',
  P: 'partly read',
  R: 'recalled, not re-read',
}

/** A source by its short name, with how well it was read: the table of sources has the rest. */
export function citation(id: string, { content }: Pick<Telling, 'content'>): Words {
  const source = content.sources[id]
  const short = link(id, `#${anchors.source(id)}`)
  return source ? `${cell(source.label)} (${short}, ${sourceStatus[source.status]})` : short
}

export const sourceLinks = (ids: readonly string[]): Words =>
  ids.map((id) => link(id, `#${anchors.source(id)}`)).join(', ')

/** A card's words with what each card fills in named in brackets. */
export const withBlanks = (words: string): Words => cell(words.replaceAll(/\{\{([a-z-]+)\}\}/g, '($1)'))
