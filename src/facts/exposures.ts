/** Medicines as spans of exposure: what, by which route, from when to when. Each resource is read once. */
import type { FhirResource } from 'fhir/r4.js'
import type { PatientRecord } from '../record/record.ts'
import { daysByQuantityWithRefills, statedDays } from './days-supply.ts'
import type { MedicineReading } from './medicine-reading.ts'
import { type Product, productOf } from './product.ts'
import type { Reader } from './reading/reader.ts'
import { dosagesOf } from './sig.ts'
import { type Span, spanOf } from './spans.ts'
import { circumstances, type Statement } from './statements.ts'
import { concepts, type Element, element, elements, text, wordsOfConcept } from './wire.ts'

export const medicationTypes = new Set([
  'MedicationRequest',
  'MedicationOrder',
  'MedicationDispense',
  'MedicationStatement',
  'MedicationAdministration',
])

export interface Exposure extends Statement {
  /** First day, as precisely as the record has it. */
  starts: Span | undefined
  /** Last day: known, still going on (Infinity), or undefined when the record does not say. */
  lastDay: number | undefined
  /** The newest day on which anything is said of it. */
  newest: number | undefined
  /** Is the last day that of a supply or a stated end, and not of a status? */
  hasEnd: boolean
  /** Stopped before its time, whatever supply there was. */
  isStopped: boolean
  /** False where nobody knows whether it was taken. */
  isSure: boolean
  isHome: boolean
  isInHospital: boolean
  isDrafted: boolean
  /** Words of product, form and dosage, and route codes, from which a route is told. */
  routeWords: string
  routeCodes: readonly string[]
}

export interface Medicines {
  record: PatientRecord
  reader: Reader
  reading: MedicineReading
  today: number
}

/** Nothing where it was never taken, or is a medicine that the pathway does not ask about. */
export function exposureOf(resource: FhirResource, medicines: Medicines): Exposure | undefined {
  const { record, reader, reading } = medicines
  const source = resource as unknown as Element
  const product = productOf(resource, source, record)
  const named = reading.name(product)
  if (named === 'irrelevant') return undefined
  const taking = reading.taking(resource.resourceType, source, product.said)
  if (taking.state === 'never' || reader.statuses.isWithdrawn(source)) return undefined
  const dates = datesOf(source, reader)
  return {
    ...circumstances(resource, reader),
    ...waysOf(source, product),
    ...named,
    concepts: product.said,
    starts: dates.starts,
    newest: dates.newest,
    began: dates.starts,
    date: dates.written,
    ...endOf(source, dates, taking.state === 'going-on'),
    isStopped: taking.state === 'stopped',
    isSure: taking.isSure,
    isHome: taking.isHome,
    isInHospital: taking.isInHospital,
    isDrafted: false,
  }
}

/** A draft is an exposure that begins when it is signed, whatever date, status or intent it carries. */
export function draftedExposure(resource: FhirResource, medicines: Medicines): Exposure | undefined {
  const { today } = medicines
  const asOrdered = { ...resource, status: 'active', intent: 'order' } as FhirResource
  const exposure = exposureOf(asOrdered, medicines)
  return (
    exposure && {
      ...exposure,
      starts: { first: today, last: today },
      lastDay: Number.POSITIVE_INFINITY,
      newest: today,
      hasEnd: false,
      isDrafted: true,
    }
  )
}

/** Words and codes of the ways in which a product is taken. */
export function waysOf(
  source: Element,
  { said, form }: Product,
): Pick<Exposure, 'routeWords' | 'routeCodes'> {
  const dosages = dosagesOf(source)
  return {
    routeWords: [form, ...said.map(wordsOfConcept), ...dosages.map(routeText)].join(' | ').toLowerCase(),
    routeCodes: dosages.flatMap((dosage) =>
      concepts(dosage.route).flatMap(({ codings }) => codings.map(({ code }) => code ?? '')),
    ),
  }
}

const routeText = (dosage: Element) =>
  [text(dosage.text), text(dosage.patientInstruction), ...concepts(dosage.route).map(wordsOfConcept)].join(
    ' | ',
  )

interface Dates {
  starts: Span | undefined
  newest: number | undefined
  written: string | undefined
}

/** Spellings of DSTU2 to R5; the first date that can be believed is that of the beginning. */
function datesOf(source: Element, reader: Reader): Dates {
  const starts = [
    source.authoredOn,
    source.dateWritten,
    source.whenHandedOver,
    source.whenPrepared,
    ...['effective', 'effectiveTime', 'occurrence', 'occurence'].flatMap((name) => [
      source[`${name}DateTime`],
      element(source[`${name}Period`])?.start,
    ]),
    element(element(source.dispenseRequest)?.validityPeriod)?.start,
    ...elements(source.dosageInstruction).map((dosage) => boundsOf(dosage)?.start),
    source.dateAsserted,
    source.recorded,
  ]
  const dated = reader.believed(starts)
  const days = [...starts, ...endsOf(source)].flatMap((value) => reader.believed([value])?.span.last ?? [])
  return {
    starts: dated?.span,
    written: dated?.written,
    newest: days.length > 0 ? Math.max(...days) : undefined,
  }
}

const boundsOf = (dosage: Element) => element(element(element(dosage.timing)?.repeat)?.boundsPeriod)

const endsOf = (source: Element): unknown[] => [
  ...['effective', 'effectiveTime', 'occurrence', 'occurence'].map(
    (name) => element(source[`${name}Period`])?.end,
  ),
  element(element(source.dispenseRequest)?.validityPeriod)?.end,
  source.dateEnded,
]

function endOf(source: Element, { starts }: Dates, isGoingOn: boolean) {
  const ends = endsOf(source).flatMap((value) => spanOf(value) ?? [])[0]
  const supply = statedDays(source) ?? daysByQuantityWithRefills(source)
  if (supply !== undefined && starts) return { lastDay: starts.last + supply - 1, hasEnd: true }
  if (ends) return { lastDay: ends.last, hasEnd: true }
  if (source.resourceType === 'MedicationAdministration') return { lastDay: starts?.last, hasEnd: true }
  // An open order without an end is a treatment that goes on; a finished one covers at least the day it began.
  return { lastDay: isGoingOn ? Number.POSITIVE_INFINITY : starts?.last, hasEnd: false }
}
