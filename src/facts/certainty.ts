/** What people say of a phrase in a clause: a denial, a suspicion, the past, the family. */
import { endsOf } from './clauses.ts'
import { type Certainty, type Cue, type CueAt, cuePhrases, wordSet } from './cue-phrases.ts'
import type { Cues } from './cues.ts'
import { type Occurrence, once, outermost, wordsIn } from './phrases.ts'
import { isInformant, leaveToFamily } from './relatives.ts'

/** A cue that begins something new after a comma ends a denial: "denies fever, history of breast cancer". */
const beginsAnew = new Set<Cue | undefined>(['suspected', 'past', 'family'])

/** What a clause says of the phrase between two places: one walk forwards and one back over its words. */
export function certainties(
  clause: readonly string[],
  cues: Cues,
): (start: number, end: number) => Certainty {
  const all = outermost(cuePhrases(cues).find(clause, 'longest'))
  const found = all.filter((each) => each.payload[0] !== 'family' || !isInformant(clause, each, cues))
  if (found.length === 0) return () => 'affirmed'
  const cueAt = new Map(found.map((each) => [each.start, each]))
  const state: Certainty[] = clause.map(() => 'affirmed')
  const isNew = beginnings(clause, cueAt, cues)
  walkForwards(
    clause,
    cueAt,
    isNew,
    state,
    listsOf(cues['asked-in-lists']),
    openersOf(cues.negations),
    wordSet(cues['new-again']),
  )
  walkBack(clause, cueAt, isNew, state, wordSet(cues['after-denied']))
  leaveToFamily(clause, cueAt, isNew, state, cues, found.length < all.length)
  return (start, end) => {
    const said = state.slice(start, end)
    if (said.includes('not-said')) return 'not-said'
    return said.includes('suspected') ? 'suspected' : said.includes('past') ? 'past' : 'affirmed'
  }
}

/** First words of what stands between commas and says for how long: "x 2 d". */
function timedItems(clause: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>()
  let start = 0
  for (const [at, word] of clause.entries()) {
    if (word === ',') start = at + 1
    else if (start > 0 && word === 'x' && /^\d{1,2}$/.test(clause[at + 1] ?? '')) found.add(start)
  }
  return found
}

const listsOf = once((items: readonly string[]) => new Set(items.map((item) => wordsIn(item).join(' '))))

/** Words that denials begin with: a finding that begins so ("no tone") says something of its own. */
const openersOf = once(
  (negations: readonly string[]) => new Set(negations.map((each) => wordsIn(each)[0] ?? '')),
)

/**
 * Words at which what was said before ends: "no fever but foot drop"; "mother with cancer" is one thing, and so is
 * "call if she has fever".
 */
function beginnings(clause: readonly string[], cueAt: CueAt, cues: Cues): readonly boolean[] {
  const { words } = endsOf(cues['negation-ends'])
  const contrasts = wordSet(cues.contrasts)
  const familyEnds = new Set(
    [...cueAt.values()].flatMap(({ end, payload }) =>
      // "His son, who has cancer" is one thing too.
      payload[0] === 'family' ? [end, ...(clause[end] === ',' ? [end + 2] : [])] : [],
    ),
  )
  const timed = timedItems(clause)
  let isConditional = false
  let isOfFamily = false
  return clause.map((word, at) => {
    if (word === ',' || contrasts.has(word)) isOfFamily = false
    if (cueAt.get(at)?.payload[0] === 'family') isOfFamily = true
    // "Dad in hospice with lung cancer".
    if (isOfFamily && word === 'with') return false
    // "Denies incontinence, legs buckling x 2 d": nobody says since when what is denied has been there.
    if (timed.has(at) && !isConditional && !cueAt.has(at)) return true
    const mayBegin = words.has(word) || contrasts.has(word)
    if (contrasts.has(word) || (mayBegin && clause[at - 1] === ',')) isConditional = false
    if (cueAt.get(at)?.payload[0] === 'condition') isConditional = true
    return words.has(word) && !isConditional && !familyEnds.has(at) && !cueAt.has(at)
  })
}

function walkForwards(
  clause: readonly string[],
  cueAt: CueAt,
  isNew: readonly boolean[],
  state: Certainty[],
  askedInLists: ReadonlySet<string>,
  openers: ReadonlySet<string>,
  newAgain: ReadonlySet<string>,
) {
  let isDenied = false
  // "Normal strength and tone": to the next comma only.
  let isNormal = false
  let items = 0
  let reach: Certainty = 'affirmed'
  // "Return precautions: fever, weakness": the colon behind such words opens their list.
  let opensAt = -1
  for (let at = 0; at < clause.length; at += 1) {
    const cue = cueAt.get(at)
    const kind = cue?.payload[0]
    if (isNew[at]) reach = 'affirmed'
    // "History of melanoma, progressive weakness": what is new is not of the past.
    if (clause[at - 1] === ',' && newAgain.has(clause[at] ?? '') && reach === 'past') reach = 'affirmed'
    if (isNew[at] || clause[at] === ',' || clause[at] === ':') isNormal = false
    if (clause[at] === ',') items += 1
    const isAnother = clause[at - 1] === ',' && beginsAnew.has(kind)
    if (isNew[at] || (clause[at] === ':' && at !== opensAt)) isDenied = false
    else if (isAnother && cue && !isAskedToo(clause, cue.end, items, askedInLists)) isDenied = false
    if (cue && kind && kind !== 'name') {
      if (denies(clause, cue, isNew) || headsList(clause, cue)) {
        isDenied = true
        items = 0
        opensAt = cue.end
      }
      // A question mark asks about what stands before it, or, without anything before it, about what follows.
      else if (kind === 'suspected' && (clause[at] !== '?' || at === 0)) reach = 'suspected'
      else if (kind === 'past' && reach !== 'suspected') reach = 'past'
      else if (kind === 'normal') isNormal = true
      // "No motor deficit": what a denial of several words names itself is denied.
      if (kind === 'negation' && cue.end - at > 1) state.fill('not-said', at, cue.end)
      // "No tone absent": a finding in other words than a denial is denied like any other.
      if (kind === 'not-negation' && isDenied && !openers.has(clause[at] ?? ''))
        state.fill('not-said', at, cue.end)
      at = cue.end - 1
      continue
    }
    state[at] = isDenied || isNormal ? 'not-said' : reach
  }
}

