/** What people say of a phrase: clauses of plain words, and in them a denial, a suspicion, the past, the family. */
import { type Occurrence, once, outermost, Phrases, wordsIn } from './phrases.ts'

/** What is said of a phrase. Only what is affirmed, suspected or past is about this patient. */
export type Certainty = 'affirmed' | 'suspected' | 'past' | 'not-said'

/** Words around a phrase that change what is said of it; lists of `words.yaml`. */
export interface Cues {
  /** "no", "denies": they reach forward. */
  negations: readonly string[]
  /** "no better": begins like a denial and is none. */
  'not-negations': readonly string[]
  /** "ruled out", "negative": they reach back. */
  'denied-before': readonly string[]
  /** "clinically", "by": how or when it was denied, and nothing that is denied. */
  'after-denied': readonly string[]
  /** "but", ".": where the reach of a negation ends. */
  'negation-ends': readonly string[]
  /** "mother", "family history of": somebody else's. */
  family: readonly string[]
  /** "screening for", "risk of": nothing is said to be there. */
  'only-considered': readonly string[]
  /** "rule out", "possible". */
  suspected: readonly string[]
  /** "history of": reaches forward. */
  past: readonly string[]
  /** "in remission", "years ago": reaches back. */
  'past-before': readonly string[]
}

/** Characters of one reason or note that are read: no entry brings a longer text (`mostOfEntry`). */
export const longestPart = 20_000

/** Marks that stay as words of their own: a comma and a colon bound what a cue reaches, a question mark is a cue. */
const marks = /[,:?]/

/** Each reason and note (parted by `|`) is cut by itself, so that a long one hides nothing in the next. */
export function clausesOf(text: string, cues: Pick<Cues, 'negation-ends'>): string[][] {
  const { hard } = endsOf(cues['negation-ends'])
  return text.split('|').flatMap((part) => {
    let rest = part.slice(0, longestPart)
    for (const mark of hard) rest = rest.replaceAll(mark, '\n')
    return rest
      .split('\n')
      .map(wordsIn)
      .filter(({ length }) => length > 0)
  })
}

/** Punctuation that ends a clause, and words at which something new is said within one. */
const endsOf = once((ends: readonly string[]) => ({
  hard: ends.filter((end) => !/[a-z]/i.test(end) && !marks.test(end)),
  words: new Set(ends.filter((end) => /[a-z]/i.test(end))),
}))

/**
 * What is made of the words that stand together with the one at a place: between commas, and words at which something
 * new begins. Made once for all that stand together.
 */
export function beside<T>(
  clause: readonly string[],
  cues: Pick<Cues, 'negation-ends'>,
  make: (words: readonly string[]) => T,
): (at: number) => T {
  const { words } = endsOf(cues['negation-ends'])
  const parts: Stretch[] = [{ start: 0, end: clause.length }]
  for (const [at, word] of clause.entries()) {
    if (!marks.test(word) && !words.has(word)) continue
    ;(parts.at(-1) as Stretch).end = at
    parts.push({ start: at + 1, end: clause.length })
  }
  const partOf: number[] = []
  for (const [part, { start, end }] of parts.entries())
    for (let at = start; at <= end; at += 1) partOf[at] = part
  const made = new Map<number, T>()
  return (at) => {
    const part = partOf[at] ?? 0
    const known = made.get(part)
    if (known !== undefined || made.has(part)) return known as T
    const found = make(wordsOf(clause, parts, part))
    made.set(part, found)
    return found
  }
}

interface Stretch {
  start: number
  end: number
}

function wordsOf(clause: readonly string[], parts: readonly Stretch[], part: number): readonly string[] {
  const [own, next] = [parts[part], parts[part + 1]]
  if (!own) return []
  const words = clause.slice(own.start, own.end)
  // "L4-5 fusion, 2018": what is so short belongs to what stands before it.
  const isAside = next && clause[own.end] === ',' && next.end - next.start <= longestAside
  return isAside ? [...words, ...clause.slice(next.start, next.end)] : words
}
const longestAside = 3

type Cue =
  | 'negation'
  | 'not-negation'
  | 'denied-before'
  | 'family'
  | 'only-considered'
  | 'suspected'
  | 'past'
  | 'past-before'

const cuePhrases = once((cues: Cues) => {
  const phrases = new Phrases<Cue>()
  const add = (list: readonly string[], cue: Cue) => {
    for (const each of list) phrases.add(each, cue)
  }
  add(cues.negations, 'negation')
  add(cues['not-negations'], 'not-negation')
  add(cues['denied-before'], 'denied-before')
  add(cues.family, 'family')
  add(cues['only-considered'], 'only-considered')
  add([...cues.suspected, '?'], 'suspected')
  add(cues.past, 'past')
  add(cues['past-before'], 'past-before')
  return phrases
})

