/** Days and times where the hospital is. */

/** A moment as cards tell it, where the hospital is: its day only where that is another. */
export function timeIn(timeZone: string, now: () => Date): (at: Date) => string {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'short' })
  return (at) => {
    const on = day.format(at)
    return on === day.format(now()) ? time.format(at) : `${on} ${time.format(at)}`
  }
}

/** The date where the hospital is: at night in Seattle it is tomorrow in Greenwich. */
export function todayIn(timeZone: string, now: () => Date): () => string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  // It changes at the end of a minute, and formatting it takes longer than most rules.
  let formatted = { minute: Number.NaN, day: '' }
  return () => {
    const time = now()
    const minute = Math.floor(time.getTime() / 60_000)
    if (minute !== formatted.minute) formatted = { minute, day: format.format(time) }
    return formatted.day
  }
}

/** The date of a moment where the hospital is; `at` in ms since 1970. */
export function dayIn(timeZone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })
  // Moments of one hour are of one day, but where a zone is off by less: quarters of an hour serve all.
  const known = { quarter: Number.NaN, day: '' }
  return (at) => {
    const quarter = Math.floor(at / 900_000)
    if (quarter !== known.quarter) {
      known.quarter = quarter
      known.day = format.format(at)
    }
    return known.day
  }
}
