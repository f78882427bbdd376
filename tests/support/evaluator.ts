/** An evaluator over the real content, for tests that change what the site has set. */
import { join } from 'node:path'
import { openContent } from '../../src/content/compiled.ts'
import type { Content } from '../../src/content/content.ts'
import type { Site } from '../../src/content/schema.ts'
import { createEvaluator, type Evaluator, type Options } from '../../src/evaluate.ts'

export const root = join(import.meta.dirname, '../..')

// Compiled, as the service takes it: reading what people write costs seconds in each worker.
const { content: opened } = await openContent(root)

/** The content of this repository: the same object for all tests of a worker, which leave it as it is. */
export const realContent = (): Content => opened

export function evaluatorWith(site: Partial<Site> = {}, options: Partial<Options> = {}): Evaluator {
  const content = realContent()
  let ids = 0
  return createEvaluator(
    { ...content, site: { ...content.site, ...site } },
    { today: () => '2026-11-21', newId: () => `id-${++ids}`, ...options },
  )
}
