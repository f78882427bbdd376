/** The page of one rule, and what a site has set on the pathway's pages. */
import { afterAll, describe, expect, it } from 'vitest'
import type { Content } from '../../src/pathway/content.ts'
import { readExamples } from '../../src/pathway/examples.ts'
import { realContent, root } from '../support/evaluator.ts'
import { pathwayApp } from '../support/pathway-pages.ts'

const content = realContent()
const app = pathwayApp()
afterAll(() => app.close())

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url, headers })

const rulePage = async (code: string) => (await get(`/pathway/rules/${code}`)).body

const matches = (body: string, what: RegExp) => [...body.matchAll(what)].map(([, found = '']) => found)

describe('The page of one rule', () => {
  it('holds all that is told of it, its card and its examples unfolded', async () => {
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
    expect(page).toContain('href="/pathway/numbers#number-imaging-wait-days"')
  })

  it('shows the card that was really made for an example', async () => {
    const { examples } = readExamples(root)
    const card = examples.flatMap(({ cards }) => cards).find(({ rule, face }) => rule === 'IM01' && face)
    const page = await rulePage('IM01')
    expect(card).toBeDefined()
    for (const { label } of card?.face?.suggestions ?? [])
      expect(page).toContain(`<span class="ehr-button">${label}</span>`)
    for (const reason of card?.face?.['override-reasons'] ?? []) expect(page).toContain(reason)
    // Drawn, and nothing that can be pressed.
    expect(page.split('<main')[1]).not.toContain('<button')
  })

  it('is there for every rule, whatever the case of its code', async () => {
    for (const { code } of content.rules) {
      const { statusCode, body } = await get(`/pathway/rules/${code}`)
      expect(statusCode, code).toBe(200)
      expect(body, code).not.toMatch(/undefined|\[object|NaN/)
    }
  })

  it('has further pages where its examples are many, and all examples are on one of them', async () => {
    const { examples } = readExamples(root)
    for (const { code } of content.rules) {
      let shown = 0
      for (let page = 1; page < 10; page++) {
        const { statusCode, body } = await get(`/pathway/rules/${code}${page > 1 ? `/${page}` : ''}`)
        if (statusCode === 404) break
        shown += matches(body, /<li class="(example)">/g).length
      }
      expect(shown, code).toBe(examples.filter(({ rule }) => rule === code).length)
    }
  })

  it.each(['/pathway/rules/im01/9', '/pathway/rules/im01/x', '/pathway/nothing', '/pathway/constructor'])(
    '%s is not there, and says so in words',
    async (url) => {
      const { statusCode, body } = await get(url)
      expect(statusCode).toBe(404)
      expect(body).toContain('There is no such')
    },
  )

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
    expect(text).toContain('<a href="/pathway/rules/im08">IM08</a> is switched off.')
    expect(text).toContain('<a href="/pathway/rules/im03">IM03</a> is judged and logged, and never shown.')
    expect(await page('/pathway/rules/im01')).toContain('28 days (set by this site, usually 42)')
    expect(await page('/pathway/numbers')).toContain('set by this site, usually 42 days')
  })

  it('leaves a rule that is switched off in its chapter, and out of the chart', async () => {
    expect(await page('/pathway/rules/im08')).toContain('Switched off at this site.')
    expect(await page('/pathway/rules-4-imaging')).toContain('href="/pathway/rules/im08"')
    expect(await page('/pathway/flow-lumbar-imaging')).not.toContain('IM08')
  })

  it('is text and never markup', async () => {
    expect(await page()).toContain('A &lt;b&gt;hospital&lt;/b&gt;')
  })
})
