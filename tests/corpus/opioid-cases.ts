/**
 * Opioid requests and prescriptions that other projects collected for their own decision support, each as the calls
 * that an EHR could make of it: as sent, with its data under our prefetch keys, and with low back pain as the reason.
 */
import { basename, dirname } from 'node:path'
import type { Encounter, FhirResource, MedicationRequest } from 'fhir/r4.js'
import { answerPrefetch, callBody } from '../../fhir-fixtures/load.ts'
import { concept } from '../language/code.ts'
import { queries } from '../language/vignette.ts'
import { type CorpusFile, listSources, readCorpusFile } from './corpus.ts'

type Json = Record<string, unknown>

/** What a project says of its own case, as far as the file name tells. */
export interface Expectation {
  /** Recommendation of the CDC guideline of 2016. */
  recommendation: number | undefined
  side: 'card' | 'no card' | 'exclusion' | undefined
}

export interface OpioidCase {
  source: string
  file: string
  expects: Expectation
  /** The day of the call: when its newest order was written. */
  today: string
  hook: string
  /** Undefined where the file is no request. */
  asSent: Json | undefined
  /** Undefined where nothing is drafted. */
  underOurKeys: Json | undefined
  forBackPain: Json | undefined
}

/** Projects with opioid cases, and where in their files these lie. */
const places: Readonly<Record<string, RegExp>> = {
  'cqframework__opioid-cds-r4': /^(requests|bad)\/|medicationrequest-/,
  'cqframework__cqf-ruler': /^requests\/.*(opioidcds|Exclusion)/,
  'cqframework__opioid-mme-r4': /MMECalculatorTests\/.*|MedicationRequest-/,
  'HL7__cdc-opioid-cpg': /MedicationRequest-/,
  cqframework__cds4cpm: /^fhir\/bundles\/|\/medicationrequest\//,
}

export function opioidCases(folder: string, isOpioid: (order: MedicationRequest) => boolean): OpioidCase[] {
  return listSources(folder).flatMap(({ name, files }) => {
    const place = places[name]
    if (!place) return []
    const read = files.map((path) => {
      const file = readCorpusFile(folder, path)
      return { ...file, name: file.name.slice(name.length + 1) }
    })
    const answered = goldenAnswers(read)
    return read
      .filter((file) => place.test(file.name))
      .flatMap((file) => casesOf(file, read, isOpioid).map((each) => ({ ...each, source: name })))
      .map((each) => ({ ...each, expects: expectationOf(each.file, answered) }))
  })
}

type Bare = Omit<OpioidCase, 'source' | 'expects'>

function casesOf(
  file: CorpusFile,
  siblings: readonly CorpusFile[],
  isOpioid: (order: MedicationRequest) => boolean,
): Bare[] {
  const [value] = file.values
  if (value === undefined) return [{ ...nothing(file), hook: 'not JSON' }]
  if (isObject(value) && typeof value.hook === 'string') return [requestCase(file, value)]
  const own = file.values.flatMap(resourcesIn)
  const orders = own.filter(isPrescription)
  const latest = orders.filter(isOpioid).sort((a, b) => dayOf(b).localeCompare(dayOf(a)))[0] ?? orders[0]
  if (!latest) return []
  const beside =
    own.length > 1
      ? own
      : [
          ...own,
          ...siblings
            .filter((each) => isBeside(file, each))
            .flatMap((each) => each.values.flatMap(resourcesIn)),
        ]
  return [wrapped(file, latest, beside)]
}

const nothing = ({ name }: CorpusFile): Bare => ({
  file: name,
  today: fallbackDay,
  hook: '',
  asSent: undefined,
  underOurKeys: undefined,
  forBackPain: undefined,
})
const fallbackDay = '2026-11-21'

function requestCase(file: CorpusFile, request: Json): Bare {
  const context = isObject(request.context) ? request.context : {}
  const drafts = resourcesIn(context.draftOrders)
  const prefetched = Object.values(isObject(request.prefetch) ? request.prefetch : {}).flatMap(resourcesIn)
  const hook = String(request.hook)
  const today = [...drafts, ...prefetched].filter(isPrescription).map(dayOf).sort().at(-1) || fallbackDay
  if (drafts.length === 0) return { ...nothing(file), hook, today, asSent: request }
  const mapped = withOurKeys(request, prefetched, idIn(context.encounterId))
  const subject = { reference: `Patient/${idIn(context.patientId)}` }
  const reasoned = {
    ...context,
    draftOrders: collection(drafts.map((draft) => ({ ...forBackPain(draft), subject }) as FhirResource)),
  }
  return {
    file: file.name,
    today,
    hook,
    asSent: request,
    underOurKeys: mapped,
    forBackPain: { ...mapped, context: reasoned },
  }
}

