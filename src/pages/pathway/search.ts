/** The search over the book: every rule, question, row and page, found by words, their beginnings and near misses. */
import MiniSearch from 'minisearch'
import type { Block, Entry, Words } from '../../docs/blocks.ts'
import type { Telling } from '../../docs/telling.ts'
import { type Html, html } from '../html.ts'
import { address } from '../page.ts'
import { framed } from './frame.ts'
import type { Leaf } from './paging.ts'

/** What can be found. */
interface Findable {
  id: number
  to: string
  /** `IM01`: found by it before all else. */
  code: string
  title: string
  text: string
  /** Where it stands, in words. */
  kind: string
}

/** Bounds of a question: what is typed has no end, and near misses of long words are dear. */
const most = { characters: 100, words: 12, letters: 30, shown: 25, excerpt: 220 }

export type Search = (query: string) => readonly Findable[]

export function searchOver(all: readonly Findable[]): Search {
  const index = new MiniSearch<Findable>({
    fields: ['code', 'title', 'text'],
    tokenize: wordsOf,
    processTerm: folded,
    searchOptions: {
      boost: { code: 10, title: 3 },
      prefix: (term) => term.length > 2,
      fuzzy: (term) => (term.length > 3 && !/\d/.test(term) ? 0.2 : false),
      maxFuzzy: 2,
    },
  })
  index.addAll(all)
  return (query) => {
    const words = wordsOf(query.slice(0, most.characters)).slice(0, most.words)
    const asked = words.map((word) => word.slice(0, most.letters)).join(' ')
    if (asked === '') return []
    const whole = index.search(asked, { combineWith: 'AND' })
    const found = whole.length > 0 ? whole : index.search(asked, { combineWith: 'OR' })
    return found.slice(0, most.shown).flatMap(({ id }) => all[Number(id)] ?? [])
  }
}

/** Row ids are written with a hyphen, and codes of rules without: both are one word. */
const wordsOf = (text: string): string[] =>
  text
    .replaceAll(/\b([A-Za-z]{1,2})-(?=\d{2})/g, '$1')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)

/** Without accents, so that they need not be typed. */
const folded = (word: string): string => word.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()

export function findableIn(leaves: readonly Leaf[], addressOf: (id: string) => string): Findable[] {
  const found = leaves.flatMap(({ section, name, blocks }) => {
    const kind = section.title
    const own = {
      to: `${address}/${name}`,
      code: '',
      title: section.title,
      text: wordsOfPage(blocks),
      kind: 'Page',
    }
    return [own, ...blocks.flatMap((block) => placesOf(block, `${address}/${name}`, kind, addressOf))]
  })
  return found.map((each, id) => ({ ...each, id }))
}

type Found = Omit<Findable, 'id'>

/** What stands on a page without a place of its own. */
const wordsOfPage = (blocks: readonly Block[]): string =>
  blocks
    .flatMap((block) => {
      if (block.kind === 'text') return [plain(block.words)]
      return block.kind === 'list' ? block.items.map(plain) : []
    })
    .join(' ')

function placesOf(block: Block, page: string, kind: string, addressOf: (id: string) => string): Found[] {
  if (block.kind === 'entries')
    return block.entries.map((entry) => ({
      to: addressOf(entry.id),
      code: entry.code ?? entry.tag,
      title: entry.title,
      text: textOf(entry),
      kind,
    }))
  if (block.kind !== 'table') return []
  return block.rows.map(({ id, cells: [head = '', ...rest] }) => ({
    to: id === undefined ? page : addressOf(id),
    code: '',
    title: plain(head),
    text: rest.map(plain).join(' · '),
    kind: kind === block.caption ? kind : `${kind}: ${block.caption}`,
  }))
}

const textOf = ({ about, terms }: Entry): string =>
  [about, ...terms.flatMap(({ said }) => said)].filter(Boolean).map(plain).join(' · ')

/** Words without the marks of Markdown. */
const plain = (words: Words): string =>
  words
    .replaceAll(/\[([^[\]]*)\]\([^)[]*\)/g, '$1')
    .replaceAll(/\\(.)|[*`]/g, '$1')
    .replaceAll('&lt;', '<')

export function searchPage(query: string, search: Search, telling: Telling): string {
  const asked = query.slice(0, most.characters).trim()
  const found = search(asked)
  const { title } = telling.content.pathway
  const body = html`<h1>Search</h1>
${asked === '' ? html`<p>Type words, a code such as IM01, or a question. Near misses are found, too.</p>` : resultsOf(asked, found)}`
  return framed(
    {
      title: asked === '' ? 'Search' : `Search: ${asked}`,
      way: [{ to: address, title }],
      body,
      query: asked,
    },
    telling,
  )
}

function resultsOf(asked: string, found: readonly Findable[]): Html {
  if (found.length === 0)
    return html`<p role="status">Nothing was found for <strong>${asked}</strong>. Fewer words may help; <a href="${address}#contents">all pages</a> stand on the front page.</p>`
  return html`<p role="status">${found.length === most.shown ? `The first ${most.shown}` : found.length} found for <strong>${asked}</strong>.</p>
<ol class="found">${found.map(
    ({ to, code, title, text, kind }) =>
      html`<li><a href="${to}">${/^[A-Z]/.test(code) && html`<span class="code">${code}</span> `}${title}</a> <span class="muted">${kind}</span>
<p>${cut(text)}</p></li>\n`,
  )}</ol>`
}

const cut = (text: string) =>
  text.length > most.excerpt ? `${text.slice(0, text.lastIndexOf(' ', most.excerpt))} …` : text
