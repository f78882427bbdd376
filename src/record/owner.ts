/** Whose resource is it? Two patients must never be mixed (FA-9), so what belongs to another one is not read. */
import type { FhirResource } from 'fhir/r4.js'
import type { FindByFullUrl } from './full-urls.ts'
import { targetOf, uuidOf } from './reference.ts'
import { isObject } from './wire.ts'

export type IsOurs = (resource: FhirResource) => boolean

/** The elements that name the patient: `subject` for most types, `beneficiary` for Coverage. */
interface Owned {
  subject?: unknown
  patient?: unknown
  beneficiary?: unknown
}

export function ownerCheck(patientId: string, findByFullUrl: FindByFullUrl): IsOurs {
  const usual = `Patient/${patientId}`

  function isOurPatient(reference: string): boolean {
    if (reference === usual) return true
    const target = targetOf(reference)
    // A group, a device or a location is nobody else.
    if (target) return target.type !== 'Patient' || target.id === patientId
    const uuid = uuidOf(reference)
    if (uuid !== undefined) return uuid === patientId || isPatientItself(findByFullUrl(reference))
    // Conditional and contained references cannot be compared; a bare word is somebody's id.
    return reference === '' || reference.includes('?') || reference.startsWith('#') || reference === patientId
  }

  function isPatientItself(resource: FhirResource | undefined): boolean {
    if (resource?.resourceType !== 'Patient') return false
    const id: unknown = resource.id
    return id === undefined || id === patientId
  }

  return (resource) => {
    if (resource.resourceType === 'Patient') return isPatientItself(resource)
    const owned = resource as Owned
    const owner = owned.subject ?? owned.patient ?? owned.beneficiary
    return !isObject(owner) || typeof owner.reference !== 'string' || isOurPatient(owner.reference)
  }
}
