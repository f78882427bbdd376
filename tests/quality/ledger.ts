/** A ledger full of invented calls, cards and feedback, written as the service writes them, in the order of time. */

import { insertListed, type Sql } from '../../src/ledger/sql.ts'
import { openSqlite } from '../../src/ledger/threaded.ts'
import { randomFrom } from '../support/random.ts'

interface Invented {
  /** In ms since 1970. */
  at: number
  patient: string
  clinician: string
  department: string
  race: string
  /** Of the card; without one nothing was shown. */
  rule?: string
  outcome?: 'accepted' | 'overridden'
  reason?: string
  ms: number
}

const evaluations = {
  id: 'text',
  at: 'integer',
  hook: 'text',
  mode: 'text',
  pathway: 'text',
  digest: 'text',
  ms: 'real',
  patient: 'text',
  clinician: 'text',
  department: 'text',
  strata: 'text',
  verdicts: 'text',
  prefetch: 'text',
  unread: 'integer',
  passed_over: 'integer',
} as const
const cards = {
  uuid: 'text',
  evaluation: 'text',
  at: 'integer',
  hook: 'text',
  patient: 'text',
  clinician: 'text',
  rule: 'text',
  indicator: 'text',
  shown: 'integer',
  finding: 'text',
  orders: 'text',
  lines: 'text',
  suggestions: 'text',
} as const
const feedback = {
  told: 'text',
  received: 'integer',
  service: 'text',
  card: 'text',
  outcome: 'text',
  outcome_at: 'integer',
  suggestions: 'text',
  reason_code: 'text',
} as const

export async function write(
  sql: Sql,
  calls: readonly Invented[],
  mode: 'live' | 'silent' = 'live',
): Promise<void> {
  const rows = calls.map((call, n) => ({ ...call, id: `${mode}-${call.at}-${n}` }))
  const evaluation = rows.map(({ id, at, patient, clinician, department, race, ms }) => ({
    ...{
      id,
      at,
      patient,
      clinician,
      department,
      ms,
      mode,
      hook: 'order-sign',
      pathway: '0',
      digest: '0',
      unread: 0,
      passed_over: 0,
    },
    ...{ strata: JSON.stringify({ race }), verdicts: '[]', prefetch: '{}' },
  }))
  const card = rows.flatMap(({ id, at, patient, clinician, rule }) =>
    rule === undefined
      ? []
      : [
          {
            ...{
              uuid: `card-${id}`,
              evaluation: id,
              at,
              hook: 'order-sign',
              patient,
              clinician,
              rule,
              indicator: 'warning',
              shown: 1,
            },
            ...{ finding: '', orders: '', lines: '', suggestions: '{}' },
          },
        ],
  )
  const answer = rows.flatMap(({ id, at, outcome, reason }) =>
    outcome === undefined
      ? []
      : [
          {
            told: `told-${id}`,
            received: at,
            service: 's',
            card: `card-${id}`,
            outcome,
            outcome_at: at,
            suggestions: '',
            reason_code: reason ?? null,
          },
        ],
  )
  const insert = (table: string, columns: Parameters<typeof insertListed>[2], list: readonly object[]) => ({
    sql: insertListed(sql.dialect, `lumbar_ledger_${table}`, columns),
    values: [JSON.stringify(list)],
  })
  await sql.batch([
    insert('evaluation', evaluations, evaluation),
    insert('card', cards, card),
    insert('feedback', feedback, answer),
  ])
}

const reasons = ['red-flag-not-in-record', 'specialist-asked', 'patient-declined', 'other', undefined]

/** A year of calls up to `until`; overriding halves in the last half year. */
export function aYear(until: number, clinicians: readonly string[], perDay = 4): Invented[] {
  const { below, pick, chance } = randomFrom(11)
  return Array.from({ length: 365 * perDay }, (_, n) => {
    const fires = chance(0.45)
    const answers = fires && chance(0.8)
    const overrides = answers && chance(n < (365 * perDay) / 2 ? 0.5 : 0.25)
    const reason = pick(reasons)
    return {
      at: until - 365 * 86_400_000 + Math.floor((n / perDay) * 86_400_000),
      patient: `patient-${below(900)}`,
      clinician: pick(clinicians),
      department: pick(['emergency', 'emergency', 'emergency', 'spine clinic', 'sports clinic']),
      race: pick(['2106-3', '2106-3', '2106-3', '2054-5', '2028-9', 'unknown']),
      ms: 2 + below(20),
      ...(fires ? { rule: pick(['IM01', 'IM01', 'IM06', 'OP01', 'OP08']) } : {}),
      ...(answers ? { outcome: overrides ? ('overridden' as const) : ('accepted' as const) } : {}),
      ...(overrides && reason !== undefined ? { reason } : {}),
    }
  })
}

export const emptyLedger = (): Sql => openSqlite(':memory:')
