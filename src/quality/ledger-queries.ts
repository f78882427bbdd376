/** The queries by which the ledger is asked about cards: the same for SQLite and PostgreSQL, each once over the calls of some months. */
import { numberIn, type Row, type Sql, type Statement } from '../ledger/sql.ts'
import type { Month } from './months.ts'

/** Of several entries about a card the latest counts. */
const answered = `
  select c.evaluation, c.patient, c.rule, f.outcome, f.reason_code from lumbar_ledger_card c
  left join (select card, issuer, tenant, outcome, reason_code,
      row_number() over (partition by card, issuer, tenant order by outcome_at desc, id desc) as latest
    from lumbar_ledger_feedback) f
    on f.latest = 1 and f.card = c.uuid
    and f.issuer is not distinct from c.issuer and f.tenant is not distinct from c.tenant
  where c.shown = 1 and c.at >= $1 and c.at < $2`

const counted = 'count(*) as events, count(distinct patient) as people'

export interface CardQueries {
  /** Of each group that an expression names: its calls, those with a card, and its cards by outcome. */
  byGroup(group: string): Statement[]
  byRule: Statement
  /** Calls by month and millisecond, rising. */
  latency: Statement
  month: string
}

/** `clinician`: keys of one clinician at each server; calls of others are left out. */
export function cardQueries(
  { dialect }: Sql,
  months: readonly Month[],
  clinician: readonly string[] | undefined,
): CardQueries {
  const own = clinician ? `and e.clinician in (select key from ${dialect.listed('$3', { key: 'text' })})` : ''
  const calls = `(select * from lumbar_ledger_evaluation e where e.mode = 'live' and e.at >= $1 and e.at < $2 ${own}) e`
  const keys = clinician ? [JSON.stringify(clinician.map((key) => ({ key })))] : []
  const values = [months[0]?.from ?? 0, months.at(-1)?.to ?? 0, ...keys]
  // Numbers and months of our own, so that a month is told without a join for each call.
  const month = `case ${months.map(({ month: name, to }) => `when e.at < ${to} then '${name}'`).join(' ')} end`
  const shown = 'exists (select 1 from lumbar_ledger_card c where c.evaluation = e.id and c.shown = 1)'
  return {
    month,
    byGroup: (group) => [
      { sql: `select ${group} as grp, ${counted} from ${calls} group by 1`, values },
      { sql: `select ${group} as grp, ${counted} from ${calls} where ${shown} group by 1`, values },
      {
        sql: `select ${group} as grp, outcome, count(*) as events, count(distinct e.patient) as people
          from ${calls} join (${answered}) a on a.evaluation = e.id group by 1, 2`,
        values,
      },
    ],
    byRule: {
      sql: `select a.rule as grp, a.outcome, a.reason_code as reason, count(*) as events, count(distinct e.patient) as people
        from ${calls} join (${answered}) a on a.evaluation = e.id group by 1, 2, 3`,
      values,
    },
    latency: {
      sql: `select ${month} as grp, round(e.ms) as ms, count(*) as events from ${calls} where e.ms is not null group by 1, 2 order by 2`,
      values,
    },
  }
}

/** What groups of patients were kept, as expressions of a query; plain words, because site.yaml has no others. */
export async function strataIn(sql: Sql, months: readonly Month[]): Promise<Record<string, string>> {
  const [rows = []] = await sql.batch([
    {
      sql: 'select distinct strata from lumbar_ledger_evaluation where at >= $1 and at < $2 limit 1000',
      values: [months[0]?.from ?? 0, months.at(-1)?.to ?? 0],
    },
  ])
  const names = new Set(rows.flatMap(({ strata }) => Object.keys(JSON.parse(String(strata)))))
  const field = (name: string) =>
    sql.dialect.name === 'sqlite' ? `e.strata ->> '$.${name}'` : `e.strata::json ->> '${name}'`
  const plain = [...names].filter((name) => /^[a-z]{2,20}$/.test(name)).sort()
  return Object.fromEntries(plain.map((name) => [name, `coalesce(${field(name)}, 'unknown')`]))
}

export interface Latency {
  month: string
  ms: number
  events: number
}

export const latenciesIn = (rows: readonly Row[]): Latency[] =>
  rows.map((row) => ({ month: String(row.grp), ms: numberIn(row.ms), events: numberIn(row.events) }))

/** Of a list that rises. */
export function quantile(list: readonly Latency[], share: number): number | undefined {
  const all = list.reduce((sum, { events }) => sum + events, 0)
  let seen = 0
  for (const { ms, events } of list) {
    seen += events
    if (seen >= share * all) return ms
  }
  return undefined
}
