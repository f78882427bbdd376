/**
 * A text whose lines may go on is read both ways. What is there by one of them alone is there, but a sign that the other way
 * denies is read by somebody: "denies bowel or bladder⏎incontinence", "no trauma or falls in the last weeks⏎foot drop".
 */
import type { CodeRow } from '../../pathway/codes.ts'
import type { Certainty } from '../cue-phrases.ts'
import type { Cues } from '../cues.ts'
import { joinedPerhaps } from '../lines.ts'
import { rowsForSomebody } from './terms.ts'
import type { ToldTime } from './told-time.ts'

/** What a clause says of some rows, and when of each. */
export interface Heard {
  rows: readonly CodeRow[]
  certainty: Certainty
  times: readonly (ToldTime | undefined)[]
}

/** `signs` are sets of value sets by the group of words that asks somebody to read. */
export function heardBothWays(
  text: string,
  hear: (text: string) => readonly Heard[],
  cues: Cues,
  signs: ReadonlyMap<string, ReadonlySet<string>>,
): readonly Heard[] {
  const apart = hear(text)
  const whole = joinedPerhaps(text, cues)
  if (whole === undefined) return apart
  const together = hear(whole)
  const known = new Set(together.filter(isThere).flatMap(({ rows }) => rows.map(({ key }) => key)))
  const onlyApart = apart.filter(isThere).flatMap(({ rows, certainty, times }) => {
    const places = [...rows.keys()].filter((at) => !known.has(rows[at]?.key ?? ''))
    const left = places.flatMap((at) => rows[at] ?? [])
    if (left.length === 0) return []
    return {
      rows: rowsForSomebody(left, signs) ?? left,
      certainty,
      times: places.map((at) => times[at]),
    }
  })
  return [...together, ...onlyApart]
}

const isThere = ({ certainty }: Heard) => certainty !== 'not-said'
