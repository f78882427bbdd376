/** What is asked of the ledger by people: one evaluation, everything of a time, whether all is well, what a trial run would have shown. */
import type { LedgerKeys } from './keys.ts'
import { numberIn, type Row, type Sql, textIn } from './sql.ts'

interface FeedbackTold {
  outcome: string
  at: number
  reason: string | undefined
  comment: string | undefined
  /** Labels of suggestions, by the key of our own content. */
  suggestions: string[]
}

export interface CardTold {
  uuid: string
  rule: string
  indicator: string
  isShown: boolean
  why: string | undefined
  lines: string[]
  suggestions: Readonly<Record<string, string>>
  feedback: readonly FeedbackTold[]
}

export interface EvaluationTold {
  id: string
  at: number
  hook: string
  mode: string
  instance: string | undefined
  issuer: string | undefined
  tenant: string | undefined
  department: string | undefined
  pathway: string
  digest: string
  ms: number
  unread: number
  passedOver: number
  patient: string
  clinician: string | undefined
  strata: Readonly<Record<string, string>>
  verdicts: readonly {
    kind: string
    holds: string[]
    unknown: string[]
    closedBy: string[]
    heldBack: string[]
    quieted: string[]
  }[]
  prefetch: Readonly<Record<string, string>>
  cards: readonly CardTold[]
  /** What became of its orders, as far as a FHIR server said, for those of which it was the first call. */
  became: readonly OrderTold[]
}

interface OrderTold {
  kind: string
  outcome: string
  /** The status of the order there, or why nobody can tell. */
  why: string | undefined
}

const joined = `
  left join lumbar_ledger_feedback f on f.card = c.uuid
    and f.issuer is not distinct from c.issuer and f.tenant is not distinct from c.tenant`

/** By its id, by the name of its call, or by the uuid of one of its cards; the latest first. Without keys no comment is read. */
export async function findEvaluations(sql: Sql, name: string, keys?: LedgerKeys): Promise<EvaluationTold[]> {
  const [rows = []] = await sql.batch([
    {
      sql: `select * from lumbar_ledger_evaluation where id = $1 or instance = $2
        or id in (select evaluation from lumbar_ledger_card where uuid = $2) order by at desc limit 20`,
      values: [name, name.toLowerCase()],
    },
  ])
  return Promise.all(rows.map((row) => withCards(sql, row, keys)))
}

/** In the order of time, from the first moment on and before the last, in ms since 1970. */
export async function* exported(
  sql: Sql,
  { from, to }: { from: number; to: number },
  keys?: LedgerKeys,
): AsyncGenerator<EvaluationTold> {
  const atOnce = 500
  let after: [number, string] = [from, '']
  for (;;) {
    const [rows = []] = await sql.batch([
      {
        sql: `select * from lumbar_ledger_evaluation where at < $3 and (at > $1 or (at = $1 and id > $2))
          order by at, id limit ${atOnce}`,
        values: [...after, to],
      },
    ])
    for (const row of rows) yield await withCards(sql, row, keys)
    const last = rows.at(-1)
    if (!last || rows.length < atOnce) return
    after = [numberIn(last.at), String(last.id)]
  }
}

async function withCards(sql: Sql, row: Row, keys: LedgerKeys | undefined): Promise<EvaluationTold> {
  const values = [String(row.id)]
  const [cards = [], feedback = [], became = []] = await sql.batch([
    { sql: 'select * from lumbar_ledger_card where evaluation = $1 order by shown desc, rule', values },
    {
      sql: `select c.uuid, f.told, f.outcome, f.outcome_at, f.reason_code, f.suggestions as accepted, m.sealed
        from lumbar_ledger_card c ${joined} left join lumbar_ledger_comment m on m.told = f.told
        where c.evaluation = $1 and f.told is not null order by f.outcome_at, f.id`,
      values,
    },
    {
      sql: 'select kind, outcome, why from lumbar_ledger_became where evaluation = $1 order by kind, outcome',
      values,
    },
  ])
  return {
    id: String(row.id),
    at: numberIn(row.at),
    hook: String(row.hook),
    mode: String(row.mode),
    instance: textIn(row.instance),
    issuer: textIn(row.issuer),
    tenant: textIn(row.tenant),
    department: textIn(row.department),
    pathway: String(row.pathway),
    digest: String(row.digest),
    ms: numberIn(row.ms),
    unread: numberIn(row.unread),
    passedOver: numberIn(row.passed_over),
    patient: String(row.patient),
    clinician: textIn(row.clinician),
    strata: JSON.parse(String(row.strata)),
    verdicts: JSON.parse(String(row.verdicts)),
    prefetch: JSON.parse(String(row.prefetch)),
    cards: cards.map((card) => cardOf(card, feedback, keys)),
    became: became.map(({ kind, outcome, why }) => ({
      kind: String(kind),
      outcome: String(outcome),
      why: textIn(why),
    })),
  }
}

