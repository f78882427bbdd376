/** Finds resources by the `fullUrl` of their entry. Most calls never need it, so it is built when first asked. */
import type { FhirResource } from 'fhir/r4.js'
import type { EntryBounds } from './entry-bounds.ts'
import { isObject, resourceOf } from './wire.ts'

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
