/** Months where the hospital is, as spans of moments: a call at night on the last of a month belongs to that month. */

export interface Month {
  /** `2026-03` */
  month: string
  /** In ms since 1970: from the first moment on, and before the last. */
  from: number
  to: number
}

/** The last months up to and with that of `now`, in their order. */
export function lastMonths(count: number, now: number, timeZone: string): readonly Month[] {
  const start = startsIn(timeZone)
  const [year = 1970, month = 1] = localParts(now, timeZone)
  return Array.from({ length: count }, (_, at) => {
    const first = new Date(Date.UTC(year, month - count + at, 1))
    const [y, m] = [first.getUTCFullYear(), first.getUTCMonth()]
    return { month: first.toISOString().slice(0, 7), from: start(y, m), to: start(y, m + 1) }
  })
}

/** `month` from 0 on. The difference to Greenwich is asked twice: it may change between the guess and the moment. */
const startsIn = (timeZone: string) => (year: number, month: number) => {
  const wanted = Date.UTC(year, month, 1)
  const once = wanted - differenceAt(wanted, timeZone)
  return wanted - differenceAt(once, timeZone)
}

function differenceAt(at: number, timeZone: string): number {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = localParts(at, timeZone)
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(at / 60_000) * 60_000
}

function localParts(at: number, timeZone: string): number[] {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  const parts = format.formatToParts(at)
  return ['year', 'month', 'day', 'hour', 'minute'].map((type) =>
    Number(parts.find((part) => part.type === type)?.value),
  )
}
