/** Morphine milligram equivalents a day of all opioids in use, and what each of them adds. */
import type { CodeRow } from '../pathway/codes.ts'
import type { Content } from '../pathway/content.ts'
import { cannotTell, type Evidence, type Known, no, yes } from '../pathway/known.ts'
import type { FactOf } from '../pathway/schema.ts'
import type { Case, CompiledFact } from './case.ts'
import { dosedMedicine, factorsIn, mmeADay } from './dose.ts'
import type { Exposure } from './exposures.ts'
import { inUse } from './fitting.ts'
import { keysOf, parameterOf } from './lookups.ts'
import { evidenceOf } from './reading/evidence.ts'
import { dosagesOf } from './sig.ts'
import { type Element, wordsOfConcept } from './wire.ts'

const reads = ['MedicationRequest', 'MedicationDispense', 'MedicationStatement'] as const

export function dailyDose(fact: FactOf<'dose'>, content: Content): CompiledFact {
  const unconverted = new Set(keysOf(fact.unconverted ?? {}))
  const keys = [...keysOf(fact.codes ?? {}), ...unconverted]
  const factors = factorsIn(content, fact.factors ?? '')
  const openDays = parameterOf(content, fact['in-use'] ?? 0)
  const staleDays = parameterOf(content, content.medicines['stale-after'])
  const reachDays = openDays + parameterOf(content, content.medicines['prescription-life'])
  const useOf = (exposure: Exposure, { today }: Case) => inUse(exposure, { today, staleDays }, openDays)

  /** Low: what is known to be taken. High: the same, or Infinity when a dose in use cannot be known. */
  function totalMme(about: Case): Known {
    const { index, gaps } = about
    const groups = new Map<string, Group>()
    const open: Taken[] = []
    for (const medicine of taken((key) => index.drafted(key), about)) addTo(groups, medicine, 'draft')
    for (const medicine of taken((key) => index.exposures(key), about)) {
      if (medicine.isInUse) addTo(groups, medicine, medicine.exposure.type)
      else open.push(medicine)
    }
    const totals = [...groups.values()].map(mostOf)
    const parts = totals.flatMap((total) => total.parts)
    const low = totals.reduce((sum, { mme }) => sum + mme, 0)
    const unread = [...index.unreadMedicines.exposures, ...index.unreadMedicines.drafted].filter(
      (exposure) => useOf(exposure, about) !== 'no',
    )
    const missing = gaps.among(reads, reachDays)
    const isKnown =
      missing.length === 0 && unread.length + open.length === 0 && totals.every(({ isWhole }) => isWhole)
    const evidence = [
      ...parts.map(toldOf),
      ...open.map(toldOf),
      ...unread.map((each) => evidenceOf(each, undefined)),
    ]
    return { value: { low, high: isKnown ? low : Number.POSITIVE_INFINITY }, evidence, gaps: missing }
  }

  function taken(list: (key: string) => readonly Exposure[], about: Case): Taken[] {
    const found = new Map<Exposure, Taken>()
    for (const key of keys) {
      for (const exposure of list(key)) {
        const row = exposure.rows.find((each) => each.key === key)
        const use = row ? useOf(exposure, about) : 'no'
        if (!row || found.has(exposure) || use === 'no') continue
        const medicine = dosedMedicine(exposure, row, factors, content)
        const same = `${medicine.factor?.ingredient ?? row.display} ${medicine.longActing}`
        const mme = unconverted.has(key) ? undefined : mmeADay(exposure, medicine)
        const isInUse = use === 'yes'
        found.set(exposure, {
          exposure,
          row,
          same: unconverted.has(key) ? row.display : same,
          mme,
          isInUse,
          ingredient: medicine.factor?.ingredient,
        })
      }
    }
    return [...found.values()]
  }

  /** Of the draft alone: a dose is written, its opioid converts, and nobody can tell how much it is. */
  function unreadDose(about: Case): Known {
    const { order, index } = about
    if (order.isCut) return cannotTell()
    // The other drafts of the call, of which there may be hundreds, are not worked out for each.
    const isOwn = ({ reference }: Exposure) => reference === order.draft.reference
    const own = taken((key) => index.drafted(key).filter(isOwn), about).filter(
      ({ ingredient, mme }) => ingredient !== undefined && mme === undefined,
    )
    const found = own.filter(({ exposure }) => hasDosage(exposure.resource as unknown as Element))
    if (found.length === 0) return no
    return yes(
      found.map(({ exposure, row }) => ({
        ...evidenceOf(exposure, row),
        reference: 'order',
        date: undefined,
      })),
    )
  }

  return fact.read === 'dose-not-read' ? { reads: [], find: unreadDose } : { reads, find: totalMme }
}

const dosageElements = ['text', 'patientInstruction', 'timing', 'doseAndRate', 'doseQuantity', 'doseRange']
const hasDosage = (source: Element) =>
  dosagesOf(source).some((dosage) => dosageElements.some((name) => dosage[name] !== undefined))

interface Taken {
  exposure: Exposure
  row: CodeRow
  /** Medicines that are one another's renewal: same ingredient, both long-acting or both not. */
  same: string
  mme: number | undefined
  /** False where it may be in use, and nobody knows. */
  isInUse: boolean
  ingredient: string | undefined
}

/** Each with its own dose; where nobody can tell it there is none. */
const toldOf = ({ exposure, row, mme, isInUse, ingredient }: Taken): Evidence => ({
  ...evidenceOf(exposure, row),
  ...(exposure.isDrafted ? { reference: 'draft' } : {}),
  ...(ingredient === undefined ? {} : { short: ingredient }),
  ...(mme === undefined || !isInUse ? {} : { amount: mme }),
})

/** By where they were recorded (the draft, requests, dispenses, statements), then by product. */
type Group = Map<string, Map<string, Taken[]>>

function addTo(groups: Map<string, Group>, medicine: Taken, source: string) {
  const group: Group = groups.get(medicine.same) ?? new Map()
  groups.set(medicine.same, group)
  const products = group.get(source) ?? new Map<string, Taken[]>()
  group.set(source, products)
  const product = productOf(medicine)
  const same = products.get(product)
  if (same) same.push(medicine)
  else products.set(product, [medicine])
}

/** A name alone is no product: "oxycodone 5 mg" and "oxycodone 10 mg" are two. */
const productOf = ({ exposure, row }: Taken) =>
  exposure.how === 'name' ? exposure.concepts.map(wordsOfConcept).join(' | ').toLowerCase() : row.code

/**
 * A renewal replaces what it renews, and a dispense fills what was requested: the largest of the sums counts, so that
 * nothing is counted twice. A sum with an unknown dose in it leaves the group open upwards.
 */
function mostOf(group: Group): { mme: number; isWhole: boolean; parts: Taken[] } {
  const sums = [...group.values()].map((products) => {
    // One product requested again before the last ran out is renewed, not doubled.
    const parts = [...products.values()].map((same) =>
      same.reduce((most, each) => ((each.mme ?? -1) > (most.mme ?? -1) ? each : most)),
    )
    return { parts, mme: parts.reduce((sum, { mme = 0 }) => sum + mme, 0) }
  })
  const most = sums.reduce((best, sum) => (sum.mme > best.mme ? sum : best))
  const unknown = [...group.values()].flatMap((products) =>
    [...products.values()].flat().filter(({ mme }) => mme === undefined),
  )
  return {
    mme: most.mme,
    isWhole: unknown.length === 0,
    parts: [...new Set([...most.parts, ...unknown])],
  }
}
