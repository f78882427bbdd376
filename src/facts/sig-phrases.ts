/** The few phrases of which a dosage in words is made, English and Spanish: how much, how often, at most, for how long. */
import { numberAt, signAt, type Token, wordAt } from './sig-tokens.ts'

export type Amount = { value: number; unit: 'mg' | 'ml' | 'each' }

/** What was read at a place, and where the next phrase begins. */
interface Read<T> {
  value: T
  next: number
}

type Tokens = readonly Token[]

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

/** Words for one quantity, by what each comes to. */
function scale(written: Readonly<Record<string, number>>): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(written).flatMap(([names, value]) =>
      names.split(' ').map((name): [string, number] => [name, value]),
    ),
  )
}

export const pieces = words(
  'tab tabs tablet tablets tb tbs caplet caplets cap caps capsule capsules pill pills patch patches film films strip strips suppository suppositories lozenge lozenges ea tableta tabletas pastilla pastillas comprimido comprimidos capsula capsulas parche parches pildora pildoras supositorio supositorios',
)
export const millilitres = scale({
  'ml mls cc milliliter milliliters mililitro mililitros': 1,
  'tsp teaspoon teaspoons teaspoonful teaspoonfuls cucharadita cucharaditas': 5,
  'tbsp tablespoon tablespoons tablespoonful cucharada cucharadas': 15,
})
export const milligrams = scale({
  'mg mgs milligram milligrams miligramo miligramos': 1,
  'mcg ug microgram micrograms microgramo microgramos': 0.001,
  'g gm gram grams gramo gramos': 1000,
})
export const hours = scale({
  'h hr hrs hour hours hourly hora horas': 1,
  'min mins minute minutes minuto minutos': 1 / 60,
  'd day days daily dia dias diario diaria diarias': 24,
  'wk week weeks weekly semana semanas semanal': 168,
  'month months monthly mes meses': 720,
})
const onceADay = words('daily qd qday nightly qhs hs qam qpm qnight diario diaria diariamente everyday')
const abbreviations = scale({ bid: 2, tid: 3, qid: 4, qod: 0.5, weekly: 1 / 7 })
const times = scale({ once: 1, twice: 2, thrice: 3 })
export const timesWords = words('x time times veces vez')
const everyWords = words('q every each cada')
const otherWords = words('other otro')
const perWords = words('a per an por al each every in en')
const fillers = words(
  'po by mouth oral orally via through the of for as needed prn at in with por boca vo sl al la las dose doses dosis',
)
const moments = words(
  'morning noon afternoon evening night nighttime bedtime bed breakfast lunch dinner supper am pm now once stat manana noche noches tarde mediodia acostarse dormir desayuno almuerzo cena ahora',
)
const limits = words('max maximum maximo maxima limit exceed nte mdd exceder exceda')
const comparatives = words('more mas')
const limitFillers = words(
  'daily dose doses amount of is total to exceed take tome per day dosis diaria de cantidad than que the a',
)
const periodWords = words('for x during durante por')
const packWords = words('disp dispense qty quantity refill refills')
const painWords = words('pain score scale level severe moderate mild rated rating dolor intensidad nivel')
const painFillers = words('of is to scale score level pain de')
const beforeAfter = words('before prior after antes despues')

/** A bare number up to this counts pieces: "take one every 6 hours". */
const largestBareCount = 4
/** "5-325 mg" is a product and no range. */
const widestRange = 5
/** Words that are looked over on the way to a number or a frequency. */
const furthest = 6

/** `2`, `1-2`, `1 to 2`, `1 or 2`, `1 a 2`. */
export function rangeAt(tokens: Tokens, at: number): Read<{ low: number; high: number }> | undefined {
  const low = numberAt(tokens, at)
  if (low === undefined) return undefined
  const isJoined =
    ['-', '–', '~'].includes(signAt(tokens, at + 1) ?? '') ||
    ['to', 'or', 'a', 'o'].includes(wordAt(tokens, at + 1) ?? '')
  const high = isJoined ? numberAt(tokens, at + 2) : undefined
  if (high === undefined || high < low) return { value: { low, high: low }, next: at + 1 }
  return { value: { low, high }, next: at + 3 }
}

