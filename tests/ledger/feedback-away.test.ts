/** FB: feedback that cannot be kept is never answered as kept. */
import { expect, test } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { LedgerFailure } from '../../src/ledger/failure.ts'
import { openSqlite } from '../../src/ledger/threaded.ts'
import { hearWith } from '../../src/ledger-start.ts'
import { realContent } from '../support/evaluator.ts'
import { callOf, openDesk } from './support.ts'

const url = '/cds-services/lumbar-order-select/feedback'
const outcomeTimestamp = '2026-11-21T18:33:00Z'

const item = (card: string, more: object = {}) => ({ card, outcome: 'overridden', outcomeTimestamp, ...more })

test('FB-1: feedback that cannot be kept is refused with 503, and never answered as kept', async () => {
  const working = openSqlite(':memory:')
  let isAway = false
  const full = () => Promise.reject(new LedgerFailure('away', 'SQLITE_13', 'full'))
  const broken = openDesk({
    sql: {
      ...working,
      batch: (asked) => (isAway ? full() : working.batch(asked)),
      write: (drafts, secret) => (isAway ? full() : working.write(drafts, secret)),
    },
  })
  const refusing = buildApp({
    ...broken.evaluator,
    elapsed: () => performance.now(),
    content: realContent(),
    evaluate: broken.evaluator.evaluate,
    hear: hearWith(broken.ledger),
    troubles: broken.ledger.troubles,
  })
  const { cards } = await broken.evaluator.evaluate(callOf('order-select', 'acute-week-two', ['lumbar-mri']))
  isAway = true
  const body = { feedback: [item(cards[0]?.uuid ?? '')] }
  const away = await refusing.inject({ method: 'POST', url, payload: body })
  expect([away.statusCode, away.headers['retry-after']]).toEqual([503, '5'])
  expect(away.json().issue[0].details.coding[0].code).toBe('ledger-unavailable')
  // Calls are answered all along, and whoever asks is told.
  const call = callOf('order-select', 'acute-sciatica', ['lumbar-mri'])
  expect((await broken.evaluator.evaluate(call)).cards).toHaveLength(1)
  const ready = await refusing.inject('/readyz')
  expect([ready.statusCode, ready.json()]).toEqual([200, { status: 'ready', troubles: ['ledger-away'] }])
  isAway = false
  await expect
    .poll(async () => (await refusing.inject({ method: 'POST', url, payload: body })).statusCode)
    .toBe(200)
  expect((await refusing.inject('/readyz')).json()).toEqual({ status: 'ready' })
  expect(await broken.rows('select outcome from lumbar_ledger_feedback')).toHaveLength(1)
  expect(await broken.rows('select id from lumbar_ledger_evaluation')).toHaveLength(2)
  await refusing.close()
  await broken.close()
})
