/** Follows references inside what one call brought; never over the network. */
import type { FhirResource } from 'fhir/r4.js'
import type { FindByFullUrl } from './full-urls.ts'
import type { IsOurs } from './owner.ts'
import type { DraftOrder, PatientRecord } from './record.ts'
import { targetOf, uuidOf } from './reference.ts'
import type { Shelf } from './shelf.ts'
import { isResource } from './wire.ts'

export function resolver(
  shelf: Shelf,
  drafts: readonly DraftOrder[],
  findByFullUrl: FindByFullUrl,
  isOurs: IsOurs,
): PatientRecord['resolve'] {
  // Epic sends the Medication of a draft as a further entry of draftOrders.
  let drafted: Map<string, FhirResource> | undefined

  function findDraft(type: string, id: string): FhirResource | undefined {
    drafted ??= new Map(drafts.map(({ resource, reference }) => [reference ?? '', resource]))
    return drafted.get(`${type}/${id}`)
  }

  function findEntry(fullUrl: string): FhirResource | undefined {
    const found = findByFullUrl(fullUrl)
    return found && isOurs(found) ? found : undefined
  }

  return (reference, from) => {
    if (typeof reference !== 'string' || reference === '') return undefined
    if (reference.startsWith('#')) return findContained(reference.slice(1), from)
    const target = targetOf(reference)
    const named =
      target && (shelf.find(target.type, target.id, target.base, from) ?? findDraft(target.type, target.id))
    if (named) return named
    const uuid = uuidOf(reference)
    return findEntry(reference) ?? (uuid === undefined ? undefined : shelf.findById(uuid))
  }
}

function findContained(id: string, from: FhirResource | undefined): FhirResource | undefined {
  if (id === '') return from
  const contained: unknown = (from as { contained?: unknown } | undefined)?.contained
  if (!Array.isArray(contained)) return undefined
  for (const inner of contained) if (isResource(inner) && inner.id === id) return inner
  return undefined
}
