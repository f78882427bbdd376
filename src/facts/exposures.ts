/** Medicines as spans of exposure: what, by which route, from when to when. Each resource is read once. */
import type { FhirResource } from 'fhir/r4.js'
import type { CodeRow } from '../pathway/codes.ts'
import type { Evidence } from '../pathway/known.ts'
import type { PatientRecord } from '../record/record.ts'
import { type MedicineReading, type Named, unreadMedicine } from './medicine-reading.ts'
import { type Product, productOf } from './product.ts'
import type { Reader } from './reading/reader.ts'
import { spanTold } from './reading/told-time.ts'
import { dosagesOf } from './sig.ts'
import { type Span, spanOf } from './spans.ts'
import type { Statement } from './statements.ts'
import { daysByQuantityWithRefills, statedDays } from './supply.ts'
import type { Taking } from './taking.ts'
import { type Concept, concepts, type Element, element, elements, text, wordsOfConcept } from './wire.ts'

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

/**
 * None where it was never taken, or is a medicine that the pathway does not ask about; and of what was not read whole
 * one more, because nobody can tell what else it is.
 */
export function exposuresOf(resource: FhirResource, medicines: Medicines): readonly Exposure[] {
  return readExposures(resource, resource as unknown as Element, medicines)
}

/** A draft is an exposure that begins when it is signed, whatever date, status or intent it carries. */
export function draftedExposures(resource: FhirResource, medicines: Medicines): readonly Exposure[] {
  const asOrdered = { ...(resource as unknown as Element), status: 'active', intent: 'order' }
  return readExposures(resource, asOrdered, medicines, medicines.today)
}

function readExposures(
  resource: FhirResource,
  source: Element,
  { record, reader, reading, today }: Medicines,
  begins?: number,
): readonly Exposure[] {
  const product = productOf(resource, source, record)
  const isCut = product.isCut || record.isCut(resource)
  const named = reading.name(product)
  if (named === 'irrelevant' && !isCut) return none
  const taking = reading.taking(resource.resourceType, source, product.said)
  if (taking.state === 'never' || reader.statuses.isWithdrawn(source)) return none
  const exposureTo = (one: Named) =>
    new ReadExposure(resource, {
      source,
      product,
      named: one,
      taking,
      reader,
      begins,
      until: taking.until && spanTold(taking.until, today, reader.longStandingDays),
    })
  return [
    ...(named === 'irrelevant' ? none : [exposureTo(named)]),
    ...(isCut ? [exposureTo(unreadMedicine)] : none),
  ]
}

const none: readonly never[] = []

interface Read {
  source: Element
  product: Product
  named: Named
  taking: Taking
  reader: Reader
  /** The day on which a draft begins. */
  begins: number | undefined
  /** The last day on which it was taken, as its words tell. */
  until: Span | undefined
}

/** Days and ways are read when a fact asks for them: of most medicines none does. */
class ReadExposure implements Exposure {
  readonly resource: FhirResource
  readonly type: string
  readonly rows: readonly CodeRow[]
  readonly how: Evidence['how']
  readonly concepts: readonly Concept[]
  readonly place = 'record'
  readonly standing = 'unstated'
  readonly presence = 'present'
  readonly progress = 'done'
  readonly recorded = undefined
  readonly ended = undefined
  readonly encounter = undefined
  readonly isStopped: boolean
  readonly isSure: boolean
  readonly isHome: boolean
  readonly isInHospital: boolean
  readonly #read: Read
  #dates: Dates | undefined
  #end: End | undefined
  #ways: Ways | undefined
  #newest: { day: number | undefined } | undefined

  constructor(resource: FhirResource, read: Read) {
    const { product, named, taking } = read
    this.#read = read
    this.resource = resource
    this.type = resource.resourceType
    this.rows = named.rows
    this.how = named.how
    this.concepts = product.said
    this.isStopped = taking.state === 'stopped'
    this.isSure = taking.isSure
    this.isHome = taking.isHome
    this.isInHospital = taking.isInHospital
  }

  get reference(): string {
    return `${this.type}/${text(this.#read.source.id) ?? '?'}`
  }

