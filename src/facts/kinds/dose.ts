/** Numbers about a drafted medicine: morphine equivalents a day with all in use, days of supply, units dispensed. */
import type { CodeRow } from '../../content/codes.ts'
import { answer, cannotTell, type Known } from '../../content/known.ts'
import type { Case, Compile } from '../case.ts'
import { daysOfOneFill } from '../days-supply.ts'
import { dosedMedicine, factorsIn, mmeADay, quantityDispensed } from '../dose.ts'
import type { Exposure } from '../exposures.ts'
import { keysOf } from '../lookups.ts'
import { evidenceOf } from '../reading/evidence.ts'
import type { Element } from '../wire.ts'

export const dose: Compile<'dose'> = (fact, content) => {
  if (fact.read === 'mme-per-day') {
    const unconverted = new Set(keysOf(fact.unconverted ?? {}))
    const keys = [...keysOf(fact.codes ?? {}), ...unconverted]
    const factors = factorsIn(content, fact.factors ?? '')
    return {
      reads: ['MedicationRequest', 'MedicationDispense', 'MedicationStatement'],
      find: (about) => totalMme(about),
    }

    /** Low: what is known to be taken. High: the same, or Infinity when a dose in use cannot be known. */
    function totalMme(about: Case): Known {
      const drafts = taken(about.index.drafted.bind(about.index), about)
      const current = taken(about.index.exposures.bind(about.index), about)
      const gaps = about.gaps.among(['MedicationRequest', 'MedicationDispense', 'MedicationStatement'])
      const groups = new Map<string, Group>()
      for (const medicine of drafts) addTo(groups, medicine, 'draft')
      for (const medicine of current) addTo(groups, medicine, medicine.exposure.type)
      const totals = [...groups.values()].map(mostOf)
      const low = totals.reduce((sum, { mme }) => sum + mme, 0)
      const known = gaps.length === 0 && totals.every(({ whole }) => whole)
      const evidence = [...drafts, ...current].map(({ exposure, row }) => evidenceOf(exposure, row))
      return { value: { low, high: known ? low : Number.POSITIVE_INFINITY }, evidence, gaps }
    }

    function taken(list: (key: string) => readonly Exposure[], about: Case): Taken[] {
      const found = new Map<Exposure, Taken>()
      for (const key of keys) {
        for (const exposure of list(key)) {
          const row = exposure.rows.find((each) => each.key === key)
          if (!row || found.has(exposure) || !coversToday(exposure, about.today)) continue
          const medicine = dosedMedicine(exposure, row, factors)
          const same = `${medicine.factor?.ingredient ?? row.display} ${medicine.longActing}`
          const mme = unconverted.has(key) ? undefined : mmeADay(exposure, medicine)
          found.set(exposure, { exposure, row, same: unconverted.has(key) ? row.display : same, mme })
        }
      }
      return [...found.values()]
    }
  }
  const read = fact.read === 'supply-days' ? daysOfOneFill : unitsDispensed
  return {
    reads: [],
    find: ({ order }) => {
      const value = read(order.draft.resource as unknown as Element)
      return value === undefined ? cannotTell() : answer({ low: value, high: value })
    },
  }
}

interface Taken {
  exposure: Exposure
  row: CodeRow
  /** Medicines that are one another's renewal: same ingredient, both long-acting or both not. */
  same: string
  mme: number | undefined
}

/** Sums by where they were recorded: the draft, requests, dispenses, statements. */
type Group = Map<string, Map<string, { mme: number; whole: boolean }>>

function addTo(groups: Map<string, Group>, { same, row, mme }: Taken, source: string) {
  const group: Group = groups.get(same) ?? new Map()
  groups.set(same, group)
  const products = group.get(source) ?? new Map()
  group.set(source, products)
  // One product requested again before the last ran out is renewed, not doubled.
  const before = products.get(row.code) ?? { mme: 0, whole: true }
  products.set(row.code, { mme: Math.max(before.mme, mme ?? 0), whole: before.whole && mme !== undefined })
}

/**
 * A renewal replaces what it renews, and a dispense fills what was requested: the largest of the sums counts, so that
 * nothing is counted twice. A sum with an unknown dose in it leaves the group open upwards.
 */
function mostOf(group: Group): { mme: number; whole: boolean } {
  const sums = [...group.values()].map((products) => [...products.values()])
  return {
    mme: Math.max(...sums.map((products) => products.reduce((sum, { mme }) => sum + mme, 0))),
    whole: sums.flat().every(({ whole }) => whole),
  }
}

function coversToday(exposure: Exposure, today: number): boolean {
  if (exposure.starts && exposure.starts.first > today + 1) return false
  return (exposure.lastDay ?? Number.NEGATIVE_INFINITY) >= today
}

const unitsDispensed = (source: Element) => quantityDispensed(source)?.value
