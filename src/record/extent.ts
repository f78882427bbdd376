/**
 * How far back a list is whole that was cut off after its newest entries: to its oldest entry, where the entries
 * themselves prove that the newest came first. A server may leave `_sort` unheard, and a `total` proves nothing.
 */
import { isObject } from './wire.ts'

/** The days that a date as written may mean, since 1970-01-01. */
interface Days {
  first: number
  last: number
}

/**
 * Fewer days than this may stand in order by chance: of three in any order, one in six goes downwards, and servers
 * that do not sort mostly give the oldest first.
 */
const fewestDays = 3
/** Dates are compared as written, and may be of different time zones. */
const zones = 1

/** Hears the entries of one list in their order. */
export class NewestFirst {
  /** Elements that carry the date by which the list was asked to be sorted. */
  readonly #elements: readonly string[]
  #isBroken = false
  #hasUndatedBehind = false
  #oldest: Days | undefined
  #daysSeen = 0

  constructor(elements: readonly string[]) {
    this.#elements = elements
  }

  add(resource: object): void {
    const days = daysIn(resource, this.#elements)
    // Entries without a date may stand at one end, and nowhere else: in between something else gave the order.
    if (!days) this.#hasUndatedBehind ||= this.#oldest !== undefined
    else if (this.#hasUndatedBehind || isLater(days, this.#oldest)) this.#isBroken = true
    else {
      if (!this.#oldest || days.last < this.#oldest.first) this.#daysSeen += 1
      this.#oldest = days
    }
  }

  /** The day from which on everything of this list came; undefined where its order proves nothing. */
  get wholeFrom(): number | undefined {
    if (this.#isBroken || !this.#oldest || this.#daysSeen < fewestDays) return undefined
    // More entries of the oldest day may be behind the cut.
    return this.#oldest.last + zones + 1
  }
}

const isLater = (days: Days, than: Days | undefined) =>
  than !== undefined && days.first > than.first + zones && days.last > than.last + zones

function daysIn(resource: object, elements: readonly string[]): Days | undefined {
  for (const name of elements) {
    const value = (resource as Readonly<Record<string, unknown>>)[name]
    const days = daysOf(isObject(value) ? value.start : value)
    if (days) return days
  }
  return undefined
}

const dayLength = 86_400_000
const written = /^\d{4}(-\d{2}(-\d{2})?)?$/

/** A date, dateTime or instant, by its date as written; a year or a month is as long as that. */
function daysOf(value: unknown): Days | undefined {
  if (typeof value !== 'string') return undefined
  const date = value.slice(0, 10)
  const time = written.test(date) ? Date.parse(date) : Number.NaN
  if (Number.isNaN(time)) return undefined
  const first = time / dayLength
  return { first, last: first + (date.length === 4 ? 365 : date.length === 7 ? 30 : 0) }
}
