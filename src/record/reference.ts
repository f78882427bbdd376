/** Reads literal references: relative, absolute and versioned ones name a type and an id, others do not. */
import type { FhirResource } from 'fhir/r4.js'
import type { EntryBounds } from './entry-bounds.ts'
import { isObject, resourceOf } from './wire.ts'

// Finds resources by the `fullUrl` of their entry. Most calls never need it, so it is built when first asked.

export type FindByFullUrl = (fullUrl: string) => FhirResource | undefined

export function fullUrlFinder(lists: readonly (readonly unknown[])[], bounds: EntryBounds): FindByFullUrl {
  let known: Map<string, FhirResource> | undefined
  return (fullUrl) => {
    known ??= index(lists)
    const found = known.get(fullUrl)
    return found && bounds.read(found)
  }
}

function index(lists: readonly (readonly unknown[])[]): Map<string, FhirResource> {
  const known = new Map<string, FhirResource>()
  for (const entries of lists) {
    for (const entry of entries) {
      if (!isObject(entry) || typeof entry.fullUrl !== 'string') continue
      const resource = resourceOf(entry)
      if (resource && !known.has(entry.fullUrl)) known.set(entry.fullUrl, resource)
    }
  }
  return known
}

interface Target {
  /** The server's address; undefined in a relative reference. */
  base: string | undefined
  type: string
  id: string
}

const typeName = /^[A-Z][A-Za-z]+$/

/** `Type/id` at the end of a reference; undefined for `#contained`, `urn:`, conditional and odd ones. */
export function targetOf(reference: string): Target | undefined {
  const version = reference.lastIndexOf('/_history')
  const end = version > 0 ? version : reference.length
  const slash = reference.lastIndexOf('/', end - 1)
  if (slash < 1 || slash === end - 1 || reference.includes('?')) return undefined
  const start = reference.lastIndexOf('/', slash - 1) + 1
  const type = reference.slice(start, slash)
  if (!typeName.test(type)) return undefined
  const base = start > 1 && reference.includes('://') ? reference.slice(0, start - 1) : undefined
  return { base, type, id: reference.slice(slash + 1, end) }
}

/** The uuid of `urn:uuid:…`. Synthea and others give the resource the same id. */
export function uuidOf(reference: string): string | undefined {
  return reference.startsWith('urn:uuid:') ? reference.slice('urn:uuid:'.length) : undefined
}

// Whose resource is it? Two patients must never be mixed (FA-9), so what belongs to another one is not read.

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