function cardOf(card: Row, feedback: readonly Row[], keys: LedgerKeys | undefined): CardTold {
  const suggestions: Record<string, string> = JSON.parse(String(card.suggestions))
  return {
    uuid: String(card.uuid),
    rule: String(card.rule),
    indicator: String(card.indicator),
    isShown: numberIn(card.shown) === 1,
    why: textIn(card.why),
    lines: String(card.lines).split(' ').filter(Boolean),
    suggestions,
    feedback: feedback
      .filter(({ uuid }) => uuid === card.uuid)
      .map((row) => ({
        outcome: String(row.outcome),
        at: numberIn(row.outcome_at),
        reason: textIn(row.reason_code),
        comment: keys && typeof row.sealed === 'string' ? keys.open(String(row.told), row.sealed) : undefined,
        suggestions: String(row.accepted)
          .split(' ')
          .filter(Boolean)
          .map((uuid) => suggestions[uuid] ?? uuid),
      })),
  }
}

interface Health {
  counts: Readonly<Record<string, number>>
  /** What is wrong, each in a sentence; none where all is well. */
  problems: string[]
}

/** Whether the store holds together, and the key is the one that comments were sealed with. */
export async function verifyLedger(sql: Sql, keys: LedgerKeys): Promise<Health> {
  const problems: string[] = []
  if (sql.dialect.name === 'sqlite') {
    const [rows = []] = await sql.batch([{ sql: 'pragma integrity_check' }])
    const said = rows.map(({ integrity_check: line }) => String(line))
    if (said.join() !== 'ok') problems.push(`the file is damaged: ${said.slice(0, 5).join('; ')}`)
  }
  const count = (what: string) => ({ sql: `select count(*) as rows from ${what}` })
  const [evaluations, cards, feedback, comments, orphans, unjoined] = await sql.batch([
    count('lumbar_ledger_evaluation'),
    count('lumbar_ledger_card'),
    count('lumbar_ledger_feedback'),
    count('lumbar_ledger_comment'),
    count(
      'lumbar_ledger_card c where not exists (select 1 from lumbar_ledger_evaluation e where e.id = c.evaluation)',
    ),
    count(
      'lumbar_ledger_feedback f where not exists (select 1 from lumbar_ledger_card c where c.uuid = f.card)',
    ),
  ])
  const numberOf = (rows: readonly Row[] | undefined) => numberIn(rows?.[0]?.rows ?? 0)
  if (numberOf(orphans) > 0) problems.push(`${numberOf(orphans)} cards belong to no evaluation`)
  const [sealed = []] = await sql.batch([
    { sql: 'select told, sealed from lumbar_ledger_comment order by received desc limit 1000' },
  ])
  const shut = sealed.filter((row) => keys.open(String(row.told), String(row.sealed)) === undefined).length
  if (shut > 0) problems.push(`${shut} of the latest ${sealed.length} comments do not open with this key`)
  return {
    counts: {
      evaluations: numberOf(evaluations),
      cards: numberOf(cards),
      feedback: numberOf(feedback),
      'feedback of unknown cards': numberOf(unjoined),
      comments: numberOf(comments),
    },
    problems,
  }
}

interface Rehearsal {
  from: number
  to: number
  orders: number
  clinicians: number
  /** By rule: cards that would have been shown, each about one patient, finding and order once. */
  rules: readonly { rule: string; indicator: string; cards: number }[]
  /** Cards of each clinician in the week, rising. */
  byClinician: readonly number[]
}

const week = 7 * 86_400_000

/** The first week of a trial run, from `from` on or from its first card: what would have been shown. */
export async function rehearse(sql: Sql, from?: number): Promise<Rehearsal | undefined> {
  const silent = "why in ('silent-rule', 'silent-caller', 'silent-department')"
  const [first = []] = await sql.batch([
    {
      sql: `select min(at) as at from lumbar_ledger_card where ${silent} and at >= $1`,
      values: [from ?? 0],
    },
  ])
  const begun = first[0]?.at
  if (begun === null || begun === undefined) return undefined
  const start = from ?? numberIn(begun)
  const values = [start, start + week]
  const within = 'at >= $1 and at < $2'
  const once = `select distinct patient, clinician, rule, indicator, finding, orders from lumbar_ledger_card where ${silent} and ${within}`
  const [orders = [], clinicians = [], rules = [], each = []] = await sql.batch([
    { sql: `select count(distinct made) as rows from lumbar_ledger_ordered where ${within}`, values },
    { sql: `select count(distinct clinician) as rows from lumbar_ledger_evaluation where ${within}`, values },
    {
      sql: `select rule, indicator, count(*) as rows from (${once}) as cards group by rule, indicator order by rows desc, rule`,
      values,
    },
    {
      sql: `select count(*) as rows from (${once}) as cards where clinician is not null group by clinician order by rows`,
      values,
    },
  ])
  return {
    from: start,
    to: start + week,
    orders: numberIn(orders[0]?.rows ?? 0),
    clinicians: numberIn(clinicians[0]?.rows ?? 0),
    rules: rules.map((row) => ({
      rule: String(row.rule),
      indicator: String(row.indicator),
      cards: numberIn(row.rows),
    })),
    byClinician: each.map((row) => numberIn(row.rows)),
  }
}
