/** A dosage instruction as numbers: how much each time, how often a day. PRN counts at its maximum. */
import type { Amount } from './sig-phrases.ts'
import { type SaidSig, sigInWords } from './sig-words.ts'
import { concepts, type Element, element, elements, number, plainCode, text, wordsOfConcept } from './wire.ts'

export type { Amount } from './sig-phrases.ts'

interface Sig {
  /** Largest amount each time, in every unit in which it is said, the ordered one first; empty when nobody can tell. */
  amounts: readonly Amount[]
  /** Most times a day; undefined when nobody can tell. */
  timesADay: number | undefined
  /** A stated ceiling for 24 hours. */
  ceiling: Amount | undefined
  sequence: number | undefined
}

/** `dosageInstruction` of a request, `dosage` of a statement; what stands in words only is read there. */
export function sigsOf(source: Element): Sig[] {
  return dosagesOf(source).flatMap((dosage) => sigsOfDosage(dosage))
}

/** Days for which it is to be taken, where the words say so: "for 7 days". */
export function saidDays(source: Element): number | undefined {
  const days = dosagesOf(source).flatMap((dosage) => saidIn(dosage).days ?? [])
  return days.length === 0 ? undefined : Math.max(...days)
}

/** R5 may say all of it in one text beside the instructions. */
export function dosagesOf(source: Element): readonly Element[] {
  const dosages = elements(source.dosageInstruction ?? source.dosage)
  const rendered = text(source.renderedDosageInstruction)
  return dosages.length === 0 && rendered !== undefined ? [{ text: rendered }] : dosages
}

/** Numbers where they are whole, else words; a ceiling from wherever it stands. */
function sigsOfDosage(dosage: Element): Sig[] {
  const said = saidIn(dosage)
  const amounts = amountsOf(dosage)
  const timesADay = timesADayOf(element(dosage.timing))
  const ceiling = ceilingOf(dosage) ?? said.ceiling
  const sequence = number(dosage.sequence)
  const isWhole = amounts.length > 0 && timesADay !== undefined
  if (isWhole || said.doses.length === 0) return [{ amounts, timesADay, ceiling, sequence }]
  const steps = new Set(said.doses.map(({ step }) => step)).size
  return said.doses.map((dose) => ({
    amounts: amounts.length > 0 && said.doses.length === 1 ? amounts : dose.amounts,
    timesADay: (said.doses.length === 1 ? timesADay : undefined) ?? dose.timesADay,
    ceiling,
    // Steps of one instruction stand between it and the next.
    sequence: steps > 1 ? (sequence ?? 0) + dose.step / mostSteps : sequence,
  }))
}

const mostSteps = 1000

/** Each dosage is read once, however many facts ask. */
const read = new WeakMap<Element, SaidSig>()

function saidIn(dosage: Element): SaidSig {
  const known = read.get(dosage)
  if (known) return known
  const main = sigInWords(text(dosage.text) ?? text(dosage.patientInstruction) ?? '')
  const others = [dosage.text === undefined ? undefined : dosage.patientInstruction]
    .concat(concepts(dosage.additionalInstruction).map(wordsOfConcept))
    .flatMap((each) => text(each) ?? [])
  const ceiling = main.ceiling ?? others.flatMap((each) => sigInWords(each).ceiling ?? [])[0]
  const said = { ...main, ceiling }
  read.set(dosage, said)
  return said
}

const milligrams = new Map([
  ['mg', 1],
  ['milligram', 1],
  ['milligrams', 1],
  ['ug', 0.001],
  ['mcg', 0.001],
  ['g', 1000],
])
const millilitres = new Set(['ml', 'milliliter', 'milliliters', 'cc'])
const pieces = /^((tbl|tab|tablet|cap|capsule|pill|ea|unit|dose|patch|film)(s|es|\(s\))?|each|suppository|1)$/
/** An annotation of UCUM such as `{tablet}`: whatever it names is counted. */
const annotation = /^\{[a-z ]+\}$/

/** Without a unit a small number is a count of pieces; a large one may be milligrams, and nobody can tell. */
const largestBareCount = 4

/** Numbers from the wire may be absurd: larger than this they say nothing, and no product of them overflows. */
const largestNumber = 1e9

export function quantityOf(source: Element | undefined): Amount | undefined {
  const value = number(source?.value)
  if (value === undefined || value < 0 || value > largestNumber) return undefined
  const names = [source?.code, source?.unit].flatMap((name) => text(name)?.trim().toLowerCase() ?? [])
  for (const name of names) {
    const unit = name.replace(/^\{|\}$/g, '')
    const mg = milligrams.get(unit)
    if (mg !== undefined) return { value: value * mg, unit: 'mg' }
    if (millilitres.has(unit)) return { value, unit: 'ml' }
    if (pieces.test(unit) || annotation.test(name)) return { value, unit: 'each' }
  }
  return names.length === 0 && value <= largestBareCount ? { value, unit: 'each' } : undefined
}

