/** EHRs that know neither CDS Hooks nor SMART find our pages by their infobutton; what they say of a patient is not kept. */
import { afterAll, describe, expect, it } from 'vitest'
import { handoutRoutes } from '../../src/handouts/routes.ts'
import { harness } from '../hooks/support.ts'
import { realContent } from '../support/evaluator.ts'
import { fullSite } from '../support/handout-pages.ts'

const content = realContent()
const { app, log } = harness(undefined, { pages: handoutRoutes(fullSite(content)) })
const { app: bare } = harness(undefined, { pages: handoutRoutes(content) })
afterAll(() => Promise.all([app.close(), bare.close()]))

const backPain = { 'mainSearchCriteria.v.c': 'M54.50', 'mainSearchCriteria.v.cs': '2.16.840.1.113883.6.90' }
const json = { knowledgeResponseType: 'application/json' }
const ask = (query: Record<string, string>, from = app) =>
  from.inject({ method: 'GET', url: '/infobutton', query })

interface JsonFeed {
  feed: {
    lang: string
    base: string
    category: { scheme: string; term: string }[]
    entry: { lang: string; title: { _value: string }; link: { rel: string; type: string; href: string }[] }[]
  }
}

const hrefs = ({ feed }: JsonFeed, rel = 'alternate') =>
  feed.entry.flatMap(({ link }) => link.filter((each) => each.rel === rel).map(({ href }) => href))

describe('An infobutton for low back pain', () => {
  it.each([
    ['ICD-10-CM, by OID', 'M54.50', '2.16.840.1.113883.6.90'],
    ['ICD-10-CM, by an older and shorter code', 'M54.5', '2.16.840.1.113883.6.90'],
    ['ICD-10-CM, without the dot', 'M5441', 'urn:oid:2.16.840.1.113883.6.90'],
    ['SNOMED CT, by OID', '279039007', '2.16.840.1.113883.6.96'],
    ['SNOMED CT, by URI', '278860009', 'http://snomed.info/sct'],
  ])('finds every page: %s', async (_, code, system) => {
    const answer = await ask({
      'mainSearchCriteria.v.c': code,
      'mainSearchCriteria.v.cs': system,
      ...json,
    })
    expect(answer.statusCode).toBe(200)
    const pages = hrefs(answer.json())
    expect(pages).toHaveLength(Object.keys(content.handouts?.handouts ?? {}).length)
    for (const page of pages) {
      const path = page.replace('https://lumbar.example.org', '')
      expect((await app.inject(path)).statusCode, page).toBe(200)
    }
  })

  it.each([
    ['es', 'es'],
    ['es-MX', 'es'],
    ['es_US', 'es'],
    ['en', 'en'],
    ['spa', 'es'],
    ['fr', 'en'],
  ])('answers a reader of %s in %s', async (asked, got) => {
    const answer = await ask({ ...backPain, ...json, 'informationRecipient.languageCode.c': asked })
    const body = answer.json<JsonFeed>()
    expect(body.feed.lang).toBe(got)
    expect(hrefs(body)[0]).toBe(`https://lumbar.example.org/handouts/${got}/back-pain`)
  })

  it('answers in JSON as MedlinePlus Connect does, with the PDF beside each page', async () => {
    const answer = await ask({ ...backPain, ...json, 'mainSearchCriteria.v.dn': 'Low back pain' })
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    const body = answer.json<JsonFeed>()
    expect(body).toMatchObject({
      feed: {
        base: 'https://lumbar.example.org/',
        title: { _value: 'Low back pain', type: 'text' },
        category: [
          { scheme: 'mainSearchCriteria.v.c', term: 'M54.50' },
          { scheme: 'mainSearchCriteria.v.cs', term: '2.16.840.1.113883.6.90' },
          { scheme: 'mainSearchCriteria.v.dn', term: 'Low back pain' },
          { scheme: 'informationRecipient', term: 'PAT' },
        ],
        updated: { _value: expect.stringMatching(/^\d{4}-\d\d-\d\dT00:00:00Z$/) },
      },
    })
    expect(hrefs(body, 'related')[0]).toBe('https://lumbar.example.org/handouts/en/back-pain.pdf')
  })

  it.each([
    [{}],
    [{ knowledgeResponseType: 'application/atom+xml' }],
    [{ knowledgeResponseType: 'text/xml' }],
  ])('answers in Atom: %j', async (type) => {
    const { statusCode, headers, body } = await ask({ ...backPain, ...type })
    expect(statusCode).toBe(200)
    expect(headers['content-type']).toBe('application/atom+xml; charset=utf-8')
    expect(body).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<feed xmlns="http:\/\/www\.w3\.org\/2005\/Atom"/,
    )
    expect(body.match(/<entry /g)).toHaveLength(10)
    expect(body).toContain(
      '<link rel="alternate" type="text/html" hreflang="en" href="https://lumbar.example.org/handouts/en/exercises"/>',
    )
    for (const name of ['title', 'id', 'updated', 'author']) expect(body).toMatch(new RegExp(`<${name}[ >]`))
  })

  it('leads a browser to the list of pages', async () => {
    const { statusCode, headers } = await ask({ ...backPain, knowledgeResponseType: 'text/html' })
    expect([statusCode, headers.location]).toEqual([303, '/handouts/en'])
  })

  it('links to where the EHR reached the service, when the site has not said where patients do', async () => {
    const answer = await bare.inject({
      method: 'GET',
      url: '/infobutton',
      query: { ...backPain, ...json },
      headers: { host: 'lumbar.clinic.example:8443' },
    })
    expect(hrefs(answer.json())[0]).toBe('http://lumbar.clinic.example:8443/handouts/en/back-pain')
    expect(answer.headers['cache-control']).toBe('no-store')
  })
})

