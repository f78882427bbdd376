/**
 * `npm run bench:ledger`: services killed ten times under load on each store, a join over 20,000 evaluations, and what the
 * ledger costs a call. PostgreSQL where one answers at DATABASE_URL; what is written there goes with its schema.
 */
import { randomUUID } from 'node:crypto'
import { countOf, readArguments } from '../src/cli/arguments.ts'
import { asked } from '../src/cli/run.ts'
import type { EvaluationRow } from '../src/ledger/entry.ts'
import { openPostgres } from '../src/ledger/postgres.ts'
import type { Sql } from '../src/ledger/sql.ts'
import { openSqlite } from '../src/ledger/sqlite.ts'
import { writeEvaluations } from '../src/ledger/write.ts'
import { killUnderLoad } from '../tests/ledger/kill.ts'
import { callOf, openDesk } from '../tests/ledger/support.ts'
import { admin, databaseUrl, reachable, schema } from '../tests/smart/database.ts'
import { evaluatorWith } from '../tests/support/evaluator.ts'
import { median } from './numbers.ts'

const rounds = asked((words) => {
  const { values } = readArguments(words, { kills: { type: 'string', default: '10' } }, 0)
  return countOf(values.kills, '--kills')
})
const silent = { info: () => undefined, warn: () => undefined }
const evaluations = 20_000

if (reachable) await admin(`create schema ${schema}`)
try {
  if (rounds > 0) {
    console.log('killed, one instance on SQLite:', await killUnderLoad({ rounds }))
    if (reachable)
      console.log(
        'killed, one of two instances on PostgreSQL:',
        await killUnderLoad({ rounds, databaseUrl: databaseUrl(), instances: 2 }),
      )
  }
  console.log('SQLite:', await timeJoin(openSqlite(':memory:')))
  if (reachable) console.log('PostgreSQL:', await timeJoin(openPostgres(databaseUrl(), silent)))
  console.log('a call:', await timeCalls())
} finally {
  if (reachable) await admin(`drop schema ${schema} cascade`)
}

/** Cards and feedback of all evaluations by rule, as a dashboard asks it; ms. */
async function timeJoin(sql: Sql) {
  await sql.batch([{ sql: 'select 1 as one' }])
  const begun = performance.now()
  for (let at = 0; at < evaluations; at += 500) {
    const rows = Array.from({ length: 500 }, (_, more) => rowOf(at + more))
    await writeEvaluations(sql, rows)
    const told = rows.map(({ cards: [card] }) => ({ told: randomUUID(), card: card?.uuid ?? '' }))
    await sql.batch([
      {
        sql: `insert into lumbar_ledger_feedback (told, received, service, card, outcome, outcome_at, suggestions)
          select told, 1, 'lumbar-order-sign', card, 'overridden', 1, '' from ${sql.dialect.listed('$1', { told: 'text', card: 'text' })} where true`,
        values: [JSON.stringify(told)],
      },
    ])
  }
  const wrote = performance.now() - begun
  const join = {
    sql: `select c.rule, f.outcome, count(*) as cards from lumbar_ledger_evaluation e
      join lumbar_ledger_card c on c.evaluation = e.id
      left join lumbar_ledger_feedback f on f.card = c.uuid and f.issuer is not distinct from c.issuer
      where e.at >= 0 group by c.rule, f.outcome`,
  }
  if (sql.dialect.name === 'postgres') await sql.batch([{ sql: 'analyze' }])
  const times: number[] = []
  for (let run = 0; run < 9; run++) {
    const started = performance.now()
    await sql.batch([join])
    times.push(performance.now() - started)
  }
  const history = {
    sql: 'select uuid from lumbar_ledger_card where patient = $1 and at >= 0 and shown = 1',
    values: ['patient-7'],
  }
  const started = performance.now()
  for (let run = 0; run < 100; run++) await sql.batch([history])
  const asked = (performance.now() - started) / 100
  await sql.close()
  return {
    evaluations,
    'written in ms': Math.round(wrote),
    'join in ms': Number(median(times).toFixed(1)),
    'history of a patient in ms': Number(asked.toFixed(2)),
  }
}

function rowOf(at: number): EvaluationRow {
  const patient = `patient-${at % 2000}`
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
    patient,
    encounter: null,
    clinician: `clinician-${at % 50}`,
    department: null,
    strata: '{}',
    verdicts: '[]',
    prefetch: '{}',
    unread: 0,
    passed_over: 0,
    ordered: [{ kind: 'lumbar-imaging', made: `order-${at}` }],
    cards: [
      {
        uuid: randomUUID(),
        rule: `IM0${at % 9}`,
        indicator: 'warning',
        shown: 1,
        why: null,
        finding: 'finding',
        orders: `order-${at}`,
        lines: '',
        suggestions: '{}',
      },
    ],
  }
}

/** CPU of an evaluation with and without the ledger, in turns; µs, of this thread and of the whole process. */
async function timeCalls() {
  const desk = openDesk()
  await desk.ledger.begin()
  const bare = evaluatorWith({}, { newId: randomUUID })
  const call = callOf('order-sign', 'acute-week-two', ['lumbar-mri'])
  const text = JSON.stringify(call)
  // Each of a patient of its own, so that nobody's history grows.
  const fresh = () =>
    Array.from(
      { length: 200 },
      () => JSON.parse(text.replaceAll(call.patientId, randomUUID())) as typeof call,
    )
  const measured = { bare: [] as number[][], ledger: [] as number[][] }
  for (let run = 0; run < 24; run++) {
    for (const [name, evaluator] of [
      ['bare', bare],
      ['ledger', desk.evaluator],
    ] as const) {
      const calls = fresh()
      const [thread, all] = [process.threadCpuUsage(), process.cpuUsage()]
      for (const each of calls) {
        await evaluator.evaluate(each)
        await new Promise(setImmediate)
      }
      if (name === 'ledger') await desk.ledger.flush()
      const [own, whole] = [process.threadCpuUsage(thread), process.cpuUsage(all)]
      if (run > 5)
        measured[name].push([own.user + own.system, whole.user + whole.system].map((us) => us / calls.length))
    }
  }
  await desk.close()
  const of = (name: 'bare' | 'ledger', at: 0 | 1) =>
    Math.round(median(measured[name].map((each) => each[at] ?? 0)))
  return {
    'thread without, with': [of('bare', 0), of('ledger', 0)],
    'process without, with': [of('bare', 1), of('ledger', 1)],
  }
}
