/** The page behind a card's link: that very evaluation, for its own patient, as long as it is kept, with the questions on top. */
import type { Encounter, FhirResource } from 'fhir/r4.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { answerPrefetch, hookCall, loadOrder, loadPatient } from '../../fhir-fixtures/load.ts'
import { evaluationBook, type KeptEvaluation, keepEvaluations } from '../../src/checklist/why/evaluations.ts'
import type { Known } from '../../src/pathway/known.ts'
import { memoryStores } from '../../src/store/store.ts'
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
const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Los_Angeles' }).format(new Date())

const answered = z.object({
  cards: z.array(
    z.object({
      summary: z.string(),
      detail: z.string(),
      indicator: z.string(),
      source: z.object({ topic: z.object({ code: z.string() }) }),
      links: z
        .array(z.object({ label: z.string(), type: z.string(), appContext: z.string().optional() }))
        .default([]),
    }),
  ),
})

const visitIn = (resources: readonly FhirResource[]) =>
  resources.find((resource) => resource.resourceType === 'Encounter' && resource.status === 'in-progress') as
    | Encounter
    | undefined

async function ask(patient: string, order = 'lumbar-mri', without: readonly string[] = []) {
  const chart = loadPatient(root, patient, today())
  const body = hookCall({
    patient: chart,
    orders: [loadOrder(root, order)],
    hook: 'order-sign',
    queries: content.queries,
    today: today(),
  })
  const prefetch = answerPrefetch(content.queries, chart.resources, visitIn(chart.resources))
  for (const key of without) delete prefetch[key]
  const answer = await fetch(`${service.url}/cds-services/lumbar-order-sign`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, fhirServer: base(), prefetch }),
  })
  return answered.parse(await answer.json()).cards
}

const whyIn = (cards: Awaited<ReturnType<typeof ask>>, at = 0) =>
  cards[at]?.links.find(({ type, appContext }) => type === 'smart' && appContext?.includes('"why"'))

