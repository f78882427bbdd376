/** What a fact's declaration refers to: groups of codes, named numbers, and data that may be missing. */
import type { Content } from '../pathway/content.ts'
import { cannotTell, type Known, no } from '../pathway/known.ts'
import type { PatientRecord, PrefetchState } from '../record/record.ts'

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
export interface Gap {
  type: string
  reaches: number
}
