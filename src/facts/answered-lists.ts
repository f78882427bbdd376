/** Lists whose answer stands at their end: "weakness, numbness, incontinence: denied", "fever, chills all negative". */
import { type Cue, type CueAt, phraseSet, wordSet } from './cue-phrases.ts'
import type { Cues } from './cues.ts'
import { isOfNow, isStatement } from './items.ts'
import { endsThere } from './normals.ts'
import type { Occurrence } from './phrases.ts'

/** What the answer at the end of a list does to a word before its last comma; of two items somebody reads the first. */
type Answered = ReadonlyMap<number, 'denied' | 'unsure'>

const none: Answered = new Map()

export function answeredLists(
  clause: readonly string[],
  cueAt: CueAt,
  isNew: readonly boolean[],
  cues: Cues,
): Answered {
  if (!clause.includes(',')) return none
  const answered = new Map<number, 'denied' | 'unsure'>()
  const after = wordSet(cues['after-denied'])
  let searched = clause.length
  for (const cue of [...cueAt.values()].toReversed()) {
    if (cue.start >= searched || !isDenial(cue) || !endsThere(clause, cue, isNew, after)) continue
    const reach = reachOf(clause, cue, cues)
    if (!reach) continue
    // The item with the answer is denied by it in any case.
    let end = clause.lastIndexOf(',', cue.start)
    const firsts: number[] = []
    // An answer before what is walked here has a list of its own.
    searched = Math.max(0, end)
    while (end > 0) {
      let start = end - 1
      while (start >= 0 && !isMark(clause[start]) && !isNew[start + 1]) start -= 1
      start += 1
      if (saysMore(clause.slice(start, end), longest[reach], cues) || opens(start, end, cueAt)) break
      firsts.push(start)
      searched = start
      if (clause[start - 1] !== ',') break
      end = start - 1
    }
    const first = firsts.at(-1)
    if (first === undefined) continue
    const told = reach === 'all' || firsts.length > 1 ? 'denied' : 'unsure'
    for (let at = first; at < cue.start; at += 1) answered.set(at, told)
  }
  return answered
}

/** DESIGN: words of an item of a list that was asked through. */
const longest = { all: 10, several: 5 }

/** "Foot drop today", "PVR 700": more than the name of a sign that was asked for. */
const saysMore = (item: readonly string[], most: number, cues: Cues) =>
  item.length > most || item.some((word) => /\d/.test(word)) || isStatement(item, cues) || isOfNow(item, cues)

const isDenial = ({ payload }: Occurrence<Cue>) =>
  payload.includes('denied-before') || (payload.includes('answer') && !payload.includes('normal'))

/** "All denied" answers the whole list; "are denied" and ": denied" a list of three or more. */
function reachOf(clause: readonly string[], { start, end }: Occurrence<Cue>, cues: Cues) {
  const words = clause.slice(start, end)
  const before = clause[start - 1] ?? ''
  const whole = phraseSet(cues['answers-all'])
  if (whole.has(words.join(' ')) || whole.has([before, ...words].join(' '))) return 'all'
  const plural = wordSet(cues.are)
  if (before === ':' || plural.has(before) || plural.has(words[0] ?? ''))
    return phraseSet(cues['answers-several']).has(words.filter((word) => !plural.has(word)).join(' '))
      ? 'several'
      : undefined
  return undefined
}

/** Another cue stands in the item: a past, a relative, a suspicion, which the answer does not take back. */
function opens(start: number, end: number, cueAt: CueAt): boolean {
  for (let at = start; at < end; at += 1) {
    const kind = cueAt.get(at)?.payload[0]
    if (kind && kind !== 'name' && kind !== 'negation' && kind !== 'answer') return true
  }
  return false
}

const isMark = (word: string | undefined) => word === ',' || word === ':'
