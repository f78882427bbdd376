/** Evaluations as rows of the store: hashed, so that no row names a patient. Made in the thread that writes them. */
import type { Draft, Sealing } from './draft.ts'
import type { LedgerKeys } from './keys.ts'
import { Names } from './names.ts'
import type { Columns, Inserted } from './sql.ts'

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
} as const satisfies Columns

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
} as const satisfies Columns

const orderColumns = {
  evaluation: 'text',
  place: 'integer',
  at: 'integer',
  hook: 'text',
  patient: 'text',
  kind: 'text',
  made: 'text',
} as const satisfies Columns

const sealedColumns = {
  evaluation: 'text',
  kind: 'text',
  until: 'integer',
  sealed: 'text',
} as const satisfies Columns

type RowOf<C extends Columns> = { [Name in keyof C]: string | number | null }

/** What a sealed text is bound to. */
export const sealedName = (kind: string, evaluation: string): string => `${kind} ${evaluation}`

export function rowsOf(entries: readonly (Draft | Sealing)[], keys: LedgerKeys): Inserted[] {
  const drafts = entries.filter((entry) => 'naming' in entry)
  const sealings = entries.filter((entry) => 'kind' in entry)
  const sealed = sealings.map(
    ({ evaluation, kind, text, until }): RowOf<typeof sealedColumns> => ({
      ...{ evaluation, kind, until },
      sealed: keys.seal(sealedName(kind, evaluation), text),
    }),
  )
  const evaluations: RowOf<typeof evaluationColumns>[] = []
  const cards: RowOf<typeof cardColumns>[] = []
  const ordered: RowOf<typeof orderColumns>[] = []
  for (const draft of drafts) {
    const { naming, kinds, cards: own, strata, verdicts, prefetch, ...plain } = draft
    const { id, at, hook, issuer, tenant } = plain
    const names = new Names(keys, naming)
    const { patient, encounter, clinician } = names
    evaluations.push({
      ...{ ...plain, patient, encounter, clinician },
      strata: JSON.stringify(strata),
      verdicts: JSON.stringify(verdicts),
      prefetch: JSON.stringify(prefetch),
    })
    for (const card of own)
      cards.push({
        ...{ ...card, evaluation: id, at, hook, issuer, tenant, patient, clinician },
        finding: keys.findingOf(card.finding),
        orders: names.ordersAt(card.orders).join(' '),
        suggestions: JSON.stringify(card.suggestions),
      })
    let place = 0
    for (const [position, kind] of kinds.entries())
      if (kind !== null)
        ordered.push({
          ...{ evaluation: id, place: place++, at, hook, patient, kind },
          made: names.orders[position] ?? '',
        })
  }
  return [
    { table: 'lumbar_ledger_evaluation', columns: evaluationColumns, rows: evaluations },
    { table: 'lumbar_ledger_card', columns: cardColumns, rows: cards },
    { table: 'lumbar_ledger_ordered', columns: orderColumns, rows: ordered },
    { table: 'lumbar_ledger_sealed', columns: sealedColumns, rows: sealed },
  ].filter(({ rows }) => rows.length > 0)
}