/** The amount of one dose, in each unit in which it is said. */
export function amountAt(tokens: Tokens, at: number): Read<Amount[]> | undefined {
  if (['a', 'an'].includes(wordAt(tokens, at) ?? '') && pieces.has(wordAt(tokens, at + 1) ?? ''))
    return { value: [{ value: 1, unit: 'each' }], next: at + 2 }
  const range = rangeAt(tokens, at)
  if (!range) return undefined
  const { low, high } = range.value
  const count = countedAt(tokens, range.next)
  if (count !== undefined) {
    const total = totalAt(tokens, count)
    const amounts: Amount[] = [{ value: high, unit: 'each' }]
    return { value: total ? [...amounts, ...total.value] : amounts, next: total?.next ?? count }
  }
  const unit = wordAt(tokens, range.next) ?? ''
  const ml = millilitres.get(unit)
  if (ml !== undefined) return { value: [{ value: high * ml, unit: 'ml' }], next: range.next + 1 }
  const mg = milligrams.get(unit)
  if (mg !== undefined) {
    // Milligrams for each kilogram or hour, or of two ingredients, are no dose that can be told.
    if (signAt(tokens, range.next + 1) === '/' || high > low * widestRange) return undefined
    return { value: [{ value: high * mg, unit: 'mg' }], next: range.next + 1 }
  }
  const isBare = high <= largestBareCount && leadsToFrequency(tokens, range.next)
  return isBare ? { value: [{ value: high, unit: 'each' }], next: range.next } : undefined
}

/** Behind a number: `tablets`, `10 mg tablet`, `(10 mg) tablets`. Where it ends. */
function countedAt(tokens: Tokens, at: number): number | undefined {
  if (pieces.has(wordAt(tokens, at) ?? '')) return at + 1
  const open = signAt(tokens, at) === '(' ? at + 1 : at
  if (numberAt(tokens, open) === undefined || !milligrams.has(wordAt(tokens, open + 1) ?? ''))
    return undefined
  const close = open > at && signAt(tokens, open + 2) === ')' ? open + 3 : open + 2
  return pieces.has(wordAt(tokens, close) ?? '') ? close + 1 : undefined
}

/** Behind pieces: `(20 mg total)` says the dose again; `(10 mg)` and `of 10 mg` say what a piece holds. */
function totalAt(tokens: Tokens, at: number): Read<Amount[]> | undefined {
  const isOpen = signAt(tokens, at) === '('
  if (!isOpen && wordAt(tokens, at) !== 'of') return undefined
  const range = rangeAt(tokens, at + 1)
  const mg = range && milligrams.get(wordAt(tokens, range.next) ?? '')
  if (!range || mg === undefined) return undefined
  const isTotal = wordAt(tokens, range.next + 1) === 'total'
  const end = range.next + (isTotal ? 2 : 1)
  return {
    value: isOpen && isTotal ? [{ value: range.value.high * mg, unit: 'mg' }] : [],
    next: isOpen && signAt(tokens, end) === ')' ? end + 1 : end,
  }
}

function leadsToFrequency(tokens: Tokens, from: number): boolean {
  for (let at = from; at < from + furthest; at += 1) {
    if (frequencyAt(tokens, at) || isMomentAt(tokens, at)) return true
    const word = wordAt(tokens, at)
    if (word === undefined ? signAt(tokens, at) !== ',' : !fillers.has(word) && !perWords.has(word))
      return false
  }
  return false
}

