/** Nobody is named in clear by what waits for an answer of a FHIR server. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bundle } from 'fhir/r4.js'
import { expect, test } from 'vitest'
import { openSqlite } from '../../src/ledger/threaded.ts'
import { createMetrics } from '../../src/metrics.ts'
import { orderAsker } from '../../src/outcomes/ask.ts'
import { outcomeJob } from '../../src/outcomes/job.ts'
import { createFhirReader } from '../../src/record/fhir/reader.ts'
import { typesRead } from '../../src/site/quality.ts'
import { backendAccess } from '../../src/smart/backend.ts'
import { ledgerStores } from '../ledger/stores.ts'
import { callOf, day, hour, openDesk, shown } from '../ledger/support.ts'
import { realContent } from '../support/evaluator.ts'
import type { Order } from './asked-desk.ts'
import { clientId, openEhr } from './ehr.ts'

const { folder } = ledgerStores()

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
