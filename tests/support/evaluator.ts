/** An evaluator over the real content, for tests that change what the site has set. */
import { join } from 'node:path'
import type { Content } from '../../src/content/content.ts'
import { loadContent } from '../../src/content/load.ts'
import type { Site } from '../../src/content/schema.ts'
import { createEvaluator, type Evaluator, type Options } from '../../src/evaluate.ts'

export const root = join(import.meta.dirname, '../..')

let loaded: Content | undefined
/** Read once for all tests of a file. */
export function realContent(): Content {
  loaded ??= loadContent(root)
  return loaded
}

export function evaluatorWith(site: Partial<Site> = {}, options: Partial<Options> = {}): Evaluator {
  const content = realContent()
  let ids = 0
  return createEvaluator(
    { ...content, site: { ...content.site, ...site } },
    { today: () => '2026-11-21', newId: () => `id-${++ids}`, ...options },
  )
}
