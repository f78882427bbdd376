/** Today of the trial, and days as a story counts them from it. */
import { addDays } from '../language/when.ts'

export const today = '2026-11-21'

/** `-3`, `+20`: days from today; anything else is a date as it was written. */
export const dateOf = (written: string) =>
  /^[-+]?\d{1,4}$/.test(written) && !/^(19|20)\d\d$/.test(written)
    ? addDays(today, Number(written))
    : written.replace(/^(-\d+)T/, (_, days) => `${addDays(today, Number(days))}T`)

/** An entry with its `{T}` and `{T-9}` as days. */
export function inDays<T>(entry: T): T {
  const written = JSON.stringify(entry).replace(/\{T([-+]\d{1,5})?\}/g, (_, days) =>
    addDays(today, Number(days ?? 0)),
  )
  return JSON.parse(written) as T
}
