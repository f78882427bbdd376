/** The public pages as they are sent: safe, kept by browsers, without a patient, and honest about their standing. */
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { composeHandout } from '../../src/handouts/compose.ts'
import { renderHandout } from '../../src/handouts/html.ts'
import { languageFor, libraryOf } from '../../src/handouts/model.ts'
import { realContent } from '../support/evaluator.ts'
import { factsTold } from '../support/handout-facts.ts'
import { fullSite, handoutApp } from '../support/handout-pages.ts'

const content = realContent()
const library = libraryOf(content)
const app = handoutApp()
const bare = handoutApp((each) => each)
afterAll(() => Promise.all([app.close(), bare.close()]))

const get = (url: string, headers: Record<string, string> = {}, from = app) =>
  from.inject({ method: 'GET', url, headers })
const pages = Object.entries(library.texts).flatMap(([language, texts]) =>
  Object.keys(texts).map((id): [string, string] => [language, id]),
)

describe('Every public page', () => {
  it.each(pages)(
    'in %s of %s is whole HTML under a strict policy, and nothing in it runs',
    async (language, id) => {
      const { statusCode, headers, body } = await get(`/handouts/${language}/${id}`)
      expect(statusCode).toBe(200)
      expect(headers['content-type']).toBe('text/html; charset=utf-8')
      expect(headers['content-security-policy']).toMatch(
        /^default-src 'none';style-src 'self';img-src 'self' data:/,
      )
      expect(headers['cache-control']).toMatch(/^public/)
      expect(body).toMatch(new RegExp(`^<!doctype html>\\n<html lang="${language}" dir="(ltr|rtl)">`))
      expect(body).not.toMatch(/<script|<style|<iframe|<form|\sstyle=|\son\w+=|javascript:/i)
      expect(body).not.toMatch(/undefined|\[object|NaN|\{\{|\{!|\{#/)
    },
  )

  it.each(pages)('in %s of %s holds every section once, with its headings in order', async (language, id) => {
    const { body } = await get(`/handouts/${language}/${id}`)
    const ids = [...body.matchAll(/ id="([^"]+)"/g)].map(([, each]) => each)
    expect(new Set(ids).size).toBe(ids.length)
    for (const section of Object.keys(library.handouts[id]?.sections ?? {}))
      expect(ids).toContain(`${id}-${section}`)
    const levels = [...body.matchAll(/<h(\d)[ >]/g)].map(([, level]) => Number(level))
    expect(levels.filter((level) => level === 1)).toHaveLength(1)
    expect(levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1)).toEqual([])
  })

  it.each(pages)('in %s of %s says that nobody has reviewed it', async (language, id) => {
    const { body } = await get(`/handouts/${language}/${id}`)
    expect(body).toContain(library.words[language]?.phrases.draft)
    // A language that borrows English pages says it in English too; a whole one stays in its own.
    const isWhole = library.languages[language]?.complete === true
    if (language !== 'en') expect(body.includes(library.words.en?.phrases.draft ?? '')).toBe(!isWhole)
    if (language !== 'en') expect(body).toContain(library.words[language]?.phrases['machine-drafted'])
  })

  it.each(pages)(
    'in %s of %s ends with the teach-back, the version and the sources',
    async (language, id) => {
      const { body } = await get(`/handouts/${language}/${id}`)
      expect(body).toContain(library.words[language]?.phrases['teach-back'])
      expect(body).toContain(library.version)
      for (const source of Object.values(library.handouts[id]?.sections ?? {}).flatMap(({ cites }) => cites))
        expect(body).toContain(
          (library.words[language]?.sources[source] ?? content.sources[source]?.label ?? '?').replaceAll(
            '&',
            '&amp;',
          ),
        )
    },
  )

  it.each(pages)('in %s of %s leads to the same page in the other languages', async (language, id) => {
    const { body } = await get(`/handouts/${language}/${id}`)
    const links = [...body.matchAll(/href="(\/handouts[^"]*)"/g)].map(([, href = '']) => href)
    expect(links).toContain(`/handouts/en/${id}`)
    for (const link of new Set(links)) expect((await get(link)).statusCode, link).toBe(200)
  })
})

describe('The list of pages', () => {
  it.each(Object.keys(library.languages))('in %s names each page there is', async (language) => {
    const { statusCode, body } = await get(`/handouts/${language}`)
    expect(statusCode).toBe(200)
    for (const id of Object.keys(library.texts[language] ?? {}))
      expect(body).toContain(`href="/handouts/${language}/${id}"`)
  })

  it('is found without a language, in English', async () => {
    expect((await get('/handouts')).body).toBe((await get('/handouts/en')).body)
  })
})

describe('A page', () => {
  it('is not sent twice, and is sent compressed to whoever can read that', async () => {
    const first = await get('/handouts/en/what-helps')
    const again = await get('/handouts/en/what-helps', { 'if-none-match': String(first.headers.etag) })
    expect([again.statusCode, again.body]).toEqual([304, ''])
    const zipped = await get('/handouts/en/what-helps', { 'accept-encoding': 'gzip, br' })
    expect(zipped.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
    expect(gunzipSync(zipped.rawPayload).toString()).toBe(first.body)
  })

  it.each([
    '/handouts/xx',
    '/handouts/en/nothing',
    '/handouts/xx/what-helps',
    '/handouts/__proto__',
    '/handouts/en/constructor',
    '/handouts/en/what-helps.exe',
    '/handouts/EN/what-helps',
    '/handouts/en/%3Cscript%3E',
  ])('that is not there is said so, and never echoed: %s', async (url) => {
    const { statusCode, headers, body } = await get(url)
    expect(statusCode).toBe(404)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(body).toContain('There is no such page')
    expect(body).not.toContain('script')
  })

  it('tells what the site has set: telephone, places, programmes, and its address as words and QR code', async () => {
    const { body } = await get('/handouts/en/who-can-help')
    expect(body).toContain('Call us: 206-555-0100')
    expect(body).toContain('Spine Center Physical Therapy')
    expect(body).toContain('href="https://example.org/back"')
    expect(body).not.toContain('Members only')
    expect(body).not.toContain('Imaging that no patient is sent to')
    expect(body).toMatch(/<svg class="qr"[^>]*aria-label="QR code that opens https:\/\/lumbar\.example\.org/)
    expect(body).toContain('>lumbar.example.org/handouts/en/who-can-help</a>')
  })

  it('says nothing of a site that has set nothing, and leaves a line for its telephone', async () => {
    const { body } = await get('/handouts/en/who-can-help', {}, bare)
    expect(body).toContain('Call us: ____')
    expect(body).not.toMatch(/class="qr"|Where you can go|Programs that can help/)
  })

  it('names the interpreters where it is not in English', async () => {
    expect((await get('/handouts/en/what-helps')).body).not.toContain('206-555-0101')
    expect((await get('/handouts/es/what-helps')).body).toContain(
      '¿Necesita un intérprete? Llame al 206-555-0101.',
    )
  })
})

describe('A language that is only begun', () => {
  const begun = Object.keys(library.languages).filter((each) => !library.languages[each]?.complete)

  it('holds what the pain is and when to call, and says that a machine drafted it', async () => {
    expect(begun).toEqual(['vi', 'ru', 'zh-Hans'])
    for (const language of begun) {
      expect(Object.keys(library.texts[language] ?? {}).sort()).toEqual(['back-pain', 'warning-signs'])
      const { body } = await get(`/handouts/${language}/warning-signs`)
      expect(body).toContain(library.words[language]?.phrases['machine-drafted'])
      expect(body).toContain(`<p class="standing" lang="en">${library.words.en?.phrases.draft}`)
    }
  })

  it('gives the rest in English, marked as such', () => {
    const { handout } = composeHandout(content, factsTold(content, { 'onset-days': 12, age: 40 }), {
      language: 'vi',
      chosen: ['back-pain', 'what-helps', 'exercises'],
    })
    expect(handout.parts.map(({ id, language }) => `${id} ${language}`).slice(0, 3)).toEqual([
      'warning-signs vi',
      'back-pain vi',
      'what-helps en',
    ])
    expect(handout.standing[0]?.text).toContain(library.words.vi?.phrases.untranslated)
    const { text } = renderHandout(handout)
    expect(text).toContain('aria-labelledby="part-what-helps" lang="en" dir="ltr"')
    expect(text).toContain('aria-labelledby="part-back-pain">')
    // Labels are in the language of what they stand before.
    expect(text).toContain('<span class="level">Cấp cứu:</span> Gọi 911')
    expect(text).toContain('<span class="level">Take care:</span> Before you start')
  })

  it('has no PDF where no font of ours has its letters, and says so', async () => {
    expect((await get('/handouts/zh-Hans/back-pain.pdf')).statusCode).toBe(404)
    expect((await get('/handouts/zh-Hans/back-pain')).body).toContain(
      library.words['zh-Hans']?.phrases['no-pdf'],
    )
  })

  it.each([
    [['es-MX', 'en'], 'es'],
    [['zh-CN'], 'zh-Hans'],
    [['zh'], 'zh-Hans'],
    [['zh-TW'], 'en'],
    [['vi-VN'], 'vi'],
    [['am', 'ru'], 'ru'],
    [['xx-yy-zz-!'], 'en'],
    [['constructor'], 'en'],
    [[], 'en'],
  ])('is found for a reader of %j: %s', (wanted, found) => {
    expect(languageFor(library, wanted)).toBe(found)
  })
})

describe('A composed handout', () => {
  const { handout } = composeHandout(fullSite(content), factsTold(content, { 'onset-days': 12, age: 40 }), {
    language: 'en',
  })

  it('is one article with its language and direction, and a heading for each page of several sections', () => {
    const { text } = renderHandout(handout)
    expect(text).toMatch(/^<article class="handout" lang="en" dir="ltr">/)
    expect(text.match(/<article/g)).toHaveLength(1)
    const several = handout.parts.filter(({ sections }) => sections.length > 1)
    expect([...text.matchAll(/<h2 id="part-/g)]).toHaveLength(several.length)
    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, each]) => each)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('names the patient only when told to, and as words', () => {
    expect(renderHandout(handout).text).not.toContain('class="given"')
    const { text } = renderHandout(handout, { name: 'Zoë <b>Ø</b>', on: '2026-11-22' })
    expect(text).toContain('For Zoë &lt;b&gt;Ø&lt;/b&gt;<br>Given on November 22, 2026')
    expect(text).not.toContain('<b>Ø')
  })

  it('never puts the patient into the address', () => {
    const { text } = renderHandout(handout, { name: 'Zoe Example', on: '2026-11-22' })
    expect(text.match(/Zoe/g)).toHaveLength(1)
    expect(text).toContain('href="https://lumbar.example.org/handouts/en"')
  })
})
