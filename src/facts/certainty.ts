/** What people say of a phrase in a clause: a denial, a suspicion, the past, the family. */
import { answeredLists } from './answered-lists.ts'
import { endsOf } from './clauses.ts'
import { type Certainty, type Cue, type CueAt, cuesOf, phraseSet, wordSet } from './cue-phrases.ts'
import type { Cues } from './cues.ts'
import { isAskedToo, listBehind } from './denied-lists.ts'
import { type Instructions, instructionsIn } from './instructions.ts'
import { type Items, itemsOf } from './items.ts'
import { endsThere, firstWords, isNormal, meetsDenial, normalsIn, saysNoTrouble } from './normals.ts'
import { commasIn, type Occurrence, placesIn } from './phrases.ts'
import { leaveToFamily, withoutTellers } from './relatives.ts'

/** A cue that begins something new after a comma ends a denial: "denies fever, history of breast cancer". */
const beginsAnew = new Set<Cue | undefined>(['suspected', 'past', 'family'])

/** What a clause says of the phrase between two places. One that names a fault is taken back by no "normal" beside it. */
export type CertaintyAt = (start: number, end: number, namesFault?: boolean) => Certainty

export interface Certainties {
  certaintyAt: CertaintyAt
  /** What stands between the two places is of the past, or of somebody else, by a word beyond a comma alone. */
  isFar(start: number, end: number): boolean
}

const allAffirmed: Certainties = { certaintyAt: () => 'affirmed', isFar: () => false }

/** One walk forwards and one back over the words of a clause. */
export function certainties(clause: readonly string[], cues: Cues): Certainties {
  const all = cuesOf(clause, cues)
  const found = withoutTellers(clause, all, cues)
  if (found.length === 0) return allAffirmed
  const cueAt = new Map(found.map((each) => [each.start, each]))
  const state: Certainty[] = clause.map(() => 'affirmed')
  const items = itemsOf(clause, cues)
  const instructions = instructionsIn(clause, cueAt, items, cues)
  const isNew = beginnings(clause, cueAt, cues, items, instructions)
  const commas = commasIn(clause)
  const far = new Set<number>()
  walkForwards(clause, cueAt, isNew, state, cues, items, instructions, commas, far)
  walkBack(clause, cueAt, isNew, state, cues, far)
  // "Discussed cauda equina red flags": what was taught is named in the cue itself.
  for (const { start, end, payload } of found)
    if (payload[0] === 'condition') state.fill('not-said', start, end)
  leaveToFamily(clause, cueAt, isNew, state, cues, found.length < all.length, commas, far)
  for (const [at, told] of answeredLists(clause, cueAt, isNew, cues)) {
    if (told === 'denied') far.delete(at)
    else if (state[at] !== 'not-said') far.add(at)
    state[at] = 'not-said'
  }
  const isWell = found.some(isNormal) ? normalsIn(clause, cueAt, isNew, cues) : []
  const certaintyAt: CertaintyAt = (start, end, namesFault = false) => {
    let said: Certainty = 'affirmed'
    for (let at = start; at < end; at += 1) {
      const word = state[at]
      if (word === 'not-said' || (!namesFault && isWell[at])) return 'not-said'
      if (word === 'suspected' || (word === 'past' && said === 'affirmed')) said = word
    }
    return said
  }
  return { certaintyAt, isFar: (start, end) => placesIn(start, end).some((at) => far.has(at)) }
}

/**
 * Words at which what was said before ends: "no fever but foot drop"; "mother with cancer" is one thing, and so is
 * "call if she has fever".
 */
