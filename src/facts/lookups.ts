/** What a fact's declaration refers to: groups of codes, named numbers, and data that may be missing. */
import type { Content } from '../pathway/content.ts'
import { cannotTell, type Known, no, type Proviso } from '../pathway/known.ts'
import type { PatientRecord, PrefetchState } from '../record/record.ts'
import { dateOf } from './spans.ts'

/** Keys `set/group` of the groups that a fact names. */
export function keysOf(codes: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.entries(codes).flatMap(([set, groups]) => groups.map((group) => `${set}/${group}`))
}

/** What it means that nothing was found in a record that came whole. */
export const absentAnswer = (fact: { 'absent-means': string }): Known =>
  fact['absent-means'] === 'false' ? no : cannotTell()

/** The value behind `$name`; content checks have made sure that it is there. */
export function parameterOf(content: Content, reference: string | number): number {
  if (typeof reference === 'number') return reference
  const parameter = content.parameters[reference.slice(1)]
  if (!parameter) throw new Error(`no parameter ${reference}`)
  return parameter.value
}

/** Asked for and not whole: that is a doubt also about what many EHRs do not have, or do not show. */
const wentWrong = new Set<PrefetchState | undefined>(['truncated', 'failed', 'late', 'unusable'])

const none: readonly string[] = []

/** Which data of a record did not come whole. Looked up once for each type, because most facts ask about the same. */
export class Gaps {
  readonly #record: PatientRecord
  readonly #queries: Content['queries']
  readonly #today: number
  readonly #known = new Map<string, Gap>()
  #partlyRead: ReadonlySet<string> = new Set()

  constructor(record: PatientRecord, { queries }: Pick<Content, 'queries'>, today: number) {
    this.#record = record
    this.#queries = queries
    this.#today = today
  }

  /**
   * Resource types among these that did not come whole for the last `reachDays` days; without a number, for all
   * time. That an optional one did not come at all makes no doubt.
   */
  among(types: readonly string[], reachDays = Number.POSITIVE_INFINITY): readonly string[] {
    for (const type of types)
      if (this.#isGap(type, reachDays)) return types.filter((each) => this.#isGap(each, reachDays))
    return none
  }

  /** Of these more came than was read, so that they are not whole either. */
  addPartlyRead(types: ReadonlySet<string>): void {
    this.#partlyRead = types
    this.#known.clear()
  }

  #isGap(type: string, reachDays: number): boolean {
    const { reaches } = this.of(type)
    return reaches < reachDays
  }

  of(type: string): Gap {
    const known = this.#known.get(type)
    if (known) return known
    const gap = { type, reaches: this.#reachOf(type) }
    this.#known.set(type, gap)
    return gap
  }

  #reachOf(type: string): number {
    if (this.#partlyRead.has(type)) return Number.NEGATIVE_INFINITY
    const query = this.#queries[type]
    const isDoubtful = !query?.optional || wentWrong.has(this.#record.states.get(query.key))
    if (!isDoubtful || this.#record.completeness(type) === 'complete') return Number.POSITIVE_INFINITY
    const from = this.#record.wholeFrom(type)
    return from === undefined ? Number.NEGATIVE_INFINITY : this.#today - from
  }
}

/** How many days back a type's data came whole: Infinity for all time, below 0 for not at all. */
interface Gap {
  type: string
  reaches: number
}

// Which observations are asked for: the codes of every fact that reads them, as far as such codes name observations.

/**
 * Bare codes. With its system each would take three times the room, and servers take addresses of some thousand
 * characters only; a code alone is a legal search, and finds it in any system.
 */
export function observedCodes(content: Pick<Content, 'facts' | 'codes' | 'queries'>): string[] {
  const query = content.queries.Observation
  const systems = new Set(query?.['codes-of'])
  const elsewhere = new Set(query?.['never-observed'].flatMap(({ codes }) => keysOf(codes)))
  const keys = new Set(
    Object.values(content.facts).flatMap((fact) => {
      if (fact.kind === 'observation') return keysOf(fact.codes)
      return fact.kind === 'condition' && fact.in.includes('Observation') ? keysOf(fact.codes) : []
    }),
  )
  const asked = content.codes.rows.filter(
    ({ key, system }) => keys.has(key) && !elsewhere.has(key) && systems.has(system),
  )
  return [...new Set(asked.map(({ code }) => code))]
}

// Answers on a condition: what could not be looked up because data did not come, and is no emergency, is taken as
// not there, and named for the clinician to make sure of.

export type AddProviso = (fact: string, known: Known) => Known

/** For one record: adds to an answer that nobody can tell the one that stands on a condition, where there is one. */
export function provisos({ facts, queries }: Content, gaps: Gaps, today: number): AddProviso {
  /** Without these nothing is advised on any condition. */
  const isNeeded = ({ type, reaches }: Gap) => reaches < 0 && queries[type]?.needed === true
  const isOptional = ({ type }: Gap) => queries[type]?.optional === true
  const listOf = ({ type, reaches }: Gap): Proviso['lists'][number] =>
    reaches >= 0 && Number.isFinite(reaches) ? { type, from: dateOf(today - reaches) } : { type }

  return (fact, known) => {
    const declared = facts[fact]
    // What speaks for it, even in doubt, is more than a list that did not come.
    if (known.value !== undefined || known.gaps.length === 0 || known.evidence.length > 0) return known
    const missing = known.gaps.map((type) => gaps.of(type))
    if (!declared?.noun || missing.some(isNeeded)) return known
    const isNamed = declared['conditional-because'] !== undefined
    // Of a group that gives no reason of its own, the members that cannot be told are named.
    if (!isNamed && (known.provided || !missing.every(isOptional))) return known
    return { ...known, provided: { value: false, that: [{ fact, lists: missing.map(listOf) }] } }
  }
}

/** Of a group of which these members cannot be told: it holds when any of its members does, or only when all do. */
export function providedBy(unsure: readonly Known[], needed: 'any' | 'all'): Known['provided'] {
  const denied = unsure.flatMap(({ provided }) => (provided?.value === false ? provided : []))
  if (needed === 'all') return denied[0]
  return denied.length < unsure.length
    ? undefined
    : { value: false, that: denied.flatMap(({ that }) => that) }
}
