/** A ledger for tests to bend: a store in memory or in PostgreSQL, a clock that stands still, and an EHR that calls. */

import { randomUUID } from 'node:crypto'
import { hookCall, loadOrder, loadPatient } from '../../fhir-fixtures/load.ts'
import { dayIn } from '../../src/calendar.ts'
import { serverIn } from '../../src/checklist/book.ts'
import { createEvaluator, type Evaluator } from '../../src/evaluate.ts'
import type { KnownCaller } from '../../src/explanation.ts'
import { type HookCall, parseCall } from '../../src/hooks/call.ts'
import type { Feedback } from '../../src/hooks/feedback.ts'
import { findService, type Hook } from '../../src/hooks/services.ts'
import { type LedgerKeys, ledgerKeys } from '../../src/ledger/keys.ts'
import { type Ledger, type LedgerSettings, openLedger } from '../../src/ledger/open.ts'
import type { Row, Sql } from '../../src/ledger/sql.ts'
import { openSqlite } from '../../src/ledger/threaded.ts'
import type { Site } from '../../src/site/schema.ts'
import { queries } from '../language/vignette.ts'
import { realContent, root } from '../support/evaluator.ts'

export const key = Buffer.alloc(32, 7)
export const today = '2026-11-21'

class Clock {
  time = Date.parse('2026-11-21T18:32:00Z')
  readonly now = () => this.time
  pass(ms: number): void {
    this.time += ms
  }
}
export const hour = 3_600_000
export const day = 24 * hour

export interface Desk {
  ledger: Ledger
  evaluator: Evaluator
  sql: Sql
  keys: LedgerKeys
  clock: Clock
  log: object[]
  rows(query: string): Promise<Row[]>
  close(): Promise<void>
}

export interface Bent {
  site?: Partial<Site>
  sql?: Sql
  settings?: Partial<LedgerSettings>
}

export function openDesk({ site = {}, sql = openSqlite(':memory:'), settings = {} }: Bent = {}): Desk {
  const clock = new Clock()
  const log: object[] = []
  const keys = ledgerKeys(key)
  const content = { ...realContent(), site: { ...realContent().site, ...site } }
  const dayOf = dayIn('America/Los_Angeles')
  const ledger = openLedger({
    sql,
    keys,
    content,
    now: clock.now,
    dayOf,
    tellTime: (at) => new Date(at).toISOString().slice(11, 16),
    serverOf: serverIn,
    log: { info: (line) => log.push(line), warn: (line) => log.push(line) },
    // How busy the machine is that runs the tests is no matter of the tests, unless one says so.
    patience: 20_000,
    ...settings,
  })
  const evaluator = createEvaluator(content, {
    today: () => dayOf(clock.now()),
    newId: randomUUID,
    ledger,
  })
  return {
    ledger,
    evaluator,
    sql,
    keys,
    clock,
    log,
    rows: async (query) => {
      await ledger.flush()
      return (await sql.batch([{ sql: query }]))[0] ?? []
    },
    close: () => ledger.close(),
  }
}

/** The call of an EHR about an invented patient. */
export function callOf(hook: Hook, patient: string, orders: readonly string[], more: object = {}): HookCall {
  const body = hookCall({
    patient: loadPatient(root, patient, today),
    orders: orders.map((order) => loadOrder(root, order)),
    hook,
    queries,
    today,
  })
  const service = findService(`lumbar-${hook}`)
  if (!service) throw new Error(`no service for ${hook}`)
  return { ...parseCall(body, service), ...more }
}

export const told = (card: string, more: Partial<Feedback> = {}): Feedback => ({
  card,
  outcome: 'overridden',
  suggestions: [],
  at: Date.parse('2026-11-21T18:33:00Z'),
  ...more,
})

/** Cards of an answer, each as its rule and indicator. */
export async function shown(desk: Desk, call: HookCall, caller?: KnownCaller): Promise<string[]> {
  const { cards } = await desk.evaluator.evaluate(call, caller)
  // What is recorded is recorded after the answer.
  await new Promise(setImmediate)
  return cards.map(({ extension, indicator }) => `${extension.lumbar.rule} ${indicator}`)
}
