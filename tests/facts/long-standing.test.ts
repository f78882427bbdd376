/** Signs that are called old, and those that are new again; relatives of whom one tells and the other is ill. */
import { describe, expect, test } from 'vitest'
import { Lexicon } from '../../src/facts/reading/lexicon.ts'
import { spanTold } from '../../src/facts/reading/told-time.ts'
import { content } from './support.ts'

const lexicon = new Lexicon(content)
const timeOf = (text: string) => [...lexicon.read(text).times.values()]
const groupsOf = (text: string) => lexicon.read(text).affirmed.map(({ group }) => group)

describe('a sign', () => {
  test.each([
    'chronic urinary incontinence',
    'urinary incontinence, chronic',
    'Longstanding left foot drop',
    'foot drop since childhood',
    'incontinencia urinaria cronica',
  ])('that is called old began long ago: "%s"', (text) => {
    expect(timeOf(text)).toEqual([{ isLongStanding: true }])
  })

  test.each([
    'acute on chronic urinary retention',
    'chronic foot drop, now worse',
    'new urinary incontinence with chronic low back pain',
    'chronic low back pain, foot drop',
    'foot drop in a patient with chronic kidney disease',
  ])('that is new again, or beside something old, did not: "%s"', (text) => {
    expect(groupsOf(text).length).toBeGreaterThan(0)
    expect(timeOf(text)).not.toContainEqual({ isLongStanding: true })
  })

  test.each([
    'urinary incontinence for 7 years, worse since Friday',
    'foot drop for 3 years, progressing',
    'longstanding foot drop for 4 yrs, worsening',
  ])('that has lasted and gets worse is of a day that nobody told: "%s"', (text) => {
    expect(timeOf(text)).toContainEqual({ isUndated: true })
  })

  test('of which two words say that it has lasted is of the days that are counted', () => {
    const [time] = timeOf('urinary incontinence x 12 yrs, unchanged')
    expect(time).toMatchObject({ lasts: true })
    expect(timeOf('foot drop x 3 days, unchanged')).toEqual([])
    expect(timeOf('foot drop x 3 days, worse')).toMatchObject([{ least: 2, lasts: true }])
  })

  test('called old began at least so many days before it was written, and nobody knows how many more', () => {
    expect(spanTold({ isLongStanding: true }, 1000, 180)).toEqual({
      first: Number.NEGATIVE_INFINITY,
      last: 820,
    })
  })
})

describe('of two people', () => {
  test.each([
    ['foot drop, his mother had a stroke', 'severe-or-progressive-motor'],
    ['Wife says he lost bladder control, his father had prostate cancer', 'bladder-bowel-new'],
    ['Daughter says his brother had colon cancer and he drags his left foot', 'severe-or-progressive-motor'],
    ['His son, who has lung cancer, reports that patient fell from a roof', 'major-trauma'],
  ])('the patient is heard: "%s"', (text, group) => {
    expect(groupsOf(text)).toContain(group)
  })

  test.each([
    'Daughter states his mother had breast cancer',
    'breast cancer, colon cancer (mother)',
    'Wife says he lost bladder control, his father had prostate cancer',
    'His son, who has lung cancer, reports that patient fell from a roof',
  ])('the relative is not: "%s"', (text) => {
    expect(groupsOf(text).filter((group) => /malignancy|cancer|solid/.test(group))).toEqual([])
  })
})
