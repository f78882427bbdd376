/** The dashboard asks PostgreSQL and SQLite the same, and both answer the same. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sql } from '../../src/ledger/sql.ts'
import { openPostgres } from '../../src/ledger/threaded.ts'
import { cycleNotes, withdrawNote, writeNote } from '../../src/quality/cycles.ts'
import { cardFigures, cardSummary } from '../../src/quality/from-ledger.ts'
import { lastMonths } from '../../src/quality/ledger-queries.ts'
import { latestLooks, writeLook } from '../../src/quality/viewer.ts'
import { admin, databaseUrl, reachable, schema } from '../smart/database.ts'
import { aYear, emptyLedger, write } from './ledger.ts'

const until = Date.parse('2026-01-15T12:00:00Z')
const months = lastMonths(13, until, 'America/Los_Angeles')

async function everything(sql: Sql) {
  await write(sql, aYear(until, ['one', 'two'], 3))
  const note = { measure: 'all', cycle: 'Cards on', phase: 'do', day: '2025-06-01', words: '' }
  await writeNote(sql, note, [], { id: 'first', at: 1, author: 'lead' })
  await writeNote(sql, note, [], { id: 'second', at: 2, author: 'lead' })
  await withdrawNote(sql, 'first', { id: 'third', at: 3, author: 'lead' })
  await writeLook(sql, { role: 'lead', who: 'lead', name: 'lead' }, 'measures', 4)
  return {
    cards: await cardFigures(sql, { months, reasons: {}, notChecked: ['OP08'] }),
    own: await cardSummary(sql, { months, clinician: ['one'] }),
    notes: await cycleNotes(sql),
    looks: await latestLooks(sql),
  }
}

test('months begin where the hospital is', () => {
  const [first, last] = [months[0], months.at(-1)]
  expect([first?.month, last?.month]).toEqual(['2025-01', '2026-01'])
  expect(new Date(first?.from ?? 0).toISOString()).toBe('2025-01-01T08:00:00.000Z')
  // In July it is an hour less.
  expect(new Date(months[6]?.from ?? 0).toISOString()).toBe('2025-07-01T07:00:00.000Z')
  expect(months.slice(1).every(({ from }, at) => from === months[at]?.to)).toBe(true)
})

describe.skipIf(!reachable)('in PostgreSQL', () => {
  let sql: Sql
  beforeAll(async () => {
    await admin(`create schema ${schema}`)
    sql = openPostgres(databaseUrl(), { info: () => undefined, warn: () => undefined })
  })
  afterAll(async () => {
    await sql.close()
    await admin(`drop schema ${schema} cascade`)
  })

  test('figures, notes and looks are those of SQLite', async () => {
    const lite = emptyLedger()
    const expected = await everything(lite)
    expect(expected.own.all.calls).toBeGreaterThan(300)
    expect(expected.notes.map(({ id }) => id)).toEqual(['second'])
    expect(await everything(sql)).toEqual(expected)
    await lite.close()
  })
})