async function launch(patient: string, appContext: string | undefined, browser = new Browser()) {
  const { patient: resource, resources } = loadPatient(root, patient, today())
  const encounter = visitIn(resources)?.id
  const answer = await fetch(`${base()}/_services/smart/Launch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      launchUrl: `${service.url}/smart/launch`,
      parameters: {
        patient: resource.id,
        ...(encounter ? { encounter } : {}),
        ...(appContext === undefined ? {} : { appContext }),
      },
    }),
  })
  const { launch_id: id } = z.object({ launch_id: z.string() }).parse(await answer.json())
  const query = new URLSearchParams({ iss: base(), launch: id })
  return { page: await browser.open(`${service.url}/smart/launch?${query}`), browser }
}

const formToken = ({ text }: Visited) => /name="form-token" value="([^"]+)"/.exec(text)?.[1] ?? ''
const firstOf = ({ text }: Visited) => /name="first" value="([^"]*)"/.exec(text)?.[1] ?? ''

describe('The page that says why', () => {
  test('opens from the card with that evaluation: found, not found, when it is wrong, sources', async () => {
    const cards = await ask('acute-week-two')
    const link = whyIn(cards)
    expect(link?.label).toBe(content.phrases.phrases['open-why'])
    const { page } = await launch('acute-week-two', link?.appContext)
    expect(page.url.pathname).toMatch(/\/why$/)
    expect(page.text).toContain(cards[0]?.summary)
    for (const heading of [
      'Found',
      'Looked for, and not found',
      'Could not be read or checked',
      'This advice is wrong when',
      'How sure it is, and where it comes from',
    ])
      expect(page.text).toContain(`>${heading}</h2>`)
    expect(page.text).toContain('by its code in condition')
    expect(page.text).toContain('ACR Appropriateness Criteria')
  })

  test('is named by a link that says nothing of the patient', async () => {
    const link = whyIn(await ask('acute-week-two'))
    const { evaluation, ...rest } = JSON.parse(link?.appContext ?? '{}')
    expect(evaluation).toMatch(/^[\w-]{22}$/)
    expect(rest).toEqual({ order: 'lumbar-imaging', page: 'why', card: 0 })
  })

  test('is there for an emergency too, and shows the sign with its date', async () => {
    const cards = await ask('cauda-equina', 'lumbar-xray')
    const { page } = await launch('cauda-equina', whyIn(cards)?.appContext)
    expect(page.text).toMatch(/advice-critical/)
    expect(page.text).toMatch(/cauda equina/i)
    expect(page.text).toMatch(/\d{4}-\d\d-\d\d/)
  })

  test.each([
    ['another patient’s', async () => whyIn(await ask('cancer-history', 'lumbar-xray'))?.appContext],
    ['one that never was', async () => JSON.stringify({ page: 'why', evaluation: 'A'.repeat(22), card: 0 })],
    ['no id at all', async () => JSON.stringify({ page: 'why', evaluation: '../../etc' })],
  ])('says kindly that it is not kept, of %s', async (_, context) => {
    const { page } = await launch('acute-week-two', await context())
    expect(page.status).toBe(410)
    expect(page.text).toContain('is not kept any more')
    expect(page.text).toContain('checklist</a>')
    expect(page.text).not.toContain('Cancer')
  })

  test('takes “none of these” with one click, and the next call hears it', async () => {
    const link = whyIn(await ask('acute-sciatica'))
    const { page, browser } = await launch('acute-sciatica', link?.appContext)
    expect(firstOf(page).split(' ').length).toBeGreaterThan(1)
    expect(firstOf(page).split(' ').length).toBeLessThanOrEqual(6)
    const action = /action="([^"]+\/checklist)"/.exec(page.text)?.[1]
    const after = await browser.open(`${service.url}${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        'form-token': formToken(page),
        from: 'why',
        first: firstOf(page),
        'none-of-these': 'yes',
      }).toString(),
    })
    expect(after.url.pathname).toMatch(/\/why$/)
    expect(after.text).toContain('The answers count from now on')
    const [card] = await ask('acute-sciatica')
    expect(card?.detail).toMatch(/\d answered no at \d\d:\d\d/)
  })

  test('asks when the pain began where nobody recorded it, and its answer makes the next card', async () => {
    const before = await ask('undated-pain')
    expect(before[0]?.source.topic.code).toBe('IM02')
    const { page, browser } = await launch('undated-pain', whyIn(before)?.appContext)
    expect(page.text).toContain('When did this pain begin?')
    const action = /action="([^"]+\/checklist)"/.exec(page.text)?.[1]
    const after = await browser.open(`${service.url}${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        'form-token': formToken(page),
        from: 'why',
        first: firstOf(page),
        'reply-onset-days': 'lately',
      }).toString(),
    })
    expect(after.text).toContain('With the answers of')
    const [card] = await ask('undated-pain')
    expect(card?.source.topic.code).toBe('IM01')
    expect(card?.detail).toMatch(/answered at \d\d:\d\d/)
  })

  test('writes nothing of the patient into the log', () => {
    expect(service.output()).not.toMatch(/Okafor|cauda-equina-sign|onset-days/)
  })
})

describe('What a card rests on', () => {
  const known: Known = {
    value: { low: 9, high: Number.POSITIVE_INFINITY },
    evidence: [{ reference: 'Condition/1', what: 'x'.repeat(5_000), how: 'code', date: '2026-11-12' }],
    gaps: ['Encounter'],
  }
  const no: Known = { value: false, evidence: [], gaps: [] }
  const evaluation: KeptEvaluation = {
    about: { fhirServer: 'https://north.example.org/fhir', patientId: 'p1' },
    at: '2026-11-22T10:32:00.000Z',
    version: '1',
    cases: [
      {
        kind: 'lumbar-imaging',
        name: 'MRI',
        facts: new Map([
          ['onset-days', known],
          ['fever', no],
        ]),
      },
    ],
    cards: [],
  }

  test('is found again as it was, spans without an end too, and no longer than the site says', async () => {
    let time = 1_000
    const book = evaluationBook(memoryStores(() => time).kept, 24, () => time)
    await book.keep('a', evaluation)
    const facts = (await book.find('a'))?.cases[0]?.facts
    expect(facts?.get('onset-days')).toMatchObject({ value: { low: 9, high: Number.POSITIVE_INFINITY } })
    expect(facts?.get('fever')).toEqual(no)
    time += 24 * 3_600_000
    expect(await book.find('a')).toBeUndefined()
  })

  test('is cut where others wrote without end', async () => {
    const kept: string[] = []
    const { kept: store } = memoryStores(Date.now)
    const book = evaluationBook({ ...store, put: async (_, text) => void kept.push(text) }, 24, Date.now)
    const evidence = Array.from({ length: 500 }, () => known.evidence[0]).flatMap((each) => each ?? [])
    await book.keep('a', {
      ...evaluation,
      cases: [
        { kind: 'opioid', name: 'y'.repeat(9_999), facts: new Map([['fever', { ...known, evidence }]]) },
      ],
    })
    expect(kept[0]?.length).toBeLessThan(6_000)
  })

  test('is dropped, and said, where the store is slower than the calls', async () => {
    const failures: string[] = []
    const never = new Promise<void>(() => undefined)
    const keep = keepEvaluations({
      book: { keep: () => never, find: async () => undefined },
      version: '1',
      now: () => new Date(),
      onlyServer: () => 'https://north.example.org/fhir',
      onFailure: (reason) => failures.push(reason),
    })
    const call = {
      hook: 'order-sign',
      hookInstance: 'c',
      patientId: 'p1',
      draftOrders: [],
      prefetch: {},
    } as const
    const found = { orders: [], decisions: [], planned: [], cards: [] } as never
    for (let at = 0; at < 100; at++) keep.put('id', call, undefined, found)
    expect(failures.length).toBe(36)
    expect(new Set(failures)).toEqual(new Set(['too-many-at-once']))
  })

  test('is not kept where nobody can say which server the patient is of', () => {
    const keep = keepEvaluations({
      book: { keep: async () => undefined, find: async () => undefined },
      version: '1',
      now: () => new Date(),
      onlyServer: () => undefined,
      onFailure: () => undefined,
    })
    const call = {
      hook: 'order-sign',
      hookInstance: 'c',
      patientId: 'p1',
      draftOrders: [],
      prefetch: {},
    } as const
    expect(keep.idFor(call, { fhirServers: [] })).toBeUndefined()
    expect(keep.idFor({ ...call, fhirServer: 'https://north.example.org/fhir' }, undefined)).toMatch(
      /^[\w-]{22}$/,
    )
  })
})
