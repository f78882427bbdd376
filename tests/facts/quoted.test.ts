/** What is ruled out, what an older note says, and days without their year. */
import { describe, expect, test } from 'vitest'
import { Lexicon } from '../../src/facts/reading/lexicon.ts'
import { spanTold } from '../../src/facts/reading/told-time.ts'
import { dateOf, dayNumber } from '../../src/facts/spans.ts'
import { content, today } from './support.ts'

const lexicon = new Lexicon(content)
const groups = (text: string) => {
  const { affirmed, suspected } = lexicon.read(text)
  return [...new Set([...affirmed, ...suspected].map(({ key }) => key.split('/')[1]))]
}

describe('a cauda equina syndrome', () => {
  test.each([
    'CES has been ruled out',
    'cauda equina ruled out 11/3',
    'MRI negative for cauda equina',
    'neg MRI for CES',
    "CES r/o'd by ortho",
    'surgeon does not feel this is CES',
    'CES less likely given normal tone',
    'presentation not consistent with cauda equina',
  ])('that is ruled out is not there: "%s"', (text) => {
    expect(groups(text)).toEqual([])
  })

  test.each(['CES has not been ruled out', 'cauda equina not yet excluded', 'rule out CES, MRI tomorrow'])(
    'that is not ruled out may be there: "%s"',
    (text) => {
      expect(groups(text)).toEqual(['cauda-equina'])
    },
  )

  test.each(['concern for CES, MRI negative', 'suspected cauda equina. MRI lumbar 11/3 was normal.'])(
    'that a scan did not find is read by somebody: "%s"',
    (text) => {
      expect(groups(text)).toEqual(['nerve'])
    },
  )

  test.each([
    ['concern for CES, MRI brain negative', 'cauda-equina'],
    ['MRI negative last year, now concern for CES', 'cauda-equina'],
    ['saddle numbness, concern for CES, MRI negative', 'saddle-sensory'],
    ['xray neg for fracture, foot drop', 'severe-or-progressive-motor'],
    ['UA negative for infection, urinary retention', 'bladder-bowel-new'],
  ])('or another sign is left by a test that does not answer it: "%s"', (text, group) => {
    expect(groups(text)).toContain(group)
  })
})

const day = dayNumber(today)
/** First and last day of the one sign in a text. */
function daysOf(text: string): string {
  const { affirmed, times } = lexicon.read(text)
  const key = affirmed.find(({ set }) => set.startsWith('d0'))?.key
  const time = key === undefined ? undefined : times.get(key)
  if (!time) return key === undefined ? 'no sign' : 'of the day of the entry'
  const span = spanTold(time, day, 180)
  return span ? `${dateOf(span.first)} to ${dateOf(span.last)}` : 'nobody knows'
}

describe('an older note', () => {
  test.each([
    ['ED note 10/12: saddle numbness', '2026-10-12 to 2026-10-12'],
    ['11/19: foot drop', '2026-11-19 to 2026-11-19'],
    ['2019 note: foot drop', '2019-01-01 to 2019-12-31'],
    ['previous note: foot drop', 'nobody knows'],
    ['copied forward: urinary retention', 'nobody knows'],
    ['ED note: cannot urinate', 'of the day of the entry'],
    ['Last seen today: foot drop', 'of the day of the entry'],
  ])('tells of its own day: "%s"', (text, days) => {
    expect(daysOf(text)).toBe(days)
  })
})

describe('a day without its year', () => {
  test.each([
    ['fell 11/18', '2026-11-18 to 2026-11-18'],
    ['fell on 11/5', '2026-11-05 to 2026-11-05'],
    ['foot drop 10/2', '2026-10-02 to 2026-10-02'],
    ['foot drop since 8/9', '2026-08-09 to 2026-08-09'],
    ['fell on 18/11', '2026-11-18 to 2026-11-18'],
  ])('is of this year where it is not long ago: "%s"', (text, days) => {
    expect(daysOf(text)).toBe(days)
  })

  test.each([
    ['foot drop 12/4', 'nobody knows'],
    ['fracture of l1 11/24', '2024-11-01 to 2026-11-24'],
    ['foot drop 3/31', '2026-03-31 to 2026-03-31'],
  ])('may be a month with its year, a plan, or the day first: "%s"', (text, days) => {
    expect(daysOf(text)).toBe(days)
  })

  test.each(['dorsiflexion 3/5', 'pain 8/10, foot drop', 'Suboxone 8/2, foot drop'])(
    'is none in a strength, a pain or a dose: "%s"',
    (text) => {
      expect(daysOf(text)).toBe('of the day of the entry')
    },
  )

  test('a pain of ten beside a foot is no fall of ten feet', () => {
    expect(groups('pain 8/10 foot drop')).toEqual(['severe-or-progressive-motor'])
  })
})