describe('An infobutton for something else', () => {
  it.each([
    ['a cold', 'J00', '2.16.840.1.113883.6.90'],
    ['a code of another system', 'M54.50', '2.16.840.1.113883.6.96'],
    ['a system that nobody knows', 'M54.50', '1.2.3.4'],
    ['a lumbar MRI', '72148', 'http://www.ama-assn.org/go/cpt'],
  ])('finds nothing, and that is no mistake: %s', async (_, code, system) => {
    const query = { 'mainSearchCriteria.v.c': code, 'mainSearchCriteria.v.cs': system }
    const answer = await ask({ ...query, ...json })
    expect(answer.statusCode).toBe(200)
    expect(answer.json<JsonFeed>().feed.entry).toEqual([])
    expect((await ask(query)).body).not.toContain('<entry')
    const { headers } = await ask({ ...query, knowledgeResponseType: 'text/html' })
    expect((await app.inject(String(headers.location))).statusCode).toBe(404)
  })
})

describe('An infobutton that asks badly', () => {
  it.each([
    ['nothing', {}, /mainSearchCriteria\.v\.c is missing; mainSearchCriteria\.v\.cs is missing/],
    ['no system', { 'mainSearchCriteria.v.c': 'M54.50' }, /mainSearchCriteria\.v\.cs is missing/],
    [
      'an empty code',
      { ...backPain, 'mainSearchCriteria.v.c': '' },
      /mainSearchCriteria\.v\.c must be a code/,
    ],
    [
      'a code that is none',
      { ...backPain, 'mainSearchCriteria.v.c': '<script>' },
      /mainSearchCriteria\.v\.c must be/,
    ],
    [
      'for an unknown answer',
      { ...backPain, knowledgeResponseType: 'image/png' },
      /must be one of .*application\/json/,
    ],
    [
      'in no language',
      { ...backPain, 'informationRecipient.languageCode.c': '??' },
      /must be a language such as es/,
    ],
    [
      'at endless length',
      { ...backPain, 'mainSearchCriteria.v.dn': 'x'.repeat(501) },
      /at most 500 characters/,
    ],
  ])('is told what to mend, and never echoed: %s', async (_, query, says) => {
    const answer = await ask(query as Record<string, string>)
    expect(answer.statusCode).toBe(400)
    const { issue } = answer.json()
    expect(issue[0].diagnostics).toMatch(says)
    expect(answer.body).not.toContain('<script>')
  })

  it('is told when it says something twice', async () => {
    const answer = await app.inject(
      '/infobutton?mainSearchCriteria.v.c=M54.5&mainSearchCriteria.v.c=M54.4&mainSearchCriteria.v.cs=ICD10',
    )
    expect(answer.statusCode).toBe(400)
    expect(answer.json().issue[0].diagnostics).toBe('mainSearchCriteria.v.c must be given once, as text')
  })
})

describe('What an EHR says of a patient', () => {
  it('is neither answered nor logged, and words of its own come back as words', async () => {
    const said = {
      ...backPain,
      'patientPerson.administrativeGenderCode.c': 'F',
      'age.v.v': '47',
      'mainSearchCriteria.v.dn': '<b>Zoë Example</b> & "others"\u0007',
    }
    const { statusCode, body } = await ask(said)
    expect(statusCode).toBe(200)
    expect(body).toContain('term="&lt;b&gt;Zoë Example&lt;/b&gt; &amp; &quot;others&quot; "')
    expect(body).not.toContain('47')
    expect(body.match(/Zoë/g)).toHaveLength(1)
    expect(log.join('')).not.toMatch(/Zoë|Zo%C3%AB|age\.v|M54/)
  })
})
