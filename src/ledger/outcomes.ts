/**
 * What became of orders that were drafted, in two ways. By calls: at selecting against at signing. An order that a clinician
 * lets go is never signed, and no call says so; where an EHR calls at signing, that is what its silence means. And by what
 * FHIR servers answered a day later, which also tells where an EHR calls at one hook only.
 */
import { numberIn, type Sql } from './sql.ts'

export interface OrderOutcomes {
  /** Code of the rule whose card was shown about the order; undefined where none was. */
  rule: string | undefined
  /** Orders, each once, however often it was selected. */
  drafted: number
  signed: number
  /** Another order of the same kind was signed for the same patient. */
  replaced: number
  gone: number
  /** The caller does not call at signing, or the server did not say, so that nobody can tell. */
  unknown: number
}

/** An order is signed within so long, or not at all; in ms. */
export const toSign = 86_400_000

const drafted = `
  select o.patient, o.made, o.kind, e.issuer, e.tenant, min(o.at) as at
  from lumbar_ledger_ordered o join lumbar_ledger_evaluation e on e.id = o.evaluation
  where o.hook = 'order-select' and o.at >= $1 and o.at < $2
  group by o.patient, o.made, o.kind, e.issuer, e.tenant`
const later = `s.hook = 'order-sign' and s.at >= d.at and s.at < d.at + $4`
const became = `
  select d.*, case
    when exists (select 1 from lumbar_ledger_ordered s where s.made = d.made and ${later}) then 'signed'
    when exists (select 1 from lumbar_ledger_ordered s where s.patient = d.patient and s.kind = d.kind and ${later})
      then 'replaced'
    when exists (select 1 from lumbar_ledger_evaluation s where s.hook = 'order-sign' and s.at >= $1 and s.at < $3
      and s.issuer is not distinct from d.issuer and s.tenant is not distinct from d.tenant) then 'gone'
    else 'unknown' end as outcome
  from (${drafted}) d`
/** Keys are of one length and of 128 bits: one that stands within a list of them is one of the list. */
const ofRules = `
  select distinct b.patient, b.made, b.outcome, c.rule from (${became}) b
  left join lumbar_ledger_card c on c.patient = b.patient and c.shown = 1 and c.hook = 'order-select'
    and c.at >= $1 and c.at < $2 and c.orders like '%' || b.made || '%'`

const told = `
  select distinct b.patient, b.made, b.at, b.outcome, c.rule from lumbar_ledger_became b
  left join lumbar_ledger_card c on c.patient = b.patient and c.shown = 1
    and c.at >= b.at and c.at < b.at + $3 and c.orders like '%' || b.made || '%'
  where b.at >= $1 and b.at < $2`

interface Span {
  from: number
  to: number
}

/** By calls: orders that were selected from the first moment on and before the last, in ms since 1970. */
export const outcomesByCalls = (sql: Sql, { from, to }: Span): Promise<OrderOutcomes[]> =>
  counted(sql, ofRules, [from, to, to + toSign, toSign])

/** By FHIR servers: orders that were drafted, at whichever hook. */
export const outcomesByServers = (sql: Sql, { from, to }: Span): Promise<OrderOutcomes[]> =>
  counted(sql, told, [from, to, toSign])

async function counted(sql: Sql, from: string, values: readonly number[]): Promise<OrderOutcomes[]> {
  const [rows = []] = await sql.batch([
    {
      sql: `select rule, outcome, count(*) as orders from (${from}) as counted group by rule, outcome order by rule`,
      values,
    },
  ])
  const byRule = new Map<string | undefined, OrderOutcomes>()
  for (const row of rows) {
    const rule = typeof row.rule === 'string' ? row.rule : undefined
    const known = byRule.get(rule) ?? { rule, drafted: 0, signed: 0, replaced: 0, gone: 0, unknown: 0 }
    const orders = numberIn(row.orders)
    known.drafted += orders
    known[row.outcome as 'signed' | 'replaced' | 'gone' | 'unknown'] += orders
    byRule.set(rule, known)
  }
  return [...byRule.values()].sort((a, b) => (a.rule ?? '').localeCompare(b.rule ?? ''))
}
