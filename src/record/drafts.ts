/** The draft orders of a call, and which of them the clinician has just chosen. */
import type { HookCall } from '../hooks/call.ts'
import type { EntryBounds } from './entry-bounds.ts'
import { unpackedEntries } from './prefetch.ts'
import type { DraftOrder } from './record.ts'
import { type IsOurs, targetOf, uuidOf } from './reference.ts'
import { entriesOf, idOf, isObject, isResource, resourceOf } from './wire.ts'

interface Drafts {
  orders: readonly DraftOrder[]
  /** Drafts for somebody else. */
  ignored: number
}

/** A Bundle, a list of resources or one resource: the specification says Bundle, clients differ. */
export function draftEntries(draftOrders: unknown): readonly unknown[] {
  if (Array.isArray(draftOrders)) return unpackedEntries(draftOrders)
  if (!isObject(draftOrders)) return []
  const isSingle = isResource(draftOrders) && draftOrders.resourceType !== 'Bundle'
  return isSingle ? [draftOrders] : unpackedEntries(entriesOf(draftOrders))
}

export function readDrafts(
  entries: readonly unknown[],
  call: HookCall,
  isOurs: IsOurs,
  bounds: EntryBounds,
): Drafts {
  const drafts = entries.flatMap((entry) => {
    const sent = resourceOf(entry)
    if (!sent) return []
    const id = idOf(sent)
    return [{ entry, sent, id, reference: id === undefined ? undefined : `${sent.resourceType}/${id}` }]
  })
  const isSelected = selection(drafts, call.hook === 'order-select' ? call.selections : undefined)
  const orders: DraftOrder[] = []
  let ignored = 0
  for (const draft of drafts) {
    const { sent, reference } = draft
    if (isOurs(sent))
      orders.push({ resource: bounds.read(sent), sent, reference, selected: isSelected(draft) })
    else ignored += 1
  }
  return { orders, ignored }
}

interface Named {
  entry: unknown
  id: string | undefined
  reference: string | undefined
}

/**
 * By type and id or by address; where these name no draft by the id alone, since some clients know the type by another
 * name. Selections that name no draft at all select nothing in particular: then every draft is judged.
 */
function selection(drafts: readonly Named[], selections: readonly string[] = []): (draft: Named) => boolean {
  const known = new Set(drafts.flatMap(namesOf))
  const chosen = new Set<string>()
  const ids = new Set<string>()
  for (const selected of selections) {
    const target = targetOf(selected)
    const name = known.has(selected) ? selected : target && `${target.type}/${target.id}`
    if (name !== undefined && known.has(name)) chosen.add(name)
    else ids.add(target?.id ?? uuidOf(selected) ?? selected)
  }
  const isNamed = (draft: Named) =>
    namesOf(draft).some((name) => chosen.has(name)) || (draft.id !== undefined && ids.has(draft.id))
  return drafts.some(isNamed) ? isNamed : () => true
}

const namesOf = ({ entry, reference }: Named): string[] => {
  const address = isObject(entry) && typeof entry.fullUrl === 'string' ? [entry.fullUrl] : []
  return reference === undefined ? address : [reference, ...address]
}

/** Request types that the order hooks carry (HK-OS-4). */
const orderTypes = new Set([
  'DeviceRequest',
  'MedicationRequest',
  'NutritionOrder',
  'ServiceRequest',
  'VisionPrescription',
])

/** Ids of the drafted orders by type: what the server holds under them is the same order, not an earlier one. */
export function draftedIds(orders: readonly DraftOrder[]): ReadonlyMap<string, ReadonlySet<string>> {
  const drafted = new Map<string, Set<string>>()
  for (const { resource } of orders) {
    const id = idOf(resource)
    if (id === undefined || !orderTypes.has(resource.resourceType)) continue
    const ids = drafted.get(resource.resourceType) ?? new Set()
    drafted.set(resource.resourceType, ids.add(id))
  }
  return drafted
}