const wordSet = once((words: readonly string[]) => new Set(words))

/** A cue that begins something new after a comma ends a denial: "denies fever, history of breast cancer". */
const beginsAnew = new Set<Cue | undefined>(['suspected', 'past', 'family'])

/** What a clause says of the phrase between two places: one walk forwards and one back over its words. */
export function certainties(
  clause: readonly string[],
  cues: Cues,
): (start: number, end: number) => Certainty {
  const found = outermost(cuePhrases(cues).find(clause, 'longest'))
  if (found.length === 0) return () => 'affirmed'
  const cueAt = new Map(found.map((each) => [each.start, each]))
  const state: Certainty[] = clause.map(() => 'affirmed')
  const isNew = beginnings(clause, cueAt, endsOf(cues['negation-ends']).words)
  walkForwards(clause, cueAt, isNew, state)
  walkBack(clause, cueAt, isNew, state, wordSet(cues['after-denied']))
  leaveToFamily(cueAt, isNew, state)
  return (start, end) => {
    const said = state.slice(start, end)
    if (said.includes('not-said')) return 'not-said'
    return said.includes('suspected') ? 'suspected' : said.includes('past') ? 'past' : 'affirmed'
  }
}

type CueAt = ReadonlyMap<number, Occurrence<Cue>>

/** Words at which what was said before ends: "no fever but foot drop"; "mother with cancer" is one thing. */
function beginnings(clause: readonly string[], cueAt: CueAt, words: ReadonlySet<string>): readonly boolean[] {
  const familyEnds = new Set(
    [...cueAt.values()].flatMap(({ end, payload }) => (payload[0] === 'family' ? [end] : [])),
  )
  return clause.map((word, at) => words.has(word) && !familyEnds.has(at) && !cueAt.has(at))
}

function walkForwards(
  clause: readonly string[],
  cueAt: CueAt,
  isNew: readonly boolean[],
  state: Certainty[],
) {
  let isDenied = false
  let reach: Certainty = 'affirmed'
  for (let at = 0; at < clause.length; at += 1) {
    const cue = cueAt.get(at)
    const kind = cue?.payload[0]
    if (isNew[at]) reach = 'affirmed'
    if (isNew[at] || clause[at] === ':' || (clause[at - 1] === ',' && beginsAnew.has(kind))) isDenied = false
    if (cue && kind) {
      if (kind === 'negation' || kind === 'only-considered') isDenied = true
      // A question mark asks about what stands before it, or, without anything before it, about what follows.
      else if (kind === 'suspected' && (clause[at] !== '?' || at === 0)) reach = 'suspected'
      else if (kind === 'past' && reach !== 'suspected') reach = 'past'
      at = cue.end - 1
      continue
    }
    state[at] = isDenied ? 'not-said' : reach
  }
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
  afterDenied: ReadonlySet<string>,
) {
  let reach: Certainty | undefined
  for (let at = clause.length - 1; at >= 0; at -= 1) {
    const isBare = isBackward(cueAt.get(at + 1)?.payload[0])
    if (isNew[at] || (clause[at] === ',' && !isBare)) reach = undefined
    const cue = cueAt.get(at)
    const kind = cue?.payload[0]
    if (kind === 'denied-before' || (cue && endsItsPart(clause, cue, isNew, afterDenied))) reach = 'not-said'
    else if (kind === 'past-before') reach ??= 'past'
    else if (kind === 'suspected' && clause[at] === '?' && at > 0) reach ??= 'suspected'
    else if (reach && state[at] !== 'not-said') state[at] = reach
  }
}

/** What denies both ways, such as "ruled out", reaches back only where nothing stands behind it to be denied. */
const endsItsPart = (
  clause: readonly string[],
  { end, payload }: Occurrence<Cue>,
  isNew: readonly boolean[],
  after: ReadonlySet<string>,
) => {
  const next = clause[end]
  return (
    payload.includes('denied-before') &&
    (next === undefined || next === ',' || isNew[end] === true || after.has(next))
  )
}

const isBackward = (cue: Cue | undefined) => cue === 'denied-before' || cue === 'past-before'

/** All that stands together with a relative is the relative's. */
function leaveToFamily(cueAt: CueAt, isNew: readonly boolean[], state: Certainty[]) {
  let start = 0
  for (let end = 1; end <= state.length; end += 1) {
    if (end < state.length && !isNew[end]) continue
    let isFamily = false
    for (let at = start; at < end; at += 1) isFamily ||= cueAt.get(at)?.payload[0] === 'family'
    if (isFamily) state.fill('not-said', start, end)
    start = end
  }
}