  get #dated(): Dates {
    this.#dates ??= datesOf(this.#read.source, this.#read.reader)
    return this.#dates
  }

  get isDrafted(): boolean {
    return this.#read.begins !== undefined
  }

  get starts(): Span | undefined {
    const { begins, until } = this.#read
    if (begins !== undefined) return { first: begins, last: begins }
    const { starts } = this.#dated
    return until && (!starts || starts.first > until.last) ? until : starts
  }

  get began(): Span | undefined {
    return this.#dated.starts
  }

  get date(): string | undefined {
    return this.#dated.written
  }

  get newest(): number | undefined {
    this.#newest ??= { day: this.#read.begins ?? newestOf(this.#read.source, this.#read.reader) }
    return this.#newest.day
  }

  get #ending(): End {
    const { until } = this.#read
    this.#end ??= this.isDrafted
      ? { lastDay: Number.POSITIVE_INFINITY, hasEnd: false }
      : until
        ? { lastDay: until.last, hasEnd: true }
        : endOf(this.#read.source, this.#dated, this.#read.taking.state === 'going-on')
    return this.#end
  }

  get lastDay(): number | undefined {
    return this.#ending.lastDay
  }

  get hasEnd(): boolean {
    return this.#ending.hasEnd
  }

  get #taken(): Ways {
    if (!this.#ways) {
      const ways = waysOf(this.#read.source, this.#read.product)
      // A code that came without a word has the way in its own name: "prednisone 10 MG Oral Tablet".
      const names = this.rows.flatMap(({ code, display }) => (code === '' ? [] : [display]))
      this.#ways =
        this.#read.product.said.some((each) => wordsOfConcept(each) !== '') || names.length === 0
          ? ways
          : { ...ways, routeWords: [ways.routeWords, ...names].join(' | ').toLowerCase() }
    }
    return this.#ways
  }

  get routeWords(): string {
    return this.#taken.routeWords
  }

  get routeCodes(): readonly string[] {
    return this.#taken.routeCodes
  }
}

/** Words and codes of the ways in which a product is taken. */
export function waysOf(source: Element, { said, form }: Product): Ways {
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
  written: string | undefined
}

interface End {
  lastDay: number | undefined
  hasEnd: boolean
}

type Ways = Pick<Exposure, 'routeWords' | 'routeCodes'>

/** Spellings of DSTU2 to R5; the first date that can be believed is that of the beginning. */
function datesOf(source: Element, reader: Reader): Dates {
  const dated = reader.believed(startsOf(source))
  return { starts: dated?.span, written: dated?.written }
}

function newestOf(source: Element, reader: Reader): number | undefined {
  let newest: number | undefined
  for (const value of [...startsOf(source), ...endsOf(source)]) {
    const last = value === undefined ? undefined : reader.believed([value])?.span.last
    if (last !== undefined && (newest === undefined || last > newest)) newest = last
  }
  return newest
}

function startsOf(source: Element): unknown[] {
  return [
    source.authoredOn,
    source.dateWritten,
    source.whenHandedOver,
    source.whenPrepared,
    source.effectiveDateTime,
    element(source.effectivePeriod)?.start,
    source.effectiveTimeDateTime,
    element(source.effectiveTimePeriod)?.start,
    source.occurrenceDateTime,
    element(source.occurrencePeriod)?.start,
    source.occurenceDateTime,
    element(source.occurencePeriod)?.start,
    element(element(source.dispenseRequest)?.validityPeriod)?.start,
    ...elements(source.dosageInstruction).map((dosage) => boundsOf(dosage)?.start),
    source.dateAsserted,
    source.recorded,
  ]
}

const boundsOf = (dosage: Element) => element(element(element(dosage.timing)?.repeat)?.boundsPeriod)

const endsOf = (source: Element): unknown[] => [
  element(source.effectivePeriod)?.end,
  element(source.effectiveTimePeriod)?.end,
  element(source.occurrencePeriod)?.end,
  element(source.occurencePeriod)?.end,
  element(element(source.dispenseRequest)?.validityPeriod)?.end,
  source.dateEnded,
]

function endOf(source: Element, { starts }: Dates, isGoingOn: boolean): End {
  const ends = endsOf(source).flatMap((value) => spanOf(value) ?? [])[0]
  const supply = statedDays(source) ?? daysByQuantityWithRefills(source)
  if (supply !== undefined && starts) return { lastDay: starts.last + supply - 1, hasEnd: true }
  if (ends) return { lastDay: ends.last, hasEnd: true }
  if (source.resourceType === 'MedicationAdministration') return { lastDay: starts?.last, hasEnd: true }
  // An open order without an end is a treatment that goes on; a finished one covers at least the day it began.
  return { lastDay: isGoingOn ? Number.POSITIVE_INFINITY : starts?.last, hasEnd: false }
}
