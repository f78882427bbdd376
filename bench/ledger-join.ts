/** How long the ledger takes to answer what is asked of it over many evaluations. */
import { randomUUID } from 'node:crypto'
import type { Draft } from '../src/ledger/draft.ts'
import { ledgerKeys } from '../src/ledger/keys.ts'
import type { Sql, Statement } from '../src/ledger/sql.ts'
import { median } from './numbers.ts'

const evaluations = 20_000
const secret = Buffer.alloc(32, 7)

/** Cards and feedback of all evaluations by rule, as a dashboard asks it; ms. */
export async function timeJoin(sql: Sql) {
  await sql.batch([{ sql: 'select 1 as one' }])
  const begun = performance.now()
  for (let at = 0; at < evaluations; at += 500) {
    const drafts = Array.from({ length: 500 }, (_, more) => draftOf(at + more))
    await sql.write(
      drafts.map((draft) => JSON.stringify(draft)),
      secret,
    )
    const told = drafts.map(({ cards: [card] }) => ({ told: randomUUID(), card: card?.uuid ?? '' }))
    await sql.batch([
      {
        sql: `insert into lumbar_ledger_feedback (told, received, service, card, outcome, outcome_at, suggestions)
          select told, 1, 'lumbar-order-sign', card, 'overridden', 1, '' from ${sql.dialect.listed('$1', { told: 'text', card: 'text' })} where true`,
        values: [JSON.stringify(told)],
      },
    ])
  }
  const wrote = performance.now() - begun
  const feedback =
    'left join lumbar_ledger_feedback f on f.card = c.uuid and f.issuer is not distinct from c.issuer'
  // A card carries the time and caller of its evaluation, so that nobody has to go there to count.
  const join = {
    sql: `select c.rule, f.outcome, count(*) as cards from lumbar_ledger_card c ${feedback}
      where c.at >= 0 group by c.rule, f.outcome`,
  }
  const withEvaluations = {
    sql: `select e.department, c.rule, f.outcome, count(*) as cards from lumbar_ledger_evaluation e
      join lumbar_ledger_card c on c.evaluation = e.id ${feedback}
      where e.at >= 0 group by e.department, c.rule, f.outcome`,
  }
  if (sql.dialect.name === 'postgres') await sql.batch([{ sql: 'analyze' }])
  const timed = async (statement: Statement) => {
    const times: number[] = []
    for (let run = 0; run < 9; run++) {
      const started = performance.now()
      await sql.batch([statement])
      times.push(performance.now() - started)
    }
    return Number(median(times).toFixed(1))
  }
  const joins = {
    'cards with feedback in ms': await timed(join),
    'evaluations with cards and feedback in ms': await timed(withEvaluations),
  }
  const history = {
    sql: 'select uuid from lumbar_ledger_card where patient = $1 and at >= 0 and shown = 1',
    values: [ledgerKeys(secret).keyOf('patient', '', 'patient-7')],
  }
  const started = performance.now()
  for (let run = 0; run < 100; run++) await sql.batch([history])
  const asked = (performance.now() - started) / 100
  await sql.close()
  return {
    evaluations,
    'written in ms': Math.round(wrote),
    ...joins,
    'history of a patient in ms': Number(asked.toFixed(2)),
  }
}

function draftOf(at: number): Draft {
  return {
    id: randomUUID(),
    at,
    hook: 'order-sign',
    mode: 'live',
    instance: randomUUID(),
    issuer: null,
    tenant: null,
    pathway: '0.1.0',
    digest: 'digest',
    ms: 1,
    department: null,
    strata: {},
    verdicts: [],
    prefetch: {},
    unread: 0,
    passed_over: 0,
    naming: {
      server: '',
      patient: `patient-${at % 2000}`,
      encounter: null,
      clinician: `clinician-${at % 50}`,
      orders: [['lumbar-imaging', `order-${at}`]],
    },
    kinds: ['lumbar-imaging'],
    coverage: [],
    cards: [
      {
        uuid: randomUUID(),
        rule: `IM0${at % 9}`,
        indicator: 'warning',
        shown: 1,
        why: null,
        finding: ['IM01'],
        orders: [0],
        lines: '',
        suggestions: {},
      },
    ],
  }
}
