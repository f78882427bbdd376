/**
 * Words that call something well: "normal", "intact", "5/5". They speak of what they stand beside ("bladder normal") and
 * take back no fault that is named there, too: "saddle numbness, strength 5/5", "osteoporosis exam normal".
 */
import { type Cue, type CueAt, wordSet } from './cue-phrases.ts'
import type { Cues } from './cues.ts'
import { type Occurrence, once, wordsIn } from './phrases.ts'

/** Words of a clause that such a word speaks of: behind it to the next comma or colon, before it back to a comma. */
export function normalsIn(
  clause: readonly string[],
  cueAt: CueAt,
  isNew: readonly boolean[],
  cues: Cues,
): readonly boolean[] {
  const after = wordSet(cues['after-denied'])
  const isWell = clause.map(() => false)
  const normals = [...cueAt.values()].filter(
    (cue) => isNormal(cue) && !saysNoTrouble(clause, cue, cues) && !isTakenBack(clause, cue, cueAt),
  )
  // Each walk ends where the one before it began or ended, so that many such words cost no more than the clause is long.
  let walked = 0
  for (const { end } of normals)
    for (let at = Math.max(end, walked); at < clause.length && !isMark(clause[at]) && !isNew[at]; at += 1) {
      isWell[at] = true
      walked = at + 1
    }
  let from = clause.length
  for (const cue of normals.toReversed()) {
    if (!endsThere(clause, cue, isNew, after) && !meetsDenial(clause, cue, cueAt)) continue
    // "Bladder: normal": past a colon that stands right there.
    for (let at = Math.min(cue.start, from) - 1; at >= 0 && clause[at] !== ',' && !isNew[at + 1]; at -= 1) {
      isWell[at] = true
      from = at
    }
  }
  return isWell
}

export const isNormal = ({ payload }: Occurrence<Cue>) => payload.includes('normal')

/** "Without difficulty": calls something well by a denial, which takes back the fault that it names, and others. */
export function saysNoTrouble(clause: readonly string[], { start }: Occurrence<Cue>, cues: Cues): boolean {
  return firstWords(cues.negations).has(clause[start] ?? '')
}

/** Words that denials begin with. */
export const firstWords = once(
  (phrases: readonly string[]) => new Set(phrases.map((each) => wordsIn(each)[0] ?? '')),
)

/** "Does not feel normal", "cannot walk fine": a denial close before it, in words. DESIGN. */
function isTakenBack(clause: readonly string[], { start }: Occurrence<Cue>, cueAt: CueAt): boolean {
  for (let at = start - 1; at >= 0 && at >= start - closeBefore && clause[at] !== ','; at -= 1) {
    const kinds = cueAt.get(at)?.payload
    if (kinds?.includes('negation') || kinds?.includes('not-negation')) return true
  }
  return false
}
const closeBefore = 3

/** Nothing stands behind it that it could speak of. */
export function endsThere(
  clause: readonly string[],
  { end }: Occurrence<Cue>,
  isNew: readonly boolean[],
  after: ReadonlySet<string>,
): boolean {
  const next = clause[end]
  return next === undefined || next === ',' || isNew[end] === true || after.has(next) || isDay.test(next)
}

/** "Ruled out 11/3", "excluded 2019". */
const isDay = /^(?:date\d+|(?:19|20)\d\d)$/

/** "I pee fine and have no numbness": a denial begins behind the "and". */
export const meetsDenial = (clause: readonly string[], { end }: Occurrence<Cue>, cueAt: CueAt) =>
  (clause[end] === 'and' || clause[end] === 'y') &&
  [end + 1, end + 2].some((at) => cueAt.get(at)?.payload.includes('negation'))

const isMark = (word: string | undefined) => word === ',' || word === ':'
