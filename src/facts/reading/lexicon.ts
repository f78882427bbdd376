/** Which groups of codes do words stand for, and what do they say of them? */
import { Remembered } from '../../bounds.ts'
import type { CodeRow } from '../../content/codes.ts'
import type { Content } from '../../content/content.ts'
import { wordGroups } from '../../content/schema.ts'
import { type Certainty, certainties } from '../certainty.ts'
import { beside, clausesOf, longestPart } from '../clauses.ts'
import type { Cues } from '../cues.ts'
import { keysOf } from '../lookups.ts'
import { type Occurrence, outermost, Phrases, wordsIn } from '../phrases.ts'
import { opensWith } from '../words.ts'
import { Displays } from './displays.ts'
import { shapeOf, stemsOf } from './forms.ts'
import { calledOld } from './long-standing.ts'
import { Spelling } from './spelling.ts'
import { mayTellTime, type ToldTime, timeIn } from './told-time.ts'

/** Groups that a text names, by what it says of them. */
export interface Said {
  affirmed: readonly CodeRow[]
  suspected: readonly CodeRow[]
  past: readonly CodeRow[]
  /** Named only to say that they are not there, or are somebody else's. */
  denied: readonly CodeRow[]
  /** When it says that they were, by group. */
  times: ReadonlyMap<string, ToldTime>
  /** The text says nothing at all: it is empty, or in no words that can be read. */
  isEmpty: boolean
  /** It was not read, or not whole, because there is more than is read of one text or one record. */
  isBeyond?: true
}

const none: readonly CodeRow[] = []
const longStanding = { isLongStanding: true } as const
const nothingOfOurs: Said = {
  affirmed: none,
  suspected: none,
  past: none,
  denied: none,
  times: new Map(),
  isEmpty: false,
}
export const nothingSaid: Said = { ...nothingOfOurs, isEmpty: true }
/** What a text says that was not read: nobody knows. */
export const notRead: Said = { ...nothingSaid, isBeyond: true }

/** Each part of a term is one phrase; a term of several parts is said when all stand in one clause. */
interface Term {
  rows: readonly CodeRow[]
  parts: number
}

interface Part {
  term: Term
  part: number
}

/**
 * Names of diagnoses, tests and orders come again and again, whoever the patient is: what they say is remembered. Longer
 * texts are somebody's own. Characters of one text, and texts.
 */
const longestRemembered = 200
const mostRemembered = 4000

/** Parts of a text that are read, and its characters: no entry brings more (`mostOfEntry`). */
const mostParts = 400
const longestText = 120_000

export class Lexicon {
  readonly #phrases = new Phrases<Part>()
  readonly #empty: ReadonlySet<string>
  readonly #cues: Cues
  /** Groups of which "chronic" says that they began long ago. */
  readonly #mayBeOld: ReadonlySet<string>
  readonly #displays: Displays
  readonly #spelling: Spelling
  /** Shapes of words that are terms, or parts of them: "0w0d". */
  readonly #shapes: ReadonlySet<string>
  readonly #remembered = new Remembered<Said>(mostRemembered, longestRemembered)

