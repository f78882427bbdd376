/** Whole terms among the phrases that a clause holds: those of one part, and those whose parts stand together in it. */
import { wordGroups } from '../../grammar.ts'
import type { CodeRow } from '../../pathway/codes.ts'
import type { Content } from '../../pathway/content.ts'
import type { Certainties, CertaintyAt } from '../certainty.ts'
import type { Certainty } from '../cue-phrases.ts'
import { type Occurrence, outermost, placesIn } from '../phrases.ts'

/** Phrases of which one is enough, for one part of a term or of many: what is looked for once is shared by all of them. */
export interface Part {
  /** Terms that have no other part; without rows they are words of other things. */
  alone: readonly Term[]
  /** Terms that have it as their first part. */
  heads: readonly Term[]
}

/** A term of several parts is said when all of them stand in one clause. */
export interface Term {
  rows: readonly CodeRow[]
  others: readonly Part[]
  /** Words from its first part within which each other one stands, and whether a comma may stand between. */
  reach: Reach
}

interface Reach {
  words: number
  overCommas: boolean
}

type Stretch = Readonly<Pick<Occurrence<unknown>, 'start' | 'end'>>

export interface FoundTerm {
  rows: readonly CodeRow[]
  start: number
  end: number
  certainty: Certainty
  /** Of a term of several parts: where the first of them begins and the last ends. */
  span?: readonly [from: number, to: number]
  /** Where each of its parts stands. */
  parts?: readonly Stretch[]
}

/** What the words around say of the phrase between two places; between which commas a word stands. */
interface Around {
  certaintyAt: CertaintyAt
  itemAt(place: number): number
}

/**
 * Longest first where one holds another. What stands inside words of another thing ("hay fever") is no part of anything.
 */
export function termsIn(found: readonly Occurrence<Part>[], around: Around): readonly FoundTerm[] {
  const terms: FoundTerm[] = []
  const others = outermost(longestFirst(found.filter(({ payload }) => payload.some(isOfOthers))))
  const ours = outside(others, found)
  const places = byPart(ours)
  // Also what is of another thing explains what stands beside it: "varicose veins, both legs".
  const everywhere = others.length === 0 ? places : byPart(found)
  const whole = ours.filter(({ payload }) => payload.some(({ alone }) => alone.length > 0))
  for (const { start, end, payload } of outermost(longestFirst(whole))) {
    for (const { alone } of payload)
      for (const { rows } of alone) {
        const certainty = around.certaintyAt(start, end, namesFault(rows))
        terms.push({ rows, start, end, certainty })
      }
  }
  for (const part of everywhere.keys())
    for (const term of part.heads) {
      const where = term.rows.length === 0 ? everywhere : places
      // Of hundreds of terms that begin with one part, the others of nearly all are not there.
      const heads = where.get(part)
      const others = heads && placesOf(term.others, where)
      if (others) terms.push(...together(term, heads, others, around))
    }
  return withoutUnderstood(terms)
}

function byPart(found: readonly Occurrence<Part>[]): Map<Part, Occurrence<Part>[]> {
  const places = new Map<Part, Occurrence<Part>[]>()
  for (const each of found)
    for (const part of each.payload) {
      const all = places.get(part)
      if (all) all.push(each)
      else places.set(part, [each])
    }
  return places
}

/** Undefined where one of them stands nowhere. */
function placesOf(
  parts: readonly Part[],
  places: ReadonlyMap<Part, readonly Occurrence<Part>[]>,
): (readonly Occurrence<Part>[])[] | undefined {
  let found: (readonly Occurrence<Part>[])[] | undefined
  for (const part of parts) {
    const all = places.get(part)
    if (!all) return undefined
    if (found) found.push(all)
    else found = [all]
  }
  return found
}

/**
 * Around each first part the nearest of each other one. What is said of the first is said of the term; another part that
 * is denied denies it, unless the same stands near by and is not. Once for each way in which it is said.
 */
function together(
  { rows, reach }: Term,
  heads: readonly Occurrence<Part>[],
  others: readonly (readonly Occurrence<Part>[])[],
  around: Around,
): FoundTerm[] {
  const said = new Map<Certainty | number, FoundTerm>()
  // Each leg that pain explains: "down the left leg to the foot".
  const explains = rows.length === 0
  for (const head of heads) {
    const own = around.certaintyAt(head.start, head.end, namesFault(rows))
    let [from, to] = [head.start, head.end]
    const parts: Stretch[] = [head]
    let certainty: Certainty | undefined = own
    for (const all of others) {
      const near = nearest(all, head, reach, around, namesFault(rows))
      if (!near) certainty = undefined
      if (!near || certainty === undefined) break
      if (near.isDenied) certainty = 'not-said'
      parts.push(near)
      from = Math.min(from, near.start)
      to = Math.max(to, near.end)
    }
    const key = explains ? head.start : certainty
    if (certainty === undefined || key === undefined || said.has(key)) continue
    said.set(key, { rows, start: head.start, end: head.end, certainty, span: [from, to], parts })
    if (certainty === 'affirmed' && !explains) break
  }
  return [...said.values()]
}

interface Near {
  start: number
  end: number
  isDenied: boolean
}