/** One prescription as the draft of a call about its patient, with the rest of the file or folder as the chart. */
function wrapped(file: CorpusFile, order: MedicationRequest, beside: readonly FhirResource[]): Bare {
  const patientId = idIn(order.subject?.reference) ?? 'unnamed'
  const chart = beside.filter((resource) => resource !== order)
  const medicines = chart.filter(({ resourceType }) => resourceType === 'Medication')
  const call = (draft: MedicationRequest) =>
    callBody({
      hook: 'order-sign',
      hookInstance: 'wrapped',
      patientId,
      encounter: undefined,
      drafts: [draft, ...medicines],
      prefetch: answerPrefetch(queries, chart, undefined),
    }) as unknown as Json
  return {
    ...nothing(file),
    today: dayOf(order) || fallbackDay,
    hook: 'order-sign',
    underOurKeys: call(order),
    forBackPain: call(forBackPain(order) as MedicationRequest),
  }
}

function withOurKeys(
  request: Json,
  prefetched: readonly FhirResource[],
  encounterId: string | undefined,
): Json {
  const encounter = prefetched.find(
    (each): each is Encounter => each.resourceType === 'Encounter' && each.id === encounterId,
  )
  return { ...request, prefetch: answerPrefetch(queries, prefetched, encounter) }
}

const forBackPain = (order: FhirResource): FhirResource =>
  isPrescription(order) ? { ...order, reasonCode: [concept('icd10 M54.50')] } : order

const collection = (resources: readonly FhirResource[]): Json => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ resource })),
})

// ---------------------------------------------------------------- what the name says

/** Requests whose answer the project kept: there a card is expected, whatever the name says. */
const goldenAnswers = (files: readonly CorpusFile[]): ReadonlySet<string> =>
  new Set(
    files.flatMap(({ name, values: [value] }) =>
      /^responses\//.test(name) && isObject(value) && Array.isArray(value.cards) && value.cards.length > 0
        ? [basename(name).replace(/^response-/, 'request-')]
        : [],
    ),
  )

const excluded = /exclusion|end-of-life|sickle/i
const without = /-out-|without|not-long-acting|preexisting|less-than|six-of-past|sixtytwo|no-meds/i
const withCard =
  /-in-|with-benzo|with-opioid|long-acting-opioid|abuse-potential|illicit|POS-|no-screenings|new-patient|seven-of|sixtythree|greater-than|opioidcds-0/i

function expectationOf(file: string, answered: ReadonlySet<string>): Expectation {
  const number = /rec-?(\d\d)|opioidcds-(\d\d)|REC(\d\d)/i
    .exec(file)
    ?.slice(1)
    .find((each) => each)
  return {
    recommendation: number === undefined ? undefined : Number(number),
    side: sideOf(basename(file), answered),
  }
}

function sideOf(name: string, answered: ReadonlySet<string>): Expectation['side'] {
  if (answered.has(name)) return 'card'
  if (excluded.test(name)) return 'exclusion'
  if (without.test(name)) return 'no card'
  return withCard.test(name) ? 'card' : undefined
}

// ---------------------------------------------------------------- the wire

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isPrescription = (resource: FhirResource): resource is MedicationRequest =>
  resource.resourceType === 'MedicationRequest'

function resourcesIn(value: unknown): FhirResource[] {
  if (Array.isArray(value)) return value.flatMap(resourcesIn)
  if (!isObject(value)) return []
  if (Array.isArray(value.entry)) return value.entry.flatMap(resourcesIn)
  if (isObject(value.resource)) return resourcesIn(value.resource)
  return typeof value.resourceType === 'string' && value.resourceType !== 'Bundle'
    ? [value as unknown as FhirResource]
    : []
}

/** Files of the same example stand side by side, or in one folder for each type. */
const isBeside = (file: CorpusFile, other: CorpusFile) =>
  other.name !== file.name && exampleOf(other) === exampleOf(file)

const exampleOf = ({ name }: CorpusFile) =>
  dirname(name).replace(/\/(patient|condition|procedure|observation|medicationrequest)$/, '')

/** When it was written; Epic's drafts only say when it is to begin. */
function dayOf({ authoredOn, dispenseRequest, dosageInstruction }: MedicationRequest): string {
  const begins = [
    dispenseRequest?.validityPeriod?.start,
    dosageInstruction?.[0]?.timing?.repeat?.boundsPeriod?.start,
  ]
  const day = [authoredOn, ...begins].find((date) => /^\d{4}-\d\d-\d\d/.test(date ?? ''))
  return day?.slice(0, 10) ?? ''
}

const idIn = (reference: unknown) => (typeof reference === 'string' ? reference.split('/').at(-1) : undefined)
