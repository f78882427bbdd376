/** When an entry began, as well or badly as charts say it, and what a careful reader may conclude of its age. */

import { addDays } from '../language/when.ts'
import type { Random } from '../support/random.ts'

/** Days old, from the youngest to the oldest that the entry allows; undefined where nothing tells. */
export type Span = readonly [number, number] | undefined

export const codedDates = ['onset and recorded', 'recorded only', 'dated by its visit'] as const
export const oddDates = [
  'year only',
  'undated',
  'implausible onset, recorded well',
  'implausible onset only',
  'onset with time and zone',
  'month only',
] as const
export type DateQuality = (typeof codedDates)[number] | (typeof oddDates)[number] | 'this visit'

export interface Dated {
  quality: DateQuality
  onsetDateTime?: string
  recordedDate?: string
  /** The visit that dates the entry took place on this day. */
  visitOn?: string
  span: Span
}

const implausible = (today: string, born: string, random: Random) =>
  random.pick(['1900-01-01', '0001-01-01T00:00:00', addDays(today, 400), addDays(born, -2000)])

export function dateOf(
  quality: DateQuality,
  age: number,
  at: { today: string; born: string },
  random: Random,
): Dated {
  const day = addDays(at.today, -age)
  switch (quality) {
    case 'onset and recorded':
      return {
        quality,
        onsetDateTime: day,
        recordedDate: addDays(day, Math.min(age, random.below(3))),
        span: [age, age],
      }
    case 'recorded only':
      return { quality, recordedDate: day, span: [age, age] }
    case 'dated by its visit':
      return { quality, visitOn: day, span: [age, age] }
    case 'this visit':
      return { quality, span: [0, 0] }
    case 'onset with time and zone':
      return { quality, onsetDateTime: `${day}T15:30:00-08:00`, span: [age, age] }
    case 'year only':
      return {
        quality,
        onsetDateTime: day.slice(0, 4),
        span: spanOf(`${day.slice(0, 4)}-01-01`, `${day.slice(0, 4)}-12-31`, at.today),
      }
    case 'month only':
      return {
        quality,
        onsetDateTime: day.slice(0, 7),
        span: spanOf(`${day.slice(0, 7)}-01`, `${day.slice(0, 7)}-28`, at.today),
      }
    case 'implausible onset, recorded well':
      return {
        quality,
        onsetDateTime: implausible(at.today, at.born, random),
        recordedDate: day,
        span: [age, age],
      }
    case 'implausible onset only':
      return { quality, onsetDateTime: implausible(at.today, at.born, random), span: undefined }
    case 'undated':
      return { quality, span: undefined }
  }
}

const daysFrom = (day: string, today: string) =>
  Math.max(0, Math.round((Date.parse(`${today}T00:00:00Z`) - Date.parse(`${day}T00:00:00Z`)) / 86_400_000))

const spanOf = (first: string, last: string, today: string): Span => [
  daysFrom(last, today),
  daysFrom(first, today),
]
