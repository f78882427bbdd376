/** What Epic makes of a call, as its documentation and captured requests show it (CDS Hooks notes, section 13). */
import { randomBytes } from 'node:crypto'
import type { Bundle, FhirResource, Medication, MedicationRequest, OperationOutcome } from 'fhir/r4.js'
import type { Hook } from '../../src/hooks/services.ts'

const key = (name: string) => `com.epic.cdshooks.request.${name}`

/** What made the advisory fire: a chart opened, an order entered, orders signed. */
const triggers: Readonly<Record<Hook, string>> = {
  'patient-view': '60',
  'order-select': '18',
  'order-sign': '23',
}

export const epicExtension = (hook: Hook) => ({
  'internal.epic.cdshooks.request.epic-emp-id': 'SANDBOX',
  [key('bpa-trigger-action')]: triggers[hook],
  [key('cds-hooks-specification-version')]: '1.1',
  [key('cds-hooks-implementation-version')]: '1.0',
  [key('cds-hooks-su-version')]: '0',
  [key('criteria-id')]: '0',
  [key('epic-version')]: '11.2',
  [key('fhir-version')]: 'R4',
})

/** In Epic's words, of which none is a SMART scope. */
export const epicScope = [
  'Patient.Read (R4)',
  'Condition.Search (Problems) (R4)',
  'Observation.Search (Vital Signs) (R4)',
  'MedicationRequest.Read (Unsigned Order) (R4)',
  'ServiceRequest.Read (Unsigned Order) (R4)',
].join(' ')

/** About 194 characters, with signs that FHIR ids may have and in a length that they may not. */
export function epicDraftId(): string {
  const random = randomBytes(145).toString('base64url').replaceAll('_', '.')
  return `t${random.slice(0, 96)}-${random.slice(96)}`.slice(0, 194)
}

/** Medicines stand as resources of their own beside the orders, coded without display. */
export function epicDrafts(drafts: readonly FhirResource[]): FhirResource[] {
  return drafts.flatMap((draft) => {
    if (draft.resourceType !== 'MedicationRequest' || !draft.medicationCodeableConcept) return [draft]
    return withMedication(draft)
  })
}

function withMedication({ medicationCodeableConcept: concept, ...draft }: MedicationRequest): FhirResource[] {
  const id = `${draft.id}`.slice(0, 48).replace(/^t/, 'e')
  const coding = (concept?.coding ?? []).map(({ display: _, ...bare }) => bare)
  const text = concept?.text ?? concept?.coding?.[0]?.display
  const code = { ...(coding.length > 0 ? { coding } : {}), ...(text ? { text } : {}) }
  const medication: Medication = { resourceType: 'Medication', id, code }
  const reference = { reference: `Medication/${id}`, ...(text ? { display: text } : {}) }
  return [{ ...draft, medicationReference: reference }, medication]
}

/** References are absolute, and a search without matches says so in an entry. */
export function epicPrefetch(answer: FhirResource, base: string): FhirResource {
  const absolute = absoluteReferences(answer, base) as FhirResource
  if (absolute.resourceType !== 'Bundle' || (absolute.entry ?? []).length > 0) return absolute
  return {
    ...(absolute satisfies Bundle),
    total: 0,
    entry: [{ resource: nothingFound, search: { mode: 'outcome' } }],
  }
}

const nothingFound: OperationOutcome = {
  resourceType: 'OperationOutcome',
  issue: [
    {
      severity: 'warning',
      code: 'processing',
      details: { coding: [{ code: '4101' }], text: 'Resource request returns no results.' },
    },
  ],
}

const relative = /^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]+$/

function absoluteReferences(value: unknown, base: string): unknown {
  if (Array.isArray(value)) return value.map((each) => absoluteReferences(each, base))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      const isReference = name === 'reference' && typeof each === 'string' && relative.test(each)
      return [name, isReference ? `${base}/${each}` : absoluteReferences(each, base)]
    }),
  )
}