/** Times a day. */
export function frequencyAt(tokens: Tokens, at: number): Read<number> | undefined {
  const word = wordAt(tokens, at)
  if (word !== undefined) {
    if (everyWords.has(word)) {
      const every = everyAt(tokens, at + 1, word === 'q')
      if (every) return every
    }
    if (onceADay.has(word)) return { value: 1, next: at + 1 }
    const known = abbreviations.get(word)
    if (known !== undefined) return { value: known, next: at + 1 }
    const often = times.get(word)
    const period = often === undefined ? undefined : periodAt(tokens, at + 1)
    if (often !== undefined && period) return { value: (often * 24) / period.value, next: period.next }
  }
  const range = rangeAt(tokens, at)
  if (range && timesWords.has(wordAt(tokens, range.next) ?? '')) {
    const period = periodAt(tokens, range.next + 1)
    return period && { value: (range.value.high * 24) / period.value, next: period.next }
  }
  return range ? undefined : perDayAt(tokens, at)
}

/** Behind "every": `4 hours`, `4-6 h`, `other day`, `day`, `morning`. */
function everyAt(tokens: Tokens, at: number, isShort: boolean): Read<number> | undefined {
  const start = signAt(tokens, at) === '.' ? at + 1 : at
  const range = rangeAt(tokens, start)
  if (range) {
    const unit = hours.get(wordAt(tokens, range.next) ?? '')
    const length = range.value.low * (unit ?? 1)
    if (!(length > 0) || (unit === undefined && !(isShort && length <= 24))) return undefined
    return { value: 24 / length, next: range.next + (unit === undefined ? 0 : 1) }
  }
  const word = wordAt(tokens, start) ?? ''
  if (otherWords.has(word) && hours.get(wordAt(tokens, start + 1) ?? '') === 24)
    return { value: 0.5, next: start + 2 }
  if (moments.has(word)) return { value: 1, next: start + 1 }
  const unit = hours.get(word)
  return unit === undefined ? undefined : { value: 24 / unit, next: start + 1 }
}

/** `daily`, `a day`, `per day`, `/day`, `in 24 hours`, `al dia`: hours of the period. */
function periodAt(tokens: Tokens, from: number): Read<number> | undefined {
  const isLed =
    signAt(tokens, from) === '/' || signAt(tokens, from) === '-' || perWords.has(wordAt(tokens, from) ?? '')
  const at = isLed ? from + 1 : from
  const count = numberAt(tokens, at)
  const unit = hours.get(wordAt(tokens, at + (count === undefined ? 0 : 1)) ?? '')
  if (unit === undefined || (count !== undefined && !isLed)) return undefined
  const length = unit * (count ?? 1)
  return length >= 1 ? { value: length, next: at + (count === undefined ? 1 : 2) } : undefined
}

/** Behind an amount: `2 tablets a day`, `6/day`. Only what is led by such a word: "day" alone is no frequency. */
function perDayAt(tokens: Tokens, at: number): Read<number> | undefined {
  const isLed = signAt(tokens, at) === '/' || perWords.has(wordAt(tokens, at) ?? '')
  const period = isLed ? periodAt(tokens, at) : undefined
  return period && period.value >= 24 ? { value: 24 / period.value, next: period.next } : undefined
}

export const isMomentAt = (tokens: Tokens, at: number) => moments.has(wordAt(tokens, at) ?? '')

/** "up to" before a frequency that stands behind another one. */
export const isUpToBefore = (tokens: Tokens, at: number) =>
  (wordAt(tokens, at - 1) === 'to' && wordAt(tokens, at - 2) === 'up') || wordAt(tokens, at - 1) === 'hasta'

export type Ceiling = { amount: Amount } | { times: number } | undefined

