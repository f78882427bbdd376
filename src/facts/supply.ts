/** Arithmetic of supplied days. */
import { type Amount, amountADay, quantityOf, saidDays, sigsOf } from './sig.ts'
import { spanOf } from './spans.ts'
import { type Element, element, elements, number, plainCode, text } from './wire.ts'

// Days that a supply lasts: as stated, or the quantity divided by what is used up in a day.

/** Days of supply that the record states; refills of an open order count as taken up. */
export function statedDays(source: Element): number | undefined {
  const dispensed = daysOf(element(source.daysSupply))
  if (dispensed !== undefined) return dispensed
  const request = element(source.dispenseRequest)
  const expected = daysOf(element(request?.expectedSupplyDuration))
  return expected === undefined ? boundedDays(source) : expected * (1 + refillsOf(request))
}

/** Days of one fill; a fraction where the quantity does not come out even. */
export function daysOfOneFill(source: Element): number | undefined {
  const request = element(source.dispenseRequest)
  return daysOf(element(request?.expectedSupplyDuration)) ?? daysByQuantity(source) ?? boundedDays(source)
}

/** The same with refills, from the quantity. */
export function daysByQuantityWithRefills(source: Element): number | undefined {
  const days = daysByQuantity(source)
  return days === undefined ? undefined : Math.ceil(days * (1 + refillsOf(element(source.dispenseRequest))))
}

function daysByQuantity(source: Element): number | undefined {
  const quantity = suppliedQuantity(source)
  const daily = quantity && amountADay(sigsOf(source), [quantity.unit])
  const days = daily && daily.value > 0 ? quantity.value / daily.value : Number.NaN
  return Number.isFinite(days) ? days : undefined
}

/** What one fill holds. A bare number is counted in what one takes of it. */
export function suppliedQuantity(source: Element): Amount | undefined {
  const written = element(element(source.dispenseRequest)?.quantity) ?? element(source.quantity)
  const value = number(written?.value)
  const isBare = text(written?.unit) === undefined && text(written?.code) === undefined
  if (!isBare || value === undefined) return quantityOf(written)
  const unit = amountADay(sigsOf(source), ['each', 'ml'])?.unit
  return value >= 0 && unit !== undefined ? { value, unit } : undefined
}

const refillsOf = (request: Element | undefined) =>
  Math.max(0, Math.floor(number(request?.numberOfRepeatsAllowed) ?? 0))

/** Days of the whole course, where its timing has bounds. */
function boundedDays(source: Element): number | undefined {
  const bounds = elements(source.dosageInstruction).map((dosage) => element(element(dosage.timing)?.repeat))
  const stated = bounds
    .map((repeat) => daysOf(element(repeat?.boundsDuration)) ?? daysBetween(element(repeat?.boundsPeriod)))
    .find((days) => days !== undefined)
  return stated ?? saidDays(source)
}

function daysBetween(period: Element | undefined): number | undefined {
  const first = spanOf(period?.start)
  const last = spanOf(period?.end)
  return first && last && last.last >= first.first ? last.last - first.first + 1 : undefined
}

const unitDays: Readonly<Record<string, number>> = {
  d: 1,
  day: 1,
  days: 1,
  wk: 7,
  week: 7,
  weeks: 7,
  mo: 30,
  month: 30,
  months: 30,
  a: 365,
  year: 365,
  years: 365,
  h: 1 / 24,
  hour: 1 / 24,
  hours: 1 / 24,
}

function daysOf(duration: Element | undefined): number | undefined {
  const value = number(duration?.value)
  if (value === undefined || value < 0) return undefined
  const unit = (plainCode(duration?.code) ?? text(duration?.unit) ?? 'd').toLowerCase()
  const days = Math.ceil(value * (unitDays[unit] ?? Number.NaN))
  return Number.isFinite(days) ? days : undefined
}

/** Day numbers, both included. */
export interface Stretch {
  first: number
  last: number
}

export function overlap(stretch: Stretch, window: Stretch): Stretch | undefined {
  const first = Math.max(stretch.first, window.first)
  const last = Math.min(stretch.last, window.last)
  return first <= last ? { first, last } : undefined
}

/** Stretches joined where they touch, overlap, or leave at most `gap` uncovered days between them. */
export function joined(stretches: readonly Stretch[], gap = 0): Stretch[] {
  const runs: Stretch[] = []
  for (const { first, last } of [...stretches].sort((a, b) => a.first - b.first)) {
    const run = runs.at(-1)
    if (run && first <= run.last + 1 + gap) run.last = Math.max(run.last, last)
    else runs.push({ first, last })
  }
  return runs
}

const lengthOf = ({ first, last }: Stretch) => last - first + 1

/** Days covered by at least one stretch. */
export const coveredDays = (stretches: readonly Stretch[]) =>
  joined(stretches).reduce((sum, run) => sum + lengthOf(run), 0)

/** Days of the longest run without a gap longer than `gap`. */
export const longestRun = (stretches: readonly Stretch[], gap: number) =>
  Math.max(0, ...joined(stretches, gap).map(lengthOf))
