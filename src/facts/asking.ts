/**
 * The facts of one order: each is asked once, and what nobody looked at the order for is shared with the others of the
 * call.
 */
import { cannotTell, type Facts, type Known } from '../pathway/known.ts'
import type { PatientRecord } from '../record/record.ts'
import { type Answers, withAnswer, withOnset } from './answers.ts'
import type { Case, CompiledFact, Episode, LooksFor, OrderUnderReview } from './case.ts'
import type { ReadEpisode } from './episode.ts'
import type { AddProviso, Gaps } from './lookups.ts'
import { FoundFacts, type Plan } from './quiet.ts'
import type { RecordIndex } from './record-index.ts'

/** What is the same for all orders of a call. */
export interface AskedOf {
  record: PatientRecord
  index: RecordIndex
  gaps: Gaps
  /** Day number. */
  today: number
  answers: Answers | undefined
  /** Facts to which something in the record speaks. */
  worthLooking: ReadonlySet<string>
  /** Answers for which nobody looked at the order: the same for each one of the call, and found once. */
  shared: Map<string, Known>
  withProviso: AddProviso
  facts: ReadonlyMap<string, CompiledFact>
  readEpisode: ReadEpisode
  /** The fact that tells when the pain began. */
  onset: string
}

/** Hears the name of a fact that failed; it stays unknown. */
export type OnFactError = ((fact: string, error: unknown) => void) | undefined

export class Asking implements Case {
  readonly record: PatientRecord
  readonly index: RecordIndex
  readonly gaps: Gaps
  readonly today: number
  readonly #of: AskedOf
  readonly #order: OrderUnderReview
  readonly #plan: Plan
  /** Beside those that each record must be asked. */
  readonly #stirred: ReadonlySet<string>
  readonly #onError: OnFactError
  readonly #found = new Map<string, Known>()
  #episode: Episode | undefined
  #lookedAtOrder = false

  constructor(
    of: AskedOf,
    order: OrderUnderReview,
    plan: Plan,
    stirred: ReadonlySet<string>,
    onError?: OnFactError,
  ) {
    this.record = of.record
    this.index = of.index
    this.gaps = of.gaps
    this.today = of.today
    this.#of = of
    this.#order = order
    this.#plan = plan
    this.#stirred = stirred
    this.#onError = onError
  }

  get order(): OrderUnderReview {
    this.#lookedAtOrder = true
    return this.#order
  }

  get episode(): Episode {
    this.#lookedAtOrder = true
    const { record, index, gaps, today } = this
    const { readEpisode, answers, onset } = this.#of
    this.#episode ??= withOnset(
      readEpisode({ record, index, gaps, today, order: this.#order }),
      answers?.get(onset),
    )
    return this.#episode
  }

  /** Every fact of the plan. */
  all(): Facts {
    for (const fact of this.#plan.always) this.ask(fact)
    for (const fact of this.#stirred) this.ask(fact)
    return new FoundFacts(this.#plan, this.#found)
  }

  /** A function of its own, because kinds hand it on. */
  readonly ask = (fact: string): Known => {
    const { shared, withProviso, answers } = this.#of
    const known = this.#found.get(fact)
    if (known) {
      if (!shared.has(fact)) this.#lookedAtOrder = true
      return known
    }
    const isUsual = !this.#plan.always.has(fact) && !this.#stirred.has(fact)
    const usual = isUsual ? this.#plan.base.get(fact) : undefined
    if (usual) return usual
    const before = shared.get(fact)
    if (before) {
      this.#found.set(fact, before)
      return before
    }
    const outside = this.#lookedAtOrder
    this.#lookedAtOrder = false
    const answered = withAnswer(withProviso(fact, this.#answerTo(fact)), answers?.get(fact))
    this.#found.set(fact, answered)
    if (!this.#lookedAtOrder) shared.set(fact, answered)
    this.#lookedAtOrder ||= outside
    return answered
  }

  #answerTo(name: string): Known {
    const { facts, worthLooking } = this.#of
    const fact = facts.get(name)
    if (!fact) return cannotTell()
    if (fact.looksFor && !worthLooking.has(name) && isAllRead(fact.reads, this.index))
      return nothingFound(fact.looksFor, fact.reads, this)
    try {
      return fact.find(this)
    } catch (error) {
      this.#onError?.(name, error)
      return cannotTell()
    }
  }
}

/** An entry that could not be read may be what a fact looks for. */
const isAllRead = (types: readonly string[], index: RecordIndex) =>
  types.every((type) => index.unread(type).length === 0) && index.unreadMedicines.drafted.length === 0

function nothingFound({ absent, missing }: LooksFor, reads: readonly string[], about: Case): Known {
  const gaps = missing ? missing(about) : about.gaps.among(reads)
  return gaps.length > 0 ? cannotTell(gaps) : absent
}
