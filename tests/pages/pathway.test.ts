/** The pathway's pages as they are sent: whole, safe, kept by browsers, and honest about standing and site. */
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import type { Content } from '../../src/content/content.ts'
import { readExamples } from '../../src/content/examples.ts'
import { realContent, root } from '../support/evaluator.ts'
import { pathwayApp } from '../support/pathway-pages.ts'

const content = realContent()
const app = pathwayApp()
afterAll(() => app.close())

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url, headers })
const whole = async () => (await get('/pathway')).body
const rulePage = async (code: string) => (await get(`/pathway/rules/${code}`)).body

describe('The page of the pathway', () => {
  it('is HTML in English with a strict policy, and nothing in it runs or is styled inline', async () => {
    const { statusCode, headers, body } = await get('/pathway')
    expect(statusCode).toBe(200)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none';style-src 'self';img-src 'self' data:/,
    )
    expect(body).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(body).not.toMatch(/<script|<style|<iframe|\sstyle=|\son\w+=|javascript:/i)
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
    expect(await whole()).toContain('Not signed off.')
    expect(await whole()).toContain(`<strong>0 of ${content.rules.length}</strong> rules`)
  })

  it('shows every rule, number, question and source, each once under its name', async () => {
    const ids = [...(await whole()).matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id)
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
    const wanted = [
      ...content.rules.map(({ code }) => code.toLowerCase()),
      ...Object.keys(content.parameters).map((name) => `number-${name}`),
      ...Object.keys(content.facts).map((name) => `fact-${name}`),
      ...Object.keys(content.sources).map((id) => id.toLowerCase()),
    ]
    expect(wanted.filter((id) => !ids.includes(id))).toEqual([])
  })

  it('holds nothing that was not put into words', async () => {
    expect(await whole()).not.toMatch(/undefined|\[object|NaN|\{\{/)
  })

  it('has its headings in order', async () => {
    const levels = [...(await whole()).matchAll(/<h(\d)[ >]/g)].map(([, level]) => Number(level))
    expect(levels[0]).toBe(1)
    expect(levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1)).toEqual([])
  })

  it('tells each flow chart in words too, with the same rules', async () => {
    const charts = (await whole()).split('<section class="chart"').slice(1)
    expect(charts).toHaveLength(3)
    for (const chart of charts) {
      const [drawn = '', told = ''] = chart.split('The same in words</summary>')
      const codes = (text: string) => new Set([...text.matchAll(/href="#(\w+)"/g)].map(([, code]) => code))
      expect([...codes(told.split('</ol>\n</details>')[0] ?? '')].sort()).toEqual([...codes(drawn)].sort())
    }
  })
})

describe('The page of one rule', () => {
  it('holds what the whole page holds of it, unfolded', async () => {
    const page = await rulePage('im01')
    for (const said of [
      'Holds when',
      'Quieted by',
      'Numbers',
      'Rests on',
      'Wrong when',
      'Review',
      'Examples: ',
    ])
      expect(page).toContain(said)
    expect(page).toContain('<details open><summary>The card as an EHR shows it')
    expect(page).toContain('href="/pathway#number-imaging-wait-days"')
  })

  it('shows the card that was really made for an example', async () => {
    const { examples } = readExamples(root)
    const card = examples.flatMap(({ cards }) => cards).find(({ rule, face }) => rule === 'IM01' && face)
    const page = await rulePage('IM01')
    expect(card).toBeDefined()
    for (const { label } of card?.face?.suggestions ?? [])
      expect(page).toContain(`<span class="ehr-button">${label}</span>`)
    for (const reason of card?.face?.['override-reasons'] ?? []) expect(page).toContain(reason)
    expect(page).not.toContain('<button')
  })

  it('is there for every rule, whatever the case of its code', async () => {
    for (const { code } of content.rules) {
      const { statusCode, body } = await get(`/pathway/rules/${code}`)
      expect(statusCode, code).toBe(200)
      expect(body, code).not.toMatch(/undefined|\[object|NaN/)
    }
  })

  it('says in words that there is no such rule', async () => {
    const { statusCode, body } = await get('/pathway/rules/%3Cscript%3E')
    expect(statusCode).toBe(404)
    expect(body).toContain('There is no such rule')
    expect(body).not.toContain('<script')
  })
})

describe('What a site has set', () => {
  const own = pathwayApp((usual): Content => {
    const wait = usual.parameters['imaging-wait-days']
    if (!wait) throw new Error('no such number')
    return {
      ...usual,
      parameters: { ...usual.parameters, 'imaging-wait-days': { ...wait, value: 28, usually: wait.value } },
      rules: usual.rules.filter(({ code }) => code !== 'IM08'),
      site: {
        ...usual.site,
        name: 'A <b>hospital</b>',
        rules: { off: ['IM08'], 'speaks-from': {}, silent: ['IM03'] },
      },
    }
  })
  const page = async (url = '/pathway') => (await own.inject({ method: 'GET', url })).body
  afterAll(() => own.close())

  it('is told at the beginning and marked where it counts', async () => {
    const text = await page()
    expect(text).toContain(
      'waits until pain has lasted this long and care has been tried</a>: 28 days, usually 42 days.',
    )
    expect(text).toContain('28 days (set by this site, usually 42)')
    expect(text).toContain('<a href="#im08">IM08</a> is switched off.')
    expect(text).toContain('<a href="#im03">IM03</a> is judged and logged, and never shown.')
  })

  it('leaves a rule that is switched off on the page, and out of the chart', async () => {
    expect(await page('/pathway/rules/im08')).toContain('Switched off at this site.')
    const [drawn = ''] = (await page()).split('id="chart-opioid"')
    expect(drawn.split('id="chart-lumbar-imaging"')[1]).not.toContain('IM08')
  })

  it('is text and never markup', async () => {
    expect(await page()).toContain('A &lt;b&gt;hospital&lt;/b&gt;')
  })
})
