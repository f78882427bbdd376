/** Orders that are asked about a day later: a desk at which they are drafted, an EHR that holds them, the job that asks. */
import type { Bundle, MedicationRequest, ServiceRequest } from 'fhir/r4.js'
import { beforeEach, describe, test } from 'vitest'
import type { LedgerKeys } from '../../src/ledger/keys.ts'
import { createMetrics, type Metrics } from '../../src/metrics.ts'
import { orderAsker } from '../../src/outcomes/ask.ts'
import { type JobSettings, outcomeJob } from '../../src/outcomes/job.ts'
import { createFhirReader } from '../../src/record/fhir/reader.ts'
import { typesRead } from '../../src/site/quality.ts'
import { backendAccess } from '../../src/smart/backend.ts'
import type { KeyRing } from '../../src/smart/launch/keys.ts'
import { ledgerStores } from '../ledger/stores.ts'
import { callOf, type Desk, hour, openDesk, shown } from '../ledger/support.ts'
import { realContent } from '../support/evaluator.ts'
import { clientId, type Ehr, openEhr } from './ehr.ts'

export type Order = ServiceRequest | MedicationRequest
export const xray = { system: 'http://www.ama-assn.org/go/cpt', code: '72100' }

interface Bent extends Partial<JobSettings> {
  keys?: KeyRing
  /** Of one question, in ms. */
  deadline?: number
}

interface AskedDesk {
  /** Of the test that runs: each has its own. */
  readonly ehr: Ehr
  readonly desk: Desk
  readonly metrics: Metrics
  /** A desk of a site that follows no server. */
  openPlain(): Desk
  deskAt(base: string, settings?: { keys?: LedgerKeys; now?: () => number }): Desk
  jobOf(at?: Desk, bent?: Bent): ReturnType<typeof outcomeJob>
  /** An order is selected; what the EHR sent of it. */
  select(
    patient: string,
    order: string,
    hook?: 'order-select' | 'order-sign',
  ): Promise<{ draft: Order; patient: string }>
  /** The EHR holds it, as of a minute later. */
  hold(draft: Order, more?: object): void
  became(): ReturnType<Desk['rows']>
  waiting(): Promise<number>
  reasons(): string[]
  /** Whoever waited for a pause comes again. */
  later(): void
}

/** The same tests in each store; where a store is not there, they are skipped. */
export function describeOrders(
  title: string,
  register: (at: AskedDesk, run: typeof test | typeof test.skip) => void,
) {
  const { stores } = ledgerStores()
  describe.each(stores)(`${title}, in %s`, (_name, isThere, open) => {
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

    register(
      {
        get ehr() {
          return ehr
        },
        get desk() {
          return desk
        },
        get metrics() {
          return metrics
        },
        openPlain: () => {
          const at = openDesk({ sql: open() })
          opened.push(at)
          return at
        },
        deskAt,
        jobOf,
        select,
        hold,
        became,
        waiting,
        reasons,
        later,
      },
      isThere ? test : test.skip,
    )
  })
}
