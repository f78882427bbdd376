/**
 * Resources of one type, each once, found by id. Not a Map, because filling Maps with ids was the dearest part of
 * reading a large record. The ids are touched once, while their resource is at hand.
 */
import type { FhirResource } from 'fhir/r4.js'
import { idOf } from './wire.ts'

/** Ids that are made to crowd into one place overflow into a Map, so that no input makes this slow. */
const maxProbes = 32

export class IdTable {
  /** The first of several copies, and all that have no id. */
  readonly resources: FhirResource[] = []
  /** Pairs of a position in `resources`, counted from 1 (0 is free), and the hash of the id there. */
  #slots: number[]
  #used = 0
  readonly #overflow = new Map<string, FhirResource>()

  constructor(expected: number) {
    let pairs = 4
    while (pairs < expected * 2) pairs *= 2
    this.#slots = free(pairs)
  }

  find(id: string): FhirResource | undefined {
    const slot = this.#slotOf(id, hash(id))
    return slot < 0 ? this.#overflow.get(id) : this.resources[(this.#slots[slot] ?? 0) - 1]
  }

  add(resource: FhirResource): void {
    const id = idOf(resource)
    if (id === undefined || this.#claim(id, resource)) this.resources.push(resource)
  }

  /** False when the id is taken. */
  #claim(id: string, resource: FhirResource): boolean {
    const key = hash(id)
    const slot = this.#slotOf(id, key)
    if (slot < 0) {
      if (this.#overflow.has(id)) return false
      this.#overflow.set(id, resource)
      return true
    }
    if (this.#slots[slot] !== 0) return false
    this.#slots[slot] = this.resources.length + 1
    this.#slots[slot + 1] = key
    this.#used += 1
    if (this.#used * 4 > this.#slots.length) this.#grow()
    return true
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
