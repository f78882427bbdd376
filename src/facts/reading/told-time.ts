/** When words say that something was: "fusion 2018", "fell 3 weeks ago", "POD 12", "x 2 months", "hace dos meses". */
import { spokenNumbers } from '../sig-tokens.ts'
import { dateOf, type Span, spanOf } from '../spans.ts'

/** Called old, of a day that nobody told, a year, a day with or without its year, or days before the words were written. */
export type ToldTime =
  | { isLongStanding: true }
  | { isUndated: true }
  | { year: number }
  | { day: string; year?: string | undefined; isSince?: true }
  | { least: number; most: number; lasts?: true }

const numbers: Readonly<Record<string, number>> = {
  ...spokenNumbers,
  a: 1,
  an: 1,
  couple: 2,
  few: 3,
  several: 4,
}
/** Days of a unit by how its word begins. */
const units: readonly (readonly [RegExp, number])[] = [
  [/^(d|day|days|dia|dias)$/, 1],
  [/^(w|wk|wks|week|weeks|semana|semanas)$/, 7],
  [/^(mo|mos|month|months|mes|meses)$/, 30.4],
  [/^(y|yr|yrs|year|years|ano|anos)$/, 365.25],
]
/** Behind an amount of time: so long ago. */
const since =
  /^(ago|post|postop|postoperative|s\/p|status|out|after|back|prior|earlier|before|previously|atras)$/
const amounts = /^(mg|mcg|ml|unit|units|iu|g|kg|lb|cc)$/
const year = /^(19|20)\d\d$/

/** Worth a closer look: most texts name no time. */
export const mayTellTime = (text: string) =>
  /\d|\b(ago|last|hace|for|por|yesterday|chronic|long|life|baseline|since|years|cronic|larga|unchanged|desde|many|notes?|nota|visita?|encounter|copied|copy|carried)/i.test(
    text,
  )

/** The one time that these words tell; undefined where they tell none, or several. */
export function timeIn(told: readonly string[]): ToldTime | undefined {
  const found: ToldTime[] = []
  // "2.5 weeks ago" is told in whole weeks.
  const words = told.filter((word) => !word.startsWith('`'))
  for (const [at, word] of words.entries()) {
    const [next, afterNext] = [words[at + 1] ?? '', words[at + 2]]
    const day = date.exec(word)
    if (day?.[2]) found.push({ day: day[2], year: day[1] })
    else if (year.test(word) && !amounts.test(next)) found.push({ year: Number(word) })
    else if (isLong(word, words[at - 1], next, afterNext)) found.push({ isLongStanding: true })
    else if (since.test(word)) found.push(...ago(words[at - 2], words[at - 1]))
    else if (/^(hace|x|for|por|desde)$/.test(word) && !since.test(words[at + 3] ?? ''))
      found.push(
        ...ago(next, afterNext).map((time) =>
          lasts(word, words[at - 1]) ? { ...time, lasts: true as const } : time,
        ),
      )
    else if (word === 'pod') found.push(...ago(next, 'day'))
    else if (word === 'last') found.push(...lately(next))
    else if (word === 'yesterday') found.push(...ago('1', 'day'))
  }
  return found.length === 1 ? found[0] : longestOf(found)
}

/** "For 10 years, unchanged": several that all tell of long ago agree, and the one that counts its days tells most. */
function longestOf(found: readonly ToldTime[]): ToldTime | undefined {
  if (!found.some((time) => 'isLongStanding' in time)) return undefined
  const others = found.filter((time) => !('isLongStanding' in time))
  if (others.length > 1) return undefined
  const [other] = others
  return other === undefined ? found[0] : hasLasted(other) ? other : undefined
}

/** For years, and still: "for 10 years", "longstanding". */
export const hasLasted = (time: ToldTime) =>
  'isLongStanding' in time || ('lasts' in time && time.least >= daysOfAYear)
const daysOfAYear = 365
/** "For 3 years", "desde hace 3 años": since then, and still. */
const lasts = (word: string, before: string | undefined) => word !== 'hace' || before === 'desde'

