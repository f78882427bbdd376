/** Evaluations into the store: as many as there are in one commit. */
import type { CardRow, EvaluationRow } from './entry.ts'
import { type Columns, insertListed, type Sql } from './sql.ts'

const evaluationColumns = {
  id: 'text',
  at: 'integer',
  hook: 'text',
  mode: 'text',
  instance: 'text',
  issuer: 'text',
  tenant: 'text',
  pathway: 'text',
  digest: 'text',
  ms: 'real',
  patient: 'text',
  encounter: 'text',
  clinician: 'text',
  department: 'text',
  strata: 'text',
  verdicts: 'text',
  prefetch: 'text',
  unread: 'integer',
  passed_over: 'integer',
} as const satisfies Partial<Record<keyof EvaluationRow, Columns[string]>>

const cardColumns = {
  uuid: 'text',
  evaluation: 'text',
  at: 'integer',
  hook: 'text',
  issuer: 'text',
  tenant: 'text',
  patient: 'text',
  clinician: 'text',
  rule: 'text',
  indicator: 'text',
  shown: 'integer',
  why: 'text',
  finding: 'text',
  orders: 'text',
  lines: 'text',
  suggestions: 'text',
} as const satisfies Partial<Record<keyof CardRow | keyof EvaluationRow | 'evaluation', Columns[string]>>

const orderColumns = {
  evaluation: 'text',
  place: 'integer',
  at: 'integer',
  hook: 'text',
  patient: 'text',
  kind: 'text',
  made: 'text',
} as const satisfies Columns

export async function writeEvaluations(
  { dialect, batch }: Sql,
  entries: readonly EvaluationRow[],
): Promise<void> {
  const evaluations = entries.map(({ cards: _, ordered: __, ...entry }) => entry)
  const cards = entries.flatMap(({ id, at, hook, issuer, tenant, patient, clinician, cards: own }) =>
    own.map((card) => ({ ...card, evaluation: id, at, hook, issuer, tenant, patient, clinician })),
  )
  const ordered = entries.flatMap(({ id, at, hook, patient, ordered: own }) =>
    own.map((order, place) => ({ ...order, evaluation: id, place, at, hook, patient })),
  )
  await batch([
    {
      sql: insertListed(dialect, 'lumbar_ledger_evaluation', evaluationColumns),
      values: [JSON.stringify(evaluations)],
    },
    ...(cards.length > 0
      ? [{ sql: insertListed(dialect, 'lumbar_ledger_card', cardColumns), values: [JSON.stringify(cards)] }]
      : []),
    ...(ordered.length > 0
      ? [
          {
            sql: insertListed(dialect, 'lumbar_ledger_ordered', orderColumns),
            values: [JSON.stringify(ordered)],
          },
        ]
      : []),
  ])
}