function beginnings(
  clause: readonly string[],
  cueAt: CueAt,
  cues: Cues,
  { own }: Items,
  { ends }: Instructions,
): readonly boolean[] {
  const { words } = endsOf(cues['negation-ends'])
  const contrasts = wordSet(cues.contrasts)
  const leads = wordSet(cues['leads-on'])
  const familyEnds = new Set(
    [...cueAt.values()].flatMap(({ start, end, payload }) =>
      // "His son, who has cancer" is one thing too; "mama con" is one cue.
      payload[0] === 'family'
        ? [
            ...placesIn(start + 1, end + 1),
            ...(clause[end] === ',' ? [end + 2] : []),
            // "It's her husband who has the CPAP."
            ...(leads.has(clause[end] ?? '') ? [end + 1] : []),
          ]
        : [],
    ),
  )
  let isConditional = false
  let isOfFamily = false
  return clause.map((word, at) => {
    if (word === ',' || contrasts.has(word)) isOfFamily = false
    if (cueAt.get(at)?.payload[0] === 'family') isOfFamily = true
    // "Dad in hospice with lung cancer".
    if (isOfFamily && word === 'with') return false
    // "Denies incontinence, legs buckling x 2 d": nobody says since when what is denied has been there.
    if (own.has(at) && !isConditional && !opensDenial(cueAt.get(at))) return true
    const mayBegin = words.has(word) || contrasts.has(word)
    // "Return if fever, new weakness" goes on; "return if worse, she has foot drop" does not.
    const goesOn = wordSet(cues['new-again']).has(word) && !contrasts.has(word)
    if (contrasts.has(word) || ends.has(at) || (mayBegin && clause[at - 1] === ',' && !goesOn))
      isConditional = false
    if (cueAt.get(at)?.payload[0] === 'condition') isConditional = true
    return words.has(word) && !isConditional && !familyEnds.has(at) && !cueAt.has(at)
  })
}

/** "Denies trauma, cannot walk" is no denial of walking; "…, no fever x 2 d" denies still. */
const opensDenial = (cue: Occurrence<Cue> | undefined) =>
  cue !== undefined && cue.payload[0] !== 'not-negation'

function walkForwards(
  clause: readonly string[],
  cueAt: CueAt,
  isNew: readonly boolean[],
  state: Certainty[],
  cues: Cues,
  { ofNow }: Items,
  { ends, unsure }: Instructions,
  commas: readonly number[],
  far: Set<number>,
) {
  const askedInLists = phraseSet(cues['asked-in-lists'])
  // A finding that begins like a denial ("no tone") says something of its own.
  const openers = firstWords(cues.negations)
  let isDenied = false
  // "Without difficulty walking": to the next comma only.
  let isWithoutTrouble = false
  let items = 0
  let reach: Certainty = 'affirmed'
  // Commas before the word that reaches here, and whether somebody has to read what it takes back beyond one.
  let from = 0
  let isUnsure = false
  let isUnsureItem = false
  // "Return precautions: fever, weakness": the colon behind such words opens their list.
  let opensAt = -1
  let opener = -1
  for (let at = 0; at < clause.length; at += 1) {
    const cue = cueAt.get(at)
    const kind = cue?.payload[0]
    if (isNew[at]) reach = 'affirmed'
    // "History of melanoma, progressive weakness": what is new is not of the past.
    if (ofNow.has(at) && reach === 'past') reach = 'affirmed'
    if (isNew[at] || clause[at] === ',' || clause[at] === ':') isWithoutTrouble = false
    if (ends.has(at)) isDenied = false
    if (clause[at] === ',') {
      items += 1
      const listed = isDenied && items === 1 ? listBehind(clause, opener, opensAt, at, cues) : 'goes on'
      if (listed === 'ends') isDenied = false
      else if (listed === 'unsure') isUnsure = true
      isUnsureItem = unsure.has(at + 1)
    }
    const isAnother = clause[at - 1] === ',' && beginsAnew.has(kind)
    if (isNew[at] || (clause[at] === ':' && at !== opensAt)) isDenied = false
    else if (isAnother && cue && !isAskedToo(clause, cue.end, items, askedInLists)) isDenied = false
    if (cue && kind && kind !== 'name') {
      if (denies(clause, cue, isNew) || headsList(clause, cue, cues)) {
        isDenied = true
        items = 0
        ;[opener, opensAt] = [at, cue.end]
        from = commas[at] ?? 0
        isUnsure = cue.payload.includes('only-considered') && kind !== 'negation'
      }
      // A question mark asks about what stands before it, or, without anything before it, about what follows.
      else if (kind === 'suspected' && (clause[at] !== '?' || at === 0)) reach = 'suspected'
      else if (kind === 'past' && reach !== 'suspected') [reach, from] = ['past', commas[at] ?? 0]
      else if (kind === 'normal') isWithoutTrouble = saysNoTrouble(clause, cue, cues)
      // "No motor deficit": what a denial of several words names itself is denied.
      if (kind === 'negation' && cue.end - at > 1) state.fill('not-said', at, cue.end)
      // "No tone absent": a finding in other words than a denial is denied like any other.
      if (kind === 'not-negation' && isDenied && !openers.has(clause[at] ?? ''))
        state.fill('not-said', at, cue.end)
      at = cue.end - 1
      continue
    }
    state[at] = isDenied || isWithoutTrouble ? 'not-said' : reach
    if ((commas[at] ?? 0) > from && (isDenied ? isUnsure || isUnsureItem : reach === 'past')) far.add(at)
  }
}

