/**
 * How much one entry of a chart, or one drafted order, may bring. A sound entry is looked over and passed on as it is;
 * of one beyond the bounds a part is kept, and what is cut is unknown: nobody may take it for "not there".
 */
import type { FhirResource } from 'fhir/r4.js'
import { modernized } from './version.ts'

/**
 * DESIGN: some ten times what the largest entries bring that are known from test data of EHRs, and little enough that
 * each list of an entry may be gone through by each fact.
 */
export const mostOfEntry = {
  /** Elements of one list. */
  list: 200,
  /** Elements, values and lists in all. */
  nodes: 4000,
  /** Objects and lists inside one another. */
  depth: 24,
  /** Characters of one text. */
  text: 20_000,
  /** Characters of all texts together that are longer than a line. */
  texts: 100_000,
}

/** Nobody reads these for what they say, and they may be long: pictures and files, samples of a curve, pages in HTML. */
const unread = new Set(['data', 'div'])
const aLine = 80

type Part = Readonly<Record<string, unknown>>

/** What is left to be read of the entry in hand. Reading is not interrupted, so that one is enough. */
let nodesLeft = 0
let textLeft = 0

function begin(): void {
  nodesLeft = mostOfEntry.nodes
  textLeft = mostOfEntry.texts
}

/** Is all of it within the bounds? Makes nothing and calls little, because nearly every entry is. */
function fits(part: Part | readonly unknown[], depth: number): boolean {
  if (depth > mostOfEntry.depth) return false
  if (Array.isArray(part)) {
    if (part.length > mostOfEntry.list) return false
    for (let at = 0; at < part.length; at += 1) if (!fitsValue(part[at], '', depth)) return false
    return true
  }
  for (const name in part) if (!fitsValue((part as Part)[name], name, depth)) return false
  return true
}

function fitsValue(value: unknown, name: string, depth: number): boolean {
  nodesLeft -= 1
  if (nodesLeft < 0) return false
  if (typeof value === 'string') return value.length <= aLine || unread.has(name) || fitsText(value)
  return typeof value !== 'object' || value === null || fits(value as Part, depth + 1)
}

function fitsText({ length }: string): boolean {
  if (length > aLine) textLeft -= length
  return length <= mostOfEntry.text && textLeft >= 0
}

/** What is within the bounds of a value, copied; undefined where nothing is. */
function kept(value: unknown, depth: number): unknown {
  nodesLeft -= 1
  if (nodesLeft < 0) return undefined
  // Not a part of a text: half a sentence may say the opposite of the whole.
  if (typeof value === 'string') return fitsText(value) ? value : undefined
  if (typeof value !== 'object' || value === null) return value
  if (depth > mostOfEntry.depth) return undefined
  return Array.isArray(value) ? keptList(value, depth) : keptPart(value as Part, depth)
}

function keptList(list: readonly unknown[], depth: number): unknown[] {
  const parts: unknown[] = []
  for (const each of list.slice(0, mostOfEntry.list)) {
    const part = kept(each, depth + 1)
    if (part !== undefined) parts.push(part)
  }
  return parts
}

/** Plain values first, so that id, status and dates stay, whatever else there is. */
function keptPart(part: Part, depth: number): Part {
  const copy: Record<string, unknown> = {}
  for (const isPlain of [true, false]) {
    for (const name in part) {
      const value = part[name]
      if (nodesLeft <= 0) return copy
      if (name === '__proto__' || unread.has(name) || (typeof value !== 'object') !== isPlain) continue
      const inside = depth === 0 && !isPlain ? keptShare(value) : kept(value, depth + 1)
      if (inside !== undefined) copy[name] = inside
    }
  }
  return copy
}

/** No element of an entry takes more than half of what is left: the patient it is about may stand behind it. */
function keptShare(value: unknown): unknown {
  const spared = { nodes: nodesLeft >> 1, text: textLeft >> 1 }
  nodesLeft -= spared.nodes
  textLeft -= spared.text
  const part = kept(value, 1)
  nodesLeft = Math.max(nodesLeft, 0) + spared.nodes
  textLeft = Math.max(textLeft, 0) + spared.text
  return part
}

/** The entries of one record, as far as they are read. */
export class EntryBounds {
  /** By the entry as it came. */
  readonly #kept = new Map<FhirResource, FhirResource>()
  readonly #cut = new Set<FhirResource>()

  /** Was anything of an entry that was read here left out? */
  isCut(resource: FhirResource): boolean {
    return this.#cut.has(resource)
  }

  /** How many entries were not read whole. */
  get count(): number {
    return this.#cut.size
  }

  /** Under the name and with the elements that its type has since R4: the entry, or always the same part of it. */
  read(resource: FhirResource): FhirResource {
    begin()
    if (fits(resource as unknown as Part, 0)) return modernized(resource)
    const known = this.#kept.get(resource)
    if (known) return known
    begin()
    const part = modernized(keptPart(resource as unknown as Part, 0) as unknown as FhirResource)
    this.#kept.set(resource, part)
    this.#cut.add(part)
    return part
  }
}
