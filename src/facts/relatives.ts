/** What is told of a relative, and not of the patient. */
import { type Certainty, type Cue, type CueAt, phraseSet, wordSet } from './cue-phrases.ts'
import type { Cues } from './cues.ts'
import { isStatement } from './items.ts'
import type { Occurrence } from './phrases.ts'

/**
 * Cues but for relatives who tell of the patient, and for the patient as a relative calls him: "husband on the line,
 * states wife cannot move her foot". "Daughter says her aunt had cancer" stays of the aunt.
 */
export function withoutTellers(
  clause: readonly string[],
  cuesThere: readonly Occurrence<Cue>[],
  cues: Cues,
): readonly Occurrence<Cue>[] {
  const relatives = cuesThere.filter(({ payload }) => payload[0] === 'family')
  const tellers = new Set(relatives.filter((each) => isInformant(clause, each, cues)))
  for (const each of relatives) if (isTakenFrom(clause, each, cues)) tellers.add(each)
  // Somebody writes for the patient: "my husband drags his foot". Of an illness ("my mother had cancer") it stays theirs.
  const [first] = relatives
  if (first && isWritersOwn(clause, first, cues)) tellers.add(first)
  for (const [at, each] of relatives.entries()) {
    const before = relatives[at - 1]
    if (before && isPatientToldOf(clause, each, cues)) tellers.add(before).add(each)
  }
  return tellers.size === 0 ? cuesThere : cuesThere.filter((each) => !tellers.has(each))
}

/** "Snorts his roommate's Adderall": it is the patient who does. */
function isTakenFrom(clause: readonly string[], { start, end }: Occurrence<Cue>, cues: Cues): boolean {
  const takes = wordSet(cues['takes-of-others'])
  return (
    clause[end - 1]?.endsWith("'s") === true &&
    clause.slice(Math.max(0, start - 2), start).some((word) => takes.has(word))
  )
}

/** A relative of the writer's at the beginning, who does or cannot do something. */
const isWritersOwn = (clause: readonly string[], cue: Occurrence<Cue>, cues: Cues) =>
  isOfTheWriter(clause, cue, cues) && isStatement(clause.slice(cue.end, cue.end + wordsOfStatement), cues)
/** DESIGN: "my husband can no longer lift". */
const wordsOfStatement = 4

/** "My husband …". */
const isOfTheWriter = (clause: readonly string[], { start }: Occurrence<Cue>, cues: Cues) =>
  start === 1 && wordSet(cues['writers-own']).has(clause[0] ?? '')

function isPatientToldOf(clause: readonly string[], { start, end }: Occurrence<Cue>, cues: Cues): boolean {
  const between = wordSet(cues.possessives)
  let verb = start - 1
  const leads = wordSet(cues['leads-on'])
  while (between.has(clause[verb] ?? '') || leads.has(clause[verb] ?? '')) verb -= 1
  return (
    wordSet(cues['tells-that']).has(clause[verb] ?? '') &&
    !wordSet(cues['relatives-verbs']).has(clause[end] ?? '')
  )
}

/** "Wife noticed that he drags a foot", "per daughter": a relative who tells of the patient is not who is ill. */
function isInformant(clause: readonly string[], { start, end }: Occurrence<Cue>, cues: Cues): boolean {
  const isHers = wordSet(cues.possessives).has(clause[start - 1] ?? '')
  const before = clause[start - (isHers ? 2 : 1)] ?? ''
  return wordSet(cues['told-by']).has(before) || wordSet(cues['tells-that']).has(clause[end] ?? '')
}

/**
 * All that stands together with a relative is the relative's, but for what stands before a comma and a sentence of its
 * own ("foot drop, his mother had cancer"), and, where another relative tells, for what the patient does behind it
 * ("daughter says her aunt has cancer and he drags a foot").
 */
export function leaveToFamily(
  clause: readonly string[],
  cueAt: CueAt,
  isNew: readonly boolean[],
  state: Certainty[],
  cues: Cues,
  isToldByAnother: boolean,
  commas: readonly number[],
  far: Set<number>,
) {
  const acts = phraseSet(cues['acts-of-others'])
  const mayOwn = wordSet(cues.possessives)
  const verbs = wordSet(cues['relatives-verbs'])
  const patients = wordSet(cues['the-patient'])
  const ownSentence = ({ start, end }: Occurrence<Cue>) => {
    const at = mayOwn.has(clause[start - 1] ?? '') ? start - 1 : start
    return clause[at - 1] === ',' && verbs.has(clause[end] ?? '') ? at : undefined
  }
  let start = 0
  for (let end = 1; end <= state.length; end += 1) {
    if (end < state.length && !isNew[end]) continue
    let from: number | undefined
    let to = end
    const near = new Set<number>()
    for (let at = start; at < end; at += 1) {
      const cue = cueAt.get(at)
      if (cue?.payload[0] === 'family') {
        // "Foot drop after lifting a patient": only what stands behind it in its item is somebody else's.
        if (acts.has(clause.slice(cue.start, cue.end).join(' ')))
          for (let of = cue.end; of < end && clause[of] !== ','; of += 1) state[of] = 'not-said'
        else {
          from ??= ownSentence(cue) ?? start
          // "My husband has foot drop": written for the patient, or of another one.
          if (!isOfTheWriter(clause, cue, cues)) near.add(commas[at] ?? 0)
        }
      } else if (
        from !== undefined &&
        isToldByAnother &&
        isAnd(clause[at]) &&
        patients.has(clause[at + 1] ?? '')
      )
        to = Math.min(to, at)
    }
    if (from !== undefined) {
      // What was denied before stays denied: "mother had cancer, denies weakness".
      for (let at = from; at < to; at += 1)
        if (state[at] !== 'not-said' && !near.has(commas[at] ?? 0)) far.add(at)
      state.fill('not-said', from, to)
    }
    start = end
  }
}

const isAnd = (word: string | undefined) => word === 'and' || word === ',' || word === 'y'
