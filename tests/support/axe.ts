/** What axe finds wrong on a page, in sentences that name the place. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type axe from 'axe-core'
import type { Page } from 'playwright-core'

const source = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

const rules = {
  all: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  // All that can change where only colours do, which is what a dark page is to the same page by day.
  colours: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
} satisfies Record<string, axe.RunOptions['runOnly']>

/** @param which by colours alone a page is judged that was judged by all rules in the same window */
export async function findings(page: Page, which: keyof typeof rules = 'all'): Promise<string[]> {
  // Axe would have to be brought into each frame; our pages have none.
  if (page.frames().length > 1) return ['there are frames, into which nobody looks']
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(source)
  // What was found right is most of what axe tells, and stays in the page.
  return await page.evaluate(
    async (options) => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, options)
      return violations.flatMap(({ id, help, nodes }) =>
        nodes
          .slice(0, 5)
          .map(({ html, failureSummary }) => `${id}: ${help}: ${html.slice(0, 160)} ${failureSummary ?? ''}`),
      )
    },
    { resultTypes: ['violations'], runOnly: rules[which] } satisfies axe.RunOptions,
  )
}
