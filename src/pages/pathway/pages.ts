/** All pages of the pathway, made once when first asked for: text, its compressed twin, and the tag by which browsers keep it. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Book, readBook } from '../../docs/book.ts'
import { anchors } from '../../docs/markdown.ts'
import { sectionsOf } from '../../docs/sections/all.ts'
import { allRules, tellingOf } from '../../docs/telling.ts'
import type { Content } from '../../pathway/content.ts'
import { readExamples } from '../../pathway/examples.ts'
import { address, htmlPage, type Page, pageOf, remembered, styleOf } from '../page.ts'
import { leafPage, missingPage } from './frame.ts'
import { bookPage, frontPage } from './front.ts'
import { addressesOf, leavesOf, placesIn } from './paging.ts'
import { ruleAddress, rulePages } from './rule.ts'
import { findableIn, type Search, searchOver, searchPage } from './search.ts'
import { skinOf } from './skin.ts'

export interface PathwayPages {
  front(): Page
  /** Everything on one page, for paper. */
  book(): Page
  style: Page
  /** A section by its name, where it takes several pages with a number. */
  section(name: string): Page | undefined
  /** By code in any case; `part` from 1 where its examples are many. */
  rule(code: string, part: number): Page | undefined
  search(query: string): Page
  missing(what: 'rule' | 'page'): Page
}

/**
 * Reads what the pages need beside the content from the same folder.
 * @throws ContentError
 */
export function makePathwayPages(root: string, content: Content, reads: Book['reads']): PathwayPages {
  const book = readBook(root, content, reads)
  const examples = readExamples(root)
  const telling = tellingOf(book, content)
  const sections = sectionsOf(telling)
  const rules = new Map(allRules(telling).map((rule) => [anchors.rule(rule.code), rule]))
  /** Rules have pages of their own. */
  const isBrief = ({ id }: { id: string }) => id.startsWith('rules-')
  const leaves = leavesOf(sections, isBrief)
  const places = addressesOf(leaves, address)
  const addressOf = (id: string) => {
    const rule = rules.get(id)
    return rule ? ruleAddress(rule) : places.get(id)
  }
  const apart = skinOf(addressOf)
  const inBook = placesIn(sections)
  const onOnePage = skinOf((id) => (inBook.has(id) ? `#${id}` : undefined))
  const search = once((): Search => searchOver(findableIn(leaves, (id) => addressOf(id) ?? address)))

  const section = remembered((name) => {
    const at = leaves.findIndex((leaf) => leaf.name === name)
    const leaf = leaves[at]
    const around = { before: leaves[at - 1], after: leaves[at + 1] }
    const entries = leaf && isBrief(leaf.section) ? 'brief' : 'whole'
    return leaf && htmlPage(leafPage(leaf, around, entries, telling, apart))
  })
  const rule = remembered((name) => {
    const [code = '', part] = name.split('/')
    const found = rules.get(code)
    const text = found && rulePages(found, examples, telling, apart)[Number(part) - 1]
    return text === undefined ? undefined : htmlPage(text)
  })
  return {
    front: once(() => htmlPage(frontPage(sections, telling, apart))),
    book: once(() => htmlPage(bookPage(sections, telling, onOnePage))),
    style: pageOf('text/css; charset=utf-8', styleSheet()),
    section,
    rule: (code, part) => rule(`${code.toLowerCase()}/${part}`),
    search: (query) => htmlPage(searchPage(query, search(), telling)),
    missing: (what) => htmlPage(missingPage(what, telling)),
  }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** The files of `style/` in the order of their names, as one. */
function styleSheet(): string {
  const folder = join(import.meta.dirname, 'style')
  const files = readdirSync(folder).filter((name) => name.endsWith('.css'))
  return styleOf(files.sort().map((name) => join(folder, name)))
}
