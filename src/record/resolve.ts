/** Follows references inside what one call brought; never over the network. */
import type { FhirResource } from 'fhir/r4.js'
import type { IdTable } from './id-table.ts'
import type { Missing } from './prefetch.ts'
import type { DraftOrder, PatientRecord } from './record.ts'
import { type FindByFullUrl, type IsOurs, targetOf, uuidOf } from './reference.ts'
import { isObject, isResource } from './wire.ts'

// Medicines to which orders only refer and that did not come: which of them to read from the FHIR server.

/** Each is a request of its own, within the one deadline of the call. */
const mostRead = 20

export const medicineTypes: readonly string[] = [
  'MedicationRequest',
  'MedicationDispense',
  'MedicationStatement',
]

/** Those without a name first: of the others the name can be read. Only of the server that the call names. */
export function medicinesReferredTo(
  resources: readonly FhirResource[],
  { resolve }: Pick<PatientRecord, 'resolve'>,
  fhirServer: string | undefined,
): Missing[] {
  const named = new Map<string, boolean>()
  for (const resource of resources) {
    const reference = referenceIn(resource)
    const literal = reference?.reference
    if (typeof literal !== 'string' || literal.startsWith('#') || resolve(literal, resource)) continue
    const target = targetOf(literal)
    if (target?.type !== 'Medication' || (target.base ?? fhirServer) !== fhirServer) continue
    const hasName = typeof reference?.display === 'string' && reference.display !== ''
    named.set(target.id, hasName && (named.get(target.id) ?? true))
  }
  return [...named]
    .sort(([, one], [, other]) => Number(one) - Number(other))
    .slice(0, mostRead)
    .map(([id]) => ({ key: `Medication/${id}`, type: 'Medication', id }))
}

/** Under its name in R4, or in R5. */
function referenceIn(resource: FhirResource): Readonly<Record<string, unknown>> | undefined {
  const { medicationReference, medication } = resource as {
    medicationReference?: unknown
    medication?: unknown
  }
  if (isObject(medicationReference)) return medicationReference
  return isObject(medication) && isObject(medication.reference) ? medication.reference : undefined
}

/** Resources sorted by type: filled in one pass, then each once, and found again by type and id. */
export class Shelf {
  readonly resources = new Map<string, readonly FhirResource[]>()
  readonly #tables: ReadonlyMap<string, IdTable>

  constructor(tables: ReadonlyMap<string, IdTable>) {
    this.#tables = tables
    for (const [type, { resources }] of tables) {
      if (resources.length > 0) this.resources.set(type, resources)
    }
  }

  /** A relative reference means the server of the resource that it stands in. */
  find(type: string, id: string, base?: string, from?: FhirResource): FhirResource | undefined {
    const table = this.#tables.get(type)
    if (base !== undefined || from === undefined || !table?.isShared(id)) return table?.find(id, base)
    return table.find(id, this.#tables.get(from.resourceType)?.baseOf(from)) ?? table.find(id)
  }

  findById(id: string): FhirResource | undefined {
    for (const table of this.#tables.values()) {
      const found = table.find(id)
      if (found) return found
    }
    return undefined
  }
}

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
