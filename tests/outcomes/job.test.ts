/** What became of orders, asked of a FHIR server as a backend service: answered once, lost never, and nobody named in clear. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bundle, MedicationRequest, ServiceRequest } from 'fhir/r4.js'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { evaluationLines } from '../../src/cli/print/evaluation.ts'
import { orderOutcomeLines } from '../../src/cli/print/order-outcomes.ts'
import { keptFor } from '../../src/ledger/awaited.ts'
import { ledgerKeys } from '../../src/ledger/keys.ts'
import { outcomesByCalls, outcomesByServers } from '../../src/ledger/outcomes.ts'
import { findEvaluations } from '../../src/ledger/reports.ts'
import { clean, forgetPatient } from '../../src/ledger/retention.ts'
import type { Sql } from '../../src/ledger/sql.ts'
import { openPostgres, openSqlite } from '../../src/ledger/threaded.ts'
import { createMetrics, type Metrics } from '../../src/metrics.ts'
import { orderAsker } from '../../src/outcomes/ask.ts'
import { type JobSettings, outcomeJob } from '../../src/outcomes/job.ts'
import { createFhirReader } from '../../src/record/fhir/reader.ts'
import { typesRead } from '../../src/site/order-outcomes.ts'
import { backendAccess } from '../../src/smart/backend.ts'
import type { KeyRing } from '../../src/smart/launch/keys.ts'
import { callOf, type Desk, day, hour, openDesk, shown } from '../ledger/support.ts'
import { admin, databaseUrl, reachable, schema } from '../smart/database.ts'
import { newKeyRing } from '../smart/support.ts'
import { realContent } from '../support/evaluator.ts'
import { clientId, type Ehr, openEhr } from './ehr.ts'

type Order = ServiceRequest | MedicationRequest

const folder = mkdtempSync(join(tmpdir(), 'lumbar-outcomes-'))
const silentLog = { info: () => undefined, warn: () => undefined }
beforeAll(async () => {
  if (reachable) await admin(`create schema ${schema}`)
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  if (reachable) await admin(`drop schema ${schema} cascade`)
})

const stores: [string, boolean, () => Sql][] = [
  ['SQLite', true, () => openSqlite(join(folder, 'ledger.sqlite'))],
  ['PostgreSQL', reachable, () => openPostgres(databaseUrl(), silentLog)],
]

describe.each(stores)('Orders, asked about, in %s', (_name, isThere, open) => {
  let ehr: Ehr
  let desk: Desk
  let metrics: Metrics
  const opened: Desk[] = []

  beforeEach(async () => {
    if (!isThere) return
    // The EHR keeps the time of the desk, which is opened after it.
    ehr = await openEhr({ now: () => desk?.clock.time ?? 0 })
    desk = deskAt(ehr.base)
    await desk.rows('select 1 as one')
    for (const table of ['awaited', 'became', 'card', 'ordered', 'evaluation'])
      await desk.sql.batch([{ sql: `delete from lumbar_ledger_${table}` }])
    metrics = createMetrics({ withProcess: false })
    return async () => {
      await Promise.all([ehr.close(), ...opened.splice(0).map(({ close }) => close())])
    }
  })

  const deskAt = (base: string, settings = {}) => {
    const followed = [{ 'fhir-server': `${base}/`, 'client-id': clientId, 'endpoint-origins': [] }]
    const ledger = { ...realContent().site.ledger, 'order-outcomes': followed }
    const at = openDesk({ sql: open(), site: { ledger }, settings })
    opened.push(at)
    return at
  }

  interface Bent extends Partial<JobSettings> {
    keys?: KeyRing
    /** Of one question, in ms. */
    deadline?: number
  }
  const jobOf = (at: Desk = desk, { keys = ehr.keys, deadline = 20_000, ...more }: Bent = {}) => {
    const now = at.clock.now
    const fhir = { ...realContent().site.fhir, 'development-http': true, 'deadline-ms': deadline }
    return outcomeJob({
      servers: [{ base: ehr.base, clientId, reads: typesRead, 'endpoint-origins': [] }],
      awaited: at.ledger.awaited,
      ask: orderAsker({
        content: realContent(),
        access: backendAccess({ keys: { ring: keys, url: () => undefined }, now: () => new Date(now()) }),
        reader: createFhirReader({ settings: fhir, now: Date.now }),
      }),
      now,
      dayOf: (moment) => new Date(moment).toISOString().slice(0, 10),
      log: { info: (line) => at.log.push(line), warn: (line) => at.log.push(line) },
      metrics,
      ...more,
    })
  }

  /** An order is selected; what the EHR sent of it. */
  async function select(
    patient: string,
    order: string,
    hook: 'order-select' | 'order-sign' = 'order-select',
  ) {
    const call = callOf(hook, patient, [order], { fhirServer: ehr.base })
    await shown(desk, call)
    await desk.ledger.flush()
    const [entry] = (call.draftOrders as Bundle<Order>).entry ?? []
    if (!entry?.resource) throw new Error('no draft')
    return { draft: entry.resource, patient: call.patientId }
  }
  const hold = (draft: Order, more: object = {}) =>
    ehr.store.put({
      ...draft,
      status: 'active',
      intent: 'order',
      authoredOn: new Date(desk.clock.time + 60_000).toISOString(),
      ...more,
    } as Order)
  const became = () =>
    desk.rows('select kind, outcome, why from lumbar_ledger_became order by at, kind, outcome')
  const waiting = async () => (await desk.rows('select made from lumbar_ledger_awaited')).length
  const reasons = () => desk.log.flatMap((line) => (line as { reason?: string }).reason ?? [])
  /** Whoever waited for a pause comes again. */
  const later = () => desk.clock.pass(hour + 1)

  test.skipIf(!isThere)('are signed, replaced or gone, each a day after it was drafted', async () => {
    const { draft } = await select('acute-week-two', 'lumbar-mri')
    hold(draft)
    const second = await select('acute-sciatica', 'lumbar-mri')
    hold({ ...second.draft, id: 'film', code: { coding: [xray] } } as ServiceRequest)
    await select('subacute-no-care', 'lumbar-mri')
    const job = jobOf()
    desk.clock.pass(day - 1)
    await job.run()
    expect(await became()).toEqual([])
    expect(ehr.asked).toEqual([])
    desk.clock.pass(1)
    await job.run()
    expect(await became()).toEqual([
      { kind: 'lumbar-imaging', outcome: 'gone', why: null },
      { kind: 'lumbar-imaging', outcome: 'replaced', why: null },
      { kind: 'lumbar-imaging', outcome: 'signed', why: 'active' },
    ])
    expect(await waiting()).toBe(0)
    // One token for all of them, and one question each.
    expect([ehr.tokens, ehr.asked.length]).toEqual([1, 3])
    expect(ehr.refused).toEqual([])
    const counted = await metrics.text()
    expect(counted).toContain('lumbar_order_outcomes_total{outcome="replaced",status="none"} 1')
    expect(counted).toContain('lumbar_order_outcome_questions_total{result="answered"} 3')
  })

  test.skipIf(!isThere).each([
    ['revoked', 'gone'],
    ['completed', 'signed'],
    ['entered-in-error', 'gone'],
    ['draft', 'gone'],
    ['unknown', 'unknown'],
  ])('that are %s are %s', async (status, outcome) => {
    const { draft } = await select('acute-week-two', 'lumbar-mri')
    hold(draft, { status })
    desk.clock.pass(day)
    await jobOf().run()
    expect(await became()).toMatchObject([{ outcome, why: outcome === 'unknown' ? 'no-status' : status }])
  })

  test.skipIf(!isThere)(
    'are asked about where the EHR calls at signing alone, and once however often it calls',
    async () => {
      const { draft } = await select('acute-week-two', 'lumbar-mri', 'order-sign')
      hold(draft)
      desk.clock.pass(hour)
      await select('acute-week-two', 'lumbar-mri', 'order-sign')
      expect(await waiting()).toBe(1)
      desk.clock.pass(day)
      await jobOf().run()
      expect(await became()).toMatchObject([{ outcome: 'signed' }])
    },
  )

  test.skipIf(!isThere)('of medicines are known by what they refer to', async () => {
    const { draft, patient } = await select('acute-week-two', 'oxycodone')
    const { medicationCodeableConcept: code, ...rest } = draft as MedicationRequest
    ehr.store.put({ resourceType: 'Medication', id: 'm1', ...(code ? { code } : {}) })
    hold({
      ...rest,
      id: 'signed-one',
      medicationReference: { reference: 'Medication/m1' },
    } as MedicationRequest)
    desk.clock.pass(day)
    await jobOf().run()
    expect(await became()).toEqual([{ kind: 'opioid', outcome: 'signed', why: 'active' }])
    expect(ehr.asked).toEqual([
      `MedicationRequest?patient=${patient}&authoredon=ge2026-11-20&_include=MedicationRequest:medication&_count=200`,
    ])
  })

  test.skipIf(!isThere)('of other patients and servers are not taken for theirs', async () => {
    const { draft } = await select('acute-week-two', 'lumbar-mri')
    hold({ ...draft, subject: { reference: 'Patient/somebody-else' } } as ServiceRequest)
    await shown(
      desk,
      callOf('order-select', 'acute-sciatica', ['lumbar-mri'], { fhirServer: 'https://b.example' }),
    )
    desk.clock.pass(day)
    await jobOf().run()
    expect(await became()).toMatchObject([{ outcome: 'gone' }])
  })

  test.skipIf(!isThere)('that are drafted while the site follows no server are never kept', async () => {
    const plain = openDesk({ sql: open() })
    opened.push(plain)
    await shown(plain, callOf('order-select', 'acute-week-two', ['lumbar-mri'], { fhirServer: ehr.base }))
    await plain.ledger.flush()
    expect(await waiting()).toBe(0)
  })

  describe('and a server that does not answer', () => {
    test.skipIf(!isThere).each([
      [429, 'http-429'],
      [503, 'http-503'],
      [500, 'http-500'],
    ])('with %i loses nothing, and is left alone for a while', async (status, reason) => {
      hold((await select('acute-week-two', 'lumbar-mri')).draft)
      await select('acute-sciatica', 'lumbar-mri')
      desk.clock.pass(day)
      ehr.faults.set('ServiceRequest', { status })
      const job = jobOf()
      await job.run()
      expect(reasons()).toEqual([reason])
      // A second try where the status promises one, and the other patient not at all.
      expect(ehr.asked.length).toBeLessThanOrEqual(2)
      expect([await waiting(), await became()]).toEqual([2, []])
      const before = ehr.asked.length
      await job.run()
      expect(ehr.asked.length).toBe(before)
      ehr.faults.clear()
      later()
      await job.run()
      expect((await became()).map(({ outcome }) => outcome)).toEqual(['gone', 'signed'])
    })

    test.skipIf(!isThere)('in time loses nothing', async () => {
      hold((await select('acute-week-two', 'lumbar-mri')).draft)
      desk.clock.pass(day)
      ehr.faults.set('ServiceRequest', { delay: 2000 })
      await jobOf(desk, { deadline: 150 }).run()
      expect(reasons()).toEqual(['deadline'])
      ehr.faults.clear()
      later()
      await jobOf().run()
      expect(await became()).toMatchObject([{ outcome: 'signed' }])
    })

    test.skipIf(!isThere)('until its time is over makes the order unknown, and its ids go', async () => {
      await select('acute-week-two', 'lumbar-mri')
      desk.clock.pass(day)
      ehr.faults.set('ServiceRequest', { status: 500 })
      await jobOf().run()
      desk.clock.pass(keptFor - day - 1)
      await clean(desk.sql, realContent().site.ledger, desk.clock.time)
      expect(await waiting()).toBe(1)
      desk.clock.pass(1)
      await clean(desk.sql, realContent().site.ledger, desk.clock.time)
      expect([await waiting(), await became()]).toEqual([
        0,
        [{ kind: 'lumbar-imaging', outcome: 'unknown', why: 'no-answer' }],
      ])
    })

    test.skipIf(!isThere)('because it is taken out of site.yaml is not asked', async () => {
      await select('acute-week-two', 'lumbar-mri')
      desk.clock.pass(day)
      await jobOf(desk, { servers: [] }).run()
      expect(await became()).toMatchObject([{ outcome: 'unknown', why: 'not-asked' }])
      expect(ehr.asked).toEqual([])
    })
  })

  describe('and its token', () => {
    test.skipIf(!isThere)('is asked for anew when it was withdrawn or has ended', async () => {
      const job = jobOf()
      hold((await select('acute-week-two', 'lumbar-mri')).draft)
      desk.clock.pass(day)
      await job.run()
      await select('acute-sciatica', 'lumbar-mri')
      ehr.revoke()
      desk.clock.pass(day)
      await job.run()
      expect((await became()).map(({ outcome }) => outcome)).toEqual(['signed', 'gone'])
      await select('subacute-no-care', 'lumbar-mri')
      desk.clock.pass(day - 120_000)
      await select('acute-sciatica', 'lumbar-xray')
      desk.clock.pass(120_000)
      await job.run()
      ehr.revoke()
      desk.clock.pass(day)
      await job.run()
      expect(await became()).toHaveLength(4)
      expect(ehr.refused).toEqual([])
    })

    test.skipIf(!isThere)('that the server takes for none is not asked for again and again', async () => {
      await select('acute-week-two', 'lumbar-mri')
      desk.clock.pass(day)
      ehr.trusts = false
      await jobOf().run()
      expect([reasons(), ehr.tokens, ehr.asked.length]).toEqual([['http-401'], 2, 2])
      expect(await waiting()).toBe(1)
    })

    test.skipIf(!isThere)('is refused to whoever signs with another key', async () => {
      await select('acute-week-two', 'lumbar-mri')
      desk.clock.pass(day)
      await jobOf(desk, { keys: await newKeyRing('ES384') }).run()
      expect(reasons()).toEqual(['token-refused: invalid_client'])
      expect(ehr.refused).toHaveLength(1)
      expect([await waiting(), ehr.asked]).toEqual([1, []])
      later()
      await jobOf().run()
      expect(await became()).toMatchObject([{ outcome: 'gone' }])
    })

    test.skipIf(!isThere)('may say nothing of orders: then nothing is told', async () => {
      await select('acute-week-two', 'lumbar-mri')
      desk.clock.pass(day)
      ehr.grants = () => 'system/Patient.rs'
      await jobOf().run()
      expect([reasons(), ehr.asked]).toEqual([['out-of-scope'], []])
    })

    test.skipIf(!isThere)('that shows only some orders clears nothing', async () => {
      await select('acute-week-two', 'lumbar-mri')
      desk.clock.pass(day)
      ehr.grants = () => 'system/ServiceRequest.rs?status=draft'
      await jobOf().run()
      expect(await became()).toMatchObject([{ outcome: 'unknown', why: 'not-whole' }])
    })

    test.skipIf(!isThere).each([
      [{ token_endpoint: 'http://elsewhere.example/token' }, 'ehr-not-fit: unsafe-endpoint'],
      [{ token_endpoint: undefined }, 'ehr-not-fit: incomplete-configuration'],
      [{ token_endpoint_auth_methods_supported: ['client_secret_basic'] }, 'ehr-not-fit: no-private-key-jwt'],
      [{ token_endpoint_auth_signing_alg_values_supported: ['PS512'] }, 'ehr-not-fit: no-common-algorithm'],
    ])('is not asked for where the server says %j', async (configuration, reason) => {
      await select('acute-week-two', 'lumbar-mri')
      desk.clock.pass(day)
      ehr.configuration = configuration
      await jobOf().run()
      expect([reasons(), ehr.tokens, await waiting()]).toEqual([[reason], 0, 1])
    })
  })

  test.skipIf(!isThere)('are each answered once, whichever of two instances asks', async () => {
    const patients = ['acute-week-two', 'acute-sciatica', 'subacute-no-care', 'no-back-pain', 'cauda-equina']
    for (const patient of patients) {
      await select(patient, 'lumbar-mri')
      await select(patient, 'oxycodone')
    }
    const orders = await waiting()
    desk.clock.pass(day)
    const other = deskAt(ehr.base, { now: desk.clock.now })
    other.clock.time = desk.clock.time
    await Promise.all([jobOf(desk, { mostAtOnce: 2 }).run(), jobOf(other, { mostAtOnce: 2 }).run()])
    expect(orders).toBeGreaterThanOrEqual(8)
    expect([(await became()).length, await waiting()]).toEqual([orders, 0])
    const questions = ehr.asked.map((address) => address.split('&')[0])
    expect(new Set(questions).size).toBe(questions.length)
  })

  test.skipIf(!isThere)('that an instance held when it was killed are asked about by another', async () => {
    await select('acute-week-two', 'lumbar-mri')
    desk.clock.pass(day)
    expect(await desk.ledger.awaited.claim(10, hour)).toHaveLength(1)
    await jobOf().run()
    expect(await became()).toEqual([])
    desk.clock.pass(hour)
    await jobOf().run()
    expect(await became()).toMatchObject([{ outcome: 'gone' }])
  })

  test.skipIf(!isThere)('are no more in one run than it may take up', async () => {
    for (const patient of ['acute-week-two', 'acute-sciatica', 'subacute-no-care'])
      await select(patient, 'lumbar-mri')
    desk.clock.pass(day)
    await jobOf(desk, { mostOfRun: 2 }).run()
    expect(await waiting()).toBe(1)
  })

  test.skipIf(!isThere)('are told by the rule whose card was shown, and beside the evaluation', async () => {
    const first = await select('acute-week-two', 'lumbar-mri')
    hold({ ...first.draft, id: 'film', code: { coding: [xray] } } as ServiceRequest)
    desk.clock.pass(hour)
    // Its card was shown at signing, an hour after it was selected.
    await select('acute-week-two', 'lumbar-mri', 'order-sign')
    hold((await select('no-back-pain', 'lumbar-mri')).draft)
    desk.clock.pass(day)
    await jobOf().run()
    const span = { from: 0, to: desk.clock.time }
    const none = { drafted: 1, signed: 0, replaced: 0, gone: 0, unknown: 0 }
    expect(await outcomesByServers(desk.sql, span)).toEqual([
      { ...none, rule: undefined, signed: 1 },
      { ...none, rule: 'IM01', replaced: 1 },
    ])
    const [row] = await desk.rows(
      "select id from lumbar_ledger_evaluation where hook = 'order-select' order by at limit 1",
    )
    const [told] = await findEvaluations(desk.sql, String(row?.id))
    expect(told?.became).toEqual([{ kind: 'lumbar-imaging', outcome: 'replaced', why: undefined }])
    expect(evaluationLines(told as never, realContent())).toContain('A day later: lumbar-imaging replaced')
    const [byCalls] = [await outcomesByCalls(desk.sql, span)]
    const lines = orderOutcomeLines(span.to, byCalls, await outcomesByServers(desk.sql, span)).join('\n')
    expect(lines).toMatch(/By FHIR servers[\s\S]*IM01 +1 +0 +1 +0 +0 +100 %/)
    expect(lines.indexOf('By calls')).toBeLessThan(lines.indexOf('By FHIR servers'))
    await clean(desk.sql, { ...realContent().site.ledger, 'evaluation-days': 1 }, desk.clock.time + day)
    expect(await became()).toEqual([])
  })

  test.skipIf(!isThere)('of a patient who is forgotten meanwhile are not written', async () => {
    const { patient } = await select('acute-week-two', 'lumbar-mri')
    desk.clock.pass(day)
    const [order] = await desk.ledger.awaited.claim(10, hour)
    await forgetPatient(desk.sql, desk.keys.keyOf('patient', ehr.base, patient))
    expect(await waiting()).toBe(0)
    if (order)
      await desk.ledger.awaited.settle([{ made: order.made, at: order.at, outcome: 'gone', why: null }])
    expect(await became()).toEqual([])
  })

  test.skipIf(!isThere)('that were sealed by another key are unknown', async () => {
    await select('acute-week-two', 'lumbar-mri')
    desk.clock.pass(day)
    const other = deskAt(ehr.base, { keys: ledgerKeys(Buffer.alloc(32, 9)), now: desk.clock.now })
    await jobOf(other).run()
    expect(await became()).toMatchObject([{ outcome: 'unknown', why: 'other-key' }])
  })
})

