/** On which days a medicine was taken: surely, perhaps; and whether it is in use now. */
import type { Exposure } from './exposures.ts'
import type { Stretch } from './supply.ts'

/** An open entry that is older than this neither counts nor clears. */
export interface Age {
  today: number
  staleDays: number
}

/** Open, and nothing was said of it for years: nobody knows whether it is still taken. */
export function isStale(
  { lastDay, newest, hasEnd, isDrafted }: Exposure,
  { today, staleDays }: Age,
): boolean {
  if (hasEnd || isDrafted || lastDay !== Number.POSITIVE_INFINITY) return false
  return newest !== undefined && newest < today - staleDays
}

/** Days on which it was surely taken. */
export function surely(exposure: Exposure, age: Age): Stretch | undefined {
  const { starts, lastDay } = exposure
  if (!exposure.isSure) return undefined
  // Without a date an open entry is taken now, and nobody knows since when.
  if (!starts) return isGoingOn(exposure) ? { first: age.today, last: age.today } : undefined
  if (starts.first > age.today + 1) return undefined
  const first = Math.min(starts.last, age.today)
  const last = isStale(exposure, age) ? first : Math.max(lastDay ?? first, first)
  return { first, last: Math.min(last, age.today) }
}

/** Days on which it may have been taken. */
export function possibly(exposure: Exposure, { today }: Age): Stretch | undefined {
  const { starts, lastDay } = exposure
  if (!starts) return { first: Number.MIN_SAFE_INTEGER, last: Math.min(lastDay ?? today, today) }
  if (starts.first > today + 1) return undefined
  const first = Math.min(starts.first, today)
  return { first, last: Math.min(Math.max(lastDay ?? starts.last, starts.last), today) }
}

const isGoingOn = ({ lastDay }: Exposure) => lastDay === Number.POSITIVE_INFINITY

/**
 * In use now: a supply that reaches to today, an open order younger than `openDays`, or an active home medicine. An
 * older open order without a supply, or one of which nobody knows, may be. A dose that was given in a hospital is none.
 */
export function inUse(exposure: Exposure, age: Age, openDays: number): 'yes' | 'perhaps' | 'no' {
  const used = inUseBy(exposure, age, openDays)
  return used === 'yes' && !exposure.isSure ? 'perhaps' : used
}

function inUseBy(exposure: Exposure, age: Age, openDays: number): 'yes' | 'perhaps' | 'no' {
  const { today } = age
  const { starts, lastDay, hasEnd, newest } = exposure
  if (exposure.isDrafted) return 'yes'
  if (exposure.isInHospital || exposure.isStopped) return 'no'
  if (starts && starts.first > today + 1) return 'no'
  if (hasEnd) return lastDay === undefined ? 'perhaps' : lastDay >= today ? 'yes' : 'no'
  if (!isGoingOn(exposure)) return isDispensed(exposure, today, openDays) ? 'perhaps' : 'no'
  if (isStale(exposure, age)) return 'perhaps'
  if (exposure.isHome || newest === undefined) return 'yes'
  return newest >= today - openDays ? 'yes' : 'perhaps'
}

/** Handed out lately, and for how long nobody says. */
const isDispensed = ({ type, starts }: Exposure, today: number, openDays: number) =>
  type === 'MedicationDispense' && starts !== undefined && starts.last >= today - openDays
