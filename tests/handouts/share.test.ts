/** What health plans and employers may send: easy to read, whole, within its boxes, and the same words in each form. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { libraryOf } from '../../src/handouts/model.ts'
import { laidOut, setInfographic } from '../../src/handouts/share/press.ts'
import { sharedText, sheetOf } from '../../src/handouts/share/sheet.ts'
import { linesOf, type Section, wordsOf } from '../../src/pathway/handouts/text.ts'
import { realContent, root } from '../support/evaluator.ts'
import { fullSite, handoutApp } from '../support/handout-pages.ts'
import { readPdf } from '../support/pdf.ts'
import { readEnglish, readSpanish, sentencesOf, wordsIn } from './readability.ts'

const content = realContent()
const library = libraryOf(content)
const app = handoutApp()
const bare = handoutApp((each) => each)
afterAll(() => Promise.all([app.close(), bare.close()]))

const languages = ['en', 'es'] as const
const forms = ['newsletter', 'infographic'] as const
const all = languages.flatMap((language) => forms.map((form) => [language, form] as const))
const squeezed = (text: string) => text.replace(/\s+/g, '')
const elsewhere = { ...content, site: { ...content.site, state: undefined } } as typeof content

function textOf(language: string, form: (typeof forms)[number], of = content) {
  const text = sharedText(of, language, form)
  if (!text) throw new Error(`no ${form} in ${language}`)
  return text
}
function sheetIn(language: string, of = content) {
  const sheet = sheetOf(of, language)
  if (!sheet) throw new Error(`no infographic in ${language}`)
  return sheet
}
const linesIn = (sections: readonly Section[]) => sections.flatMap((section) => linesOf(section).map(wordsOf))

describe('What is shared', () => {
  it('is there in English and Spanish, as a newsletter and an infographic', () => {
    expect(Object.keys(library.share?.texts ?? {})).toEqual([...languages])
    for (const [language, form] of all) expect(textOf(language, form).sections.length).toBeGreaterThan(8)
  })

  it.each(all)('in %s, the %s, is as easy to read as the pages', (language, form) => {
    const sentences = sentencesOf(textOf(language, form).sections)
    const most = language === 'en' ? 15 : 20
    const own = sentences.filter(
      (sentence) =>
        !linesIn(
          Object.values(library.texts[language] ?? {}).flatMap(({ sections }) => [...sections.values()]),
        ).some((line) => line.includes(sentence)),
    )
    for (const sentence of own) expect(wordsIn(sentence).length, sentence).toBeLessThanOrEqual(most)
    if (language === 'en') expect(readEnglish(sentences).grade).toBeLessThanOrEqual(6)
    else {
      const { inflesz, fernandezHuerta } = readSpanish(sentences)
      expect(inflesz).toBeGreaterThanOrEqual(65)
      expect(fernandezHuerta).toBeGreaterThanOrEqual(70)
    }
  })

  it.each(all)('in %s, the %s, holds every warning sign word for word', (language, form) => {
    const said = linesIn(textOf(language, form).sections)
    const signs = library.texts[language]?.['warning-signs']
    const due = [...(signs?.sections.values() ?? [])].flatMap(linesOf).filter(({ safety }) => safety)
    expect(due.length).toBeGreaterThan(15)
    expect(due.map(wordsOf).filter((line) => !said.includes(line))).toEqual([])
  })

  it.each(all)('in %s, the %s, says nothing that only some people may be told', (language, form) => {
    const said = linesIn(textOf(language, form).sections).join(' ')
    const only = Object.values(library.texts[language] ?? {})
      .flatMap(({ sections }) => [...sections.values()].flatMap(linesOf))
      .filter((line) => line.only)
    expect(only.length).toBeGreaterThan(1)
    for (const line of only) expect(said).not.toContain(wordsOf(line))
  })

  it.each(all)('in %s, the %s, says that it is a draft, and names its sources', (language, form) => {
    const { standing, sources } = textOf(language, form)
    expect(standing).toContain(library.words[language]?.phrases.draft)
    expect(standing.includes(library.words.es?.phrases['machine-drafted'] ?? '?')).toBe(language === 'es')
    for (const source of ['acp-2011', 'acr-2021', 'girft-2023'])
      expect(sources).toContain(library.words[language]?.sources[source])
  })

  const numbers = ['72,000', '140,000', '2020'] as const
  it('names numbers of Washington only at a site in Washington, with their source', () => {
    for (const language of languages) {
      const here = textOf(language, 'newsletter')
      const there = textOf(language, 'newsletter', elsewhere)
      for (const number of numbers) {
        expect(linesIn(here.sections).join(' ')).toContain(number)
        expect(linesIn(there.sections).join(' ')).not.toContain(number)
      }
      expect(here.sources).toContain(library.words[language]?.sources['wha-lbpic-2022'])
      expect(there.sources).not.toContain(library.words[language]?.sources['wha-lbpic-2022'])
    }
  })

  const seeds = join(root, '../shared/seeds')
  it.skipIf(!existsSync(seeds))('says of Washington what its source says', () => {
    const pages = readdirSync(seeds).map((name) => readFileSync(join(seeds, name), 'utf8'))
    const source = pages.find((page) => page.includes('low-value services'))
    for (const number of [...numbers, '$10 million']) expect(source).toContain(number)
  })
})

describe('The infographic', () => {
  it.each(languages)('in %s fits into its boxes, though a font be as wide as Verdana', (language) => {
    for (const { box, texts, fits } of laidOut(sheetIn(language))) {
      expect([box.id, fits]).toEqual([box.id, true])
      for (const { lines, size } of texts) {
        const least = box.style === 'small' ? 7 : 10
        expect(size, box.id).toBeGreaterThanOrEqual(least)
        for (const { y } of lines) {
          expect(y - size * 0.75, box.id).toBeGreaterThanOrEqual(box.y - 1)
          expect(y + size * 0.2, box.id).toBeLessThanOrEqual(box.y + box.height + 1)
        }
      }
    }
  })

  it('would not fit with twice the words, and says so', () => {
    const sheet = sheetIn('en')
    const twice = sheet.sections.map((section) => ({
      ...section,
      blocks: [...section.blocks, ...section.blocks],
    }))
    const fits = laidOut({ ...sheet, sections: twice })
      .filter((each) => each.fits)
      .map(({ box }) => box.id)
    expect(fits).not.toContain('call-911-body')
    expect(fits).not.toContain('call-clinic-body')
  })

  it('has a box for each section, and boxes that lie apart on the sheet', () => {
    const { art } = sheetIn('en')
    for (const [at, one] of art.boxes.entries()) {
      expect(
        one.x >= 0 && one.y >= 0 && one.x + one.width <= art.width && one.y + one.height <= art.height,
        one.id,
      ).toBe(true)
      for (const other of art.boxes.slice(at + 1)) {
        const apart =
          one.x + one.width <= other.x ||
          other.x + other.width <= one.x ||
          one.y + one.height <= other.y ||
          other.y + other.height <= one.y
        expect(apart, `${one.id} and ${other.id}`).toBe(true)
      }
    }
  })

  it.each(languages)(
    'in %s is SVG whose text is text, in reading order, that no policy of styles stops',
    async (language) => {
      const sheet = sheetIn(language)
      const svg = Buffer.from(await setInfographic(sheet, 'svg')).toString()
      expect(svg).toMatch(
        new RegExp(
          `^<svg xmlns="http://www.w3.org/2000/svg" lang="${language}" width="18\\d[.\\d]*mm" height="25\\d`,
        ),
      )
      expect(svg).toContain(`<title>${sheet.title}</title>`)
      expect(svg).not.toMatch(/<style|\sstyle=|\sclass=|<script|<image|<foreignObject|\shref=|undefined|NaN/)
      const texts = [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/g)].map(([, inner = '']) =>
        inner
          .replace(/<[^>]*>/g, '')
          .replaceAll('&quot;', '"')
          .trim(),
      )
      const due = [
        sheet.title,
        ...sheet.sections.flatMap((section) => [
          ...(['what-it-is', 'what-to-expect'].includes(section.id) ? [] : [section.title]),
          ...linesIn([section]),
        ]),
        sheet.standing,
        `${sheet.version} ${sheet.sources}`,
      ]
      expect(texts).toEqual(due)
    },
  )

  it.each(
    languages.flatMap((language) => (['LETTER', 'A4'] as const).map((size) => [language, size] as const)),
  )('in %s is a tagged PDF of one page of %s', async (language, size) => {
    const sheet = sheetIn(language)
    const bytes = await setInfographic(sheet, size)
    const read = await readPdf(bytes)
    expect(read).toMatchObject({ isTagged: true, language, title: sheet.title, pages: 1, missingFonts: [] })
    const kinds = read.tags.map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === 'H1')).toHaveLength(1)
    expect(kinds.filter((kind) => kind === 'H2')).toHaveLength(sheet.sections.length - 2)
    const entries = sheet.sections.flatMap(({ blocks }) =>
      blocks.flatMap((block) => (block.kind === 'list' ? block.items : [])),
    )
    expect(kinds.filter((kind) => kind === 'LI')).toHaveLength(entries.length)
    for (const line of linesIn(sheet.sections)) expect(squeezed(read.text)).toContain(squeezed(line))
    expect(Buffer.from(bytes).toString('latin1')).toContain(size === 'A4' ? '595.28 841.89' : '612 792')
  })
})

describe('GET /handouts/share', () => {
  const get = (url: string, headers: Record<string, string> = {}, from = app) =>
    from.inject({ method: 'GET', url, headers })

  it('leads to every file, in either language, and is led to by the list of pages', async () => {
    for (const [language, path] of [
      ['en', '/handouts/share'],
      ['es', '/handouts/share/es'],
    ] as const) {
      expect((await get(`/handouts/${language}`)).body).toContain(`href="${path}"`)
      const { statusCode, headers, body } = await get(path)
      expect(statusCode).toBe(200)
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'/)
      expect(body).toMatch(new RegExp(`^<!doctype html>\\n<html lang="${language}" dir="ltr">`))
      expect(body).not.toMatch(/<script|<style|<form|\sstyle=|undefined|\{\{|\{=/)
      const files = [...body.matchAll(/href="([^"]*)" download="([^"]*)"/g)]
      expect(files).toHaveLength(4)
      for (const [, url = ''] of files) {
        const file = await get(url)
        const type = { txt: 'text/plain', svg: 'image/svg+xml', pdf: 'application/pdf' }[
          url.split('.').at(-1) ?? ''
        ]
        expect(file.statusCode).toBe(200)
        expect(file.headers['content-type']).toContain(type)
        expect((await get(url, { 'if-none-match': String(file.headers.etag) })).statusCode).toBe(304)
      }
    }
    expect((await get('/handouts/share/en')).body).toBe((await get('/handouts/share')).body)
    expect((await get('/handouts/vi')).body).not.toContain('/handouts/share')
  })

  it.each(languages)(
    'gives the newsletter in %s as text that holds every word of the page',
    async (language) => {
      const { body } = await get(`/handouts/share/${language}/newsletter.txt`)
      const text = textOf(language, 'newsletter', fullSite(content))
      for (const line of [text.title, text.standing, text.sources, ...linesIn(text.sections)])
        expect(body).toContain(line)
      for (const { title } of text.sections)
        expect(body).toMatch(new RegExp(`^${title.replace(/[?]/g, '\\?')}$`, 'm'))
      expect(body).toContain(`https://lumbar.example.org/handouts/${language}`)
      expect(body).not.toMatch(/\*\*|\{|undefined/)
      expect((await get(`/handouts/share/${language}/newsletter.txt`, {}, bare)).body).not.toContain(
        'https://',
      )
    },
  )

  it.each([
    '/handouts/share/vi',
    '/handouts/share/__proto__',
    '/handouts/share/en/newsletter.pdf',
    '/handouts/share/en/__proto__',
    '/handouts/share/vi/newsletter.txt',
    '/handouts/share/constructor/infographic.svg',
  ])('says that it is not there: %s', async (url) => {
    const { statusCode, body } = await get(url)
    expect(statusCode).toBe(404)
    const titles = Object.values(library.words).map(({ phrases }) => phrases.missing)
    expect(titles.some((title) => body.includes(`<h1>${title}</h1>`))).toBe(true)
  })
})
