/** The pages for patients as people meet them: on a phone, in the dark, enlarged, without colours of ours, and on paper. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { libraryOf } from '../../src/handouts/model.ts'
import { laidOut } from '../../src/handouts/share/press.ts'
import { sheetOf } from '../../src/handouts/share/sheet.ts'
import { realContent } from '../support/evaluator.ts'
import { handoutApp } from '../support/handout-pages.ts'
import { readPrinted } from '../support/pdf.ts'
import { sampleOf } from '../support/sweep.ts'
import { findings } from './axe.ts'
import { describeInBrowser } from './browser.ts'

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

paths.push('/handouts/share', '/handouts/share/es')

/** One of each make: cards, drawings, lists, and what is shared. */
const some = paths.filter((path) => /\/(warning-signs|exercises|share)$/.test(path))

type Media = NonNullable<Parameters<Page['emulateMedia']>[0]>
const asUsual: Media = { colorScheme: 'light', forcedColors: 'none', media: 'screen' }

/** How pages are looked at, and which. */
interface Look {
  name: string
  which: readonly string[]
  viewport?: typeof wide
  media?: Media
  by?: Parameters<typeof findings>[1]
}

interface Seen {
  path: string
  faults: string[]
  widths: [width: number, needed: number][]
  printed: {
    smallest: { size: number; of: string } | undefined
    useless: number
    colours: { ink: string; paper: string }
  }
}

