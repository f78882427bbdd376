/** Keeps FHIR resources in memory: the newest version of each, as many as fit, gone with the process. */
import { randomUUID } from 'node:crypto'
import type { FhirResource } from 'fhir/r4.js'
import type { Kept } from './elements.ts'
import { FhirFailure } from './failures.ts'

interface StoreOptions {
  now: () => Date
  /** Resources that may be kept; 5000. */
  mostResources?: number
  /** Characters of JSON that may be kept; 32 million. */
  mostCharacters?: number
}

export interface FhirStore {
  read(type: string, id: string): Kept | undefined
  /** A new list, in the order in which they came. */
  all(type: string): Kept[]
  /** A new version of it, or its first; gives an id to what has none. Throws a FhirFailure when it is full. */
  put(resource: FhirResource): Kept
  /** All that `change` does, or nothing when it throws. */
  attempt<T>(change: () => T): T
  /** As it was in the beginning. */
  reset(): void
  readonly size: number
}

interface Shelf {
  kept: Kept
  characters: number
}

/** `resources` may repeat one under its id: the last one stays. */
export function createFhirStore(resources: Iterable<FhirResource>, options: StoreOptions): FhirStore {
  const { now, mostResources = 5000, mostCharacters = 32_000_000 } = options
  let shelves = new Map<string, Map<string, Shelf>>()
  let characters = 0
  let size = 0

  const store: FhirStore = {
    read: (type, id) => shelves.get(type)?.get(id)?.kept,
    all: (type) => [...(shelves.get(type)?.values() ?? [])].map(({ kept }) => kept),
    put(resource) {
      const { resourceType: type, id = randomUUID() } = resource
      const before = shelves.get(type)?.get(id)
      const shelf = shelve({ ...resource, id }, before?.kept, now())
      const grown = characters + shelf.characters - (before?.characters ?? 0)
      const isFull = size + (before ? 0 : 1) > mostResources || grown > mostCharacters
      if (isFull) throw new FhirFailure(507, 'This server keeps no more. Start it again: it forgets all.')
      const ofType = shelves.get(type) ?? new Map<string, Shelf>()
      shelves.set(type, ofType.set(id, shelf))
      characters = grown
      if (!before) size += 1
      return shelf.kept
    },
    attempt(change) {
      const before = { shelves, characters, size }
      shelves = copied(shelves)
      try {
        return change()
      } catch (error) {
        shelves = before.shelves
        characters = before.characters
        size = before.size
        throw error
      }
    },
    reset() {
      shelves = copied(first)
      characters = sizeOf(first)
      size = [...first.values()].reduce((sum, { size }) => sum + size, 0)
    },
    get size() {
      return size
    },
  }
  for (const resource of unrepeated(resources)) store.put(resource)
  const first = copied(shelves)
  return store
}

function unrepeated(resources: Iterable<FhirResource>): Iterable<FhirResource> {
  const byPlace = new Map<string, FhirResource>()
  for (const resource of resources) byPlace.set(`${resource.resourceType}/${resource.id}`, resource)
  return byPlace.values()
}

function shelve(resource: FhirResource & { id: string }, before: Kept | undefined, now: Date): Shelf {
  const versionId = String(Number(before?.meta.versionId ?? 0) + 1)
  const meta = { ...resource.meta, versionId, lastUpdated: now.toISOString() }
  const { resourceType, id, ...rest } = resource
  const kept = { resourceType, id, ...rest, meta } as Kept
  return { kept, characters: JSON.stringify(kept).length }
}

const copied = (shelves: ReadonlyMap<string, ReadonlyMap<string, Shelf>>) =>
  new Map([...shelves].map(([type, ofType]) => [type, new Map(ofType)]))

const sizeOf = (shelves: ReadonlyMap<string, ReadonlyMap<string, Shelf>>) =>
  [...shelves.values()]
    .flatMap((ofType) => [...ofType.values()])
    .reduce((sum, { characters }) => sum + characters, 0)
