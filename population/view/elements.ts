/** The elements of FHIR R4 as `@types/fhir` declares them: of which type each is, and whether it repeats. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

export interface ElementShape {
  /** A type of FHIR, or `string`, `number` or `boolean`. */
  type: string
  repeats: boolean
}

interface Declared {
  parent: string | undefined
  elements: ReadonlyMap<string, ElementShape>
}

let declared: ReadonlyMap<string, Declared> | undefined

/** Undefined where R4 has no such element. */
export function elementOf(type: string, name: string): ElementShape | undefined {
  declared ??= readDeclarations()
  for (let at: string | undefined = type; at !== undefined; at = declared.get(at)?.parent) {
    const found = declared.get(at)?.elements.get(name)
    if (found) return found
  }
  return undefined
}

let resources: ReadonlyMap<string, string> | undefined

/** The types of resources, by their names in small letters. */
export function resourceTypes(): ReadonlyMap<string, string> {
  declared ??= readDeclarations()
  resources ??= new Map(
    [...declared].flatMap(([name, { elements }]) =>
      elements.has('resourceType') && name !== 'Resource' ? [[name.toLowerCase(), name] as const] : [],
    ),
  )
  return resources
}

export const isPrimitive = (type: string) => type === 'string' || type === 'number' || type === 'boolean'

/** Two megabytes, read once: some 40 ms. */
function readDeclarations(): ReadonlyMap<string, Declared> {
  const folder = dirname(createRequire(import.meta.url).resolve('@types/fhir/package.json'))
  const text = readFileSync(join(folder, 'r4.d.ts'), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
  const types = new Map<string, Declared>()
  for (const [, name = '', parent, body = ''] of text.matchAll(
    /^export interface (\w+)(?: extends (\w+))? \{\n([\s\S]*?)^\}/gm,
  )) {
    const elements = new Map<string, ElementShape>()
    for (const [, element = '', said = ''] of body.matchAll(/^ {2}(?:readonly )?(\w+)\??: ([^;]+);$/gm))
      if (!element.startsWith('_')) elements.set(element, shapeOf(said.replace(/ \| undefined$/, '')))
    types.set(name, { parent, elements })
  }
  return types
}

function shapeOf(said: string): ElementShape {
  const repeats = said.endsWith('[]')
  const type = repeats ? said.slice(0, -2).replace(/^\((.*)\)$/s, '$1') : said
  // A list of allowed codes is a string all the same.
  return { type: /^\w+$/.test(type) ? type : 'string', repeats }
}
