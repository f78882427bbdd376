/** Which medicine is it? By every code that the value sets hold, then by its names; or nobody can say. */
import type { CodeRow } from '../pathway/codes.ts'
import type { Content } from '../pathway/content.ts'
import type { Evidence } from '../pathway/known.ts'
import { keysOf } from './lookups.ts'
import type { Product } from './product.ts'
import { type ReadTaking, takingReader } from './taking.ts'
import { wordsOfConcept } from './wire.ts'
import { saysOneOf } from './words.ts'

/** Rows of the value sets, or none where it could not be read. */
export interface Named {
  rows: readonly CodeRow[]
  how: Evidence['how']
}

export interface MedicineReading {
  taking: ReadTaking
  /** `irrelevant` where it is a medicine that no fact asks about, or says that there is none. */
  name(product: Product): Named | 'irrelevant'
}

const none: readonly CodeRow[] = []
/** A medicine that nobody can name. */
export const unreadMedicine: Named = { rows: none, how: 'not-read' }

export function compileMedicineReading(content: Content): MedicineReading {
  const { codes, medicines } = content
  const keys = keysOfMedicines(content)
  const sets = new Set([...keys].map((key) => key.slice(0, key.indexOf('/'))))
  const namesSomething = namesBeyond(medicines.nameless)
  const isOurs = ({ key }: CodeRow) => keys.has(key)
  const families = Object.values(content.orderKinds).map((kind) => [
    ...new Set(kind?.triggers.flatMap(({ codes: groups }) => Object.keys(groups))),
  ])

  function name({ said }: Product): Named | 'irrelevant' {
    const all = new Set<CodeRow>()
    let how: Evidence['how'] = 'code'
    let isHeld = false
    for (const concept of said) {
      for (const coding of concept.codings) {
        const found = codes.read(coding, coding.system === undefined ? wordsOfConcept(concept) : undefined)
        const rows = found.rows.filter(isOurs)
        // Of a system that the value sets hold in part, a code in none of them may be any medicine.
        isHeld ||= found.isHeld && !(coding.system && codes.holdsInPart(coding.system))
        if (rows.length === 0) continue
        if (all.size === 0) how = found.how
        for (const row of rows) all.add(row)
      }
    }
    const coded = [...all]
    const words = said.map(wordsOfConcept).join(' | ')
    const named = besides(firstOf(codes.lookupByName(words, sets).filter(isOurs), families), coded, families)
    if (coded.length > 0) return { rows: named.length > 0 ? [...coded, ...named] : coded, how }
    if (named.length > 0) return { rows: named, how: 'name' }
    return isHeld || namesSomething(words) || saysOneOf(words, medicines.none) ? 'irrelevant' : unreadMedicine
  }

  return { name, taking: takingReader(content) }
}

/** Is any word left when those that name no medicine are gone? "see list" and "10 mg" name none. */
export function namesBeyond(words: readonly string[]): (text: string) => boolean {
  const nameless = new Set(words)
  return (text) => {
    if (isBareCode(text)) return false
    const plain = text.slice(0, longestName).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
    const said = plain.match(/[a-z]+/g) ?? []
    return said.some((word) => word.length >= shortestName && !nameless.has(word))
  }
}

const longestName = 1000
const shortestName = 3

/** "HOMEMED:678", "IMG123": a code that was put where words belong. */
const isBareCode = (words: string) => /^[a-z]{1,12}[:_-]?\d{3,12}$/i.test(words.trim())

/**
 * A name adds what the codes leave out: another ingredient of a combination. Sets that one kind of order asks in turn
 * (products, then ingredients) count as one: a cough medicine holds an opioid, and its product says that it is none for
 * pain.
 */
function besides(
  named: readonly CodeRow[],
  coded: readonly CodeRow[],
  families: readonly (readonly string[])[],
): readonly CodeRow[] {
  if (named.length === 0 || coded.length === 0) return named
  const sets = new Set(coded.map(({ set }) => set))
  const known = families.filter((family) => family.some((set) => sets.has(set)))
  return named.filter(({ set }) => !sets.has(set) && !known.some((family) => family.includes(set)))
}

/** Of the sets that one kind of order asks in turn, the first that knows the name decides. */
function firstOf(named: readonly CodeRow[], families: readonly (readonly string[])[]): readonly CodeRow[] {
  const sets = new Set(named.map(({ set }) => set))
  if (sets.size < 2) return named
  const later = new Set(
    families.flatMap((family) => {
      const first = family.findIndex((set) => sets.has(set))
      return first < 0 ? [] : family.slice(first + 1)
    }),
  )
  return named.filter(({ set }) => !later.has(set))
}

/** Groups that any fact about medicines asks for. */
function keysOfMedicines(content: Content): ReadonlySet<string> {
  const kinds = Object.values(content.orderKinds).filter((kind) => kind?.resource === 'MedicationRequest')
  return new Set([
    ...Object.values(content.facts).flatMap((fact) => {
      if (fact.kind === 'medication') return keysOf(fact.codes)
      return fact.kind === 'dose' ? [...keysOf(fact.codes ?? {}), ...keysOf(fact.unconverted ?? {})] : []
    }),
    ...kinds.flatMap((kind) => kind?.triggers.flatMap(({ codes }) => keysOf(codes)) ?? []),
  ])
}
