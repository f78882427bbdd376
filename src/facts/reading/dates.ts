/** Which of a resource's dates can be believed: systems fill in 1900-01-01, the birth of Unix time, or next century. */
import { dayNumber, type Span, spanOf } from '../spans.ts'
import { statementShapes } from './types.ts'

/** 1900-01-01 and before: what systems write where nobody gave a date. */
const oldestBelieved = dayNumber('1900-01-01')

export interface DateReader {
  /** The first of these that is a date, not in the future, not before birth, and no filler. */
  believed(values: readonly unknown[]): Dated | undefined
}

export interface Dated {
  span: Span
  /** As written. */
  written: string
}

/** `today` and all spans in days since 1970-01-01. */
export function dateReader(today: number, birth: Span | undefined): DateReader {
  const isBelieved = ({ first, last }: Span) => {
    // Tomorrow is today in another time zone.
    if (first > today + 1 || last <= oldestBelieved) return false
    if (birth && last < birth.first) return false
    // Midnight of 1970-01-01, in this zone or one west of it, is a zero.
    return !(first === last && (first === 0 || first === -1))
  }
  return {
    believed(values) {
      for (const value of values) {
        const span = spanOf(value)
        if (span && isBelieved(span)) return { span, written: value as string }
      }
      return undefined
    },
  }
}

const none: readonly string[] = []

/** What a resource of this type says of its beginning, in the spellings of STU3, R4 and R5. */
export function startsOf(type: string, source: Readonly<Record<string, unknown>>): unknown[] {
  const starts: unknown[] = []
  for (const name of statementShapes.get(type)?.began ?? none) {
    const value = source[name]
    const start = typeof value === 'object' && value !== null ? (value as { start?: unknown }).start : value
    if (Array.isArray(start)) starts.push(...start)
    else if (start !== undefined) starts.push(start)
  }
  return starts
}

/** When somebody wrote it down. */
export const recordedOf = (source: Readonly<Record<string, unknown>>): unknown[] => [
  source.recordedDate,
  source.assertedDate,
  source.dateRecorded,
]
