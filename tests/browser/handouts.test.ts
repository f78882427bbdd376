/** The pages for patients as people meet them: on a phone, in the dark, enlarged, without colours of ours, and on paper. */
import { AxeBuilder } from '@axe-core/playwright'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { libraryOf } from '../../src/handouts/model.ts'
import { describeInBrowser } from '../support/browser.ts'
import { realContent } from '../support/evaluator.ts'
import { handoutApp } from '../support/handout-pages.ts'

const app = handoutApp()
let base = ''
beforeAll(async () => {
  base = await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => app.close())

const patience = 240_000
const wide = { width: 1280, height: 900 }
/** Also what is left of 1280 pixels at 400 % zoom. */
const narrow = { width: 320, height: 640 }
const { texts } = libraryOf(realContent())
const paths = Object.entries(texts).flatMap(([language, pages]) => [
  `/handouts/${language}`,
  ...Object.keys(pages).map((id) => `/handouts/${language}/${id}`),
])

/** One of each make: cards, drawings, and lists. */
const some = paths.filter((path) => /\/(warning-signs|exercises)$/.test(path))

describeInBrowser('The pages for patients in a browser', (open) => {
  const onEach = async (
    options: BrowserContextOptions,
    look: (page: Page, path: string) => Promise<void>,
    which = paths,
  ) => {
    const { page, complaints, strays } = await open(`${base}${paths[0]}`, options)
    for (const path of which) {
      await page.goto(`${base}${path}`)
      await look(page, path)
    }
    expect([...complaints, ...strays]).toEqual([])
    await page.context().close()
  }
  const findings = async (page: Page) => {
    const { violations } = await new AxeBuilder({ page }).analyze()
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
    )
  }

  it.each([
    ['wide', { viewport: wide }, paths],
    ['narrow, as at 400 % zoom', { viewport: narrow }, some],
    ['dark', { viewport: wide, colorScheme: 'dark' as const }, some],
    ['in the colours that a person has chosen', { viewport: wide, forcedColors: 'active' as const }, some],
  ])('have no fault that axe can find: %s', { timeout: patience }, async (_, options, which) => {
    await onEach(
      options,
      async (page, path) => {
        expect(await findings(page), path).toEqual([])
      },
      which,
    )
  })

  it('have no fault that axe can find on paper', { timeout: patience }, async () => {
    await onEach(
      { viewport: wide, colorScheme: 'dark' },
      async (page, path) => {
        await page.emulateMedia({ media: 'print' })
        expect(await findings(page), path).toEqual([])
      },
      some,
    )
  })

  it.each([320, 360, 768, 1280])(
    'need no sideways scrolling at %i pixels',
    { timeout: patience },
    async (width) => {
      await onEach({ viewport: { width, height: 800 } }, async (page, path) => {
        expect(await page.locator('html').evaluate((html) => html.scrollWidth), path).toBeLessThanOrEqual(
          width,
        )
      })
    },
  )

  it('print black on white at 12 points or more, also for who reads in the dark, without what is no use on paper', {
    timeout: patience,
  }, async () => {
    await onEach({ viewport: wide, colorScheme: 'dark' }, async (page, path) => {
      await page.emulateMedia({ media: 'print' })
      const smallest = await page.locator('main').evaluate((main) => {
        const { defaultView: view } = main.ownerDocument
        const sizes = [...main.querySelectorAll('p, li, h1, h2, h3, a, span')].map((each) => {
          const { fontSize, color } = view?.getComputedStyle(each) ?? {}
          return { size: Number.parseFloat(fontSize ?? ''), color, of: each.textContent }
        })
        return sizes.sort((a, b) => a.size - b.size)[0]
      })
      // 12 points are 16 pixels.
      expect(smallest?.size, `${path}: ${smallest?.of}`).toBeGreaterThanOrEqual(16)
      expect(await page.locator('.languages, .beside, .skip').filter({ visible: true }).count()).toBe(0)
      expect(await page.locator('body').evaluate(colours)).toEqual({
        ink: 'rgb(0, 0, 0)',
        paper: 'rgba(0, 0, 0, 0)',
      })
    })
  })

  it.each(['A4', 'Letter'])(
    'print on %s without cutting a card or an exercise in two',
    { timeout: patience },
    async (format) => {
      const { page } = await open(`${base}/handouts/en/exercises`, { viewport: wide })
      const paper = await page.pdf({ format, preferCSSPageSize: true })
      expect(paper.subarray(0, 5).toString()).toBe('%PDF-')
      await page.emulateMedia({ media: 'print' })
      const kept = await page
        .locator('.card, .exercise')
        .evaluateAll((all) =>
          all.map((each) => each.ownerDocument.defaultView?.getComputedStyle(each).breakInside),
        )
      expect(new Set(kept)).toEqual(new Set(['avoid']))
      await page.context().close()
    },
  )

  it('show each drawing with its name and what it shows, in the language of the page', {
    timeout: patience,
  }, async () => {
    for (const language of ['en', 'es']) {
      const { page } = await open(`${base}/handouts/${language}/exercises`, { viewport: wide })
      const drawings = page.locator('figure svg[role=img]')
      const told = [...(texts[language]?.exercises?.sections.values() ?? [])].flatMap(({ title, blocks }) =>
        blocks.flatMap((block) => (block.kind === 'drawing' ? `${title}: ${block.description}` : [])),
      )
      expect(told).toHaveLength(9)
      const shown = await drawings.evaluateAll((all) =>
        all.map((svg) => {
          const said = (name: string) => svg.querySelector(name)?.textContent
          return `${said('title')}: ${said('desc')}`
        }),
      )
      expect(shown).toEqual(told)
      for (const box of await Promise.all((await drawings.all()).map((each) => each.boundingBox())))
        expect(box?.width).toBeGreaterThan(90)
      await page.context().close()
    }
  })

  it('set the sides of a card by the direction of the script', { timeout: patience }, async () => {
    const { page } = await open(`${base}/handouts/en/warning-signs`, { viewport: wide })
    const sides = (direction: string) =>
      page.locator('.card.same-day').evaluate((card, dir) => {
        card.ownerDocument.querySelector('article')?.setAttribute('dir', dir)
        const style = card.ownerDocument.defaultView?.getComputedStyle(card)
        return (
          Number.parseFloat(style?.borderRightWidth ?? '') > Number.parseFloat(style?.borderLeftWidth ?? '')
        )
      }, direction)
    expect(await sides('ltr')).toBe(false)
    expect(await sides('rtl')).toBe(true)
    await page.context().close()
  })

  it('can be reached from end to end with the keyboard', { timeout: patience }, async () => {
    const { page } = await open(`${base}/handouts/en/who-can-help`, { viewport: wide })
    const reachable = await page.locator('a[href]').count()
    for (let stop = 0; stop < reachable; stop++) {
      await page.keyboard.press('Tab')
      const outline = await page
        .locator(':focus')
        .evaluate((each) => each.ownerDocument.defaultView?.getComputedStyle(each).outlineStyle)
      expect(outline).not.toBe('none')
    }
    await page.keyboard.press('Tab')
    expect(await page.locator('a:focus').count()).toBe(0)
    await page.context().close()
  })
})

function colours(body: HTMLElement | SVGElement) {
  const { color, backgroundColor } = (body.ownerDocument.defaultView as Window).getComputedStyle(body)
  return { ink: color, paper: backgroundColor }
}
