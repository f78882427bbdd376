/** The handout that nobody has chosen, as Chromium prints it: two pages of Letter and of A4, whatever the patient and the site. */
import Fastify from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { printView } from '../../src/handouts/app/routes.ts'
import { composeHandout } from '../../src/handouts/compose.ts'
import { wordsOn } from '../../src/handouts/html.ts'
import { handoutRoutes } from '../../src/handouts/routes.ts'
import { realContent } from '../support/evaluator.ts'
import { factsTold } from '../support/handout-facts.ts'
import { fullSite } from '../support/handout-pages.ts'
import { readPrinted } from '../support/pdf.ts'
import { describeInBrowser } from './browser.ts'

const bare = realContent()
const full = fullSite(bare)
const givenTo = { name: 'Maximiliana Featherstonehaugh-Villanueva', on: '2026-11-29' }

const strain = { 'onset-days': 12, age: 40 }
const opioid = { ...strain, 'opioid-drafted': 'drafted' }
/** Each kind of patient of whom the handout says something special, and those for whom it says most. */
const patients = {
  'a strain': strain,
  'weak bones': { ...strain, age: 78, 'fracture-risk': true, 'manipulation-unsafe': true },
  'a pregnancy': { ...strain, pregnant: true, 'nsaid-unsafe': true },
  'sciatica at 68 with a first opioid': { ...opioid, age: 68, sciatica: true },
  'an opioid, a scan, a blood thinner and a cancer before': {
    ...opioid,
    'imaging-drafted': 'drafted',
    anticoagulant: true,
    'cancer-history': true,
    'nsaid-unsafe': true,
    'manipulation-unsafe': true,
  },
  'an emergency': { ...strain, 'cauda-equina-sign': true },
} as const
const cases = ['en', 'es'].flatMap((language) =>
  Object.entries(patients).map(([patient, told]) => ({ language, patient, told })),
)

const app = Fastify()
for (const route of handoutRoutes(full)) app.route(route)
app.get<{ Params: { at: string; site: string } }>('/print/:site/:at', (request, reply) => {
  const { language, told } = cases[Number(request.params.at)] ?? { language: 'en', told: strain }
  const isFull = request.params.site === 'full'
  const content = isFull ? full : bare
  const { handout } = composeHandout(content, factsTold(content, told), {
    language,
    payers: isFull ? ['Example Health Plan'] : [],
  })
  expect(wordsOn(handout)).toBeLessThanOrEqual(500)
  const page = printView(handout, isFull ? givenTo : undefined, '').replace(/<script.*?<\/script>/s, '')
  return reply.type('text/html; charset=utf-8').send(page)
})
let base = ''
beforeAll(async () => {
  base = await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => app.close())

describeInBrowser('The handout by default, printed by Chromium', (open) => {
  it.each(['full', 'bare'])(
    'is at most two pages of Letter and of A4 for each kind of patient: a %s site',
    {
      timeout: 240_000,
    },
    async (site) => {
      const { page } = await open(`${base}/print/${site}/0`)
      const printed: string[] = []
      for (const [at, { language, patient }] of cases.entries()) {
        // A site that has set nothing only lacks words: two patients show that it fits too.
        if (site === 'bare' && !['a strain', 'an emergency'].includes(patient)) continue
        await page.goto(`${base}/print/${site}/${at}`)
        for (const format of ['Letter', 'A4']) {
          const { pages, text } = await readPrinted(await page.pdf({ format }))
          printed.push(`${language}, ${patient}, ${format}: ${pages > 2 ? pages : 'fits'}`)
          expect(text).toContain('911')
          expect(text).toContain(site === 'full' ? '206-555-0100' : '____')
          if (site === 'full') expect(text).toContain('Featherstonehaugh')
        }
      }
      expect(printed.filter((each) => !each.endsWith('fits'))).toEqual([])
      await page.context().close()
    },
  )
})
