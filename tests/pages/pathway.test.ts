/** The pathway's pages as they are sent: whole, safe, kept by browsers, and honest about standing and site. */
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { subjects } from '../../src/pathway/schema.ts'
import { realContent } from '../support/evaluator.ts'
import { pathwayApp } from '../support/pathway-pages.ts'

const content = realContent()
const app = pathwayApp()
afterAll(() => app.close())

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url, headers })
const front = async () => (await get('/pathway')).body

const matches = (body: string, what: RegExp) => [...body.matchAll(what)].map(([, found = '']) => found)
const idsIn = (body: string) => matches(body, / id="([^"]+)"/g)
/** Addresses with their place, as a browser makes them of what is written. */
const linksIn = (body: string, page: string) =>
  matches(body, / href="([^"]+)"/g)
    .filter((to) => /^[/#]/.test(to))
    .map((to) => (to.startsWith('#') ? page + to : to))
/** What a reader sees: of the drawings of one chart a screen shows one. */
const wordsOn = (body: string) =>
  body
    .replace(/<head>[\s\S]*<\/head>|<svg class="flow flow-(narrow|paper)"[\s\S]*?<\/svg>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .split(/\s+/)
    .filter(Boolean).length

/** Every page that a reader comes to from the front page, by its address. */
async function crawl(): Promise<ReadonlyMap<string, string>> {
  const seen = new Map<string, string>()
  const waiting = ['/pathway']
  for (let page = waiting.shift(); page !== undefined; page = waiting.shift()) {
    if (seen.has(page)) continue
    const { statusCode, body } = await get(page)
    expect(statusCode, page).toBe(200)
    seen.set(page, body)
    if (page.endsWith('.css')) continue
    waiting.push(...linksIn(body, page).map((to) => to.replace(/#.*/, '')))
  }
  return seen
}

describe('All pages, from the front page on', () => {
  const book = '/pathway/book'
  let pages: ReadonlyMap<string, string>
  let read: [string, string][]
  beforeAll(async () => {
    pages = await crawl()
    read = [...pages].filter(([page]) => !page.endsWith('.css'))
  }, 60_000)

  it('have links that lead somewhere, within a page, too', () => {
    const ids = new Map(read.map(([page, body]) => [page, new Set(idsIn(body))]))
    const dead = read.flatMap(([page, body]) =>
      linksIn(body, page).filter((to) => {
        const [other = '', id] = to.split('#')
        return id !== undefined && !ids.get(other)?.has(id)
      }),
    )
    expect(new Set(dead)).toEqual(new Set())
  })

  it('hold at most 3,000 words each, but the book', () => {
    const long = read.filter(([page, body]) => page !== book && wordsOn(body) > 3000)
    expect(long.map(([page, body]) => `${page}: ${wordsOn(body)}`)).toEqual([])
    expect(wordsOn(pages.get(book) ?? '')).toBeGreaterThan(30_000)
  })

  it('are one for each rule, and are there for every number, question, value set and source', () => {
    for (const { code } of content.rules)
      expect(pages.has(`/pathway/rules/${code.toLowerCase()}`), code).toBe(true)
    const places = [
      ...Object.keys(content.parameters).map((name) => `number-${name}`),
      ...Object.keys(content.facts).map((name) => `fact-${name}`),
      ...[...content.codes.sets.keys()].map((set) => `codes-${set}`),
      ...Object.keys(content.sources).map((name) => `source-${name}`),
    ]
    const once = new Map<string, number>()
    for (const [page, body] of read)
      if (page !== book) for (const id of idsIn(body)) once.set(id, (once.get(id) ?? 0) + 1)
    expect(places.filter((place) => once.get(place) !== 1)).toEqual([])
    const whole = new Set(idsIn(pages.get(book) ?? ''))
    expect(
      [...places, ...content.rules.map(({ code }) => code.toLowerCase())].filter((id) => !whole.has(id)),
    ).toEqual([])
  })

  it('name no place twice, have headings in order, and hold nothing that was not put into words', () => {
    for (const [page, body] of read) {
      const ids = idsIn(body)
      expect(
        ids.filter((id, at) => ids.indexOf(id) !== at),
        page,
      ).toEqual([])
      const levels = matches(body, /<h(\d)[ >]/g).map(Number)
      expect([levels[0], levels.filter((level) => level === 1).length], page).toEqual([1, 1])
      expect(
        levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1),
        page,
      ).toEqual([])
      expect(body, page).not.toMatch(/undefined|\[object|NaN|\{\{|\*\*|\]\(/)
    }
  })

  it('run nothing and are styled nowhere inline', () => {
    for (const [page, body] of read)
      expect(body, page).not.toMatch(/<script|<style|<iframe|\sstyle=|\son\w+=|javascript:/i)
  })
})

describe('The front page', () => {
  it('is HTML in English with a strict policy', async () => {
    const { statusCode, headers, body } = await get('/pathway')
    expect(statusCode).toBe(200)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none';style-src 'self';img-src 'self' data:;base-uri 'none';form-action 'self'/,
    )
    expect(body).toMatch(/^<!doctype html>\n<html lang="en">/)
  })

  it('is not sent twice, and is sent compressed to whoever can read that', async () => {
    const first = await get('/pathway')
    const again = await get('/pathway', { 'if-none-match': String(first.headers.etag) })
    expect([again.statusCode, again.body]).toEqual([304, ''])
    const zipped = await get('/pathway', { 'accept-encoding': 'gzip, br' })
    expect(zipped.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
    expect(gunzipSync(zipped.rawPayload).toString()).toBe(first.body)
  })

  it('says that nobody has signed it', async () => {
    expect(await front()).toContain('Not signed off.')
    expect(await front()).toContain(`<strong>0 of ${content.rules.length}</strong> rules`)
  })

  it('shows the flow of each subject and twelve cards', async () => {
    const body = await front()
    expect(matches(body, /<svg class="flow flow-(\w+)"/g)).toEqual(['brief', 'brief', 'brief'])
    const [, tiles = ''] = body.split('<ul class="tiles">')
    expect(matches(tiles.split('</ul>')[0] ?? '', /href="\/pathway\/rules\/(\w+)"/g)).toEqual(
      content.pathway['front-page'].map((code) => code.toLowerCase()),
    )
    expect(content.pathway['front-page']).toHaveLength(12)
  })

  it('leads from /pathway#im01 to the rule: a place of that name holds the link', async () => {
    const body = await front()
    for (const { code } of content.rules) {
      const id = code.toLowerCase()
      expect(body).toContain(`<li id="${id}"><a href="/pathway/rules/${id}">`)
    }
  })
})

describe('A flow chart', () => {
  it.each(subjects)('about %s is told in words too, with the same rules', async (subject) => {
    const { body } = await get(`/pathway/flow-${subject}`)
    const [drawn = '', told = ''] = body.split('The same in words</summary>')
    const rules = (text: string) => new Set(matches(text, /href="\/pathway\/rules\/(\w+)"/g))
    expect(rules(drawn).size).toBeGreaterThan(3)
    expect([...rules(told)].sort()).toEqual([...rules(drawn)].sort())
  })
})

describe('The search', () => {
  const found = async (query: string) =>
    matches((await get(`/pathway/search?q=${encodeURIComponent(query)}`)).body, /<li><a href="([^"]+)"/g)

  it.each([
    ['IM01', '/pathway/rules/im01'],
    ['im-01', '/pathway/rules/im01'],
    ['rf04A', '/pathway/rules/rf04a'],
    ['naloxone', '/pathway/rules/op09'],
    ['naloxon', '/pathway/rules/op09'],
    ['nalaxone', '/pathway/rules/op09'],
    ['osteoporoses fractur', '/pathway/questions-red-flags#fact-bone-fragile'],
    ['cauda equinna stat mri', '/pathway/rules/rf04a'],
    ['imaging-wait-days', '/pathway/numbers#number-imaging-wait-days'],
    ['Choosing Wisely', '/pathway/sources#source-choosing-wisely'],
  ])('for %s finds %s among the first', async (query, place) => {
    // A long section has several pages.
    const first = (await found(query)).slice(0, 8).map((to) => to.replace(/-\d+(?=#)/, ''))
    expect(first).toContain(place)
  })

  it('puts the rule of a code first', async () => {
    for (const { code } of content.rules)
      expect((await found(code))[0], code).toBe(`/pathway/rules/${code.toLowerCase()}`)
  })

  it('says when nothing was found, and what to do', async () => {
    const { statusCode, body } = await get('/pathway/search?q=zzzzqqqq')
    expect(statusCode).toBe(200)
    expect(body).toContain('Nothing was found for <strong>zzzzqqqq</strong>')
  })

  it.each([
    ['nothing', ''],
    ['an empty question', '?q='],
    ['two questions', '?q=fever&q=cancer'],
    ['signs only', '?q=%2F%2F%3F%25'],
    ['markup', '?q=%3Cscript%3Ealert(1)%3C/script%3E%22'],
    ['very long words', `?q=${'osteoporosis'.repeat(400)}`],
    ['very many words', `?q=${'fever%20cancer%20'.repeat(400)}`],
    ['half a character', '?q=%F0%9F'],
    ['a name that objects have', '?q=__proto__%20constructor'],
  ])('answers %s with a page, soon', async (_, query) => {
    const begun = performance.now()
    const { statusCode, body, headers } = await get(`/pathway/search${query}`)
    expect(statusCode).toBe(200)
    expect(body).not.toMatch(/<script|undefined/)
    expect(headers['cache-control']).toBe('no-store')
    expect(performance.now() - begun).toBeLessThan(1500)
  })
})
