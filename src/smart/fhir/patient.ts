/** Whether a resource is of the patient whose chart was opened. What says nothing is of nobody. */
import type { Resource } from 'fhir/r4.js'

/** No patient's: who works here, and where. */
const ofNobody = new Set(['Practitioner', 'PractitionerRole', 'Organization', 'Location'])

/** Elements that say whose it is; of these a type has one. `for` is of Task. */
const owners = ['subject', 'patient', 'beneficiary', 'for'] as const

export function belongsTo(resource: Resource, patient: string, base: string): boolean {
  const { resourceType, id } = resource as Resource & { resourceType: string }
  if (resourceType === 'Patient') return id === patient
  if (ofNobody.has(resourceType)) return true
  const elements = resource as Resource & Partial<Record<(typeof owners)[number], unknown>>
  const named = owners.map((owner) => elements[owner]).find((value) => value !== undefined)
  return isPatient(named, patient, base)
}

function isPatient(reference: unknown, patient: string, base: string): boolean {
  const { reference: named } = (reference ?? {}) as { reference?: unknown }
  if (typeof named !== 'string') return false
  const plain = named.replace(/\/_history\/[^/]*$/, '')
  return plain === `Patient/${patient}` || plain === `${base}/Patient/${patient}`
}
