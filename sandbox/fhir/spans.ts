/** FHIR dates as spans of time: `2026-01` is all of January. */
import { isObject } from './elements.ts'

/** Milliseconds since 1970; the end is outside. */
interface Span {
  start: number
  end: number
}

const form = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/

/** Undefined for what is no date. Without a zone it is read as UTC. */
function spanOf(text: string): Span | undefined {
  const [whole, year, month, day, hour, , second, fraction, zone = 'Z'] = form.exec(text) ?? []
  if (whole === undefined) return undefined
  const start = Date.parse(
    hour === undefined ? `${year}-${month ?? '01'}-${day ?? '01'}T00:00:00Z` : withZone(whole, zone, second),
  )
  if (Number.isNaN(start)) return undefined
  return { start, end: endOf(start, { month, day, hour, second, fraction }) }
}

const withZone = (text: string, zone: string, second: string | undefined) => {
  const local = text.replace(/(Z|[+-]\d\d:\d\d)$/, '')
  return `${local}${second === undefined ? ':00' : ''}${zone}`
}

function endOf(start: number, parts: Readonly<Record<string, string | undefined>>): number {
  const end = new Date(start)
  if (parts.fraction) return start + 1
  if (parts.second) return start + 1000
  if (parts.hour) return start + 60_000
  if (parts.day) return start + 86_400_000
  if (parts.month) return end.setUTCMonth(end.getUTCMonth() + 1)
  return end.setUTCFullYear(end.getUTCFullYear() + 1)
}

/** Of a date or a Period; an open end has no limit. */
export function spanOfValue(value: unknown): Span | undefined {
  if (typeof value === 'string') return spanOf(value)
  if (!isObject(value)) return undefined
  const { start, end } = value
  if (start === undefined && end === undefined) return undefined
  return {
    start: (typeof start === 'string' ? spanOf(start)?.start : undefined) ?? Number.NEGATIVE_INFINITY,
    end: (typeof end === 'string' ? spanOf(end)?.end : undefined) ?? Number.POSITIVE_INFINITY,
  }
}

const comparisons: Readonly<Record<string, (value: Span, asked: Span) => boolean>> = {
  eq: (value, asked) => value.start >= asked.start && value.end <= asked.end,
  ne: (value, asked) => value.start < asked.start || value.end > asked.end,
  gt: (value, asked) => value.end > asked.end,
  lt: (value, asked) => value.start < asked.start,
  ge: (value, asked) => value.end > asked.end || (value.start >= asked.start && value.end <= asked.end),
  le: (value, asked) => value.start < asked.start || (value.start >= asked.start && value.end <= asked.end),
}

/** Of `ge2026-01-01`; undefined for what cannot be read. */
export function dateTest(text: string): ((value: Span) => boolean) | undefined {
  const [, prefix = 'eq', rest = ''] = /^([a-z]{2})?(.*)$/.exec(text) ?? []
  const asked = spanOf(rest)
  const compare = Object.hasOwn(comparisons, prefix) ? comparisons[prefix] : undefined
  return asked && compare && ((value) => compare(value, asked))
}
