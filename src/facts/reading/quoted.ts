/**
 * What a note quotes of an older one is of that one's day: "ED note 10/12: saddle numbness"; "previous note: foot drop" is
 * of a day that nobody told, and is asked about. Quoted is what stands behind the words for the note in the same clause.
 */
import { phraseSet, wordSet } from '../cue-phrases.ts'
import type { Cues } from '../cues.ts'
import { isOfNow } from '../items.ts'
import { isDateWord, type ToldTime, timeIn } from './told-time.ts'

interface Quoted {
  /** The place from which on it is quoted. */
  from: number
  time: ToldTime
}

type Words = Pick<Cues, 'quoted' | 'quoted-with-date'>

/** Words for a note stand among the first of a clause. DESIGN. */
const mostBefore = 9
const longestName = 2

export function quotedIn(clause: readonly string[], cues: Cues): Quoted | undefined {
  const colon = clause.slice(0, mostBefore).indexOf(':')
  const heading = clause.slice(0, colon < 0 ? mostBefore : colon)
  if (isOfNow(heading, cues)) return undefined
  const end = endOfName(heading, cues, 'quoted')
  const time = timeIn(heading)
  if (end !== undefined) return { from: colon < 0 ? end : colon, time: time ?? { isUndated: true } }
  // "Seen 10/12, foot drop": without a colon nobody quotes.
  const isSource = endOfName(heading, cues, 'quoted-with-date') !== undefined || heading.every(isDateWord)
  return colon > 0 && time && isSource ? { from: colon, time } : undefined
}

function endOfName(heading: readonly string[], cues: Words, list: keyof Words): number | undefined {
  const names = phraseSet(cues[list])
  for (let start = 0; start < heading.length; start += 1)
    for (let end = start + 1; end <= Math.min(heading.length, start + longestName); end += 1)
      if (names.has(heading.slice(start, end).join(' '))) return end
  return undefined
}

/**
 * "Foot drop since 10/2": signs before it are of that day, but where one is new again. What is taken or treated since then is of every day.
 */
export function sinceIn(
  clause: readonly string[],
  cues: Pick<Cues, 'new-again'>,
): { upTo: number; time: ToldTime } | undefined {
  if (clause.some((word) => wordSet(cues['new-again']).has(word))) return undefined
  const at = clause.findIndex((word, place) => isSince.test(word) && isDateWord(clause[place + 1] ?? ''))
  const time = at < 0 ? undefined : timeIn(clause.slice(at + 1, at + 2))
  return time && { upTo: at, time: 'day' in time ? { ...time, isSince: true } : time }
}
const isSince = /^(?:since|desde)$/
