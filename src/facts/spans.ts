/** FHIR dates as spans of days: "2026" is a year long, and nobody knows which day of it was meant. */

/** Days since 1970-01-01, both ends included. */
export interface Span {
  first: number
  last: number
}

const pattern = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].*)?)?)?$/
const dayLength = 86_400_000

/** A date, dateTime or instant, read by its date as written. Undefined when it is not one. */
export function spanOf(value: unknown): Span | undefined {
  return typeof value === 'string' ? (plainDay(value) ?? spanWritten(value)) : undefined
}

/** Most dates are days that every month has, which need no expression: charts have thousands. */
function plainDay(text: string): Span | undefined {
  if (text.length < 10 || text.charCodeAt(4) !== dash || text.charCodeAt(7) !== dash) return undefined
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 7)
  const day = digits(text, 8, 10)
  // What is no digit makes NaN, which is in no range.
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= 28) || !isTime(text)) return undefined
  const first = dayOf(year, month, day)
  return { first, last: first }
}

const dash = 45

function digits(text: string, from: number, to: number): number {
  let read = 0
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 48
    read = digit >= 0 && digit <= 9 ? read * 10 + digit : Number.NaN
  }
  return read
}

/** Nothing, or a time in plain signs, behind the date. */
function isTime(text: string): boolean {
  if (text.length > 10 && text[10] !== 'T' && text[10] !== ' ') return false
  for (let at = 11; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < 32 || code > 126) return false
  }
  return true
}

function spanWritten(value: string): Span | undefined {
  const parts = pattern.exec(value.trim())
  if (!parts) return undefined
  const year = Number(parts[1])
  const month = parts[2] === undefined ? undefined : Number(parts[2])
  const day = parts[3] === undefined ? undefined : Number(parts[3])
  if (month !== undefined && (month < 1 || month > 12)) return undefined
  const first = dayOf(year, month ?? 1, day ?? 1)
  if (day === undefined)
    return { first, last: month === undefined ? dayOf(year + 1, 1, 1) - 1 : dayOf(year, month + 1, 1) - 1 }
  if (day < 1 || first >= dayOf(year, (month ?? 1) + 1, 1)) return undefined
  return { first, last: first }
}

const dayOf = (year: number, month: number, day: number) => Date.UTC(year, month - 1, day) / dayLength

/** A day number as a date. */
export const dateOf = (day: number) => new Date(day * dayLength).toISOString().slice(0, 10)

/** `today` as a day number. Throws when it is not a date, because then nothing can be dated. */
export function dayNumber(today: string): number {
  const span = spanOf(today)
  if (!span || span.first !== span.last) throw new Error('today must be a date such as 2026-11-21')
  return span.first
}

/**
 * How many days before `today`, as a range. A date of tomorrow is today in another time zone; one further ahead is a
 * mistake and dates nothing.
 */
export function daysAgo(span: Span | undefined, today: number): { low: number; high: number } | undefined {
  if (!span || span.first > today + 1) return undefined
  return { low: Math.max(0, today - span.last), high: Math.max(0, today - span.first) }
}

/** Whole years between a birth date and today, as a range. */
export function yearsBetween(birth: Span, today: number): { low: number; high: number } {
  return { low: fullYears(birth.last, today), high: fullYears(birth.first, today) }
}

function fullYears(from: number, to: number): number {
  const start = new Date(from * dayLength)
  const end = new Date(to * dayLength)
  const birthdayPassed =
    end.getUTCMonth() > start.getUTCMonth() ||
    (end.getUTCMonth() === start.getUTCMonth() && end.getUTCDate() >= start.getUTCDate())
  return end.getUTCFullYear() - start.getUTCFullYear() - (birthdayPassed ? 0 : 1)
}
