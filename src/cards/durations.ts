/** Days as people say them: "9 days", "3 weeks", "over 2 months", "more than a year", "6 to 7 years". */
import type { Content } from '../pathway/content.ts'
import type { Range } from '../pathway/known.ts'
import { compileTemplates } from './template.ts'

export type SayDuration = (range: Range) => string

const week = 7
const year = 365.25
const month = year / 12
/** Below these days it is said in days, weeks and months; from there on in years. */
const until = { days: 2 * week, weeks: 20 * week, months: 365 }

export function compileDurations({ phrases: { phrases } }: Content): SayDuration {
  const say = compileTemplates(phrases)

  return ({ low, high }) => {
    if (high === Number.POSITIVE_INFINITY)
      return low > 0 ? say['at-least']({ for: told(low, false) }) : say['not-dated']({})
    // Midnight elsewhere makes one day two.
    if (high - low <= 1) return told(low, true)
    return low === 0 ? say['less-than']({ for: told(high + 1, false) }) : between(low, high)
  }

  /** `exactly`: a week and some days is over a week. */
  function told(days: number, exactly: boolean): string {
    if (days >= until.months) return say['over-a-year']({})
    if (days < until.days) return counted('day', days)
    const [unit, size] = days < until.weeks ? (['week', week] as const) : (['month', month] as const)
    const whole = Math.floor(days / size)
    const isWhole = unit === 'week' && days % week === 0
    return exactly && !isWhole ? say.over({ for: counted(unit, whole) }) : counted(unit, whole)
  }

  function between(low: number, high: number): string {
    if (low >= year && high >= 2 * year) {
      const [from, to] = [Math.round(low / year), Math.round(high / year)]
      return from === to ? say['about-years']({ count: to }) : say['about-from-to-years']({ from, to })
    }
    const [unit, size] =
      high < until.days
        ? (['day', 1] as const)
        : high < until.months
          ? (['week', week] as const)
          : (['month', month] as const)
    const [from, to] = [Math.floor(low / size), Math.ceil(high / size)]
    return from === to ? counted(unit, to) : say['from-to']({ from, to: counted(unit, to) })
  }

  function counted(unit: 'day' | 'week' | 'month', count: number): string {
    return count === 1 ? say[`one-${unit}`]({}) : say[`${unit}s`]({ count })
  }
}
