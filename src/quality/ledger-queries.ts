/** The queries by which the ledger is asked about cards: the same for SQLite and PostgreSQL, each once over the calls of some months. */
import { numberIn, type Row, type Sql, type Statement } from '../ledger/sql.ts'

// Months where the hospital is, as spans of moments: a call at night on the last of a month belongs to that month.

export interface Month {
  /** `2026-03` */
  month: string
  /** In ms since 1970: from the first moment on, and before the last. */
  from: number
  to: number
}

/** The last months up to and with that of `now`, in their order. */
export function lastMonths(count: number, now: number, timeZone: string): readonly Month[] {
  const start = startsIn(timeZone)
  const [year = 1970, month = 1] = localParts(now, timeZone)
  return Array.from({ length: count }, (_, at) => {
    const first = new Date(Date.UTC(year, month - count + at, 1))
    const [y, m] = [first.getUTCFullYear(), first.getUTCMonth()]
    return { month: first.toISOString().slice(0, 7), from: start(y, m), to: start(y, m + 1) }
  })
}

/** `month` from 0 on. The difference to Greenwich is asked twice: it may change between the guess and the moment. */
const startsIn = (timeZone: string) => (year: number, month: number) => {
  const wanted = Date.UTC(year, month, 1)
  const once = wanted - differenceAt(wanted, timeZone)
  return wanted - differenceAt(once, timeZone)
}

function differenceAt(at: number, timeZone: string): number {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = localParts(at, timeZone)
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(at / 60_000) * 60_000
}

function localParts(at: number, timeZone: string): number[] {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  const parts = format.formatToParts(at)
  return ['year', 'month', 'day', 'hour', 'minute'].map((type) =>
    Number(parts.find((part) => part.type === type)?.value),
  )
}

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

interface CardQueries {
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

interface Latency {
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
