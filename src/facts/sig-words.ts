/**
 * A dosage that stands in words: "Take 1-2 tablets by mouth every 4 to 6 hours as needed, max 6 a day", "1 tab TID",
 * "tome 1 tableta cada 8 horas". Ranges count at their maximum. A number that stays unexplained makes it unreadable.
 */
import { Remembered } from '../bounds.ts'
import { choiceAt } from './sig-choices.ts'
import {
  type Amount,
  amountAt,
  type Ceiling,
  ceilingAt,
  durationAt,
  frequencyAt,
  isMomentAt,
  isUpToBefore,
  skippedAt,
} from './sig-phrases.ts'
import { numberAt, type Token, tokensOf, wordAt } from './sig-tokens.ts'

/** One dose and how often. Those of one step are taken on the same day, those of several steps one after the other. */
interface SaidDose {
  amounts: Amount[]
  timesADay: number | undefined
  step: number
}

export interface SaidSig {
  /** None where an amount or a number stays open. */
  doses: readonly SaidDose[]
  ceiling: Amount | undefined
  /** "x 10 days": how long it is taken. */
  days: number | undefined
}

const nothing: SaidSig = { doses: [], ceiling: undefined, days: undefined }

/** Texts that are remembered: prescriptions repeat a few hundred of them. */
const mostTexts = 2000
const longestRemembered = 160
const remembered = new Remembered<SaidSig>(mostTexts, longestRemembered)

export function sigInWords(text: string): SaidSig {
  if (text === '') return nothing
  const known = remembered.get(text)
  if (known) return known
  const tokens = tokensOf(text)
  const said = tokens.length === 0 ? nothing : new Reading(tokens).result()
  remembered.set(text, said)
  return said
}

/** What begins another step, and what says that more may be taken. */
const thenWords = new Set(
  'then followed luego despues increase increased increasing titrate thereafter'.split(' '),
)
const moreWords = new Set('repeat additional another extra adicional repetir otra otro'.split(' '))

class Reading {
  readonly #tokens: readonly Token[]
  readonly #doses: SaidDose[] = []
  /** Doses whose frequency is told by times of the day: "in the morning and at bedtime". */
  readonly #byMoment = new Set<SaidDose>()
  #step = 0
  #ceiling: Amount | undefined
  #mostTimes: number | undefined
  /** By step: of steps that follow one another the days add up. */
  readonly #days = new Map<number, number>()
  #isOpen = false

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  result(): SaidSig {
    for (let at = 0; at < this.#tokens.length; ) at = this.#readAt(at)
    const most = this.#mostTimes ?? Number.POSITIVE_INFINITY
    const doses = this.#doses.map(({ timesADay, ...dose }) => ({
      ...dose,
      timesADay: timesADay === undefined ? this.#mostTimes : Math.min(most, timesADay),
    }))
    const days = [...this.#days.values()].reduce((sum, each) => sum + each, 0)
    return {
      doses: this.#isOpen ? [] : doses,
      ceiling: this.#ceiling,
      days: this.#days.size > 0 ? days : undefined,
    }
  }

  /** Reads the phrase that begins here; where the next one begins. */
  #readAt(at: number): number {
    const tokens = this.#tokens
    const skipped = skippedAt(tokens, at)
    if (skipped !== undefined) return skipped
    const ceiling = ceilingAt(tokens, at)
    if (ceiling) return this.#takeCeiling(ceiling.value, ceiling.next)
    const duration = durationAt(tokens, at)
    if (duration) {
      this.#days.set(this.#step, Math.max(this.#days.get(this.#step) ?? 0, duration.value))
      return duration.next
    }
    const frequency = frequencyAt(tokens, at)
    if (frequency) {
      this.#takeFrequency(frequency.value, isUpToBefore(tokens, at))
      return frequency.next
    }
    const choice = this.#isWhole ? choiceAt(tokens, at) : undefined
    if (choice && this.#takeChoice(choice.amount)) return choice.next
    const amount = amountAt(tokens, at)
    if (amount) {
      this.#takeAmounts(amount.value)
      return amount.next
    }
    if (isMomentAt(tokens, at)) this.#takeMoment()
    const word = wordAt(tokens, at) ?? ''
    if (thenWords.has(word) || (['or', 'o'].includes(word) && this.#isWhole)) this.#step += 1
    if (moreWords.has(word) || numberAt(tokens, at) !== undefined) this.#isOpen = true
    return at + 1
  }

  /** The last dose of this step. */
  get #last(): SaidDose | undefined {
    const last = this.#doses.at(-1)
    return last?.step === this.#step ? last : undefined
  }

  get #isWhole(): boolean {
    return this.#last !== undefined && this.#last.amounts.length > 0 && this.#last.timesADay !== undefined
  }

  #begin(amounts: Amount[], timesADay: number | undefined): SaidDose {
    const dose = { amounts, timesADay, step: this.#step }
    this.#doses.push(dose)
    return dose
  }

  #takeAmounts(amounts: Amount[]) {
    const last = this.#last
    // "5 mg (1 tablet)" says one dose twice; behind a frequency another dose begins.
    const isSame =
      last?.timesADay === undefined &&
      last?.amounts.every(({ unit }) => amounts.every((each) => each.unit !== unit))
    if (last && (isSame || last.amounts.length === 0)) last.amounts.push(...amounts)
    else this.#begin(amounts, undefined)
  }

  /** The larger counts, as of a range; false where it is said in another unit, so that nobody can compare. */
  #takeChoice(amount: Amount): boolean {
    const last = this.#last
    const same = last?.amounts.find(({ unit }) => unit === amount.unit)
    if (!last || !same) return false
    if (amount.value > same.value) last.amounts.splice(0, last.amounts.length, amount)
    return true
  }

  #takeFrequency(timesADay: number, isUpTo: boolean) {
    const last = this.#last
    if (!last) this.#begin([], timesADay)
    else if (last.timesADay === undefined) last.timesADay = timesADay
    else if (isUpTo) this.#mostTimes = Math.min(this.#mostTimes ?? timesADay, timesADay)
    else last.timesADay = Math.max(last.timesADay, timesADay)
  }

  /** Each moment is once a day, unless it only says when of a frequency that stands. */
  #takeMoment() {
    const last = this.#last
    if (!last) this.#byMoment.add(this.#begin([], 1))
    else if (last.timesADay === undefined) {
      last.timesADay = 1
      this.#byMoment.add(last)
    } else if (this.#byMoment.has(last)) last.timesADay += 1
  }

  #takeCeiling(ceiling: Ceiling, next: number): number {
    if (ceiling && 'times' in ceiling)
      this.#mostTimes = Math.min(this.#mostTimes ?? ceiling.times, ceiling.times)
    else if (ceiling) this.#ceiling ??= ceiling.amount
    return next
  }
}