/** Several doseAndRate are one dose said several ways: they are never added up. */
function amountsOf(dosage: Element): Amount[] {
  const ways = [...elements(dosage.doseAndRate), dosage]
  const ordered = ways.filter((way) => plainCode(way.type) === 'ordered')
  return [...ordered, ...ways].flatMap(
    (way) => quantityOf(element(element(way.doseRange)?.high)) ?? quantityOf(element(way.doseQuantity)) ?? [],
  )
}

/** Times a day of the HL7 timing abbreviations. */
const abbreviations: Readonly<Record<string, number>> = {
  QD: 1,
  DAILY: 1,
  AM: 1,
  PM: 1,
  BED: 1,
  QHS: 1,
  BID: 2,
  TID: 3,
  QID: 4,
  QOD: 0.5,
  WK: 1 / 7,
  Q1H: 24,
  Q2H: 12,
  Q3H: 8,
  Q4H: 6,
  Q6H: 4,
  Q8H: 3,
  Q12H: 2,
  Q24H: 1,
  Q48H: 0.5,
  Q72H: 1 / 3,
}
const hoursIn: Readonly<Record<string, number>> = { s: 1 / 3600, min: 1 / 60, h: 1, d: 24, wk: 168, mo: 730 }

function timesADayOf(timing: Element | undefined): number | undefined {
  if (!timing) return undefined
  const repeat = element(timing.repeat)
  const moments = [repeat?.when, repeat?.timeOfDay].map((list) => (Array.isArray(list) ? list.length : 0))
  const atMoments = Math.max(...moments)
  const hours = hoursIn[text(repeat?.periodUnit) ?? '']
  const period = number(repeat?.period)
  if (hours !== undefined && period !== undefined && period > 0) {
    const times = number(repeat?.frequencyMax) ?? number(repeat?.frequency) ?? 1
    return positive((Math.max(times, atMoments) * 24) / (period * hours))
  }
  if (atMoments > 0) return atMoments
  const said = (plainCode(timing.code) ?? '').toUpperCase().replace(/\b(PRN|AS NEEDED)\b|\s/g, '')
  return abbreviations[said] ?? timesInWords(timing.code)
}

/** "Every 6 hours" where a code belongs. */
function timesInWords(code: unknown): number | undefined {
  for (const concept of concepts(code)) {
    const [dose, ...others] = sigInWords(concept.text ?? concept.codings[0]?.display ?? '').doses
    if (dose?.timesADay !== undefined && others.length === 0) return dose.timesADay
  }
  return undefined
}

function ceilingOf(dosage: Element): Amount | undefined {
  const [ratio] = elements(dosage.maxDosePerPeriod)
  const most = quantityOf(element(ratio?.numerator))
  const period = element(ratio?.denominator)
  const hours =
    hoursIn[
      (text(period?.code) ?? text(period?.unit) ?? '')
        .replace(/^(day|days)$/, 'd')
        .replace(/^(hour|hours)$/, 'h')
    ]
  const length = number(period?.value)
  if (!most || hours === undefined || length === undefined || length <= 0) return undefined
  const value = positive((most.value * 24) / (length * hours))
  return value === undefined ? undefined : { value, unit: most.unit }
}

const positive = (value: number) => (value > 0 && value <= largestNumber ? value : undefined)

/**
 * Amount a day, in one of these units, over all instructions: those of one place in a sequence add up, and of places
 * that follow one another the largest counts. Undefined when one instruction cannot be told.
 */
export function amountADay(
  sigs: readonly Sig[],
  units: readonly Amount['unit'][] = ['mg', 'ml', 'each'],
): Amount | undefined {
  const days = sigs.map((sig) => ({ sequence: sig.sequence, amount: sigADay(sig, units) }))
  const unit = days[0]?.amount?.unit
  if (unit === undefined) return undefined
  const places = new Map<number | undefined, number>()
  for (const { sequence, amount } of days) {
    if (amount?.unit !== unit) return undefined
    places.set(sequence, (places.get(sequence) ?? 0) + amount.value)
  }
  return { unit, value: Math.max(...places.values()) }
}

function sigADay({ amounts, timesADay, ceiling }: Sig, units: readonly Amount['unit'][]): Amount | undefined {
  const amount = amounts.find((each) => units.includes(each.unit))
  if (!amount || timesADay === undefined) return ceiling && units.includes(ceiling.unit) ? ceiling : undefined
  const value = amount.value * timesADay
  return ceiling && ceiling.unit === amount.unit
    ? { value: Math.min(value, ceiling.value), unit: amount.unit }
    : { value, unit: amount.unit }
}
