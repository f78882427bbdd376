/** The pathway's pages as clinicians meet them: wide, narrow, dark, printed, by keyboard, without JavaScript. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findings } from '../support/axe.ts'
import { describeInBrowser } from '../support/browser.ts'
import { pathwayApp } from '../support/pathway-pages.ts'

const app = pathwayApp()
let base = ''
beforeAll(async () => {
  base = await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => app.close())

const patience = 120_000
const wide = { width: 1280, height: 900 }
/** Also what is left of 1280 pixels at 400 % zoom. */
const narrow = { width: 320, height: 640 }

describeInBrowser('The pathway in a browser', (open) => {
  const whole = (options = {}) => open(`${base}/pathway`, options)
  const oneRule = (options = {}) => open(`${base}/pathway/rules/im01`, options)

  it('loads nothing from elsewhere, complains of nothing, and shows its style', {
    timeout: patience,
  }, async () => {
    const { page, complaints, strays } = await whole({ viewport: wide })
    expect(complaints).toEqual([])
    expect(strays).toEqual([])
    await expect.poll(() => styleOf(page, '.skip', 'position')).toBe('absolute')
    expect(await page.title()).toBe(await page.locator('h1').textContent())
    await page.context().close()
  })

  it('has no fault of structure that axe can find', { timeout: 2 * patience }, async () => {
    const { page } = await whole({ viewport: wide })
    const axe = new AxeBuilder({ page })
    expect(await findings(axe, slow)).toEqual([])
    await page.context().close()
  })

  it.each([
    ['wide', { viewport: wide }],
    ['dark', { viewport: wide, colorScheme: 'dark' as const }],
    ['narrow', { viewport: narrow }],
  ])('has no fault that axe can see: %s', { timeout: 2 * patience }, async (_, options) => {
    const rule = await oneRule(options)
    expect(await findings(new AxeBuilder({ page: rule.page }))).toEqual([])
    await rule.page.context().close()
    const book = await whole(options)
    const parts = [
      'body > header',
      '.contents',
      '#chart-chart-view ~ .drawing',
      '.finder',
      '#im01',
      '#fact-fever',
      '#number-adult-age',
    ]
    const some = parts.reduce((axe, part) => axe.include(part), new AxeBuilder({ page: book.page }))
    expect(await findings(some)).toEqual([])
    await book.page.context().close()
  })

  it.each([320, 360, 768, 1280])(
    'needs no sideways scrolling at %i pixels',
    { timeout: patience },
    async (width) => {
      for (const { page } of [
        await whole({ viewport: { width, height: 800 } }),
        await oneRule({ viewport: { width, height: 800 } }),
      ]) {
        expect(await page.locator('html').evaluate((html) => html.scrollWidth)).toBeLessThanOrEqual(width)
        expect(await beyondTheEdge(page)).toEqual([])
        await page.context().close()
      }
    },
  )

  it('keeps the words of the flow charts inside their boxes', { timeout: patience }, async () => {
    for (const viewport of [wide, narrow]) {
      const { page } = await whole({ viewport })
      expect(await spilled(page)).toEqual([])
      await page.context().close()
    }
  })

  it('leads every link within the page somewhere, from the charts too', { timeout: patience }, async () => {
    const { page } = await whole({ viewport: wide })
    const { count, dead } = await page.locator('body').evaluate(({ ownerDocument: document }) => {
      const targets = [...document.querySelectorAll('a[href^="#"]')].map((a) => a.getAttribute('href') ?? '')
      return {
        count: targets.length,
        dead: [...new Set(targets)].filter((to) => !document.getElementById(to.slice(1))),
      }
    })
    expect(count).toBeGreaterThan(500)
    expect(dead).toEqual([])
    await page.locator('.flow-wide a').first().click()
    expect(new URL(page.url()).hash).toBe('#g02')
    await page.context().close()
  })

  it('can be read from end to end with the keyboard, and shows where it is', {
    timeout: patience,
  }, async () => {
    const { page } = await oneRule({ viewport: wide })
    const reachable = await page.locator('a[href]:visible, summary:visible').count()
    const stops = new Set<string>()
    for (let stop = 0; stop < reachable + 5; stop++) {
      await page.keyboard.press('Tab')
      const { place, outline } = await focused(page)
      if (place === '') break
      expect(outline, place).not.toBe('none')
      stops.add(place)
    }
    expect(stops.size).toBe(reachable)
    await page.context().close()
  })

  it('lets the keyboard skip to the content, and unfold an example', { timeout: patience }, async () => {
    const { page } = await whole({ viewport: wide })
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').textContent()).toBe('Skip to the content')
    await page.keyboard.press('Enter')
    expect(await page.locator('main:focus').count()).toBe(1)
    const fold = page.locator('#im01 details').first()
    await fold.locator('summary').focus()
    await page.keyboard.press('Enter')
    expect(await fold.locator('.ehr-card').isVisible()).toBe(true)
    await page.context().close()
  })

  it('works without JavaScript', { timeout: patience }, async () => {
    const { page } = await whole({ viewport: wide, javaScriptEnabled: false })
    await page.locator('#im01 summary').first().click()
    await expect.poll(() => page.locator('#im01 .ehr-card').isVisible()).toBe(true)
    await page.locator('#im01 h4 a').click()
    await page.waitForURL('**/pathway/rules/im01')
    expect(await page.locator('h1').textContent()).toContain('IM01')
    expect(await page.locator('.ehr-card').isVisible()).toBe(true)
    await page.context().close()
  })

  it.each(['Letter', 'A4'])(
    'prints on a sensible number of %s pages',
    { timeout: patience },
    async (format) => {
      const book = await whole({ viewport: wide })
      const sheet = await oneRule({ viewport: wide })
      expect(pagesOf(await book.page.pdf({ format }))).toBeLessThan(80)
      expect(pagesOf(await sheet.page.pdf({ format }))).toBeLessThan(7)
      await book.page.context().close()
      await sheet.page.context().close()
    },
  )

  it('prints each flow chart on one page, in dark colours on white', { timeout: patience }, async () => {
    // What is left of Letter, the shorter of the two, between its margins.
    const { page } = await whole({ viewport: { width: 726, height: 965 }, colorScheme: 'dark' })
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    const charts = await page
      .locator('.chart')
      .evaluateAll((all) => all.map((chart) => chart.getBoundingClientRect().height))
    expect(charts.length).toBe(3)
    for (const height of charts) expect(height).toBeLessThan(965)
    expect(await styleOf(page, 'body', 'backgroundColor')).toBe('rgb(255, 255, 255)')
    expect(await page.locator('details:not([open]):visible').count()).toBe(0)
    await page.context().close()
  })
})

