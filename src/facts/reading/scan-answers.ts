/**
 * "Concern for cauda equina, MRI negative": a scan that found nothing answers what was suspected before it. Nobody knows
 * whether it is of this week, so that somebody reads what is left; signs are left as they are.
 */
import { wordSet } from '../cue-phrases.ts'
import type { Cues } from '../cues.ts'
import type { Heard } from './both-ways.ts'
import { rowsForSomebody } from './terms.ts'

type Words = Pick<Cues, 'scans' | 'scanned' | 'finds-nothing'>

/** The first place at which a clause names a scan that found nothing; undefined where it names none. */
export function scanThatFoundNothing(clause: readonly string[], cues: Words): number | undefined {
  const [scans, between, nothing] = [
    wordSet(cues.scans),
    wordSet(cues.scanned),
    wordSet(cues['finds-nothing']),
  ]
  const mayStandBetween = (word: string | undefined) =>
    word !== undefined && (between.has(word) || /^(date)?\d+$/.test(word))
  for (const [at, word] of clause.entries()) {
    if (!scans.has(word)) continue
    if (nothing.has(clause[at - 1] ?? '')) return at - 1
    let next = at + 1
    while (mayStandBetween(clause[next])) next += 1
    // "MRI negative for fracture" answers of fractures alone.
    if (nothing.has(clause[next] ?? '') && clause[next + 1] !== 'for') return at
  }
  return undefined
}

/** What is heard of a suspicion behind which such a scan stands. */
export const afterScan =
  (answered: ReadonlySet<string>, signs: ReadonlyMap<string, ReadonlySet<string>>) =>
  (heard: Heard): Heard => {
    if (heard.certainty !== 'suspected' || !heard.rows.every(({ key }) => answered.has(key))) return heard
    const rows = rowsForSomebody(heard.rows, signs)
    return rows ? { ...heard, rows, times: heard.times.slice(0, rows.length) } : heard
  }
