/**
 * Reads what people wrote: clauses of plain words, phrases in them, and what stands around a phrase: a denial, a
 * suspicion, the past, the family. Time grows with the length of the text alone.
 */

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

/** Characters of one reason or note that are read. */
const longestPart = 4000

/** Marks that stay as words of their own: a comma and a colon bound what a cue reaches, a question mark is a cue. */
const marks = /[,:?]/

/** One of these terms, as whole words, anywhere, whatever is said of it. */
export function saysOneOf(text: string, terms: readonly string[]): boolean {
  const plain = ` ${wordsIn(text).join(' ')} `
  return spaced(terms).some((term) => plain.includes(term))
}

/** The text begins or ends with one of these terms. */
export function opensOrCloses(text: string, terms: readonly string[]): boolean {
  const plain = ` ${wordsIn(text).join(' ')} `
  return spaced(terms).some((term) => plain.startsWith(term) || plain.endsWith(term))
}

const spaced = once((terms: readonly string[]) => terms.map((term) => ` ${wordsIn(term).join(' ')} `))

/** Terms that are said of this patient, surely or as a suspicion or of the past, in the order of the list. */
export function affirmedTerms(text: string, terms: readonly string[], cues: Cues): string[] {
  const phrases = phrasesOf(terms)
  const said = new Set<number>()
  for (const clause of clausesOf(text, cues)) {
    const certaintyAt = certainties(clause, cues)
    for (const { start, end, payload } of phrases.find(clause, 'every')) {
      if (certaintyAt(start, end) !== 'not-said') for (const at of payload) said.add(at)
    }
  }
  return terms.filter((_, at) => said.has(at))
}

const phrasesOf = once((terms: readonly string[]) => {
  const phrases = new Phrases<number>()
  for (const [at, term] of terms.entries()) phrases.add(term, at)
  return phrases
})

/** Phrases of one or more words, found in one walk over the words of a clause. */
export class Phrases<T> {
  readonly #root: Step<T> = { next: new Map(), payload: [] }

  add(phrase: string, payload: T): void {
    let step = this.#root
    for (const word of wordsIn(phrase)) {
      let next = step.next.get(word)
      if (!next) {
        next = { next: new Map(), payload: [] }
        step.next.set(word, next)
      }
      step = next
    }
    if (step !== this.#root) step.payload.push(payload)
  }

  /** At each word the longest phrase that begins there, or every one. */
  find(words: readonly string[], which: 'longest' | 'every'): Occurrence<T>[] {
    const found: Occurrence<T>[] = []
    for (let start = 0; start < words.length; start += 1) {
      let step = this.#root.next.get(words[start] ?? '')
      let best: Occurrence<T> | undefined
      for (let end = start + 1; step; end += 1) {
        if (step.payload.length > 0) {
          best = { start, end, payload: step.payload }
          if (which === 'every') found.push(best)
        }
        step = step.next.get(words[end] ?? '')
      }
      if (best && which === 'longest') found.push(best)
    }
    return found
  }
}

interface Step<T> {
  next: Map<string, Step<T>>
  payload: T[]
}

export interface Occurrence<T> {
  /** Place of its first word, and of the word after its last. */
  start: number
  end: number
  payload: readonly T[]
}

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

/** Short forms whose slash is a part of the word. */
const withSlash = new Set(['r/o', 'w/o', 'h/o', 's/p', 'c/o', 'f/u', 'r/i', 'w/', 'fh/o', 'l/s'])

/** Most texts are plain, and plain ones are cut several times as fast. */
const beyondAscii = /[^\0-\x7f]/

const inAnyLetters = (lower: string) =>
  lower
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .match(/[\p{L}\p{N}/']+|[,:?]/gu)

/** Lower case, accents away; a hyphen parts words, a slash does in most. */
export function wordsIn(text: string): string[] {
  const lower = text.toLowerCase()
  const found = (beyondAscii.test(lower) ? inAnyLetters(lower) : lower.match(/[a-z0-9/']+|[,:?]/g)) ?? []
  if (!lower.includes('/') || !found.some((word) => word.length > 1 && word.includes('/'))) return found
  return found.flatMap((word) =>
    withSlash.has(word) || !word.includes('/') ? word : word.split('/').filter((each) => each !== ''),
  )
}

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
  walkBack(clause, cueAt, isNew, state)
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
function walkBack(clause: readonly string[], cueAt: CueAt, isNew: readonly boolean[], state: Certainty[]) {
  let reach: Certainty | undefined
  for (let at = clause.length - 1; at >= 0; at -= 1) {
    const isBare = isBackward(cueAt.get(at + 1)?.payload[0])
    if (isNew[at] || (clause[at] === ',' && !isBare)) reach = undefined
    const cue = cueAt.get(at)
    const kind = cue?.payload[0]
    if (kind === 'denied-before' || (cue && endsItsPart(clause, cue, isNew))) reach = 'not-said'
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
) => payload.includes('denied-before') && (end >= clause.length || clause[end] === ',' || isNew[end] === true)

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

/** Without those that stand inside another. */
export function outermost<T>(found: readonly Occurrence<T>[]): Occurrence<T>[] {
  const kept: Occurrence<T>[] = []
  for (const each of found) if (each.start >= (kept.at(-1)?.end ?? 0)) kept.push(each)
  return kept
}

/** Lists of words are the content's and live as long as the service: each is made ready the first time. */
function once<K extends object, T>(make: (key: K) => T): (key: K) => T {
  const made = new WeakMap<K, T>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const ready = make(key)
    made.set(key, ready)
    return ready
  }
}
