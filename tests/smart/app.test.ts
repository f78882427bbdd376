/** The handout and the checklist from launch to chart, against the service itself: what is given, kept and heard again. */
import type {
  Bundle,
  DocumentReference,
  Encounter,
  FhirResource,
  Questionnaire,
  QuestionnaireResponse,
} from 'fhir/r4.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { answerPrefetch, hookCall, loadOrder, loadPatient, type Withheld } from '../../fhir-fixtures/load.ts'
import { content } from '../support/evaluated.ts'
import { root } from '../support/evaluator.ts'
import { type Service, startService } from '../support/service.ts'
import { Browser, type Visited } from './browser.ts'

let service: Service
beforeAll(async () => {
  service = await startService({}, { NODE_ENV: 'development' })
}, 90_000)
afterAll(() => service.stop())

const base = () => `${service.url}/sandbox/fhir`

async function launch(
  patient: string,
  appContext?: object,
  browser = new Browser(),
): Promise<{ page: Visited; browser: Browser; patientId: string; encounterId: string | undefined }> {
  const { patient: resource, resources } = loadPatient(root, patient, today())
  const encounter = visitIn(resources)
  const patientId = resource.id ?? ''
  const answer = await fetch(`${base()}/_services/smart/Launch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      launchUrl: `${service.url}/smart/launch`,
      parameters: {
        patient: patientId,
        ...(encounter?.id ? { encounter: encounter.id } : {}),
        ...(appContext ? { appContext: JSON.stringify(appContext) } : {}),
      },
    }),
  })
  const { launch_id: id } = z.object({ launch_id: z.string() }).parse(await answer.json())
  const query = new URLSearchParams({ iss: base(), launch: id })
  return {
    page: await browser.open(`${service.url}/smart/launch?${query}`),
    browser,
    patientId,
    encounterId: encounter?.id,
  }
}

const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Los_Angeles' }).format(new Date())

const formToken = ({ text }: Visited) => /name="form-token" value="([^"]+)"/.exec(text)?.[1] ?? ''

function submit(browser: Browser, address: string, fields: Record<string, string>): Promise<Visited> {
  return browser.open(address, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  })
}

async function found<T extends FhirResource>(type: string, query: string): Promise<T[]> {
  const answer = await fetch(`${base()}/${type}?${query}`)
  const bundle = (await answer.json()) as Bundle<T>
  return (bundle.entry ?? []).flatMap(({ resource }) => resource ?? [])
}

const answered = z.object({
  cards: z.array(
    z.object({
      summary: z.string(),
      detail: z.string(),
      indicator: z.string(),
      source: z.object({ topic: z.object({ code: z.string() }) }),
      suggestions: z.array(z.object({ label: z.string() })).default([]),
    }),
  ),
})

/** What the EHR is told when it asks about an MRI for this patient. */
async function ask(patient: string, withheld: Withheld = {}) {
  const fixture = loadPatient(root, patient, today())
  const body = hookCall({
    patient: fixture,
    orders: [loadOrder(root, 'lumbar-mri')],
    hook: 'order-sign',
    queries: content.queries,
    today: today(),
  })
  const prefetch = answerPrefetch(content.queries, fixture.resources, visitIn(fixture.resources), withheld)
  const answer = await fetch(`${service.url}/cds-services/lumbar-order-sign`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, prefetch, fhirServer: base() }),
  })
  return answered.parse(await answer.json()).cards
}

const visitIn = (resources: readonly FhirResource[]) =>
  resources.find(
    (each): each is Encounter => each.resourceType === 'Encounter' && each.status === 'in-progress',
  )

describe('The handout', () => {
  test('opens with what fits the patient, under a banner, with a sentence for the note', async () => {
    const { page } = await launch('acute-week-two')
    expect(page.status).toBe(200)
    expect(page.text).toContain('Maya Okafor')
    expect(page.text).toContain('<article class="handout" lang="en" dir="ltr">')
    expect(page.text).toContain('When to get help right away')
    expect(page.text).toMatch(/Back pain education given on \d{4}-\d\d-\d\d, in English/)
  })

  test('for a patient with an emergency sign holds the warning signs alone, and says why', async () => {
    const { page } = await launch('cauda-equina')
    expect(page.text).toContain('Only the warning signs were chosen.')
    const [, article = ''] = page.text.split('<article class="handout"')
    expect(article).toContain('When to get help right away')
    expect(article).not.toContain('Who can help')
  })

  test('is printed by a link that needs no cookie, once', async () => {
    const { page, browser } = await launch('acute-week-two')
    const named = await browser.open(`${page.url.href}?named=yes&language=es`)
    const link = /href="(\/smart\/print\/[^"]+)"/.exec(named.text)?.[1]
    const elsewhere = new Browser()
    const printed = await elsewhere.open(`${service.url}${link}`)
    expect(printed.status).toBe(200)
    expect(printed.text).toContain('lang="es"')
    expect(printed.text).toContain('Maya Okafor')
    const again = await elsewhere.open(`${service.url}${link}`)
    expect(again.status).toBe(410)
    expect(again.text).not.toContain('Okafor')
  })

  test('carries no name unless it was ticked', async () => {
    const { page } = await launch('acute-week-two')
    const link = /href="(\/smart\/print\/[^"]+)"/.exec(page.text)?.[1]
    expect((await new Browser().open(`${service.url}${link}`)).text).not.toContain('Okafor')
  })

  test('is saved as one document, however often it is sent, with its language and version', async () => {
    const { page, browser, patientId } = await launch('acute-sciatica')
    const save = /action="([^"]+\/save[^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&')
    const saved = await submit(browser, `${service.url}${save}`, { 'form-token': formToken(page) })
    expect(saved.text).toContain('Saved to the chart as a document.')
    await submit(browser, `${service.url}${save}`, { 'form-token': formToken(page) })
    const documents = await found<DocumentReference>('DocumentReference', `patient=${patientId}`)
    expect(documents).toHaveLength(1)
    const [attachment] = documents[0]?.content.map((each) => each.attachment) ?? []
    expect(attachment?.language).toBe('en')
    expect(documents[0]?.description).toContain('version')
    expect(documents[0]?.author?.[0]?.reference).toMatch(/^Practitioner\//)
  })

  test('is not offered again once it was given', async () => {
    const { page, browser } = await launch('subacute-no-care')
    const labels = async () =>
      (await ask('subacute-no-care')).flatMap(({ suggestions }) => suggestions.map(({ label }) => label))
    expect(await labels()).toContain('Give back-pain education')
    const save = /action="([^"]+\/save[^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&')
    await submit(browser, `${service.url}${save}`, { 'form-token': formToken(page) })
    expect(await labels()).not.toContain('Give back-pain education')
  })

  test('is not saved by a form from elsewhere', async () => {
    const { page, browser } = await launch('acute-week-two')
    const save = /action="([^"]+\/save[^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&')
    const refused = await submit(browser, `${service.url}${save}`, { 'form-token': 'guessed' })
    expect(refused.status).toBe(403)
  })

  test('takes whatever is asked in the address for what it knows of it', async () => {
    const { page, browser } = await launch('acute-week-two')
    for (const query of [
      'language=xx',
      'language=__proto__',
      'own=yes',
      'own=yes&part=../../etc',
      'part=a&part=b',
    ]) {
      const odd = await browser.open(`${page.url.href}?${query}`)
      expect(odd.status, query).toBe(200)
      expect(odd.text, query).toContain('When to get help right away')
    }
  })
})

describe('The checklist', () => {
  const cannotTell = (patient: string) => ask(patient, { failed: ['observations'] })

  test('asks what the chart cannot tell, says what an answer changes, and its answers make the next card', async () => {
    const before = await cannotTell('acute-week-two')
    expect(before.map(({ source }) => source.topic.code)).toEqual(['G09'])
    const { page, browser, patientId } = await launch('acute-week-two', {
      order: 'lumbar-imaging',
      page: 'checklist',
    })
    expect(page.url.pathname).toMatch(/\/checklist$/)
    expect(page.text).toContain('numbness in the saddle area')
    const after = await submit(browser, page.url.href, {
      'form-token': formToken(page),
      'reply-cauda-equina-sign': 'yes',
    })
    expect(after.text).toContain('in the chart as a questionnaire')
    const [card] = await cannotTell('acute-week-two')
    expect(card).toMatchObject({ indicator: 'critical', source: { topic: { code: 'RF04a' } } })
    expect(card?.detail).toMatch(/^Cauda equina signs: answered yes at \d\d:\d\d/)
    const responses = await found<QuestionnaireResponse>('QuestionnaireResponse', `patient=${patientId}`)
    expect(responses[0]?.item?.[0]?.item?.[0]).toMatchObject({
      linkId: 'cauda-equina-sign',
      answer: [{ valueBoolean: true }],
    })
  })

  test('with every question of every group answered by no lets the not-now card speak', async () => {
    const before = await cannotTell('acute-sciatica')
    expect(before.map(({ source }) => source.topic.code)).toEqual(['G09'])
    const { page, browser } = await launch('acute-sciatica', { order: 'lumbar-imaging', page: 'checklist' })
    const none = Object.fromEntries([1, 2, 3, 4, 5, 6].map((group) => [`none-${group}`, 'yes']))
    await submit(browser, page.url.href, { 'form-token': formToken(page), ...none })
    const [card] = await cannotTell('acute-sciatica')
    expect(card?.source.topic.code).toBe('IM06')
    expect(card?.detail).toMatch(/\d+ answered no at \d\d:\d\d/)
  })

  test('sent twice at once, and once more, stands in the chart once; other answers stand beside it', async () => {
    const { page, browser, patientId } = await launch('opioid-chronic', { page: 'checklist' })
    const responses = () => found<QuestionnaireResponse>('QuestionnaireResponse', `patient=${patientId}`)
    const send = (reply: string) =>
      submit(browser, page.url.href, { 'form-token': formToken(page), 'reply-cauda-equina-sign': reply })
    const [first, second] = await Promise.all([send('no'), send('no')])
    const third = await send('no')
    for (const { text } of [first, second, third]) expect(text).toContain('in the chart as a questionnaire')
    const [one, ...more] = await responses()
    expect(more).toEqual([])
    expect(one?.identifier).toMatchObject({ system: 'urn:lumbar:checklist' })
    await send('yes')
    expect(await responses()).toHaveLength(2)
    // What was said at first and is said again is the last word, and the chart shows it as such.
    await send('no')
    expect(await responses()).toHaveLength(3)
  })

  test('of one patient answers nothing about another', async () => {
    const { page, browser } = await launch('chronic-flare', { page: 'checklist' })
    await submit(browser, page.url.href, {
      'form-token': formToken(page),
      'reply-cauda-equina-sign': 'yes',
    })
    const [card] = await cannotTell('undated-pain')
    expect(card?.detail).not.toContain('answered')
  })

  test('is published as a questionnaire whose questions have the facts as their link ids', async () => {
    const answer = await fetch(`${service.url}/fhir/Questionnaire/lumbar-red-flags`)
    const questionnaire = (await answer.json()) as Questionnaire
    expect(answer.headers.get('content-type')).toContain('application/fhir+json')
    const ids = questionnaire.item?.flatMap(({ item = [] }) => item.map(({ linkId }) => linkId))
    expect(ids).toContain('cauda-equina-sign')
    expect(new Set(ids).size).toBe(ids?.length)
    expect(JSON.stringify(questionnaire)).not.toContain('{{')
  })

  test('writes no patient, no answer and no reason into the log', () => {
    expect(service.output()).not.toMatch(/Okafor|cauda-equina-sign|saddle/)
  })
})
