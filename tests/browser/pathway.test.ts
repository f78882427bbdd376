/** The pathway's pages as clinicians meet them: wide, narrow, dark, printed, by keyboard, without JavaScript. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pathwayApp } from '../support/pathway-pages.ts'
import { sampleOf } from '../support/sweep.ts'
import { findings } from './axe.ts'
import { describeInBrowser } from './browser.ts'

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
  const at = (path: string, options = {}) => open(`${base}/pathway${path}`, options)
  /** One page of each kind. */
  const kinds = [
    '',
    '/search?q=fevr',
    '/rules',
    '/rules-4-imaging',
    '/questions-episode',
    '/flow-opioid',
    '/rules/im01',
  ]

  it('loads nothing from elsewhere, complains of nothing, and shows its style', {
    timeout: patience,
  }, async () => {
    const { page, complaints, strays } = await at('', { viewport: wide })
    expect(complaints).toEqual([])
    expect(strays).toEqual([])
    await expect.poll(() => styleOf(page, '.skip', 'position')).toBe('absolute')
    expect(await page.title()).toBe(await page.locator('h1').textContent())
    await page.context().close()
  })

  const looks = [
    { name: 'wide', viewport: wide, colorScheme: 'light', looked: kinds, by: 'all' },
    // All rules have found it right in the same window, by day.
    { name: 'dark', viewport: wide, colorScheme: 'dark', looked: sampleOf(kinds, 3, 0), by: 'colours' },
    { name: 'narrow', viewport: narrow, colorScheme: 'light', looked: sampleOf(kinds, 3, 1), by: 'all' },
  ] as const

  it.each(kinds)(
    'has no fault that axe can see, and nothing beyond the edge, wide, dark and narrow: /pathway%s',
    { timeout: patience },
    async (kind) => {
      const { page } = await at(kind, { viewport: wide })
      for (const { name, viewport, colorScheme, looked, by } of looks) {
        await page.setViewportSize(viewport)
        await page.emulateMedia({ colorScheme })
        if (looked.includes(kind)) expect(await findings(page, by), name).toEqual([])
        expect(await page.locator('html').evaluate((html) => html.scrollWidth), name).toBeLessThanOrEqual(
          viewport.width,
        )
        expect(await beyondTheEdge(page), name).toEqual([])
      }
      await page.context().close()
    },
  )

  it('needs no sideways scrolling on tables, telephones and tablets', { timeout: patience }, async () => {
    const { page } = await at('')
    for (const width of [360, 768]) {
      await page.setViewportSize({ width, height: 800 })
      for (const kind of ['', '/numbers', '/decision-table', '/offers', '/value-sets', '/sources']) {
        await page.goto(`${base}/pathway${kind}`)
        expect(await beyondTheEdge(page), `${kind} at ${width}`).toEqual([])
      }
    }
    await page.context().close()
  })

  it('keeps the words of the flow charts inside their boxes', { timeout: patience }, async () => {
    for (const viewport of [wide, narrow]) {
      const { page } = await at('', { viewport })
      for (const kind of ['', '/flow-lumbar-imaging', '/flow-opioid', '/flow-chart-view']) {
        await page.goto(`${base}/pathway${kind}`)
        expect(await page.locator('.box:visible').count()).toBeGreaterThan(5)
        expect(await spilled(page)).toEqual([])
      }
      await page.context().close()
    }
  })

  it('is walked from the drawing to a rule, and from an old link', { timeout: patience }, async () => {
    const { page } = await at('', { viewport: wide })
    await page.locator('.flow-brief a', { hasText: 'Can imaging wait?' }).click()
    await page.waitForURL('**/pathway/flow-lumbar-imaging')
    await page.locator('.flow-wide a', { hasText: 'IM01' }).first().click()
    await page.waitForURL('**/pathway/rules/im01')
    await page.goto(`${base}/pathway#im01`)
    const entry = page.locator('li:target')
    expect(await entry.evaluate((here) => here.getBoundingClientRect().top)).toBeLessThan(wide.height)
    await entry.locator('a').click()
    await page.waitForURL('**/pathway/rules/im01')
    await page.context().close()
  })

  it('can be read from end to end with the keyboard, and shows where it is', {
    timeout: patience,
  }, async () => {
    const { page } = await at('/rules/im02', { viewport: wide })
    const reachable = await page.locator(`${stops}`).locator('visible=true').count()
    const seen = new Set<string>()
    for (let stop = 0; stop < reachable + 5; stop++) {
      await page.keyboard.press('Tab')
      const { place, outline } = await focused(page)
      if (place === '') break
      expect(outline, place).not.toBe('none')
      seen.add(place)
    }
    expect(seen.size).toBe(reachable)
    await page.context().close()
  })

  it('is searched and read by the keyboard, without JavaScript', { timeout: patience }, async () => {
    const { page } = await at('', { viewport: wide, javaScriptEnabled: false })
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').textContent()).toBe('Skip to the content')
    await page.keyboard.press('Tab')
    await page.keyboard.type('nalaxone')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/pathway/search?q=nalaxone')
    await page.getByRole('link', { name: /^OP09/ }).click()
    expect(await page.locator('h1').textContent()).toContain('OP09')
    const fold = page.locator('details').first()
    expect(await fold.locator('summary ~ *').first().isVisible()).toBe(true)
    await fold.locator('summary').focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => fold.locator('summary ~ *').first().isVisible()).toBe(false)
    await page.context().close()
  })

  it('prints the book on fewer than 90 Letter pages, and the other pages on a few', {
    timeout: patience,
  }, async () => {
    const { page } = await at('/book', { viewport: wide })
    expect(pagesOf(await page.pdf({ format: 'Letter' }))).toBeLessThan(90)
    for (const [kind, most] of [
      ['', 7],
      ['/rules/im01', 7],
      ['/questions-red-flags', 10],
    ] as const) {
      await page.goto(`${base}/pathway${kind}`)
      expect(pagesOf(await page.pdf({ format: 'Letter' })), kind).toBeLessThan(most)
    }
    await page.context().close()
  })

  it('prints each flow chart on one page, in dark colours on white', { timeout: patience }, async () => {
    // What is left of Letter between its margins.
    const { page } = await at('/book', { viewport: { width: 726, height: 965 }, colorScheme: 'dark' })
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

/** What the keyboard comes to. */
const stops = 'a[href], summary, input, button'
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
    const at = [...body.querySelectorAll('a[href], summary, input, button')].indexOf(here)
    return { place: `${at} ${here.textContent}`, outline: window.getComputedStyle(here).outlineStyle }
  })
}

const styleOf = (page: Page, selector: string, property: 'position' | 'backgroundColor') =>
  page
    .locator(selector)
    .evaluate((found, name) => found.ownerDocument.defaultView?.getComputedStyle(found)[name], property)

const pagesOf = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0