/** Within reach of the head, one that is not denied before one that is. Both lists are in the order of their beginnings. */
function nearest(
  all: readonly Occurrence<Part>[],
  head: Occurrence<Part>,
  { words, overCommas }: Reach,
  { certaintyAt, itemAt }: Around,
  isFault: boolean,
): Near | undefined {
  let denied: Near | undefined
  let best: Near | undefined
  for (let at = firstFrom(all, head.start - words); at < all.length; at += 1) {
    const { start, end } = all[at] as Occurrence<Part>
    if (start - head.end > words) break
    if (!overCommas && itemAt(start) !== itemAt(head.start)) continue
    const isDenied = certaintyAt(start, end, isFault) === 'not-said'
    const distance = Math.abs(start - head.start)
    if (isDenied) denied ??= { start, end, isDenied }
    else if (!best || distance < Math.abs(best.start - head.start)) best = { start, end, isDenied }
  }
  return best ?? denied
}

function firstFrom(all: readonly Occurrence<Part>[], place: number): number {
  let [low, high] = [0, all.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((all[middle]?.start ?? 0) < place) low = middle + 1
    else high = middle
  }
  return low
}

/** Words that only may tell of something name a place or a deed ("bladder", "walking"), which may be well. */
const isUnclear = (rows: readonly CodeRow[]) => rows[0]?.set === wordGroups.set
const namesFault = (rows: readonly CodeRow[]) => !isUnclear(rows)

/**
 * Words that may tell of something tell no more where a phrase that is understood holds them, or where they stand between
 * the parts of a term that explains them: "pain ~ leg".
 */
function withoutUnderstood(terms: readonly FoundTerm[]): readonly FoundTerm[] {
  const understood = terms.filter(({ rows }) => !isUnclear(rows))
  if (understood.length === terms.length) return terms
  const [told, explained] = [new Set<number>(), new Set<number>()]
  for (const { rows, start, end, parts = [] } of understood)
    if (rows.length > 0) for (const at of placesIn(start, end)) told.add(at)
    else for (const part of parts) for (const at of placesIn(part.start, part.end)) explained.add(at)
  const isTold = ({ start, end }: Stretch) => placesIn(start, end).some((at) => told.has(at))
  // Of words together ("weak foot") each must be explained, or pain elsewhere would explain the weakness.
  const isExplained = ({ parts, ...term }: FoundTerm) =>
    (parts ?? [term]).every(({ start, end }) => placesIn(start, end).every((at) => explained.has(at)))
  return terms.filter(
    (term) => term.rows.length > 0 && (!isUnclear(term.rows) || !(isTold(term) || isExplained(term))),
  )
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

const isOfOthers = ({ alone }: Part) => alone.some(({ rows }) => rows.length === 0)

const longestFirst = (found: readonly Occurrence<Part>[]) =>
  [...found].sort((a, b) => a.start - b.start || b.end - a.end)

type Meaning = Content['meanings']['meanings'][number]

function groupsOf(entry: Meaning): Readonly<Record<string, readonly string[]>> {
  if ('means' in entry) return entry.means
  return 'may-tell-of' in entry ? { [wordGroups.set]: [entry['may-tell-of']] } : {}
}

/** Rows of no code: what the words stand for, under the words themselves. */
export function rowsOfTerm(entry: Meaning, term: string): CodeRow[] {
  const display = term.replaceAll(/ [+~] /g, ' ')
  return Object.entries(groupsOf(entry)).flatMap(([set, names]) =>
    names.map((group) => ({
      set,
      group,
      key: keyOf(set, group),
      system: '',
      code: '',
      display,
      source: 'meanings.yaml',
      verified: false,
      columns: noColumns,
    })),
  )
}

/** The same for ten thousand terms: made once. */
const noColumns = {}
const keys = new Map<string, string>()
function keyOf(set: string, group: string): string {
  const key = `${set}/${group}`
  const known = keys.get(key)
  if (known === undefined) keys.set(key, key)
  return known ?? key
}

/**
 * "PMH: HTN, foot drop", "mother had a stroke, foot drop": a sign that only a word beyond a comma calls past or somebody
 * else's may be of today and of the patient: somebody reads it. Sets of such signs by the group of words that asks.
 */
export function readBySomebody(
  term: FoundTerm,
  signs: ReadonlyMap<string, ReadonlySet<string>>,
  around: () => Pick<Certainties, 'isFar'>,
): FoundTerm {
  if (term.certainty !== 'past' && term.certainty !== 'not-said') return term
  const rows = rowsForSomebody(term.rows, signs)
  return rows && around().isFar(term.start, term.end) ? { ...term, rows, certainty: 'affirmed' } : term
}

/** What asks somebody to read, where these rows may tell of a sign of such sets. */
export function rowsForSomebody(
  rows: readonly CodeRow[],
  signs: ReadonlyMap<string, ReadonlySet<string>>,
): readonly CodeRow[] | undefined {
  for (const [key, sets] of signs) {
    if (!rows.some(({ set }) => sets.has(set))) continue
    const [set = '', group = ''] = key.split('/')
    return rows.slice(0, 1).map((row) => ({ ...row, set, group, key }))
  }
  return undefined
}
