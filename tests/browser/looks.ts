/** How a page of the quality team must look: read by everybody, on a telephone, in the dark and on paper. */
import type { Page } from 'playwright-core'
import { getDocumentProxy } from 'unpdf'
import { findings } from './axe.ts'

interface Looking {
  page: Page
  complaints: readonly string[]
  strays: readonly string[]
}

export const narrowAndDark = { colorScheme: 'dark', viewport: { width: 360, height: 740 } } as const
export const wideAndLight = { colorScheme: 'light', viewport: { width: 1280, height: 900 } } as const

interface Look {
  viewport: { width: number; height: number }
  colorScheme?: 'dark' | 'light'
}

/** The same page as somebody else sees it, without loading it anew: no script of ours asks how wide or dark it is. */
export async function lookAgain(page: Page, { colorScheme = 'light', viewport }: Look): Promise<void> {
  await page.setViewportSize(viewport)
  await page.emulateMedia({ colorScheme })
}

/** Between the margins of a page of Letter, in pixels of CSS: 8.5 inches less twice 16 mm. */
const printed = 695

/** What is wrong with it, in sentences; everything that unfolds is unfolded. */
export async function faultsOf({ page, complaints, strays }: Looking): Promise<string[]> {
  const width = page.viewportSize()?.width ?? 0
  await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
  const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
  return [
    ...(await findings(page)),
    ...(wide > width ? [`${wide} pixels wide in a window of ${width}`] : []),
    ...(await page.evaluate<string[]>(cutLetters)),
    ...complaints,
    ...strays.map((url) => `asks for ${url}`),
  ]
}

/** On paper nothing scrolls: what is wider than the page is cut off. */
export async function faultsOnPaper(page: Page): Promise<string[]> {
  await page.setViewportSize({ width: printed, height: 960 })
  await page.emulateMedia({ media: 'print' })
  const cut = await page.evaluate<string[]>(cutOnPaper)
  const file = await getDocumentProxy(new Uint8Array(await page.pdf({ preferCSSPageSize: true })))
  const [, , width = 0, height = 0] = (await file.getPage(1)).view
  await page.emulateMedia({ media: null })
  return [...cut, ...(width === 612 && height === 792 ? [] : [`printed on ${width} by ${height} points`])]
}

/** Of charts: words that reach out of the picture. */
const cutLetters = `[...document.querySelectorAll('svg')].flatMap((svg) => {
  const frame = svg.getBoundingClientRect()
  return [...svg.querySelectorAll('text')].flatMap((text) => {
    const { left, right, top, bottom } = text.getBoundingClientRect()
    // Above and below its letters the box of a text has room.
    const room = (bottom - top) / 4
    const isCut = left < frame.left - 1 || right > frame.right + 1 || top < frame.top - room || bottom > frame.bottom + room
    return isCut ? [svg.getAttribute('aria-label') + ': "' + text.textContent + '" is cut off'] : []
  })
})`

const cutOnPaper = `[...document.querySelectorAll('table, svg, pre, h1, h2, h3, p, li, dd, dt')].flatMap((each) => {
  const { right, width } = each.getBoundingClientRect()
  return width > 0 && right > document.documentElement.clientWidth + 1
    ? [each.tagName + ' reaches ' + Math.round(right - document.documentElement.clientWidth) + ' pixels over the edge: ' + each.textContent.trim().slice(0, 60)]
    : []
})`
