/** A store that is slow, or has much to tell of one patient: it is asked once, and no more than it can answer in time. */
import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { Asking } from '../../src/ledger/asking.ts'
import { type History, historyIn, mostTold } from '../../src/ledger/history.ts'
import type { Sql } from '../../src/ledger/sql.ts'
import { openSqlite } from '../../src/ledger/threaded.ts'
import { callOf, type Desk, openDesk, shown } from './support.ts'

const desks: Desk[] = []
afterAll(() => Promise.all(desks.map(({ close }) => close())))

const nothing: History = { told: [], shownToClinician: 0, sendsFeedback: false }
const select = (patientId: string) => {
  const call = callOf('order-select', 'acute-week-two', ['lumbar-mri'], { hookInstance: randomUUID() })
  return patientId === '' ? call : { ...call, patientId }
}

/** A desk whose store answers what is asked of a patient when it is let. */
async function slowDesk(patience: number) {
  const sql = openSqlite(':memory:')
  const gate = Promise.withResolvers<void>()
  const asked = { times: 0 }
  const slow: Sql = {
    ...sql,
    batch: async (statements) => {
      if (statements.some(({ sql: text }) => text.includes('t.* from'))) {
        asked.times += 1
        await gate.promise
      }
      return sql.batch(statements)
    },
  }
  const at = openDesk({ sql: slow, settings: { patience } })
  desks.push(at)
  return { at, asked, answer: gate.resolve }
}

test('BEST-1: calls about one patient put one question to a store that is slow', async () => {
  const { at, asked, answer } = await slowDesk(20_000)
  const calls = Array.from({ length: 40 }, () => shown(at, select('')))
  await expect.poll(() => asked.times).toBe(1)
  answer()
  expect(new Set((await Promise.all(calls)).flat())).toEqual(new Set(['IM01 warning']))
  expect(asked.times).toBe(1)
})

test('an answer that comes too late for its call is kept for the next', async () => {
  const { at, asked, answer } = await slowDesk(5)
  // Nothing is known of what was told before, until one that listens has begun.
  await at.ledger.begin()
  await shown(at, select(''))
  await shown(at, select(''))
  expect(asked.times).toBe(1)
  answer()
  await at.ledger.flush()
  await expect.poll(async () => (await shown(at, select(''))).join()).toBe('IM01 info')
  expect(asked.times).toBe(1)
})

test('when more wait than can be answered in time, no other is put, and each that was answered makes room', async () => {
  const asking = new Asking(2)
  const gate = Promise.withResolvers<History>()
  let put = 0
  const question = () => {
    put += 1
    return gate.promise
  }
  const waiting = ['a', 'b', 'a'].map((key) => asking.share(key, question))
  await expect(asking.share('c', question)).rejects.toMatchObject({ kind: 'away', code: 'TOO-MANY-WAIT' })
  expect(put).toBe(2)
  gate.resolve(nothing)
  await Promise.all(waiting)
  await expect(asking.share('c', question)).resolves.toBe(nothing)
})

test('what has changed is asked anew, though the question before is still open', async () => {
  const asking = new Asking()
  const late = Promise.withResolvers<History>()
  const before = asking.share('a', () => late.promise)
  asking.renew()
  const after = { ...nothing, sendsFeedback: true }
  expect(await asking.share('a', async () => after)).toBe(after)
  late.resolve(nothing)
  expect(await before).toBe(nothing)
})

test('of a patient who was told very much the latest alone are looked up', async () => {
  const sql = openSqlite(':memory:')
  const at = openDesk({ sql })
  desks.push(at)
  await shown(at, select(''))
  await at.ledger.flush()
  await at.rows(`
    with recursive many(n) as (select 1 union all select n + 1 from many where n < 3000)
    insert into lumbar_ledger_card
    select printf('%08d-0000-4000-8000-000000000000', n), evaluation, at - n, hook, issuer, tenant, patient, clinician, rule,
      indicator, shown, why, finding, orders, lines, suggestions
    from lumbar_ledger_card, many`)
  const [{ patient }] = (await at.rows('select patient from lumbar_ledger_card limit 1')) as [
    { patient: string },
  ]
  const asked = {
    patient,
    clinician: null,
    issuer: null,
    tenant: null,
    since: 0,
    counts: false,
    isToday: () => true,
  }
  const { told } = await historyIn(sql, asked, at.clock.time)
  expect(told).toHaveLength(mostTold)
  expect(told.map(({ at: time }) => time)).toEqual(
    Array.from({ length: mostTold }, (_, n) => at.clock.time - n),
  )
  expect(told.every(({ instance }) => instance !== null)).toBe(true)
})
