/**
 * Resources of one type, each once, found by id. Not a Map, because filling Maps with ids was the dearest part of
 * reading a large record. The ids are touched once, while their resource is at hand.
 */
import type { FhirResource } from 'fhir/r4.js'
import { baseOf, compareVersions, contentOf, hasSameContent } from './identity.ts'
import { idOf } from './wire.ts'

/** Ids that are made to crowd into one place overflow into a Map, so that no input makes this slow. */
const maxProbes = 32

/** All that came under one id, once a second one came. */
interface Namesakes {
  /** By content, so that copies are known; made when a copy is not plainly one. */
  contents: Set<string> | undefined
  /** By base: the place of the one whose version the next is compared with. */
  latest: Map<string | undefined, number>
}

export class IdTable {
  /** The first of several copies, and all that have no id. */
  readonly resources: FhirResource[] = []
  /** Addresses of their entries, by place. */
  readonly #fullUrls: (string | undefined)[] = []
  /** Pairs of a place in `resources`, counted from 1 (0 is free), and the hash of the id there. */
  #slots: number[]
  #used = 0
  /** Places by id. */
  readonly #overflow = new Map<string, number>()
  readonly #namesakes = new Map<string, Namesakes>()
  /** Bases of those that share their id. */
  readonly #bases = new Map<FhirResource, string | undefined>()

  constructor(expected: number) {
    let pairs = 4
    while (pairs < expected * 2) pairs *= 2
    this.#slots = free(pairs)
  }

  /** With a base only what is kept there, or what may be: an entry without an address may be of any server. */
  find(id: string, base?: string): FhirResource | undefined {
    const first = this.#placeOf(id)
    if (first === undefined) return undefined
    if (base === undefined) return this.resources[first]
    const latest = this.#namesakes.get(id)?.latest ?? new Map([[this.#baseAt(first), first]])
    const place = latest.get(base) ?? latest.get(undefined)
    return place === undefined ? undefined : this.resources[place]
  }

  /** Do several have this id? */
  isShared(id: string): boolean {
    return this.#namesakes.has(id)
  }

  baseOf(resource: FhirResource): string | undefined {
    if (this.#bases.has(resource)) return this.#bases.get(resource)
    const place = this.#placeOf(resource.id ?? '')
    return place !== undefined && this.resources[place] === resource ? this.#baseAt(place) : undefined
  }

  add(resource: FhirResource, fullUrl?: string): void {
    const id = idOf(resource)
    const first = id === undefined ? undefined : this.#claim(id)
    if (id === undefined || first === undefined) this.#keep(resource, fullUrl)
    else if (this.resources[first] !== resource) this.#addNamesake(id, first, resource, fullUrl)
  }

  #keep(resource: FhirResource, fullUrl: string | undefined): number {
    this.#fullUrls.push(fullUrl)
    return this.resources.push(resource) - 1
  }

  #addNamesake(id: string, first: number, resource: FhirResource, fullUrl: string | undefined): void {
    const known = this.#namesakes.get(id) ?? this.#begin(id, first)
    const base = baseOf(fullUrl, resource)
    // What came without an address is taken for another version of what came first.
    const group = known.latest.has(base) ? base : base === undefined ? this.#baseAt(first) : undefined
    const rival = known.latest.get(group)
    const held = rival === undefined ? undefined : this.resources[rival]
    const newer = held && compareVersions(resource, held)
    // A copy, of which most have come once already.
    if (newer === undefined && held && hasSameContent(resource, held)) return
    const contents = this.#contentsOf(known, first)
    const content = contentOf(resource)
    if (newer !== undefined && rival !== undefined) {
      if (newer > 0) this.#replace(rival, resource)
      if (content !== undefined) contents.add(content)
      return
    }
    if (content !== undefined && contents.has(content)) return
    if (content !== undefined) contents.add(content)
    known.latest.set(base, this.#keep(resource, fullUrl))
    this.#bases.set(resource, base)
  }

  #replace(place: number, newer: FhirResource): void {
    const older = this.resources[place]
    this.#bases.set(newer, older && this.#bases.get(older))
    this.resources[place] = newer
  }

  #begin(id: string, first: number): Namesakes {
    const resource = this.resources[first]
    const begun: Namesakes = {
      contents: undefined,
      latest: new Map([[this.#baseAt(first), first]]),
    }
    if (resource) this.#bases.set(resource, this.#baseAt(first))
    this.#namesakes.set(id, begun)
    return begun
  }

  #contentsOf(known: Namesakes, first: number): Set<string> {
    if (known.contents) return known.contents
    const resource = this.resources[first]
    const content = resource && contentOf(resource)
    known.contents = new Set(content === undefined ? [] : [content])
    return known.contents
  }

  #baseAt(place: number): string | undefined {
    const resource = this.resources[place]
    return resource && baseOf(this.#fullUrls[place], resource)
  }

  #placeOf(id: string): number | undefined {
    const slot = this.#slotOf(id, hash(id))
    const held = slot < 0 ? this.#overflow.get(id) : this.#slots[slot]
    return held === undefined || held === 0 ? undefined : held - 1
  }

  /** The place of the one that has the id already; undefined when it is free, and now belongs to the next one kept. */
  #claim(id: string): number | undefined {
    const key = hash(id)
    const slot = this.#slotOf(id, key)
    const next = this.resources.length + 1
    if (slot < 0) {
      const held = this.#overflow.get(id)
      if (held !== undefined) return held - 1
      this.#overflow.set(id, next)
      return undefined
    }
    const held = this.#slots[slot] ?? 0
    if (held !== 0) return held - 1
    this.#slots[slot] = next
    this.#slots[slot + 1] = key
    this.#used += 1
    if (this.#used * 4 > this.#slots.length) this.#grow()
    return undefined
  }

  /** Where this id stands or may be put; -1 when all places near by are taken. */
  #slotOf(id: string, key: number): number {
    const slots = this.#slots
    const mask = slots.length - 2
    let slot = (key << 1) & mask
    for (let probe = 0; probe < maxProbes; probe += 1) {
      const held = slots[slot]
      if (held === undefined || held === 0) return slot
      if (slots[slot + 1] === key && this.resources[held - 1]?.id === id) return slot
      slot = (slot + 2) & mask
    }
    return -1
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = free(old.length)
    const mask = this.#slots.length - 2
    for (let from = 0; from < old.length; from += 2) {
      if (old[from] === 0) continue
      let to = ((old[from + 1] ?? 0) << 1) & mask
      while (this.#slots[to] !== 0) to = (to + 2) & mask
      this.#slots[to] = old[from] ?? 0
      this.#slots[to + 1] = old[from + 1] ?? 0
    }
  }
}

function free(pairs: number): number[] {
  return new Array<number>(pairs * 2).fill(0)
}

/** Of long ids every few characters, the last among them: counters and uuids both differ there. */
function hash(id: string): number {
  const step = (id.length >> 4) | 1
  let mixed = id.length
  for (let at = id.length - 1; at >= 0; at -= step) mixed = (Math.imul(mixed, 31) + id.charCodeAt(at)) | 0
  return mixed
}