/** A "no" that answers what stands before it denies nothing behind it. */
const denies = (clause: readonly string[], cue: Occurrence<Cue>, isNew: readonly boolean[]) =>
  cue.payload.some((kind) => kind === 'negation' || kind === 'only-considered' || kind === 'condition') &&
  !isAnswer(clause, cue, isNew)

/** "Negative: weakness, foot drop", "red flags absent: cancer": a denial with a list behind its colon. */
const headsList = (clause: readonly string[], { start, end, payload }: Occurrence<Cue>, cues: Cues) =>
  clause[end] === ':' &&
  clause[end + 1] !== undefined &&
  (payload.includes('denied-before') || (payload.includes('answer') && !payload.includes('normal'))) &&
  (start === 0 || phraseSet(cues['list-names']).has(clause.slice(0, start).join(' ')))

/** "Foot drop: no", "cancer? no", "trauma n": a bare answer at the end of its part. */
function isAnswer(
  clause: readonly string[],
  { start, end, payload }: Occurrence<Cue>,
  isNew: readonly boolean[],
): boolean {
  if (!payload.includes('answer')) return false
  const [before, next] = [clause[start - 1], clause[end]]
  // "Foot drop exam normal": of what is well an answer stands behind a colon only.
  if (payload.includes('normal') && before !== ':') return false
  const isLast = next === undefined || next === ',' || isNew[end] === true
  return isLast && before !== undefined && before !== ','
}

/**
 * What reaches back reaches to the comma before it, past a colon that stands right there ("fever: denied") and past a
 * comma with nothing but itself behind it ("breast cancer, in remission").
 */
function walkBack(
  clause: readonly string[],
  cueAt: CueAt,
  isNew: readonly boolean[],
  state: Certainty[],
  cues: Cues,
  far: Set<number>,
) {
  const afterDenied = wordSet(cues['after-denied'])
  const withinItem = phraseSet(cues['within-item'])
  let reach: Certainty | undefined
  for (let at = clause.length - 1; at >= 0; at -= 1) {
    const behind = cueAt.get(at + 1)
    const isBare =
      behind !== undefined &&
      isBackward(behind.payload[0]) &&
      (endsThere(clause, behind, isNew, afterDenied) || /^(date)?\d/.test(clause[behind.end] ?? '')) &&
      !withinItem.has(clause.slice(behind.start, behind.end).join(' '))
    if (isNew[at] || (clause[at] === ',' && !isBare)) reach = undefined
    // "PVR 700: neurogenic?" asks for the cause alone.
    if (clause[at] === ':' && reach === 'suspected' && clause[at + 1] !== '?') reach = undefined
    const cue = cueAt.get(at)
    const kind = cue?.payload[0]
    if (
      (kind === 'denied-before' && cue && !headsList(clause, cue, cues)) ||
      (kind === 'normal' &&
        cue &&
        saysNoTrouble(clause, cue, cues) &&
        (endsThere(clause, cue, isNew, afterDenied) || meetsDenial(clause, cue, cueAt))) ||
      (cue && (endsItsPart(clause, cue, isNew, afterDenied) || isAnswer(clause, cue, isNew)))
    )
      reach = 'not-said'
    else if (kind === 'past-before') reach ??= 'past'
    else if (kind === 'suspected' && clause[at] === '?' && at > 0) reach ??= 'suspected'
    else if (reach && state[at] !== 'not-said') {
      state[at] = reach
      // Denied or past in its own item, it is nothing that somebody has to read.
      far.delete(at)
    } else if (reach === 'not-said') far.delete(at)
  }
}

/** What denies both ways, such as "ruled out", reaches back only where nothing stands behind it to be denied. */
const endsItsPart = (
  clause: readonly string[],
  cue: Occurrence<Cue>,
  isNew: readonly boolean[],
  after: ReadonlySet<string>,
) => cue.payload.includes('denied-before') && endsThere(clause, cue, isNew, after)

const isBackward = (cue: Cue | undefined) => cue === 'denied-before' || cue === 'past-before'
