/** Medicines of a vignette as FHIR has them: the product, the dosage in words and numbers, the supply. */
import type {
  CodeableConcept,
  Dosage,
  DosageDoseAndRate,
  Duration,
  Medication,
  MedicationRequestDispenseRequest,
  Quantity,
  Timing,
} from 'fhir/r4.js'
import type { Drug } from './chart-language.ts'
import { ceiling, supplied, taking } from './chart-language.ts'
import { concept } from './code.ts'

const timesADay: Readonly<Record<string, number>> = { a: 1, once: 1, twice: 2, three: 3, four: 4 }

interface Product {
  contained?: Medication[]
  medicationCodeableConcept?: CodeableConcept
  medicationReference?: { reference: string }
}

/** The medicine as a code, in a Medication inside the order, or in one beside it. */
export function product(drug: Drug, id: string): Product {
  if (drug.as === 'code') return { medicationCodeableConcept: concept(drug.code, drug.text) }
  if (drug.as === 'beside') return { medicationReference: { reference: `Medication/${id}-medicine` } }
  return { contained: [medication(drug, 'medicine')], medicationReference: { reference: '#medicine' } }
}

export const medication = (drug: Drug, id: string): Medication => ({
  resourceType: 'Medication',
  id,
  code: concept(drug.code, drug.text),
})

export function dosage(drug: Drug): { dosageInstruction?: Dosage[] } {
  const inWords = drug['in-words-only']
  if (!drug.take && !drug.route && !inWords && !drug['at-most']) return {}
  return {
    dosageInstruction: [
      {
        text: inWords ?? [drug.take, drug.route].filter(Boolean).join(', '),
        ...(drug.take && !inWords ? amounts(drug.take, drug['dose-sent']) : {}),
        ...ceilingOf(drug['at-most']),
        ...(drug.route ? { route: { text: drug.route } } : {}),
      },
    ],
  }
}

function amounts(take: string, sent: Drug['dose-sent']): Dosage {
  const said = taking.exec(take)?.groups ?? {}
  const unit = sent === 'without unit' ? undefined : (said.unit ?? 'tablet')
  const low = measure(Number(said.low), unit)
  const dose: DosageDoseAndRate = said.high
    ? { doseRange: { low, high: measure(Number(said.high), unit) } }
    : { doseQuantity: low }
  return {
    timing: timingOf(said),
    doseAndRate: sent === 'in three ways' ? threeWays(low) : [dose],
    ...(said.prn ? { asNeededBoolean: true } : {}),
  }
}

function timingOf(said: Readonly<Record<string, string | undefined>>): Timing {
  if (said.code) return { code: { coding: [{ system: gtsAbbreviation, code: said.code }], text: said.code } }
  const longest = said.longest ? { periodMax: Number(said.longest) } : {}
  if (said.hours) return { repeat: { frequency: 1, period: Number(said.hours), ...longest, periodUnit: 'h' } }
  if (said.week) return { repeat: { frequency: 1, period: 1, periodUnit: 'wk' } }
  const frequency = timesADay[said.often?.split(' ')[0] ?? 'a'] ?? 1
  return { repeat: { frequency, period: 1, periodUnit: 'd' } }
}

const gtsAbbreviation = 'http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation'
const doseTypes = 'http://terminology.hl7.org/CodeSystem/dose-rate-type'
const ucum = 'http://unitsofmeasure.org'

function measure(value: number, unit: string | undefined): Quantity {
  if (!unit) return { value }
  return unit === 'tablet' ? { value, unit } : { value, unit, system: ucum, code: unit }
}

/** One dose said three ways: they must not be added up. */
function threeWays(ordered: Quantity): DosageDoseAndRate[] {
  const tablets: Quantity = { value: 1, unit: 'tablet', system: ucum, code: '{tbl}' }
  const ways = { calculated: ordered, 'admin-amount': tablets, ordered }
  return Object.entries(ways).map(([code, doseQuantity]) => ({
    type: {
      coding: [{ system: code === 'admin-amount' ? 'urn:example:dose-type' : doseTypes, code }],
      text: code,
    },
    doseQuantity,
  }))
}

function ceilingOf(most: string | undefined): Pick<Dosage, 'maxDosePerPeriod'> {
  const said = most === undefined ? undefined : ceiling.exec(most)?.groups
  if (!said) return {}
  const denominator = { value: 1, unit: 'day', system: ucum, code: 'd' }
  return { maxDosePerPeriod: { numerator: measure(Number(said.most), said.unit ?? 'tablet'), denominator } }
}

/** `30` tablets, `120 mL`, or a bare number. */
export function quantityOf(quantity: NonNullable<Drug['quantity']>): Quantity {
  if (typeof quantity === 'number') return { value: quantity, unit: 'tablet' }
  const { count, unit } = supplied.exec(quantity)?.groups ?? {}
  return measure(Number(count), unit === 'without unit' ? undefined : unit)
}

export const daysOf = (days: number): Duration => ({
  value: days,
  unit: 'days',
  system: 'http://unitsofmeasure.org',
  code: 'd',
})

/** What a prescription asks the pharmacy to give. */
export function supply(drug: Pick<Drug, 'days' | 'quantity'> & { refills?: number | undefined }): {
  dispenseRequest?: MedicationRequestDispenseRequest
} {
  const { days, quantity, refills } = drug
  if (!days && !quantity && !refills) return {}
  return {
    dispenseRequest: {
      ...(refills ? { numberOfRepeatsAllowed: refills } : {}),
      ...(quantity ? { quantity: quantityOf(quantity) } : {}),
      ...(days ? { expectedSupplyDuration: daysOf(days) } : {}),
    },
  }
}
