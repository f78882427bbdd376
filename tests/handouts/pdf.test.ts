/** The handout as a PDF for the chart: tagged, in its language, with its fonts, and with a patient only when told so. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { create, type Font } from 'fontkit'
import { afterAll, describe, expect, it } from 'vitest'
import { composeHandout, wholePage } from '../../src/handouts/compose.ts'
import { type Handout, libraryOf } from '../../src/handouts/model.ts'
import { handoutPdf } from '../../src/handouts/pdf.ts'
import { linesOf, wordsOf } from '../../src/pathway/handouts/text.ts'
import { realContent } from '../support/evaluator.ts'
import { factsTold } from '../support/handout-facts.ts'
import { fullSite, handoutApp } from '../support/handout-pages.ts'
import { readPdf } from '../support/pdf.ts'

const content = fullSite(realContent())
const library = libraryOf(content)
const app = handoutApp()
afterAll(() => app.close())

const patience = 120_000
const printable = Object.keys(library.languages).filter((each) => library.languages[each]?.pdf)
const pages = printable.flatMap((language) =>
  Object.keys(library.texts[language] ?? {}).map((id): [string, string] => [language, id]),
)
const squeezed = (text: string) => text.replace(/\s+/g, '')

function pageOf(language: string, id: string): Handout {
  const handout = wholePage(content, language, id)
  if (!handout) throw new Error(`no page ${id} in ${language}`)
  return handout
}

describe('Every page as a PDF', () => {
  it.each(pages)(
    'in %s of %s is tagged, in its language, with title and fonts, and holds every word',
    { timeout: patience },
    async (language, id) => {
      const handout = pageOf(language, id)
      const read = await readPdf(await handoutPdf(handout))
      expect(read).toMatchObject({ isTagged: true, language, title: handout.title, missingFonts: [] })
      expect(read.fonts.every((name) => name.includes('NotoSans'))).toBe(true)
      expect(read.smallestLetter).toBeGreaterThanOrEqual(12)
      const sections = handout.parts.flatMap((part) => part.sections)
      const said = squeezed(read.text)
      for (const line of sections.flatMap((section) => linesOf(section).map(wordsOf)))
        expect(said).toContain(squeezed(line))
      for (const { title } of sections) expect(said).toContain(squeezed(title))
      for (const { text } of handout.standing) expect(said).toContain(squeezed(text))
      const kinds = read.tags.map(({ kind }) => kind)
      expect(kinds[0]).toBe('Art')
      expect(kinds.filter((kind) => kind === 'H1')).toHaveLength(1)
      expect(kinds.filter((kind) => kind === 'H2').length).toBeGreaterThanOrEqual(sections.length)
      const entries = sections.flatMap((section) =>
        section.blocks.flatMap((block) => (block.kind === 'list' ? block.items : [])),
      )
      expect(kinds.filter((kind) => kind === 'LI').length).toBeGreaterThanOrEqual(entries.length)
    },
  )

  it('tells each drawing and the QR code in words', { timeout: patience }, async () => {
    for (const language of ['en', 'es']) {
      const { tags } = await readPdf(await handoutPdf(pageOf(language, 'exercises')))
      const figures = tags.filter(({ kind }) => kind === 'Figure').map(({ alt }) => alt)
      expect(figures).toHaveLength(10)
      expect(figures.every((alt) => (alt?.length ?? 0) > 20)).toBe(true)
      expect(figures.at(-1)).toContain('https://lumbar.example.org/handouts/')
    }
  })

  it('has a letter in its fonts for every letter of its words', () => {
    const fonts = ['400Regular', '700Bold'].map((name) => {
      const address = import.meta.resolve(`@expo-google-fonts/noto-sans/${name}/NotoSans_${name}.ttf`)
      return create(readFileSync(fileURLToPath(address))) as Font
    })
    for (const [language, id] of pages) {
      const handout = pageOf(language, id)
      const letters = new Set(
        JSON.stringify([handout.parts, handout.words, handout.standing, handout.sources]),
      )
      for (const letter of letters) {
        const point = letter.codePointAt(0) ?? 0
        for (const font of fonts)
          expect(font.hasGlyphForCodePoint(point), `${language}/${id}: ${letter}`).toBe(true)
      }
    }
  })
})

describe('A composed handout as a PDF', () => {
  const compose = (language: string) =>
    composeHandout(content, factsTold(content, { 'onset-days': 12, age: 40, 'imaging-drafted': 'drafted' }), {
      language,
    }).handout

  it('names nobody unless told to', { timeout: patience }, async () => {
    const handout = compose('en')
    const plain = await readPdf(await handoutPdf(handout))
    expect(plain.text).not.toMatch(/For |Given on/)
    const given = await handoutPdf(handout, { givenTo: { name: 'Zoë Example', on: '2026-11-22' } })
    const read = await readPdf(given)
    expect(read.text).toContain('For Zoë Example')
    expect(read.text).toContain('Given on November 22, 2026')
    // Not in what catalogues and QR codes are made of.
    expect(read.title).toBe(handout.title)
    expect(read.tags.map(({ alt }) => alt ?? '').join()).not.toContain('Zoë')
  })

  it('has a heading for each page above those of its sections', { timeout: patience }, async () => {
    const handout = compose('es')
    const { tags, language, pages: count, text } = await readPdf(await handoutPdf(handout))
    const kinds = tags.map(({ kind }) => kind)
    expect(language).toBe('es')
    expect(kinds.filter((kind) => kind === 'H2').length).toBeGreaterThanOrEqual(handout.parts.length)
    expect(kinds).toContain('H3')
    expect(text).toContain(`Página ${count} de ${count}`)
  })

  it('is the same file for the same handout, on either paper', { timeout: patience }, async () => {
    const handout = pageOf('en', 'when-to-come-back')
    const once = await handoutPdf(handout)
    expect((await handoutPdf(handout)).equals(once)).toBe(true)
    expect((await handoutPdf(handout, { size: 'A4' })).equals(once)).toBe(false)
  })

  it('can be asked for many times at once', { timeout: patience }, async () => {
    const handout = pageOf('en', 'when-to-come-back')
    const all = await Promise.all(Array.from({ length: 8 }, () => handoutPdf(handout)))
    expect(new Set(all.map((each) => each.toString('base64'))).size).toBe(1)
  })

  it('does not keep the service from answering', { timeout: patience }, async () => {
    const handout = compose('en')
    await handoutPdf(handout)
    let longest = 0
    let last = performance.now()
    const beat = setInterval(() => {
      const now = performance.now()
      longest = Math.max(longest, now - last)
      last = now
    }, 5)
    const start = performance.now()
    await handoutPdf(handout)
    const took = performance.now() - start
    clearInterval(beat)
    expect(longest).toBeLessThan(Math.max(50, took / 2))
  })
})

describe('GET /handouts/<language>/<page>.pdf', () => {
  const get = (url: string, headers: Record<string, string> = {}) =>
    app.inject({ method: 'GET', url, headers })

  it('is the page as a PDF, kept by browsers', { timeout: patience }, async () => {
    const first = await get('/handouts/en/what-helps.pdf')
    expect(first.statusCode).toBe(200)
    expect(first.headers).toMatchObject({ 'content-type': 'application/pdf', etag: expect.any(String) })
    expect(first.rawPayload.subarray(0, 5).toString()).toBe('%PDF-')
    const again = await get('/handouts/en/what-helps.pdf', { 'if-none-match': String(first.headers.etag) })
    expect([again.statusCode, again.body]).toEqual([304, ''])
  })

  it('is named on the page', async () => {
    expect((await get('/handouts/es/what-helps')).body).toContain('href="/handouts/es/what-helps.pdf"')
  })

  it.each([
    '/handouts/en/nothing.pdf',
    '/handouts/xx/what-helps.pdf',
    '/handouts/__proto__/x.pdf',
    '/handouts/en/.pdf',
  ])('is not there: %s', async (url) => {
    expect((await get(url)).statusCode).toBe(404)
  })
})
