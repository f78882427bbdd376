/** What was read of a patient's history is kept for a minute: nothing is answered otherwise by it, and it stays small. */
import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import type { History } from '../../src/ledger/history.ts'
import { Lately } from '../../src/ledger/lately.ts'
import type { Sql } from '../../src/ledger/sql.ts'
import { openSqlite } from '../../src/ledger/threaded.ts'
import { callOf, type Desk, openDesk, shown, told } from './support.ts'

const desks: Desk[] = []
afterAll(() => Promise.all(desks.map(({ close }) => close())))

/** A desk whose store counts how often a history is read from it. */
async function countingDesk() {
  const sql = openSqlite(':memory:')
  const read = { times: 0 }
  const counting: Sql = {
    ...sql,
    batch: (statements) => {
      if (statements.some(({ sql: text }) => text.includes('t.* from'))) read.times += 1
      return sql.batch(statements)
    },
  }
  const at = openDesk({ sql: counting })
  desks.push(at)
  await at.ledger.begin()
  return { at, read }
}

const select = () => callOf('order-select', 'acute-week-two', ['lumbar-mri'], { hookInstance: randomUUID() })
const sign = () => callOf('order-sign', 'acute-week-two', ['lumbar-mri'], { hookInstance: randomUUID() })

test('BEST-1: the calls of one order read the history of their patient once', async () => {
  const { at, read } = await countingDesk()
  expect(await shown(at, select())).toEqual(['IM01 warning'])
  // Each knows what the one before it said, written or not.
  expect(await shown(at, select())).toEqual(['IM01 info'])
  await at.ledger.flush()
  expect(await shown(at, select())).toEqual(['IM01 info'])
  expect(await shown(at, sign())).toEqual(['IM01 info'])
  expect(read.times).toBe(1)
})

test('G-08: what is overridden within that minute is not told again', async () => {
  const { at, read } = await countingDesk()
  await shown(at, select())
  const { cards } = await at.evaluator.evaluate(select())
  await at.ledger.flush()
  await at.ledger.hear('lumbar-order-select', undefined, [told(cards[0]?.uuid ?? '', { at: at.clock.time })])
  expect(await shown(at, sign())).toEqual([])
  expect(read.times).toBe(2)
})

test('FB-1: a caller whose first feedback came within that minute counts as one that sends it', async () => {
  const { at } = await countingDesk()
  await shown(at, select())
  expect(await shown(at, sign())).toEqual(['IM01 info'])
  await at.ledger.hear('lumbar-order-select', undefined, [told(randomUUID(), { at: at.clock.time })])
  expect(await shown(at, sign())).toEqual(['IM01 warning'])
})

test('what a command forgets is forgotten here too, within a minute', async () => {
  const { at, read } = await countingDesk()
  await shown(at, select())
  await shown(at, select())
  await at.rows('delete from lumbar_ledger_card')
  at.clock.pass(60_000)
  expect(await shown(at, select())).toEqual(['IM01 warning'])
  expect(read.times).toBe(2)
})

const history = (cards: number): History => ({
  told: Array.from({ length: cards }, (_, n) => ({
    ...{ uuid: `${n}`, at: 0, hook: 'order-sign', rule: 'IM01', finding: '', orders: [], instance: null },
  })),
  shownToClinician: 0,
  sendsFeedback: false,
})
const nobody = { patient: 'patient', issuer: null, tenant: null }

test('SEC-14: it is bounded by patients and by cards, and what is over goes', () => {
  let time = 0
  const lately = new Lately(() => time)
  for (let n = 0; n < 5000; n += 1) lately.begin()(`patient ${n}`, { history: history(1), ...nobody })
  expect(lately.size).toBeLessThanOrEqual(2000)
  lately.clear()
  for (let n = 0; n < 500; n += 1) lately.begin()(`patient ${n}`, { history: history(200), ...nobody })
  expect(lately.size).toBeLessThanOrEqual(101)
  time += 60_001
  lately.begin()('another', { history: history(1), ...nobody })
  expect(lately.size).toBe(1)
})

test('is not kept where feedback came while it was read, and is not another caller’s', () => {
  const lately = new Lately(() => 0)
  const keep = lately.begin()
  lately.hear([{ card: 'x' }], null, null)
  keep('patient', { history: history(1), ...nobody })
  expect(lately.get('patient', null)).toBeUndefined()
  lately.begin()('patient', { history: history(1), ...nobody })
  expect(lately.get('patient', null)?.told).toHaveLength(1)
  expect(lately.get('patient', 'https://another.example')).toBeUndefined()
})
