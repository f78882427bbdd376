/** What can be ordered: the invented orders of `fhir-fixtures/orders`, and more from the value sets, to search in. */
import type { FhirResource } from 'fhir/r4.js'
import { listOrders, loadOrder, placeholderPatient } from '../../fhir-fixtures/load.ts'
import type { CodeRow } from '../../src/pathway/codes.ts'
import type { Content } from '../../src/pathway/content.ts'
import { isOrder, nameOf } from './drafts.ts'

export interface CatalogEntry {
  /** The name of a fixture, or `set|system|code`. */
  key: string
  name: string
  /** Imaging, medicine, referral. */
  kind: string
  /** A fixture: offered before anybody searches. */
  isUsual: boolean
  order: FhirResource
}

export interface Catalog {
  find(key: string): CatalogEntry | undefined
  /** Best first; all usual ones for an empty search. */
  search(words: string, most: number): CatalogEntry[]
}

/** Value sets that hold what is ordered, and what an EHR would call it. */
const sets: Readonly<Record<string, { kind: string; resource: 'ServiceRequest' | 'MedicationRequest' }>> = {
  'b1-lumbar-imaging-orders': { kind: 'Imaging', resource: 'ServiceRequest' },
  'b2-nearmiss-imaging-orders': { kind: 'Imaging', resource: 'ServiceRequest' },
  'c2-opioid-clinical-drugs': { kind: 'Medicine', resource: 'MedicationRequest' },
  'f1-benzodiazepines-and-sedatives': { kind: 'Medicine', resource: 'MedicationRequest' },
  'e1-conservative-care-services': { kind: 'Referral or service', resource: 'ServiceRequest' },
}

export function makeCatalog(root: string, content: Pick<Content, 'codes'>): Catalog {
  const usual = listOrders(root).map((key): CatalogEntry => {
    const order = loadOrder(root, key)
    const kind = order.resourceType === 'MedicationRequest' ? 'Medicine' : 'Imaging'
    return { key, name: named(order), kind, isUsual: true, order }
  })
  const entries = [...usual, ...content.codes.rows.flatMap(entryOf)]
  const byKey = new Map(entries.map((entry) => [entry.key, entry]))
  return {
    find: (key) => byKey.get(key),
    search: (words, most) => {
      const wanted = wordsIn(words)
      if (wanted.length === 0) return usual
      const scored = entries.flatMap((entry) => {
        const score = scoreOf(entry, wanted)
        return score > 0 ? [{ entry, score }] : []
      })
      return scored
        .sort((a, b) => b.score - a.score || a.entry.name.localeCompare(b.entry.name))
        .slice(0, most)
        .map(({ entry }) => entry)
    },
  }
}

function named(order: FhirResource): string {
  const isStat = order.resourceType === 'ServiceRequest' && order.priority === 'stat'
  const hasReason = isOrder(order) && (order.reasonCode ?? order.reasonReference) !== undefined
  return `${nameOf(order)}${isStat ? ', stat' : ''}${hasReason ? ', with its reason' : ''}`
}

/** Rows without a name of their own are left out: CPT stands here without the AMA's words. */
function entryOf({ set, system, code, display }: CodeRow): CatalogEntry[] {
  const kind = sets[set]
  if (!kind || display === '' || display.startsWith('(')) return []
  const concept = { coding: [{ system, code, display }], text: display }
  const common = {
    id: `draft-${code}`,
    status: 'draft',
    intent: 'order',
    subject: { reference: placeholderPatient },
  } as const
  const order: FhirResource =
    kind.resource === 'MedicationRequest'
      ? { resourceType: 'MedicationRequest', ...common, medicationCodeableConcept: concept }
      : { resourceType: 'ServiceRequest', ...common, priority: 'routine', code: concept }
  return [{ key: `${set}|${system}|${code}`, name: display, kind: kind.kind, isUsual: false, order }]
}

const wordsIn = (text: string) =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}.]+/u)
    .filter(Boolean)

/** What people type for what the lists call otherwise. */
const alsoCalled: Readonly<Record<string, string>> = { mri: 'mr', 'x-ray': 'xr', xray: 'xr', spine: 'spinal' }

/** Every word must stand at the beginning of one of the name; whole words and usual orders come first. */
function scoreOf({ name, key, kind, isUsual }: CatalogEntry, wanted: readonly string[]): number {
  const words = wordsIn(`${name} ${isUsual ? key : ''} ${kind}`)
  let score = isUsual ? 4 : 1
  for (const word of wanted) {
    const other = alsoCalled[word]
    const found = words.some((each) => each.startsWith(word)) || (other && words.includes(other))
    if (!found) return 0
    if (words.includes(word)) score += 1
  }
  return score - words.length / 100
}
