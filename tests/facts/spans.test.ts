/** FHIR dates as spans of days: whole and partial, leap days, time zones, and what is no date. */
import { describe, expect, test } from 'vitest'
import { dayNumber, daysAgo, spanOf, yearsBetween } from '../../src/facts/spans.ts'

const day = (date: string) => dayNumber(date)
const span = (first: string, last = first) => ({ first: day(first), last: day(last) })

describe('a date', () => {
  test.each([
    ['2026-11-21', span('2026-11-21')],
    ['2026-11', span('2026-11-01', '2026-11-30')],
    ['2026', span('2026-01-01', '2026-12-31')],
    ['2024-02', span('2024-02-01', '2024-02-29')],
    ['2023-02', span('2023-02-01', '2023-02-28')],
    ['2024', span('2024-01-01', '2024-12-31')],
    ['2024-12', span('2024-12-01', '2024-12-31')],
    ['2024-02-29', span('2024-02-29')],
    [' 2026-11-21 ', span('2026-11-21')],
  ])('%s is read with all the days that it may mean', (date, expected) => {
    expect(spanOf(date)).toEqual(expected)
  })

  test.each([
    '2026-11-21T23:30:00-08:00',
    '2026-11-21T00:30:00+14:00',
    '2026-11-21T23:59:59Z',
    '2026-11-21T08:15:00.123Z',
    '2026-11-21T08:15',
    '2026-11-21 08:15:00',
  ])('%s is the day that its writer saw on the calendar, in whatever zone', (date) => {
    expect(spanOf(date)).toEqual(span('2026-11-21'))
  })

  test.each([
    '2023-02-29',
    '2026-02-30',
    '2026-11-31',
    '2026-00-10',
    '2026-13',
    '2026-11-00',
    '26-11-21',
    'X2002-09-26',
    'not a date',
    '21.11.2026',
    '2026-1-1',
    '2026-11-21X',
    '',
    undefined,
    null,
    20261121,
    {},
  ])('%j is none', (date) => {
    expect(spanOf(date)).toBeUndefined()
  })
})

describe('days ago', () => {
  const today = day('2024-03-01')

  test.each([
    ['2024-03-01', { low: 0, high: 0 }],
    ['2024-02-29', { low: 1, high: 1 }],
    ['2024-02-28', { low: 2, high: 2 }],
    ['2023-03-01', { low: 366, high: 366 }],
    ['2024-02', { low: 1, high: 29 }],
    ['2023', { low: 61, high: 425 }],
    ['2024-03', { low: 0, high: 0 }],
    ['2024', { low: 0, high: 60 }],
    ['2024-03-02', { low: 0, high: 0 }],
  ])(
    'of %s are counted over leap days, and a date of tomorrow is today in another zone',
    (date, expected) => {
      expect(daysAgo(spanOf(date), today)).toEqual(expected)
    },
  )

  test.each(['2024-03-03', '2025', '2024-04'])('of %s are none, because it is ahead', (date) => {
    expect(daysAgo(spanOf(date), today)).toBeUndefined()
  })

  test('of no date are none', () => {
    expect(daysAgo(undefined, today)).toBeUndefined()
  })
})

describe('age', () => {
  const age = (birth: string, today: string) =>
    yearsBetween(spanOf(birth) ?? { first: 0, last: 0 }, day(today))

  test.each([
    ['the day before the birthday', '1980-11-22', '2026-11-21', 45, 45],
    ['on the birthday', '1980-11-21', '2026-11-21', 46, 46],
    ['of a leap-day child on the 28th of a common year', '2004-02-29', '2022-02-28', 17, 17],
    ['of a leap-day child on the 1st of March', '2004-02-29', '2022-03-01', 18, 18],
    ['where only the month is known', '1980-11', '2026-11-21', 45, 46],
    ['where only the year is known', '1980', '2026-11-21', 45, 46],
    ['of a newborn', '2026-11-21', '2026-11-21', 0, 0],
  ])('%s', (_, birth, today, low, high) => {
    expect(age(birth, today)).toEqual({ low, high })
  })
})

test('today must be one day, because otherwise nothing can be dated', () => {
  expect(() => dayNumber('2026-11')).toThrow(/today must be a date/)
  expect(() => dayNumber('tomorrow')).toThrow(/today must be a date/)
})
