/** What axe finds wrong on a page, in sentences that name the place. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type axe from 'axe-core'
import type { Page } from 'playwright-core'
import { isWhole } from '../support/sweep.ts'

const source = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

const rules = {
  all: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  // All that can change where only colours do, which is what a dark page is to the same page by day.
  colours: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
} satisfies Record<string, axe.RunOptions['runOnly']>

/** Set on what looks like other text on the page, which is judged for it. */
const alike = 'data-looks-alike'

/** @param which by colours alone a page is judged that was judged by all rules in the same window */
export async function findings(page: Page, which: keyof typeof rules = 'all'): Promise<string[]> {
  // Axe would have to be brought into each frame; our pages have none.
  if (page.frames().length > 1) return ['there are frames, into which nobody looks']
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(source)
  // The colours of a text are most of what axe's time goes to, and a table has a thousand texts of one look.
  if (!isWhole) await page.evaluate(markAlike, alike)
  // What was found right is most of what axe tells, and stays in the page.
  return await page.evaluate(
    async ({ options, selector }) => {
      const { axe } = window as unknown as { axe: typeof import('axe-core') }
      axe.configure({ rules: [{ id: 'color-contrast', selector }] })
      const { violations } = await axe.run(document, options)
      return violations.flatMap(({ id, help, nodes }) =>
        nodes
          .slice(0, 5)
          .map(({ html, failureSummary }) => `${id}: ${help}: ${html.slice(0, 160)} ${failureSummary ?? ''}`),
      )
    },
    {
      options: { resultTypes: ['violations'], runOnly: rules[which] } satisfies axe.RunOptions,
      selector: `:not([${alike}])`,
    },
  )
}

/**
 * Marks texts whose colours are judged with those of another: all that gives a text its colours is the same, of itself and of
 * everything around it, and nothing lies over it. Of each look the first, the last and the longest are left unmarked.
 */
function markAlike(mark: string): void {
  const covers: DOMRect[] = []
  const looks = new Map<string, number>()
  const texts = new Map<number, { each: Element; length: number }[]>()
  const known = new Map<Element, { look: number; isPlain: boolean }>()
  const drawn = { look: 0, isPlain: true }
  for (const each of document.body.querySelectorAll('*')) {
    each.removeAttribute(mark)
    const style = getComputedStyle(each)
    const { look: around, isPlain: isAround } = known.get(each.parentElement as Element) ?? drawn
    const isMoved =
      !/^(static|relative)$/.test(style.position) ||
      (style.position === 'relative' && /[1-9]/.test(`${style.left} ${style.top}`)) ||
      style.float !== 'none' ||
      style.transform !== 'none' ||
      /-\d/.test(style.margin)
    const isHtml = each instanceof HTMLElement
    // What moves within a drawing stays within it.
    if (isMoved && isHtml) covers.push(each.getBoundingClientRect())
    const isPlain = isAround && !isMoved && isHtml
    const key = [
      ...[around, each.localName, each.matches(':disabled, [aria-disabled]'), each.checkVisibility()],
      ...[style.color, style.backgroundColor, style.backgroundImage, style.opacity, style.visibility],
      ...[style.fontSize, style.fontWeight, style.textShadow, style.filter, style.mixBlendMode],
    ].join('|')
    const look = looks.get(key) ?? looks.size + 1
    looks.set(key, look)
    known.set(each, { look, isPlain })
    const own = [...each.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE)
    const { length } = own.map(({ nodeValue }) => nodeValue?.trim() ?? '').join('')
    if (length === 0 || !isPlain) continue
    const same = texts.get(look) ?? []
    same.push({ each, length })
    texts.set(look, same)
  }
  const isCovered = (each: Element) => {
    if (covers.length === 0) return false
    const { left, right, top, bottom } = each.getBoundingClientRect()
    return covers.some(
      (over) => over.left < right && over.right > left && over.top < bottom && over.bottom > top,
    )
  }
  for (const same of texts.values()) {
    const longest = same.reduce((most, one) => (one.length > most.length ? one : most))
    for (const one of same.slice(1, -1))
      if (one !== longest && !isCovered(one.each)) one.each.setAttribute(mark, '')
  }
}
