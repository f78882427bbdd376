/** The calls that are sent: invented patients of `fhir-fixtures/`, or a request that the user brings, for one service. */
import { randomUUID } from 'node:crypto'
import type { Encounter, FhirResource } from 'fhir/r4.js'
import { draftOf, listPatients, loadOrder, loadPatient, type PatientFixture } from '../fhir-fixtures/load.ts'
import { fill } from '../sandbox/ehr/prefetch.ts'
import { createFaults } from '../sandbox/fhir/faults.ts'
import { answer } from '../sandbox/fhir/server.ts'
import { createFhirStore, type FhirStore } from '../sandbox/fhir/store.ts'
import type { Fields } from './http.ts'

export interface Call {
  hook: string
  context: Fields
  prefetch: Record<string, unknown>
  [more: string]: unknown
}

/** What of a service's entry a call needs. */
export interface Wanted {
  hook: string
  prefetch: Readonly<Record<string, string>>
}

export interface Caller {
  /** Several calls that a service may have something to say to, the plainest first. */
  callsFor(wanted: Wanted): Call[]
  /** One about an order that has nothing to do with the back. */
  besideThePoint(wanted: Wanted): Call | undefined
  /** Everything of the invented patients. */
  store: FhirStore
}

const userId = 'Practitioner/example-clinician'
const aboutOrders = ['order-select', 'order-sign']
const openers = ['patient-view', 'encounter-start', 'encounter-discharge']

/** Patient and order: an advice, an emergency, a medicine, and one with nothing wrong. */
const pairs: readonly [string, string][] = [
  ['acute-week-two', 'lumbar-mri'],
  ['cauda-equina', 'lumbar-mri-stat'],
  ['opioid-chronic', 'oxycodone-er'],
  ['no-back-pain', 'lumbar-ct'],
]

/** `today` as YYYY-MM-DD. `brought` are whole requests; a hook that one is for gets no other. */
export function openCaller(root: string, today: string, brought: readonly Call[] = []): Caller {
  const patients = new Map(listPatients(root).map((name) => [name, loadPatient(root, name, today)]))
  const everything = [...patients.values()].flatMap(({ resources }) => resources)
  const store = createFhirStore(everything, { now: () => new Date(`${today}T12:00:00Z`) })

  const setting = {
    store,
    base: 'http://127.0.0.1/fhir',
    faults: createFaults(),
    since: `${today}T00:00:00Z`,
    access: undefined,
  }

  /** As an EHR does: a template that it cannot fill, or a search that it does not know, is left out. */
  function prefetchFor(templates: Wanted['prefetch'], context: Fields): Record<string, FhirResource> {
    const tokens = tokensOf(context)
    const found = Object.entries(templates).flatMap(([key, template]): [string, FhirResource][] => {
      const query = fill(template, tokens, { context, today })
      if (query === undefined) return []
      try {
        const { body } = answer({ method: 'GET', url: query, resource: undefined }, setting)
        return body ? [[key, body as FhirResource]] : []
      } catch {
        return []
      }
    })
    return Object.fromEntries(found)
  }

  function callFor({ hook, prefetch }: Wanted, patient: PatientFixture, order: string): Call {
    const encounter = patient.resources.find(
      (resource) => resource.resourceType === 'Encounter' && resource.status === 'in-progress',
    ) as Encounter | undefined
    const draft = draftOf(loadOrder(root, order), 0, [], patient.patient, encounter, today)
    const context = contextFor(hook, patient.patient.id ?? '', encounter, draft)
    return { hook, context, prefetch: prefetchFor(prefetch, context) }
  }

  const known = new Map<Wanted, Call[]>()
  const allFor = (wanted: Wanted) =>
    pairs.map(([patient, order]) => callFor(wanted, patientNamed(patient), order))

  const patientNamed = (name: string) => {
    const patient = patients.get(name)
    if (!patient) throw new Error(`fhir-fixtures has no patient ${name}`)
    return patient
  }

  return {
    store,
    callsFor: (wanted) => {
      const own = brought.filter(({ hook }) => hook === wanted.hook)
      const made = known.get(wanted) ?? (own.length > 0 ? own : allFor(wanted))
      known.set(wanted, made)
      return made
    },
    besideThePoint: (wanted) =>
      aboutOrders.includes(wanted.hook) && !brought.some(({ hook }) => hook === wanted.hook)
        ? callFor(wanted, patientNamed('no-back-pain'), 'hip-xray')
        : undefined,
  }
}

/** Every call has an instance of its own. */
export const fresh = (call: Call): Call => ({ hookInstance: randomUUID(), ...call })

/** By the hook's definition in the library of CDS Hooks; a hook that is not known gets what all have. */
function contextFor(
  hook: string,
  patientId: string,
  encounter: Encounter | undefined,
  draft: FhirResource,
): Fields {
  const reference = `${draft.resourceType}/${draft.id}`
  const common = { userId, patientId, ...(encounter?.id ? { encounterId: encounter.id } : {}) }
  const drafts = { resourceType: 'Bundle', type: 'collection', entry: [{ resource: draft }] }
  switch (hook) {
    case 'order-select':
      return { ...common, selections: [reference], draftOrders: drafts }
    case 'order-sign':
      return { ...common, draftOrders: drafts }
    case 'order-review':
      return { ...common, orders: drafts }
    case 'medication-prescribe':
    case 'medication-refill':
      return { ...common, medications: drafts }
    case 'order-dispatch':
      return { patientId, dispatchedOrders: [reference], performer: 'Organization/example' }
    case 'appointment-book':
      return { ...common, appointments: { ...drafts, entry: [{ resource: appointmentOf(patientId) }] } }
    default:
      return openers.includes(hook) && hook !== 'patient-view'
        ? { encounterId: 'example-visit', ...common }
        : common
  }
}

const appointmentOf = (patientId: string) => ({
  resourceType: 'Appointment',
  id: 'proposed-visit',
  status: 'proposed',
  participant: [{ actor: { reference: `Patient/${patientId}` }, status: 'needs-action' }],
})

function tokensOf(context: Fields): Record<string, string> {
  const named = Object.entries(context).flatMap(([field, value]): [string, string][] =>
    typeof value === 'string' ? [[`context.${field}`, value]] : [],
  )
  return { ...Object.fromEntries(named), userPractitionerId: userId.replace(/^.*\//, '') }
}
