/** What came, as a finding tells it: short and in words, whatever it is. */
import { type Exchange, isObject } from './http.ts'

export function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (isObject(value))
    return `an object with ${Object.keys(value).slice(0, 6).join(', ') || 'nothing'}`.slice(0, 80)
  return typeof value === 'string' && value.length > 80
    ? JSON.stringify(`${value.slice(0, 80)}…`)
    : JSON.stringify(value)
}

/** A text as it is, of anything else what it is. */
export const worded = (value: unknown): string => (typeof value === 'string' ? value : shown(value))

/** What came, in short: a status, and where a redirect leads, which is not followed. */
export function outcomeOf({ received, problem }: Exchange): string {
  if (!received) return problem ?? 'no answer'
  const { status, headers } = received
  return headers.location === undefined
    ? String(status)
    : `${status}, a redirect to ${shown(headers.location)}`
}

/** For a terminal: what steers one, or turns its letters round, is no part of what was said. */
export const plain = (text: string) => text.replace(/[\p{Cc}\p{Bidi_C}]/gu, ' ')
