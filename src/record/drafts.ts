/** The draft orders of a call, and which of them the clinician has just chosen. */
import type { HookCall } from '../hooks/call.ts'
import type { IsOurs } from './owner.ts'
import type { DraftOrder } from './record.ts'
import { targetOf } from './reference.ts'
import { entriesOf, idOf, isObject, isResource, resourceOf } from './wire.ts'

export interface Drafts {
  orders: readonly DraftOrder[]
  /** Drafts for somebody else. */
  ignored: number
}

/** A Bundle, a list of resources or one resource: the specification says Bundle, clients differ. */
export function draftEntries(draftOrders: unknown): readonly unknown[] {
  if (Array.isArray(draftOrders)) return draftOrders
  if (!isObject(draftOrders)) return []
  const isSingle = isResource(draftOrders) && draftOrders.resourceType !== 'Bundle'
  return isSingle ? [draftOrders] : entriesOf(draftOrders)
}

export function readDrafts(entries: readonly unknown[], call: HookCall, isOurs: IsOurs): Drafts {
  const chosen = call.hook === 'order-select' ? chosenNames(call.selections) : undefined
  const orders: DraftOrder[] = []
  let ignored = 0
  for (const entry of entries) {
    const resource = resourceOf(entry)
    if (!resource) continue
    if (!isOurs(resource)) {
      ignored += 1
      continue
    }
    const id = idOf(resource)
    const reference = id === undefined ? undefined : `${resource.resourceType}/${id}`
    orders.push({ resource, reference, selected: !chosen || isChosen(entry, id, reference, chosen) })
  }
  return { orders, ignored }
}

/** All ways in which a selection may name an order; undefined when the client selects nothing in particular. */
function chosenNames(selections: readonly string[] | undefined): ReadonlySet<string> | undefined {
  if (!selections || selections.length === 0) return undefined
  const names = new Set<string>(selections)
  for (const selection of selections) {
    const target = targetOf(selection)
    if (target) names.add(`${target.type}/${target.id}`)
  }
  return names
}

function isChosen(
  entry: unknown,
  id: string | undefined,
  reference: string | undefined,
  chosen: ReadonlySet<string>,
): boolean {
  if (reference !== undefined && chosen.has(reference)) return true
  if (id !== undefined && chosen.has(id)) return true
  return isObject(entry) && typeof entry.fullUrl === 'string' && chosen.has(entry.fullUrl)
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