describeInBrowser('The pages for patients in a browser', (open) => {
  const looks: readonly Look[] = [
    { name: 'wide', which: sampleOf(paths, 3) },
    { name: 'narrow, as at 400 % zoom', which: some, viewport: narrow },
    // Judged by their colours alone: all else is as it was found right in the same window, or in the narrow one.
    { name: 'dark', which: some, media: { colorScheme: 'dark' }, by: 'colours' },
    {
      name: 'in the colours that a person has chosen',
      which: some,
      media: { forcedColors: 'active' },
      by: 'colours',
    },
    { name: 'on paper', which: some, media: { colorScheme: 'dark', media: 'print' } },
  ]

  // A page is opened once for all that is asked of every page.
  const seen: Seen[] = []
  let unasked: string[] = []
  beforeAll(async () => {
    const { page, complaints, strays } = await open(`${base}${paths[0]}`, { viewport: wide })
    for (const path of paths) {
      await page.goto(`${base}${path}`)
      const faults: string[] = []
      for (const { name, viewport, media, by } of looks.filter(({ which }) => which.includes(path))) {
        await page.setViewportSize(viewport ?? wide)
        await page.emulateMedia({ ...asUsual, ...media })
        faults.push(...(await findings(page, by)).map((fault) => `${name}: ${fault}`))
      }
      await page.emulateMedia(asUsual)
      const widths = await widthsOf(page)
      await page.setViewportSize(wide)
      await page.emulateMedia({ colorScheme: 'dark', media: 'print' })
      seen.push({ path, faults, widths, printed: await printedOf(page) })
      await page.emulateMedia(asUsual)
    }
    unasked = [...complaints, ...strays]
    await page.context().close()
  }, patience)

  it('have no fault that axe can find: wide, narrow, dark, in colours that a person has chosen, on paper', () => {
    expect(seen.map(({ path }) => path)).toEqual(paths)
    expect(some.length).toBeGreaterThan(3)
    for (const { path, faults } of seen) expect(faults, path).toEqual([])
  })

  it('ask for nothing elsewhere, and the browser complains of nothing', () => {
    expect(unasked).toEqual([])
  })

  it('need no sideways scrolling at 320, 360, 768 and 1280 pixels', () => {
    for (const { path, widths } of seen)
      for (const [width, needed] of widths) expect(needed, `${path} at ${width}`).toBeLessThanOrEqual(width)
  })

  it('print black on white at 12 points or more, also for who reads in the dark, without what is no use on paper', () => {
    for (const { path, printed } of seen) {
      // 12 points are 16 pixels.
      expect(printed.smallest?.size, `${path}: ${printed.smallest?.of}`).toBeGreaterThanOrEqual(16)
      expect(printed.useless, path).toBe(0)
      expect(printed.colours, path).toEqual({ ink: 'rgb(0, 0, 0)', paper: 'rgba(0, 0, 0, 0)' })
    }
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

  it.each(['en', 'es'])(
    'keep every word of the infographic in its box, in the widest of common fonts: %s',
    { timeout: patience },
    async (language) => {
      const { page } = await open(`${base}/handouts/share/${language}/infographic.svg`, { viewport: wide })
      const sheet = sheetOf(realContent(), language)
      if (!sheet) throw new Error('no infographic')
      const boxes = laidOut(sheet).flatMap(({ box, texts }) => texts.map(() => box))
      const seen = await page.locator('text').evaluateAll((all) => {
        const widest = 'DejaVu Sans, Verdana'
        all[0]?.parentElement?.setAttribute('font-family', widest)
        // The document is a drawing, whose own elements know no canvas.
        const canvas = document.createElementNS('http://www.w3.org/1999/xhtml', 'canvas') as HTMLCanvasElement
        const paper = canvas.getContext('2d') as CanvasRenderingContext2D
        paper.font = `100px ${widest}`
        return {
          letter: paper.measureText('m').width,
          texts: all.map((each) => {
            const { x, y, width, height } = (each as unknown as SVGTextElement).getBBox()
            return { x, y, width, height }
          }),
        }
      })
      expect(seen.texts).toHaveLength(boxes.length)
      // Both have an "m" of 97 hundredths of an em; Arial, Liberation and Noto one of 83 to 94.
      expect(seen.letter, 'a wide font is there').toBeGreaterThan(96)
      for (const [at, text] of seen.texts.entries()) {
        const box = boxes[at]
        expect(text.x, box?.id).toBeGreaterThanOrEqual((box?.x ?? 0) - 1)
        expect(text.x + text.width, box?.id).toBeLessThanOrEqual((box?.x ?? 0) + (box?.width ?? 0) + 1)
      }
      await page.context().close()
    },
  )

  it('print the infographic on one page of Letter and of A4', { timeout: patience }, async () => {
    const { page } = await open(`${base}/handouts/share/en/infographic.svg`, { viewport: wide })
    for (const format of ['Letter', 'A4']) {
      const margin = { top: '10mm', bottom: '10mm', left: '10mm', right: '10mm' }
      const { pages, text } = await readPrinted(await page.pdf({ format, margin, printBackground: true }))
      expect([format, pages]).toEqual([format, 1])
      expect(text).toContain('sudden tearing pain')
    }
    await page.context().close()
  })

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

async function widthsOf(page: Page): Promise<[width: number, needed: number][]> {
  const widths: [number, number][] = []
  for (const width of [320, 360, 768, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    widths.push([width, await page.locator('html').evaluate((html) => html.scrollWidth)])
  }
  return widths
}

async function printedOf(page: Page): Promise<Seen['printed']> {
  const smallest = await page.locator('main').evaluate((main) => {
    const { defaultView: view } = main.ownerDocument
    const sizes = [...main.querySelectorAll('p, li, h1, h2, h3, a, span')].map((each) => {
      const { fontSize } = view?.getComputedStyle(each) ?? {}
      return { size: Number.parseFloat(fontSize ?? ''), of: each.textContent }
    })
    return sizes.sort((a, b) => a.size - b.size)[0]
  })
  const useless = await page.locator('.languages, .beside, .skip').filter({ visible: true }).count()
  return { smallest, useless, colours: await page.locator('body').evaluate(colours) }
}

function colours(body: HTMLElement | SVGElement) {
  const { color, backgroundColor } = (body.ownerDocument.defaultView as Window).getComputedStyle(body)
  return { ink: color, paper: backgroundColor }
}