/** `max 6 a day`, `do not exceed 8 tablets in 24 hours`, `Max Daily Amount: 30 mg`, `no mas de 6 al dia`. */
export function ceilingAt(tokens: Tokens, from: number): Read<Ceiling> | undefined {
  const word = wordAt(tokens, from) ?? ''
  if (!limits.has(word) && !comparatives.has(word)) return undefined
  let at = from + 1
  while (at < from + furthest && numberAt(tokens, at) === undefined) {
    const between = wordAt(tokens, at)
    if (
      between === undefined ? ![':', ',', '='].includes(signAt(tokens, at) ?? '') : !limitFillers.has(between)
    )
      return undefined
    at += 1
  }
  const range = rangeAt(tokens, at)
  if (!range) return undefined
  const { high } = range.value
  const unit = wordAt(tokens, range.next) ?? ''
  const isTimes = timesWords.has(unit) || unit === 'doses' || unit === 'dosis'
  const mg = milligrams.get(unit)
  const ml = millilitres.get(unit)
  const isNamed = isTimes || mg !== undefined || ml !== undefined || pieces.has(unit)
  const behind = isNamed ? range.next + 1 : range.next
  const period = periodAt(tokens, behind)
  const next = period?.next ?? behind
  // Without a period it is for a day; of another ingredient ("4 g acetaminophen") it says nothing of this one.
  const isOther = !period && isNamed && wordAt(tokens, behind) !== undefined
  const perDay = (high * 24) / (period?.value ?? 24)
  if (isOther || (isTimes && !period)) return { value: undefined, next }
  if (isTimes) return { value: { times: perDay }, next }
  if (mg !== undefined) return { value: { amount: { value: perDay * mg, unit: 'mg' } }, next }
  if (ml !== undefined) return { value: { amount: { value: perDay * ml, unit: 'ml' } }, next }
  return { value: { amount: { value: perDay, unit: 'each' } }, next }
}

/** `for 7 days`, `x 10 d`, `por 2 semanas`, `10 days`: in days. */
export function durationAt(tokens: Tokens, from: number): Read<number> | undefined {
  const isLed = periodWords.has(wordAt(tokens, from) ?? '')
  const at = isLed ? from + (isUpToBefore(tokens, from + 3) ? 3 : 1) : from
  const range = rangeAt(tokens, at)
  const word = range ? (wordAt(tokens, range.next) ?? '') : ''
  const unit = hours.get(word)
  if (!range || unit === undefined || unit < 24 || (!isLed && !word.endsWith('s'))) return undefined
  return { value: Math.ceil((range.value.high * unit) / 24), next: range.next + 1 }
}

/** Numbers that are no part of the dose: `#30`, `2 refills`, `pain scale 7-10`, `30 minutes before`. Where they end. */
export function skippedAt(tokens: Tokens, at: number): number | undefined {
  const word = wordAt(tokens, at) ?? ''
  if (signAt(tokens, at) === '#' && numberAt(tokens, at + 1) !== undefined) return at + 2
  if (packWords.has(word)) {
    const number = signAt(tokens, at + 1) === ':' || signAt(tokens, at + 1) === '#' ? at + 2 : at + 1
    return numberAt(tokens, number) === undefined ? undefined : number + 1
  }
  if (painWords.has(word)) return painAt(tokens, at + 1)
  const range = rangeAt(tokens, at)
  if (!range) return undefined
  if (['refill', 'refills'].includes(wordAt(tokens, range.next) ?? '')) return range.next + 1
  const isTime =
    hours.has(wordAt(tokens, range.next) ?? '') && beforeAfter.has(wordAt(tokens, range.next + 1) ?? '')
  return isTime ? range.next + 2 : undefined
}

function painAt(tokens: Tokens, from: number): number | undefined {
  for (let at = from; at < from + furthest; at += 1) {
    const range = rangeAt(tokens, at)
    if (range) {
      // "for pain 1 tablet", "pain every 6 hours" are the dose.
      if (amountAt(tokens, at) || hours.has(wordAt(tokens, range.next) ?? '')) return undefined
      return signAt(tokens, range.next) === '/' ? range.next + 2 : range.next
    }
    const word = wordAt(tokens, at)
    if (
      word === undefined
        ? !['(', ':', '=', '>', ','].includes(signAt(tokens, at) ?? '')
        : !painFillers.has(word)
    )
      return undefined
  }
  return undefined
}
