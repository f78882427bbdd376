/**
 * The invented patients and draft orders of `fhir-fixtures/`, moved to today, and the CDS Hooks call that an EHR
 * would make for them: for trying the service out, and for tests.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bundle, Encounter, FhirResource, OperationOutcome, Patient } from 'fhir/r4.js'
import type { Hook } from '../src/hooks/services.ts'
import type { Query } from '../src/pathway/schema.ts'

/** Orders name their patient so, until a call gives them one. */
export const placeholderPatient = 'Patient/patient-of-the-call'

export type Queries = Readonly<Record<string, Query>>

export interface HookBody {
  hook: Hook
  hookInstance: string
  context: {
    userId: string
    patientId: string
    encounterId?: string
    /** Not when a chart is opened. */
    draftOrders?: Bundle | undefined
    selections?: string[]
  }
  prefetch: Record<string, FhirResource | null>
}

/** Resources of one patient. */
export interface PatientFixture {
  patient: Patient
  resources: readonly FhirResource[]
}

// ---------------------------------------------------------------- reading

const folder = (root: string, kind: 'patients' | 'orders') => join(root, 'fhir-fixtures', kind)
const list = (root: string, kind: 'patients' | 'orders') =>
  readdirSync(folder(root, kind))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort()

export const listPatients = (root: string) => list(root, 'patients')
export const listOrders = (root: string) => list(root, 'orders')

/** In words, by the name of the patient; written once, in the table of the fixtures' own page. */
export interface Situation {
  sentence: string
  /** What an order for an MRI brings. */
  brings: string
}

export function readSituations(root: string): ReadonlyMap<string, Situation> {
  const page = join(root, 'fhir-fixtures/README.md')
  const text = existsSync(page) ? readFileSync(page, 'utf8') : ''
  const rows = [...text.matchAll(/^\| `([a-z-]+)` \| ([^|]+) \| ([^|]+) \|$/gm)]
  return new Map(
    rows.map(([, name = '', sentence = '', brings = '']) => [
      name,
      { sentence: sentence.trim(), brings: brings.trim() },
    ]),
  )
}

function read(root: string, kind: 'patients' | 'orders', name: string): unknown {
  if (!list(root, kind).includes(name)) {
    throw new Error(`No ${kind} fixture "${name}". There are: ${list(root, kind).join(', ')}`)
  }
  return JSON.parse(readFileSync(join(folder(root, kind), `${name}.json`), 'utf8'))
}

/** One patient's Bundle with every date moved so that the day it was written for becomes `today` (YYYY-MM-DD). */
export function loadPatient(root: string, name: string, today: string): PatientFixture {
  const written = read(root, 'patients', name) as Bundle<FhirResource>
  const days = daysBetween(written.timestamp?.slice(0, 10) ?? today, today)
  const resources = (shiftDates(written, days).entry ?? []).flatMap(({ resource }) => resource ?? [])
  const patient = resources.find((resource) => resource.resourceType === 'Patient')
  if (!patient) throw new Error(`The patient fixture "${name}" has no Patient`)
  return { patient, resources }
}

export const loadOrder = (root: string, name: string): FhirResource =>
  read(root, 'orders', name) as FhirResource

// ---------------------------------------------------------------- dates

const dayInMs = 86_400_000
const fullDate = /^\d{4}-\d\d-\d\d(T.*)?$/
const partialDate = /^\d{4}(-\d\d)?$/
/** A year alone may be anything: only where FHIR has a date is it one. */
const dateElement = /(date|DateTime|start|end)$/i

export const daysBetween = (from: string, to: string) =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayInMs)

const moved = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * dayInMs).toISOString().slice(0, 10)

/** The same date so many days later, as precise as it was; time of day and zone stay. */
export function shiftDate(date: string, days: number): string {
  if (fullDate.test(date)) return moved(date.slice(0, 10), days) + date.slice(10)
  // From the middle of the month or year, so that a shift of few days does not change it.
  const middle = date.length === 4 ? `${date}-07-02` : `${date}-15`
  return moved(middle, days).slice(0, date.length)
}

/** A copy with every date of every resource so many days later. */
export function shiftDates<T>(value: T, days: number): T {
  return shifted(value, '', days) as T
}

function shifted(value: unknown, element: string, days: number): unknown {
  if (typeof value === 'string') {
    const isDate = fullDate.test(value) || (partialDate.test(value) && dateElement.test(element))
    return isDate ? shiftDate(value, days) : value
  }
  if (Array.isArray(value)) return value.map((each) => shifted(each, element, days))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shifted(each, key, days)]))
}

// ---------------------------------------------------------------- the call

