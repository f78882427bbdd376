/** What came over the wire is `unknown` until one of these has looked at it. */
import type { FhirResource } from 'fhir/r4.js'

export type JsonObject = Record<string, unknown>

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Only the type is promised: every other element may still be missing or of an odd shape. */
export function isResource(value: unknown): value is FhirResource {
  return isObject(value) && typeof value.resourceType === 'string' && value.resourceType !== ''
}

/** The resource of a Bundle entry, or the entry itself where a list of bare resources came. */
export function resourceOf(entry: unknown): FhirResource | undefined {
  if (!isObject(entry)) return undefined
  const resource = typeof entry.resourceType === 'string' ? entry : entry.resource
  return isResource(resource) ? resource : undefined
}

export function idOf(resource: FhirResource): string | undefined {
  const id: unknown = resource.id
  return typeof id === 'string' && id !== '' ? id : undefined
}

/** The entries of a Bundle of any type, or of none. */
export function entriesOf(bundle: JsonObject): readonly unknown[] {
  return Array.isArray(bundle.entry) ? bundle.entry : []
}