/** "For years": nobody says how many. */
const isLong = (word: string, before: string | undefined, next: string, afterNext: string | undefined) =>
  /^(longstanding|unchanged|baseline|lifelong)$/.test(word) ||
  (/^(for|x|hace|desde)$/.test(word) && /^(years|yrs|anos|decades|decadas)$/.test(next)) ||
  (/^(long|decades)$/.test(word) && /^(standing|ago|old)$/.test(next)) ||
  (word === 'since' && /^(childhood|teens|birth|teen|college|youth)$/.test(next)) ||
  (word === 'many' && /^(years|yrs)$/.test(next) && before !== 'in' && afterNext !== 'old')

/** A day, as `clauses` writes it, or a year. */
export const isDateWord = (word: string) => date.test(word) || year.test(word)

const date = /^date((?:19|20)\d\d)?(\d{4})$/

function ago(amount: string | undefined, unit: string | undefined): ToldTime[] {
  const count = numbers[amount ?? ''] ?? (/^\d{1,3}$/.test(amount ?? '') ? Number(amount) : undefined)
  const days = daysOf(unit)
  if (count === undefined || days === undefined) return []
  // "3 weeks ago" is some day of the third week back, or of those beside it.
  return [{ least: Math.floor((count - 0.5) * days), most: Math.ceil((count + 0.5) * days) }]
}

function lately(unit: string): ToldTime[] {
  const days = daysOf(unit)
  return days === undefined || days === 1 ? [] : [{ least: Math.floor(days / 4), most: Math.ceil(days * 2) }]
}

const daysOf = (unit: string | undefined) => units.find(([pattern]) => pattern.test(unit ?? ''))?.[1]

/**
 * The days that are meant, in words written on that day. Undefined for the running year: it says too little. What is
 * called old began at least so many days before.
 */
export function spanTold(time: ToldTime, written: number, longStandingDays: number): Span | undefined {
  if ('isLongStanding' in time) return { first: Number.NEGATIVE_INFINITY, last: written - longStandingDays }
  if ('isUndated' in time) return undefined
  if ('least' in time) return { first: written - time.most, last: written - time.least }
  if ('day' in time) return onDay(time.day, time.year, written)
  const span = spanOf(String(time.year))
  return span && span.last < written ? span : undefined
}

/**
 * Without its year the latest such day, where it is not long ago. A day of long ago may be a month with its year ("11/24"),
 * and one that comes soon that of a plan: it is any day from the first to the last. Where it may be read the other way
 * round, too ("3/9"), nobody knows.
 */
function onDay(day: string, year: string | undefined, written: number): Span | undefined {
  const [month, inMonth] = [day.slice(0, 2), day.slice(2)]
  const on = (each: number) => spanOf(`${each}-${month}-${inMonth}`)
  if (year) return upTo(on(Number(year)), written)
  const running = Number(dateOf(written).slice(0, 4))
  const latest = [running, running - 1].map((each) => upTo(on(each), written)).find((each) => each)
  if (!latest || written - latest.first <= nearDays) return latest
  if (Number(inMonth) <= 12) return undefined
  const asMonth = upTo(spanOf(`20${inMonth}-${month}`), written)
  const next = [running, running + 1].map(on).find((each) => each && each.first > written)
  return {
    first: Math.min(latest.first, asMonth?.first ?? latest.first),
    last: next && next.first - written <= soonDays ? next.last : latest.last,
  }
}
/** DESIGN: a day without its year is of this year within so many days, and perhaps a plan within so many to come. */
const nearDays = 120
const soonDays = 60

/** A day was told, and nobody knows which one. What goes on since such a day is of the day on which that was written. */
export const isOfUnknownDay = (time: ToldTime, written: number) =>
  'isUndated' in time || ('day' in time && !time.isSince && !onDay(time.day, time.year, written))

const upTo = (span: Span | undefined, last: number) => (span && span.first <= last ? span : undefined)

export const tellSpan = ({ first, last }: Span) =>
  first === Number.NEGATIVE_INFINITY || last - first > longestTold
    ? undefined
    : last - first > 100
      ? dateOf(last).slice(0, 4)
      : dateOf(last).slice(0, 7)
/** Days: what may be of several years is told by none. */
const longestTold = 370