/** Rules that look at each piece of text by itself: too long for a page of this size, so parts stand for it. */
const slow = ['color-contrast', 'link-in-text-block', 'target-size']
/** Elements that reach past the right edge of the window; column heads of tables that became blocks are not seen. */
function beyondTheEdge(page: Page): Promise<string[]> {
  return page.locator('body').evaluate((body) =>
    [...body.querySelectorAll(':not(thead *)')]
      .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > body.clientWidth + 1)
      .map((each) => `${each.tagName} ${each.textContent?.slice(0, 60)}`)
      .slice(0, 5),
  )
}

/** Texts of visible flow charts that are wider than the box they stand in. */
function spilled(page: Page): Promise<string[]> {
  return page.locator('.box').evaluateAll((boxes) =>
    boxes
      .filter((box) => box.checkVisibility())
      .flatMap((box) => {
        const edge = box.querySelector('rect')?.getBoundingClientRect()
        return [...box.querySelectorAll('tspan')]
          .filter((line) => {
            const { left, right, top, bottom } = line.getBoundingClientRect()
            return (
              !edge || left < edge.left || right > edge.right || top < edge.top || bottom > edge.bottom + 1
            )
          })
          .map((line) => line.textContent ?? '')
      }),
  )
}

function focused(page: Page): Promise<{ place: string; outline: string }> {
  return page.locator('body').evaluate((body) => {
    const { activeElement: here, defaultView: window } = body.ownerDocument
    if (!here || !window || here === body) return { place: '', outline: '' }
    const at = [...body.querySelectorAll('a[href], summary')].indexOf(here)
    return { place: `${at} ${here.textContent}`, outline: window.getComputedStyle(here).outlineStyle }
  })
}

const styleOf = (page: Page, selector: string, property: 'position' | 'backgroundColor') =>
  page
    .locator(selector)
    .evaluate((found, name) => found.ownerDocument.defaultView?.getComputedStyle(found)[name], property)

const pagesOf = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0