const xray = { system: 'http://www.ama-assn.org/go/cpt', code: '72100' }

test('No id of patient, order or visit, nor an address, stands in clear in the files, the log or the metrics', async () => {
  const file = join(folder, 'private', 'ledger.sqlite')
  let time = 0
  const ehr = await openEhr({ now: () => time })
  const followed = [{ 'fhir-server': ehr.base, 'client-id': clientId, 'endpoint-origins': [] }]
  const desk = openDesk({
    sql: openSqlite(file),
    site: { ledger: { ...realContent().site.ledger, 'order-outcomes': followed } },
  })
  time = desk.clock.time
  const call = callOf('order-select', 'acute-week-two', ['lumbar-mri'], { fhirServer: ehr.base })
  const [entry] = (call.draftOrders as Bundle<Order>).entry ?? []
  await shown(desk, call)
  await desk.ledger.flush()
  const names = [
    call.patientId,
    entry?.resource?.id ?? '',
    call.encounterId ?? '',
    call.userId ?? '',
    new URL(ehr.base).host,
  ]
  expect(names.filter((name) => name.length < 4)).toEqual([])
  const written = () =>
    readdirSync(join(folder, 'private'))
      .map((each) => readFileSync(join(folder, 'private', each), 'latin1'))
      .join('\n')
  expect(await desk.ledger.awaited.count()).toBe(1)
  expect(names.filter((name) => written().includes(name))).toEqual([])
  desk.clock.pass(day)
  time = desk.clock.time
  ehr.faults.set('ServiceRequest', { status: 500 })
  const metrics = createMetrics({ withProcess: false })
  metrics.watchAwaited(() => desk.ledger.awaited.count())
  const log: object[] = []
  const job = outcomeJob({
    servers: [{ base: ehr.base, clientId, reads: typesRead, 'endpoint-origins': [] }],
    awaited: desk.ledger.awaited,
    ask: orderAsker({
      content: realContent(),
      access: backendAccess({ keys: { ring: ehr.keys, url: () => undefined }, now: () => new Date(time) }),
      reader: createFhirReader({
        settings: { ...realContent().site.fhir, 'development-http': true, 'deadline-ms': 20_000 },
        now: Date.now,
      }),
    }),
    now: () => time,
    dayOf: (moment) => new Date(moment).toISOString().slice(0, 10),
    log: { info: (line) => log.push(line), warn: (line) => log.push(line) },
    metrics,
  })
  await job.run()
  expect(await metrics.text()).toContain('lumbar_order_outcomes_waiting 1')
  ehr.faults.clear()
  time += hour
  desk.clock.time = time
  await job.run()
  expect(await desk.rows('select outcome from lumbar_ledger_became')).toEqual([{ outcome: 'gone' }])
  const told = [written(), JSON.stringify(log), await metrics.text()]
  expect(log.length).toBeGreaterThan(0)
  // The log names the server, as the site does; nobody else's name stands anywhere.
  const ofPeople = names.filter((name) => name !== new URL(ehr.base).host)
  expect(ofPeople.filter((name) => told.some((text) => text.includes(name)))).toEqual([])
  expect(written()).not.toContain(new URL(ehr.base).host)
  await Promise.all([desk.close(), ehr.close()])
})
