/** Medicines as spans of exposure: what, by which route, from when to when. */
import type { FhirResource } from 'fhir/r4.js'
import type { CodeRow } from '../content/codes.ts'
import type { PatientRecord } from '../record/record.ts'
import { daysByQuantityWithRefills, statedDays } from './days-supply.ts'
import { rowsOf } from './reading/concepts.ts'
import type { Reader } from './reading/reader.ts'
import { type Span, spanOf } from './spans.ts'
import { circumstances, type Statement } from './statements.ts'
import {
  type Concept,
  conceptOf,
  concepts,
  type Element,
  element,
  elements,
  text,
  wordsOfConcept,
} from './wire.ts'

export const medicationTypes = new Set([
  'MedicationRequest',
  'MedicationDispense',
  'MedicationStatement',
  'MedicationAdministration',
])

export interface Exposure extends Statement {
  /** First day, as precisely as the record has it. */
  starts: Span | undefined
  /** Last day: known, still going on (Infinity), or undefined when the record does not say. */
  lastDay: number | undefined
  /** Words of product, form and dosage, and route codes, from which a route is told. */
  routeWords: string
  routeCodes: readonly string[]
}

export interface Medicines {
  record: PatientRecord
  reader: Reader
  namedSets: ReadonlySet<string>
  today: number
}

const notTaken = new Set(['proposal', 'plan', 'option'])

export function exposureOf(resource: FhirResource, medicines: Medicines): Exposure | undefined {
  const source = resource as unknown as Element
  if (medicines.reader.statuses.isWithdrawn(source) || notTaken.has(text(source.intent) ?? ''))
    return undefined
  const product = productOf(resource, source, medicines.record)
  if (product.said.length === 0) return undefined
  const coded = rowsOf(product.said, medicines.reader.codes)
  const rows = coded.length > 0 ? coded : namedRows(product, medicines)
  if (rows.length === 0) return undefined
  const span = spanOfExposure(source)
  const dosages = elements(source.dosageInstruction ?? source.dosage)
  return {
    ...circumstances(resource, medicines.reader),
    ...span,
    began: span.starts,
    date: span.date,
    concepts: product.said,
    rows,
    how: coded.length > 0 ? 'code' : 'name',
    routeWords: [product.form, ...product.said.map(wordsOfConcept), ...dosages.map(routeText)]
      .join(' | ')
      .toLowerCase(),
    routeCodes: dosages.flatMap((dosage) =>
      concepts(dosage.route).flatMap(({ codings }) => codings.map(({ code }) => code ?? '')),
    ),
  }
}

/** Codes first: clinical drug, ingredient. Only when nothing is coded that we know, the ingredient's name. */
function namedRows(product: Product, { reader, namedSets }: Medicines): readonly CodeRow[] {
  return namedSets.size === 0
    ? []
    : reader.codes.lookupByName(product.said.map(wordsOfConcept).join(' | '), namedSets)
}

export interface Product {
  said: readonly Concept[]
  form: string
}

/** The product of a request, in itself or behind its reference (contained, draft, prefetched), else its display. */
export function productOf(resource: FhirResource, source: Element, record: PatientRecord): Product {
  const direct = concepts(source.medicationCodeableConcept)
  if (direct.length > 0) return { said: direct, form: '' }
  const reference = element(source.medicationReference)
  if (!reference) return { said: [], form: '' }
  const medication = record.resolve(text(reference.reference), resource) as Element | undefined
  const display = text(reference.display)
  const shown: Concept[] = display ? [{ codings: [], text: display }] : []
  if (!medication) return { said: shown, form: '' }
  const ingredients = elements(medication.ingredient).flatMap((each) => concepts(each.itemCodeableConcept))
  return {
    said: [...concepts(medication.code), ...ingredients, ...shown],
    form: element(medication.form) ? wordsOfConcept(conceptOf(element(medication.form) ?? {})) : '',
  }
}

const routeText = (dosage: Element) =>
  [text(dosage.text), text(dosage.patientInstruction), ...concepts(dosage.route).map(wordsOfConcept)].join(
    ' | ',
  )

interface ExposureSpan {
  starts: Span | undefined
  lastDay: number | undefined
  date: string | undefined
}

function spanOfExposure(source: Element): ExposureSpan {
  const period = element(source.effectivePeriod)
  const date =
    text(source.authoredOn) ??
    text(source.whenHandedOver) ??
    text(source.whenPrepared) ??
    text(source.effectiveDateTime) ??
    text(period?.start) ??
    text(source.dateAsserted)
  const starts = spanOf(date)
  return { starts, lastDay: lastDayOf(source, starts, period), date }
}

const stillGoing = new Set(['active', 'unknown', 'on-hold', 'in-progress', 'intended'])

function lastDayOf(
  source: Element,
  starts: Span | undefined,
  period: Element | undefined,
): number | undefined {
  const ends = spanOf(period?.end ?? element(element(source.dispenseRequest)?.validityPeriod)?.end)
  const supply = statedDays(source) ?? daysByQuantityWithRefills(source)
  if (supply !== undefined && starts) return starts.last + supply - 1
  if (ends) return ends.last
  if (source.resourceType === 'MedicationAdministration') return starts?.last
  // An open order without an end is a treatment that goes on; a finished one covers at least the day it began.
  return stillGoing.has(text(source.status) ?? 'active') ? Number.POSITIVE_INFINITY : starts?.last
}
