/** What FHIR says that a resource may hold, in every version that is read: from the published types, so that nothing is named here. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Types of an element, over all versions: "CodeableConcept", "string". */
type Elements = ReadonlyMap<string, ReadonlySet<string>>

const folder = dirname(createRequire(import.meta.url).resolve('@types/fhir/package.json'))
const versions = ['r3', 'r4', 'r5']
const declared = /^export interface (\w+)(?: extends (\w+))? \{\n([\s\S]*?)^\}/gm
const element = /^ {2}(?:readonly )?(\w+)\??: ([^;]+);/gm

interface Declared {
  extends: Set<string>
  own: Map<string, Set<string>>
}

function readTypes(): ReadonlyMap<string, Declared> {
  const types = new Map<string, Declared>()
  for (const version of versions) {
    const text = readFileSync(join(folder, `${version}.d.ts`), 'utf8')
    for (const [, name = '', above, body = ''] of text.matchAll(declared)) {
      const known = types.get(name) ?? { extends: new Set<string>(), own: new Map() }
      types.set(name, known)
      if (above) known.extends.add(above)
      for (const [, child = '', written = ''] of body.matchAll(element)) {
        if (child.startsWith('_') || child === 'resourceType') continue
        const kinds = known.own.get(child) ?? new Set<string>()
        known.own.set(child, kinds)
        for (const kind of written.split('|'))
          kinds.add(
            kind
              .trim()
              .replace(/\[\]$/, '')
              .replace(/^\((.*)$/, '$1'),
          )
      }
    }
  }
  return types
}

const types = readTypes()

/** Elements of a type with those that it inherits; none of a plain value. */
export function elementsOf(type: string): Elements {
  const declaration = types.get(type)
  if (!declaration) return new Map()
  const all = new Map<string, Set<string>>()
  for (const above of declaration.extends)
    for (const [name, kinds] of elementsOf(above))
      all.set(name, new Set([...(all.get(name) ?? []), ...kinds]))
  for (const [name, kinds] of declaration.own) all.set(name, new Set([...(all.get(name) ?? []), ...kinds]))
  return all
}

/** Where something may stand in a resource: names from the resource inwards. */
export type Path = readonly string[]

/** Every place to this depth; a type inside itself is entered once. */
export function placesOf(type: string, depth: number, within: readonly string[] = []): Path[] {
  if (depth === 0 || within.includes(type)) return []
  return [...elementsOf(type)].flatMap(([name, kinds]) => {
    const below = [...kinds].flatMap((kind) => placesOf(kind, depth - 1, [...within, type]))
    return [[name], ...unique(below.map((path) => [name, ...path]))]
  })
}

const unique = (paths: readonly Path[]): Path[] => [
  ...new Map(paths.map((path) => [path.join('.'), path])).values(),
]
