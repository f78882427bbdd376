/** When words say that something was, beside what an entry says of its date. */
import type { CodeRow } from '../pathway/codes.ts'
import type { Reader } from './reading/reader.ts'
import type { Said } from './reading/said.ts'
import type { Standing } from './reading/statuses.ts'
import { hasLasted, isOfUnknownDay, mayTellTime, spanTold, tellSpan } from './reading/told-time.ts'
import type { Span } from './spans.ts'
import { type Concept, wordsOfConcept } from './wire.ts'

interface Dates {
  began: Span | undefined
  recorded: Span | undefined
  /** As written. */
  date: string | undefined
  standing?: Standing
}

/** Rows that share a date; those without one of their own keep the entry's. */
export function byDate(
  rows: readonly CodeRow[],
  when: ReadonlyMap<string, Dates>,
): [Dates | undefined, readonly CodeRow[]][] {
  if (when.size === 0) return [[undefined, rows]]
  const groups = new Map<Dates | undefined, CodeRow[]>()
  for (const row of rows) {
    const dates = when.get(row.key)
    const same = groups.get(dates)
    if (same) same.push(row)
    else groups.set(dates, [row])
  }
  return [...groups]
}

/** "Compression fracture 2022": of that year, unless the entry itself says when it began. By group. */
export function datesInWords(
  said: readonly Concept[],
  { began, recorded, place }: Pick<Dates, 'began' | 'recorded'> & { place: string },
  reader: Reader,
): ReadonlyMap<string, Dates> {
  if (began && place === 'record') return new Map()
  // The name of a code tells no time, and takes none away from what somebody wrote beside it.
  const words = said.map((each) => each.text ?? wordsOfConcept(each)).filter((each) => mayTellTime(each))
  return words.length === 0
    ? new Map()
    : datesTold(reader.said(words.join(' | ')).times, recorded?.last ?? reader.today, reader)
}

/**
 * What is looked at on a day, and told to have begun before it: of the beginning. What is told to last is still there.
 * By group.
 */
export function datesOfAnswer(
  times: Said['times'],
  written: number,
  reader: Reader,
): ReadonlyMap<string, Dates> {
  const found = new Map<string, Dates>()
  for (const [key, dates] of datesTold(times, written, reader)) {
    const time = times.get(key)
    found.set(key, time && hasLasted(time) ? { ...dates, standing: 'active' } : dates)
  }
  return found
}

function datesTold(times: Said['times'], written: number, reader: Reader): ReadonlyMap<string, Dates> {
  const found = new Map<string, Dates>()
  for (const [key, time] of times) {
    const span = spanTold(time, written, reader.longStandingDays)
    // Of a day that nobody told: not of the day on which somebody wrote that down.
    if (isOfUnknownDay(time, written))
      found.set(key, { began: undefined, recorded: undefined, date: undefined })
    if (span) found.set(key, { began: span, recorded: undefined, date: tellSpan(span) })
  }
  return found
}
