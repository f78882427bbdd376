/** The way between the pages of one launch. */
import { type Html, html } from '../pages/html.ts'
import { whyIn } from './app-context.ts'
import type { Launch } from './launch.ts'

const pages = [
  { page: 'why', title: 'Why this advice' },
  { page: 'handout', title: 'Handout' },
  { page: 'checklist', title: 'Red-flag checklist' },
] as const

export type Page = (typeof pages)[number]['page']

/** The page that says why is there where a card was opened. */
export function pagesOf({ path, appContext }: Pick<Launch, 'path' | 'appContext'>, here: Page): Html {
  const shown = pages.filter(
    ({ page }) => page !== 'why' || here === 'why' || whyIn(appContext) !== undefined,
  )
  const address = (page: Page) => (page === 'handout' ? `${path}?page=handout` : `${path}${page}`)
  return html`<nav class="pages" aria-label="Pages of this app">${shown.map(
    ({ page, title }) =>
      html`<a href="${address(page)}"${page === here && html` aria-current="page"`}>${title}</a> `,
  )}</nav>`
}
