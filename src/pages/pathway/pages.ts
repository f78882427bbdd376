/** All pages of the pathway, made once at start: text, its compressed twin, and the tag by which browsers keep it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Content } from '../../content/content.ts'
import { readExamples } from '../../content/examples.ts'
import { type Book, readBook } from '../../docs/book.ts'
import { htmlPage, type Page, pageOf, remembered } from '../page.ts'
import { missingPage, rulePage, wholePage } from './page.ts'
import { address, allRules, viewOf } from './view.ts'

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
  const rule = remembered((code) => {
    const found = allRules(apart).find((each) => each.code.toLowerCase() === code)
    return found && htmlPage(rulePage(found, apart))
  })
  return {
    whole: htmlPage(wholePage(whole)),
    style: pageOf('text/css; charset=utf-8', styleSheet()),
    rule: (code) => rule(code.toLowerCase()),
    missing: htmlPage(missingPage(apart)),
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