/** Prefetch keys that a client withholds, or answers otherwise than with what it has. */
export interface Withheld {
  missing?: readonly string[]
  failed?: readonly string[]
  empty?: readonly string[]
  truncated?: readonly string[]
}

/** What a FHIR server would give for each published template: a resource for a read, a searchset for a search. */
export function answerPrefetch(
  queries: Queries,
  resources: readonly FhirResource[],
  encounter: Encounter | undefined,
  withheld: Withheld = {},
): Record<string, FhirResource | null> {
  const has = (list: readonly string[] | undefined, key: string) => list?.includes(key) ?? false
  const answers = Object.entries(queries).map(([type, { key, search }]): [string, FhirResource | null] => {
    const found = resources.filter(({ resourceType }) => resourceType === type)
    if (search.startsWith('/')) return [key, found[0] ?? null]
    return [key, searchset(found, has(withheld.truncated, key) ? `${type}${search}&page=2` : undefined)]
  })
  if (encounter) answers.push(['encounter', encounter])
  return Object.fromEntries(
    answers
      .filter(([key]) => !has(withheld.missing, key))
      .map(([key, answer]) => {
        if (has(withheld.failed, key)) return [key, outcome]
        return [key, has(withheld.empty, key) ? null : answer]
      }),
  )
}

/** Where the invented EHR keeps a resource: FHIR asks it of every entry. */
const placeOf = ({ resourceType, id }: FhirResource) =>
  id === undefined ? {} : { fullUrl: `https://ehr.example.org/fhir/${resourceType}/${id}` }

function searchset(found: readonly FhirResource[], next: string | undefined): Bundle {
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    total: found.length + (next ? 50 : 0),
    ...(next ? { link: [{ relation: 'next', url: next }] } : {}),
    entry: found.map((resource) => ({ ...placeOf(resource), resource, search: { mode: 'match' } })),
  }
}

const outcome: OperationOutcome = {
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code: 'exception', diagnostics: 'The search failed' }],
}

/** The body that an EHR posts when these orders are chosen or signed for this patient. */
export function hookCall(call: {
  patient: PatientFixture
  orders: readonly FhirResource[]
  hook: Hook
  queries: Queries
  today: string
}): HookBody {
  const { patient, resources } = call.patient
  const encounter = resources.find(
    (resource) => resource.resourceType === 'Encounter' && resource.status === 'in-progress',
  ) as Encounter | undefined
  const drafts = call.orders.map((order, index) =>
    draftOf(order, index, call.orders, patient, encounter, call.today),
  )
  return callBody({
    hook: call.hook,
    patientId: patient.id ?? 'unknown',
    encounter,
    drafts,
    prefetch: answerPrefetch(call.queries, resources, encounter),
  })
}

export function draftOf(
  order: FhirResource,
  index: number,
  all: readonly FhirResource[],
  patient: Patient,
  encounter: Encounter | undefined,
  today: string,
): FhirResource {
  if (order.resourceType !== 'ServiceRequest' && order.resourceType !== 'MedicationRequest') return order
  const taken = all.slice(0, index).some(({ id }) => id === order.id)
  return {
    ...order,
    ...(taken ? { id: `${order.id}-${index + 1}` } : {}),
    subject: { reference: `Patient/${patient.id}` },
    ...(encounter ? { encounter: { reference: `Encounter/${encounter.id}` } } : {}),
    authoredOn: today,
  }
}

const collectionOf = (drafts: readonly FhirResource[]): Bundle => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: drafts.map((resource) => ({ ...placeOf(resource), resource })),
})

/** The envelope of a call; on order-select everything is chosen that `unselected` does not name. */
export function callBody(call: {
  hook: Hook
  hookInstance?: string
  patientId: string
  encounter: Encounter | undefined
  drafts: readonly FhirResource[]
  unselected?: readonly FhirResource[]
  prefetch: Record<string, FhirResource | null>
}): HookBody {
  const orders = call.drafts.filter(({ resourceType }) => resourceType !== 'Medication')
  const chosen = orders.filter((order) => !call.unselected?.includes(order))
  return {
    hook: call.hook,
    hookInstance: call.hookInstance ?? randomUUID(),
    context: {
      userId: 'Practitioner/example-clinician',
      patientId: call.patientId,
      ...(call.encounter?.id ? { encounterId: call.encounter.id } : {}),
      ...(call.hook === 'patient-view' ? {} : { draftOrders: collectionOf(call.drafts) }),
      ...(call.hook === 'order-select'
        ? { selections: chosen.map(({ resourceType, id }) => `${resourceType}/${id}`) }
        : {}),
    },
    prefetch: call.prefetch,
  }
}