  constructor({ meanings, words, codes }: Pick<Content, 'meanings' | 'words' | 'codes'>) {
    this.#cues = words
    this.#mayBeOld = new Set(keysOf(words['long-standing-of']))
    this.#displays = new Displays(codes.rows)
    this.#empty = new Set(meanings.empty.map((text) => wordsIn(text).join(' ')))
    const terms = meanings.meanings.flatMap((entry) => entry.terms)
    const cues = Object.values(words).flatMap((list) => (Array.isArray(list) ? (list as string[]) : []))
    this.#spelling = new Spelling(
      [...terms, ...cues].flatMap(wordsIn),
      meanings['spelled-right'].flatMap(wordsIn),
      meanings['short-forms'],
    )
    this.#shapes = new Set(terms.flatMap(wordsIn).filter((word) => shapeOf(word) === word))
    const inFull = (phrase: string) => this.#forms(this.#spelling.meant(wordsIn(phrase))).join(' ')
    for (const entry of meanings.meanings) {
      for (const written of entry.terms) {
        const parts = written.split('+')
        const term = { rows: rowsFor(groupsOf(entry), written), parts: parts.length }
        for (const [part, phrases] of parts.entries())
          for (const phrase of parts.length > 1 ? phrases.split('/') : [phrases])
            this.#phrases.add(inFull(phrase), { term, part })
      }
    }
  }

  read(text: string): Said {
    const known = this.#remembered.get(text)
    if (known) return known
    const said = this.#read(text)
    this.#remembered.set(text, said)
    return said
  }

  #read(text: string): Said {
    if (this.#isEmpty(text)) return nothingSaid
    const said: Record<Exclude<Certainty, 'not-said'>, Set<CodeRow>> = {
      affirmed: new Set(),
      suspected: new Set(),
      past: new Set(),
    }
    const denied = new Set<CodeRow>()
    const times = new Map<string, ToldTime | undefined>()
    const tellsTime = mayTellTime(text)
    let hasFound = false
    const all = text.split('|')
    const isBeyond =
      all.length > mostParts || text.length > longestText || all.some(({ length }) => length > longestPart)
    for (const part of all.slice(0, mostParts)) {
      for (const row of this.#displays.find(part)) {
        hasFound = true
        said.affirmed.add(row)
      }
    }
    for (const written of clausesOf(text.slice(0, longestText), this.#cues)) {
      const clause = this.#spelling.meant(written)
      const found = this.#phrases.find(this.#forms(clause), 'every')
      if (found.length === 0) continue
      const certaintyAt = certainties(clause, this.#cues)
      const timeAt = beside(clause, this.#cues, timeIn)
      const terms = termsIn(found)
      const old = calledOld(clause, terms, this.#cues)
      for (const term of terms) {
        const { start, end } = term
        const rows = calledAs(term, clause)
        const certainty = certaintyAt(start, end)
        if (certainty === 'not-said') {
          for (const row of rows) denied.add(row)
          continue
        }
        hasFound = true
        const told = tellsTime ? timeAt(start) : undefined
        for (const row of rows) {
          said[certainty].add(row)
          const time = old.has(row.key) && this.#mayBeOld.has(row.key) ? longStanding : told
          // What is also said without a time may be of today.
          times.set(row.key, times.has(row.key) && times.get(row.key) === undefined ? undefined : time)
        }
      }
    }
    if (isBeyond && !hasFound) return { ...notRead, denied: [...denied] }
    if (!hasFound && denied.size === 0) return nothingOfOurs
    return {
      affirmed: [...said.affirmed],
      suspected: [...said.suspected],
      past: [...said.past],
      denied: [...denied],
      times: new Map([...times].flatMap(([key, time]) => (time ? [[key, time] as const] : []))),
      isEmpty: false,
      ...(isBeyond ? { isBeyond } : {}),
    }
  }

  /** Words as terms are looked for: without their endings, and by their shape where a term is one. */
  #forms(words: readonly string[]): string[] {
    return stemsOf(words).map((word) => {
      const shape = shapeOf(word)
      return shape !== undefined && this.#shapes.has(shape) ? shape : word
    })
  }

  /** How a text begins: "history of …", "suspected …". */
  opening(text: string): 'affirmed' | 'suspected' | 'past' {
    if (opensWith(text, this.#cues.past)) return 'past'
    return opensWith(text, this.#cues.suspected) ? 'suspected' : 'affirmed'
  }

  /** Nothing in letters that we read, or only words such as "see note". */
  #isEmpty(text: string): boolean {
    const words = wordsIn(text.slice(0, longestText)).filter((word) => /[a-z]/.test(word))
    return words.length === 0 || (words.length < 4 && this.#empty.has(words.join(' ')))
  }
}

interface FoundTerm {
  rows: readonly CodeRow[]
  start: number
  end: number
  /** Of a term of several parts: where the first of them begins and the last ends. */
  span?: readonly [from: number, to: number]
}

/** A term that names one of several words is called by those that the text has: "knee buckles", not "leg / knee buckles". */
function calledAs({ rows, span }: FoundTerm, clause: readonly string[]): readonly CodeRow[] {
  if (!span || !rows.some(({ display }) => display.includes('/'))) return rows
  const [from, to] = span
  const display = clause.slice(from, Math.min(to, from + mostWordsShown)).join(' ')
  return rows.map((row) => ({ ...row, display }))
}
const mostWordsShown = 7

/**
 * Whole terms, longest first where one holds another, and terms whose parts all stand in the clause. What stands inside
 * words of another thing ("hay fever") is no part of anything.
 */
function termsIn(found: readonly Occurrence<Part>[]): readonly FoundTerm[] {
  const terms: FoundTerm[] = []
  const partsOf = new Map<Term, Map<number, Occurrence<Part>>>()
  const others = outermost(longestFirst(found.filter(({ payload }) => payload.some(isOfOthers))))
  const ours = outside(others, found)
  for (const each of ours) {
    for (const { term, part } of each.payload) {
      if (term.parts === 1) continue
      const parts = partsOf.get(term) ?? new Map<number, Occurrence<Part>>()
      partsOf.set(term, parts)
      if (!parts.has(part)) parts.set(part, each)
    }
  }
  const whole = ours.filter(({ payload }) => payload.some(({ term }) => term.parts === 1))
  for (const { start, end, payload } of outermost(longestFirst(whole)))
    for (const { term } of payload) if (term.parts === 1) terms.push({ rows: term.rows, start, end })
  for (const [term, parts] of partsOf) {
    const head = parts.get(0)
    if (!head || parts.size < term.parts) continue
    const all = [...parts.values()]
    const span = [Math.min(...all.map(({ start }) => start)), Math.max(...all.map(({ end }) => end))] as const
    terms.push({ rows: term.rows, start: head.start, end: head.end, span })
  }
  return withoutUnderstood(terms)
}

/** Words that may tell of something tell no more where a phrase that is understood holds them. */
function withoutUnderstood(terms: readonly FoundTerm[]): readonly FoundTerm[] {
  const isUnclear = ({ rows }: FoundTerm) => rows[0]?.set === wordGroups.set
  const understood = terms.filter((term) => !isUnclear(term))
  if (understood.length === terms.length) return terms
  const held = new Set<number>()
  for (const { start, end } of understood) for (let at = start; at < end; at += 1) held.add(at)
  const isHeld = ({ start, end }: FoundTerm) => {
    for (let at = start; at < end; at += 1) if (held.has(at)) return true
    return false
  }
  return terms.filter((term) => !isUnclear(term) || !isHeld(term))
}

/** Those that stand inside none of the wider ones, which do not overlap; both in the order of their beginnings. */
function outside<T>(
  wider: readonly Occurrence<T>[],
  all: readonly Occurrence<T>[],
): readonly Occurrence<T>[] {
  if (wider.length === 0) return all
  let at = 0
  return all.filter(({ start, end }) => {
    while (at < wider.length && (wider[at]?.end ?? 0) <= start) at += 1
    const around = wider[at]
    return !around || around.start > start || end > around.end
  })
}

const isOfOthers = ({ term }: Part) => term.parts === 1 && term.rows.length === 0

const longestFirst = (found: readonly Occurrence<Part>[]) =>
  [...found].sort((a, b) => a.start - b.start || b.end - a.end)

function groupsOf(
  entry: Content['meanings']['meanings'][number],
): Readonly<Record<string, readonly string[]>> {
  if ('means' in entry) return entry.means
  return 'may-tell-of' in entry ? { [wordGroups.set]: [entry['may-tell-of']] } : {}
}

/** Rows of no code: what the words stand for, under the words themselves. */
function rowsFor(groups: Readonly<Record<string, readonly string[]>>, term: string): CodeRow[] {
  const display = term.replaceAll(' + ', ' ')
  return Object.entries(groups).flatMap(([set, names]) =>
    names.map((group) => ({
      set,
      group,
      key: `${set}/${group}`,
      system: '',
      code: '',
      display,
      source: 'meanings.yaml',
      verified: false,
      columns: {},
    })),
  )
}