/** A "no" that answers what stands before it denies nothing behind it. */
const denies = (clause: readonly string[], cue: Occurrence<Cue>, isNew: readonly boolean[]) =>
  cue.payload.some((kind) => kind === 'negation' || kind === 'only-considered' || kind === 'condition') &&
  !isAnswer(clause, cue, isNew)

/** "Negative: weakness, foot drop": a denial with a list behind its colon. */
const headsList = (clause: readonly string[], { start, end, payload }: Occurrence<Cue>) =>
  start === 0 && clause[end] === ':' && payload.includes('denied-before')

/** "Foot drop: no", "cancer? no", "trauma n": a bare answer at the end of its part. */
function isAnswer(
  clause: readonly string[],
  { start, end, payload }: Occurrence<Cue>,
  isNew: readonly boolean[],
): boolean {
  if (!payload.includes('answer')) return false
  const [before, next] = [clause[start - 1], clause[end]]
  const isLast = next === undefined || next === ',' || isNew[end] === true
  return isLast && before !== undefined && before !== ','
}

/**
 * "Denies trauma, history of cancer, weight loss": in a denied list of three or more, what every visit asks stays
 * denied. "Denies fever, history of breast cancer" tells of a cancer.
 */
function isAskedToo(
  clause: readonly string[],
  start: number,
  items: number,
  askedInLists: ReadonlySet<string>,
): boolean {
  const rest = clause.indexOf(',', start)
  const end = rest < 0 ? clause.length : rest
  if (end - start > longestItem || (items < 2 && rest < 0)) return false
  return askedInLists.has(clause.slice(start, end).join(' '))
}
const longestItem = 4

/**
 * What reaches back reaches to the comma before it, past a colon that stands right there ("fever: denied") and past a
 * comma with nothing but itself behind it ("breast cancer, in remission").
 */
function walkBack(
  clause: readonly string[],
  cueAt: CueAt,
  isNew: readonly boolean[],
  state: Certainty[],
  afterDenied: ReadonlySet<string>,
) {
  let reach: Certainty | undefined
  for (let at = clause.length - 1; at >= 0; at -= 1) {
    const isBare = isBackward(cueAt.get(at + 1)?.payload[0])
    if (isNew[at] || (clause[at] === ',' && !isBare)) reach = undefined
    const cue = cueAt.get(at)
    const kind = cue?.payload[0]
    if (
      (kind === 'denied-before' && cue && !headsList(clause, cue)) ||
      (kind === 'normal' &&
        cue &&
        (endsThere(clause, cue, isNew, afterDenied) || meetsDenial(clause, cue, cueAt))) ||
      (cue && (endsItsPart(clause, cue, isNew, afterDenied) || isAnswer(clause, cue, isNew)))
    )
      reach = 'not-said'
    else if (kind === 'past-before') reach ??= 'past'
    else if (kind === 'suspected' && clause[at] === '?' && at > 0) reach ??= 'suspected'
    else if (reach && state[at] !== 'not-said') state[at] = reach
  }
}

/** What denies both ways, such as "ruled out", reaches back only where nothing stands behind it to be denied. */
const endsItsPart = (
  clause: readonly string[],
  cue: Occurrence<Cue>,
  isNew: readonly boolean[],
  after: ReadonlySet<string>,
) => cue.payload.includes('denied-before') && endsThere(clause, cue, isNew, after)

function endsThere(
  clause: readonly string[],
  { end }: Occurrence<Cue>,
  isNew: readonly boolean[],
  after: ReadonlySet<string>,
): boolean {
  const next = clause[end]
  return next === undefined || next === ',' || isNew[end] === true || after.has(next)
}

/** "I pee fine and have no numbness": a denial begins behind the "and". */
const meetsDenial = (clause: readonly string[], { end }: Occurrence<Cue>, cueAt: CueAt) =>
  (clause[end] === 'and' || clause[end] === 'y') &&
  [end + 1, end + 2].some((at) => cueAt.get(at)?.payload.includes('negation'))

const isBackward = (cue: Cue | undefined) => cue === 'denied-before' || cue === 'past-before'
