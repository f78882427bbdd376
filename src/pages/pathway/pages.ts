/** All pages of the pathway, made once at start: text, its compressed twin, and the tag by which browsers keep it. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Content } from '../../content/content.ts'
import { readExamples } from '../../content/examples.ts'
import { type Book, readBook } from '../../docs/book.ts'
import { missingPage, rulePage, wholePage } from './page.ts'
import { address, allRules, viewOf } from './view.ts'

export interface Page {
  type: string
  text: string
  zipped: Buffer
  etag: string
}

export interface PathwayPages {
  whole: Page
  style: Page
  /** By code in any case; made when first asked for, and then kept. */
  rule(code: string): Page | undefined
  missing: Page
}

/**
 * Reads what the pages need beside the content from the same folder.
 * @throws ContentError
 */
export function makePathwayPages(root: string, content: Content, reads: Book['reads']): PathwayPages {
  const book = readBook(root, content, reads)
  const examples = readExamples(root)
  const whole = viewOf(content, book, examples, '')
  const apart = viewOf(content, book, examples, address)
  const html = (text: string) => pageOf('text/html; charset=utf-8', text)
  return {
    whole: html(wholePage(whole)),
    style: pageOf('text/css; charset=utf-8', styleSheet()),
    rule: remembered((code) => {
      const rule = allRules(apart).find((each) => each.code.toLowerCase() === code)
      return rule && html(rulePage(rule, apart))
    }),
    missing: html(missingPage(apart)),
  }
}

/** Only pages that exist are kept: the codes that people may ask for have no end. */
function remembered(make: (code: string) => Page | undefined): PathwayPages['rule'] {
  const pages = new Map<string, Page>()
  return (asked) => {
    const code = asked.toLowerCase()
    const page = pages.get(code) ?? make(code)
    if (page) pages.set(code, page)
    return page
  }
}

/** The files of `style/` in the order of their names, as one. */
function styleSheet(): string {
  const folder = join(import.meta.dirname, 'style')
  const files = readdirSync(folder).filter((name) => name.endsWith('.css'))
  return files
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n')
}

function pageOf(type: string, text: string): Page {
  const etag = `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
  return { type, text, zipped: gzipSync(text), etag }
}
