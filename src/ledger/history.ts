/** What was shown about a patient lately, and what became of it: what this process has just said, and what the store knows. */
import type { Row, Sql } from './sql.ts'
import { numberIn, textIn } from './sql.ts'

/** One card that was shown. */
export interface Told {
  uuid: string
  /** In ms since 1970. */
  at: number
  hook: string
  rule: string
  /** Keys; of what this process has just said they are made when somebody asks. */
  readonly finding: string
  readonly orders: readonly string[]
  /** The call, where it has a name of its own. */
  instance: string | null
  outcome?: 'accepted' | 'overridden' | undefined
}

export interface History {
  told: readonly Told[]
  /** Interruptive cards that this clinician was shown today, each about one patient, rule and finding. */
  shownToClinician: number
  /** Whether this caller has sent feedback lately. */
  sendsFeedback: boolean
}

export interface Asked {
  patient: string
  clinician: string | null
  issuer: string | null
  tenant: string | null
  /** How far back, in ms since 1970. */
  since: number
  /** Whether the cards of the clinician are to be counted. */
  counts: boolean
  isToday: (at: number) => boolean
}

/** More of one patient are not looked at; the latest count. */
export const mostTold = 200
/** A caller that sent none for so long has stopped, in ms. */
const feedbackCounts = 28 * 86_400_000

/** The latest are found first, and the rest of them looked up: who was told much would else have all of it joined at each call. */
const told = `
  select c.uuid, c.at, c.hook, c.rule, c.finding, c.orders, (
    select e.instance from lumbar_ledger_evaluation e where e.id = c.evaluation
  ) as instance, (
    select f.outcome from lumbar_ledger_feedback f
    where f.card = c.uuid and f.issuer is not distinct from c.issuer and f.tenant is not distinct from c.tenant
    order by f.outcome_at desc, f.id desc limit 1
  ) as outcome
  from (
    select * from lumbar_ledger_card
    where patient = $1 and at >= $2 and tenant is not distinct from $3 and shown = 1
    order by at desc limit ${mostTold}
  ) c`
const ofClinician = `
  select max(at) as at from lumbar_ledger_card
  where clinician = $1 and at >= $2 and shown = 1 and indicator <> 'info'
  group by patient, rule, finding limit 2000`
/** No day is longer, in ms. */
const longestDay = 26 * 3_600_000
/** One statement: each of several is a question of its own to PostgreSQL, and every call asks. */
const whole = `
  select s.sends, t.* from (
    select case when exists (
      select 1 from lumbar_ledger_feedback
      where issuer is not distinct from $4 and tenant is not distinct from $3 and received >= $5
    ) then 1 else 0 end as sends
  ) s left join (${told}) t on 1 = 1 order by t.at desc`

export async function historyIn({ batch }: Sql, asked: Asked, now: number): Promise<History> {
  const { patient, clinician, issuer, tenant, since, counts, isToday } = asked
  const [rows = [], counted = []] = await batch([
    { sql: whole, values: [patient, since, tenant, issuer, now - feedbackCounts] },
    ...(counts && clinician !== null ? [{ sql: ofClinician, values: [clinician, now - longestDay] }] : []),
  ])
  return {
    told: rows.flatMap((row) => (row.uuid === null ? [] : toldIn(row))),
    shownToClinician: counted.filter(({ at }) => isToday(numberIn(at))).length,
    sendsFeedback: numberIn(rows[0]?.sends ?? 0) === 1,
  }
}

const toldIn = (row: Row): Told => ({
  uuid: String(row.uuid),
  at: numberIn(row.at),
  hook: String(row.hook),
  rule: String(row.rule),
  finding: String(row.finding),
  orders: String(row.orders).split(' ').filter(Boolean),
  instance: textIn(row.instance) ?? null,
  outcome: outcomeIn(row.outcome),
})

const outcomeIn = (value: unknown) => (value === 'accepted' || value === 'overridden' ? value : undefined)
