/** From a card in the sandbox to the page that says why: what stands first, wide, on a telephone, dark, on paper, by keyboard. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Service, startService } from '../support/service.ts'
import { findings } from './axe.ts'
import { describeInBrowser } from './browser.ts'
import { lookAgain } from './looks.ts'

let service: Service
beforeAll(async () => {
  service = await startService({}, { NODE_ENV: 'development' })
}, 90_000)
afterAll(() => service.stop())

const patience = 120_000
const wide = { width: 1280, height: 900 }
const telephone = { width: 360, height: 740 }
const chart = '/sandbox?patient=acute-week-two&order=lumbar-mri'

/** The page behind the link of the first card. */
async function whyFrom(page: Page): Promise<Page> {
  const [why] = await Promise.all([
    page.context().waitForEvent('page'),
    page.locator('.card a.smart', { hasText: 'Why this advice' }).first().click(),
  ])
  await why.waitForLoadState()
  return why
}

const topOf = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((here) => here.getBoundingClientRect().top)
const colourOf = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((here) => here.ownerDocument.defaultView?.getComputedStyle(here).backgroundColor)

describeInBrowser('A card in the sandbox', (open) => {
  it('says what was found, what to do, then why, with its details closed', {
    timeout: patience,
  }, async () => {
    const { page } = await open(service.url + chart, { viewport: wide })
    const order = [
      '.card h4',
      '.card .card-lead',
      '.card .suggestions',
      '.card a.smart',
      '.card .card-detail',
    ]
    const tops = []
    for (const part of order) tops.push(await topOf(page, part))
    expect(tops).toEqual([...tops].sort((a, b) => a - b))
    expect(tops[0]).toBeLessThan(wide.height)
    expect(await page.locator('.card .card-detail[open]').count()).toBe(0)
    await page.context().close()
  })

  it('carries the colour on the recommended action, and folds the usual orders away', {
    timeout: patience,
  }, async () => {
    const { page } = await open(service.url + chart, { viewport: wide })
    const buttons = page.locator('.card .suggestions button')
    const colours = await buttons.evaluateAll((all) =>
      all.map((each) => each.ownerDocument.defaultView?.getComputedStyle(each).backgroundColor),
    )
    expect(colours.length).toBeGreaterThan(1)
    expect(new Set(colours.slice(1)).has(colours[0])).toBe(false)
    const others = page.locator('details:not([open]) > ul:visible')
    expect(await others.count()).toBe(0)
    await page.context().close()
  })

  it('has its headline on the first screen of a telephone', { timeout: patience }, async () => {
    const { page } = await open(service.url + chart, { viewport: telephone })
    const title = await page
      .locator('.card h4')
      .first()
      .evaluate((here) => here.getBoundingClientRect().bottom)
    expect(title).toBeLessThan(telephone.height)
    await page.context().close()
  })
})

describeInBrowser('The page that says why', (open) => {
  it('opens from the card, fits, and has no fault that axe can see: wide, on a telephone, dark', {
    timeout: patience,
  }, async () => {
    const { page } = await open(service.url + chart, { viewport: wide })
    const why = await whyFrom(page)
    expect(await why.locator('h1').textContent()).toBe('Why this advice')
    for (const [by, look] of [
      ['all', { viewport: wide }],
      ['all', { viewport: telephone }],
      ['colours', { viewport: wide, colorScheme: 'dark' }],
    ] as const) {
      await lookAgain(why, look)
      expect(await findings(why, by), by).toEqual([])
      const overflow = await why.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth)
      expect(overflow).toBeLessThanOrEqual(0)
      expect(await topOf(why, 'article.advice h2')).toBeLessThan(look.viewport.height)
    }
    await page.context().close()
  })

  it('opens from the card on a telephone', { timeout: patience }, async () => {
    const { page } = await open(service.url + chart, { viewport: telephone })
    const why = await whyFrom(page)
    expect(await topOf(why, 'article.advice h2')).toBeLessThan(telephone.height)
    await page.context().close()
  })

  it('leads by the keyboard to the page of its rule, and shows where it is', {
    timeout: patience,
  }, async () => {
    const { page } = await open(service.url + chart, { viewport: wide })
    const why = await whyFrom(page)
    const rule = why.locator('a[href$="/pathway/rules/im01"]')
    for (let stop = 0; stop < 250; stop++) {
      await why.keyboard.press('Tab')
      if (await rule.evaluate((here) => here === here.ownerDocument.activeElement)) break
    }
    const outline = await rule.evaluate(
      (here) => here.ownerDocument.defaultView?.getComputedStyle(here).outlineStyle,
    )
    expect(outline).not.toBe('none')
    const [opened] = await Promise.all([page.context().waitForEvent('page'), why.keyboard.press('Enter')])
    await opened.waitForLoadState()
    expect(new URL(opened.url()).pathname).toBe('/pathway/rules/im01')
    expect(await opened.locator('h1').textContent()).toContain('IM01')
    await page.context().close()
  })

  it('prints the advice with what it rests on, in dark on white', { timeout: patience }, async () => {
    const { page } = await open(service.url + chart, { viewport: wide, colorScheme: 'dark' })
    const why = await whyFrom(page)
    await why.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await colourOf(why, 'body')).toMatch(/^(rgb\(255, 255, 255\)|rgba\(0, 0, 0, 0\))$/)
    expect(await why.locator('#found').isVisible()).toBe(true)
    expect(await why.locator('#sources').isVisible()).toBe(true)
    const pdf = await why.pdf({ format: 'Letter' })
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0).toBeLessThan(6)
    await page.context().close()
  })
})
