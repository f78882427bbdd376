/** Dates as a clinician says them ("9 days ago", "about 7 years ago"), counted from the day of the call. */
import { z } from 'zod'

const spoken = /^(about )?(\d+) (day|week|month|year)s? ago$/

export const ago = z
  .string()
  .regex(
    /^(today|tomorrow|in \d+ days?|(about )?\d+ (day|week|month|year)s? ago)$/,
    'is not a date such as "today", "9 days ago", "about 7 years ago" (only the year or month is known) or "in 3 days"',
  )

const dayInMs = 86_400_000

/** `2026-11-21` plus so many days. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayInMs).toISOString().slice(0, 10)
}

/** The same day of the month so many years and months before; the last of the month where there is no such day. */
export function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const first = new Date(Date.UTC(year, month - 1 - months, 1))
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  first.setUTCDate(Math.min(date, last))
  return first.toISOString().slice(0, 10)
}

/** A FHIR date: whole days, except that "about" keeps only the month (months ago) or the year (years ago). */
export function toDate(text: string, today: string): string {
  if (text === 'today') return today
  if (text === 'tomorrow') return addDays(today, 1)
  const ahead = /^in (\d+) days?$/.exec(text)
  if (ahead) return addDays(today, Number(ahead[1]))
  const [, about, count = '0', unit = 'day'] = spoken.exec(text) ?? []
  const n = Number(count)
  if (unit === 'day' || unit === 'week') return addDays(today, -n * (unit === 'week' ? 7 : 1))
  const day = monthsBefore(today, unit === 'year' ? n * 12 : n)
  return about ? day.slice(0, unit === 'year' ? 4 : 7) : day
}
