/** Of whom something was shown lately: no more is read than came since, nobody is missed, and what is over goes. */
import { expect, test } from 'vitest'
import { PatientsShown } from '../../src/ledger/shown.ts'
import type { Row, Statement } from '../../src/ledger/sql.ts'
import { day, hour } from './support.ts'

/** A store of cards, each with its patient and when it was shown; `asked` are the times since which it was read. */
function setUp(most = 100) {
  const cards: { patient: string; at: number }[] = []
  const seen = { time: 100 * day, asked: [] as number[], isAway: false }
  const batch = async ([statement]: readonly Statement[]): Promise<Row[][]> => {
    const since = Number(statement?.values?.[0])
    seen.asked.push(since)
    if (seen.isAway) throw new Error('away')
    const found = cards.filter(({ at }) => at >= since)
    return [[...new Map(found.map((card) => [card.patient, card])).values()]]
  }
  const shown = new PatientsShown({ sql: { batch }, now: () => seen.time, longest: 28 * day, most })
  return { shown, cards, seen }
}

test('reads all that counts at first, and after a while in which it heard nothing only what came since', async () => {
  const { shown, cards, seen } = setUp()
  cards.push(
    { patient: 'before', at: seen.time - 27 * day },
    { patient: 'long ago', at: seen.time - 29 * day },
  )
  expect(shown.isNew('nobody')).toBe(false)
  await shown.begin()
  expect(['before', 'long ago', 'nobody'].map((each) => shown.isNew(each))).toEqual([false, true, true])
  seen.time += 5 * day
  shown.end()
  expect(shown.isNew('nobody')).toBe(false)
  // Written while nobody listened, by an instance that could not write for most of a day.
  cards.push({ patient: 'meanwhile', at: seen.time - 20 * hour })
  seen.time += hour
  await shown.begin()
  expect(['before', 'meanwhile', 'nobody'].map((each) => shown.isNew(each))).toEqual([false, false, true])
  expect(seen.asked).toEqual([72 * day, 104 * day])
})

test('is not sure while it reads, nor where it could not; then it reads all again', async () => {
  const { shown, cards, seen } = setUp()
  cards.push({ patient: 'before', at: seen.time - 9 * day })
  const reading = shown.begin()
  expect(shown.isNew('nobody')).toBe(false)
  shown.end()
  await reading
  expect(shown.isNew('nobody')).toBe(false)
  await shown.begin()
  shown.end()
  seen.isAway = true
  await shown.begin()
  expect(shown.isNew('nobody')).toBe(false)
  seen.isAway = false
  await shown.begin()
  expect([shown.isNew('before'), shown.isNew('nobody')]).toEqual([false, true])
  expect(seen.asked).toEqual([72, 72, 99, 72].map((each) => each * day))
})

test('who is noted while it reads is known after it', async () => {
  const { shown, seen } = setUp()
  const reading = shown.begin()
  shown.note('just now', seen.time)
  await reading
  expect(shown.isNew('just now')).toBe(false)
})

test('SEC-14: holds nobody longer than counts', async () => {
  const { shown, seen } = setUp()
  await shown.begin()
  for (let days = 0; days < 60; days += 1) {
    for (let n = 0; n < 2; n += 1) shown.note(`${days} ${n}`, seen.time)
    shown.note('again and again', seen.time)
    shown.clean()
    seen.time += day
  }
  expect(shown.size).toBeLessThanOrEqual(2 * 29 + 1)
  expect(shown.isNew('0 0')).toBe(true)
  expect(['59 1', '40 0', 'again and again'].map((each) => shown.isNew(each))).toEqual([false, false, false])
})

test('SEC-14: of more than it has room for nobody is sure, however they came', async () => {
  for (const isRead of [true, false]) {
    const { shown, cards, seen } = setUp(10)
    const many = Array.from({ length: 11 }, (_, n) => ({ patient: `${n}`, at: seen.time }))
    if (isRead) cards.push(...many)
    await shown.begin()
    if (!isRead) for (const { patient, at } of many) shown.note(patient, at)
    expect(shown.isNew('nobody')).toBe(false)
    expect(shown.size).toBeLessThanOrEqual(10)
  }
})
