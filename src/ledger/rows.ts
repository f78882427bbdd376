/** Evaluations as rows of the store: hashed, so that no row names a patient. Made in the thread that writes them. */
import { type AwaitedNames, keptFor, settledAfter } from './awaited.ts'
import type { Draft, Sealing } from './draft.ts'
import { type LedgerKeys, sealedName } from './keys.ts'
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

const coverageColumns = {
  id: 'text',
  evaluation: 'text',
  at: 'integer',
  issuer: 'text',
  tenant: 'text',
  patient: 'text',
  made: 'text',
  kind: 'text',
  payer: 'text',
  version: 'text',
  covered: 'text',
  pa_needed: 'text',
  doc_needed: 'text',
  told_by: 'text',
  sent: 'integer',
} as const satisfies Columns

const sealedColumns = {
  evaluation: 'text',
  kind: 'text',
  until: 'integer',
  sealed: 'text',
} as const satisfies Columns

const awaitedColumns = {
  made: 'text',
  at: 'integer',
  evaluation: 'text',
  patient: 'text',
  kind: 'text',
  due: 'integer',
  until: 'integer',
  held: 'integer',
  tries: 'integer',
  sealed: 'text',
} as const satisfies Columns

type RowOf<C extends Columns> = { [Name in keyof C]: string | number | null }

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
  const awaited: RowOf<typeof awaitedColumns>[] = []
  const said: RowOf<typeof coverageColumns>[] = []
  for (const draft of drafts) {
    const { naming, kinds, awaits, cards: own, coverage, strata, verdicts, prefetch, ...plain } = draft
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
    for (const { order, ...assertion } of coverage)
      said.push({
        ...{ ...assertion, evaluation: id, at, issuer, tenant, patient },
        made: names.orders[order] ?? '',
        kind: kinds[order] ?? '',
      })
    let place = 0
    for (const [position, kind] of kinds.entries())
      if (kind !== null)
        ordered.push({
          ...{ evaluation: id, place: place++, at, hook, patient, kind },
          made: names.orders[position] ?? '',
        })
    if (awaits) awaited.push(...awaitedOf(draft, names, awaits, keys))
  }
  return [
    { table: 'lumbar_ledger_evaluation', columns: evaluationColumns, rows: evaluations },
    { table: 'lumbar_ledger_card', columns: cardColumns, rows: cards },
    { table: 'lumbar_ledger_ordered', columns: orderColumns, rows: ordered },
    { table: 'lumbar_ledger_awaited', columns: awaitedColumns, rows: awaited },
    { table: 'lumbar_ledger_coverage', columns: coverageColumns, rows: said },
    { table: 'lumbar_ledger_sealed', columns: sealedColumns, rows: sealed },
  ].filter(({ rows }) => rows.length > 0)
}

/** An order that is awaited already stays as it was first drafted. */
function awaitedOf(
  { id, at, naming, kinds }: Draft,
  { patient, orders }: Names,
  references: readonly (string | null)[],
  keys: LedgerKeys,
): RowOf<typeof awaitedColumns>[] {
  return kinds.flatMap((kind, position) => {
    const [made, what] = [orders[position], naming.orders[position]]
    if (kind === null || !made || !what) return []
    const reference = references[position] ?? null
    const names: AwaitedNames = { server: naming.server, patient: naming.patient, reference, what }
    return {
      ...{ made, at, evaluation: id, patient, kind, held: 0, tries: 0 },
      ...{ due: at + settledAfter, until: at + keptFor },
      sealed: keys.seal(sealedName('awaited', made), JSON.stringify(names)),
    }
  })
}
