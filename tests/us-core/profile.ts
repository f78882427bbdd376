/**
 * What US Core asks beyond R4, read from the differentials of its profiles: cardinalities, slices, required bindings, patterns,
 * types that are referred to, invariants. Base R4 is what HAPI checks. What a profile brings that this cannot check is an error.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FhirResource } from 'fhir/r4.js'
import { parse } from 'yaml'
import { z } from 'zod'

const element = z.strictObject({
  id: z.string(),
  path: z.string(),
  sliceName: z.string().optional(),
  slicing: z
    .looseObject({ discriminator: z.array(z.object({ type: z.literal('value'), path: z.literal('$this') })) })
    .optional(),
  min: z.int().optional(),
  max: z.string().optional(),
  type: z.array(z.object({ code: z.string(), targetProfile: z.array(z.string()).optional() })).optional(),
  binding: z.object({ strength: z.string(), valueSet: z.string().optional() }).optional(),
  constraint: z.array(z.object({ key: z.string(), human: z.string() })).optional(),
  patternCodeableConcept: z
    .object({ coding: z.array(z.object({ system: z.string(), code: z.string() })) })
    .optional(),
  mustSupport: z.boolean().optional(),
})
type Element = z.infer<typeof element>
const profile = z.object({
  id: z.string(),
  type: z.string(),
  differential: z.object({ element: z.array(element) }),
})
type Profile = z.infer<typeof profile>

const folder = import.meta.dirname
const read = (name: string): unknown => parse(readFileSync(join(folder, name), 'utf8'))
const valueSets = z
  .record(
    z.string(),
    z.object({
      from: z.string(),
      codes: z.record(z.string(), z.union([z.literal('any'), z.array(z.string())])),
    }),
  )
  .parse(read('value-sets.yaml'))

export const profiles: ReadonlyMap<string, Profile> = new Map(
  readdirSync(join(folder, 'profiles')).map((name) => {
    const one = profile.parse(read(join('profiles', name)))
    return [one.type, one]
  }),
)

type Fields = Record<string, unknown>
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value]

/** Values at a path below one node; `value[x]` is any element whose name begins so. */
function valuesAt(node: unknown, steps: readonly string[]): unknown[] {
  const [step, ...others] = steps
  if (step === undefined) return listOf(node)
  return listOf(node).flatMap((each) => {
    if (!isObject(each)) return []
    if (!step.endsWith('[x]')) return valuesAt(each[step], others)
    const stem = step.slice(0, -'[x]'.length)
    const named = Object.keys(each).filter((name) => new RegExp(`^${stem}[A-Z]`).test(name))
    return named.flatMap((name) => valuesAt(each[name], others))
  })
}

const exists = (node: unknown, path: string) => valuesAt(node, path.split('.')).length > 0

/** Invariants by their key, in the words of their FHIRPath: true where it holds. `node` is what they stand on. */
const invariants: Readonly<Record<string, (node: Fields | string) => boolean>> = {
  'us-core-1': (node) => typeof node !== 'string' || node.length >= 10,
  'us-core-2': (node) =>
    exists(node, 'component') ||
    exists(node, 'hasMember') ||
    exists(node, 'dataAbsentReason') ||
    exists(node, 'value[x]'),
  'us-core-3': (node) =>
    !isObject(node) || node.code === undefined || node.system === 'http://unitsofmeasure.org',
  'us-core-6': (node) => exists(node, 'url') || exists(node, 'data'),
  'us-core-7': (node) =>
    !isObject(node) ||
    !['completed', 'in-progress'].includes(String(node.status)) ||
    exists(node, 'performed[x]'),
  'us-core-21': (node) =>
    !isObject(node) ||
    !/^(order|(original|reflex|filler|instance)-order)$/.test(String(node.intent)) ||
    exists(node, 'requester'),
}

/** What is wrong, in words; nothing for a type without a profile of ours. */
export function complaintsAbout(resource: FhirResource): string[] {
  const of = profiles.get(resource.resourceType)
  return of === undefined ? [] : of.differential.element.flatMap((each) => complaintsOf(each, resource, of))
}

function complaintsOf(element: Element, resource: FhirResource, of: Profile): string[] {
  const { id, path, min = 0, max = '*', type, binding, constraint = [] } = element
  const steps = path.split('.').slice(1)
  const last = steps.at(-1)
  // A cardinality holds within each parent that is there.
  const parents = last === undefined ? [] : valuesAt(resource, steps.slice(0, -1))
  const found: string[] = []
  for (const parent of parents) {
    const values = valuesAt(parent, [last ?? '']).filter((value) => isOfSlice(value, element, of))
    if (values.length < min) found.push(`${id}: ${values.length} where at least ${min} must be`)
    if (max !== '*' && values.length > Number(max))
      found.push(`${id}: ${values.length} where at most ${max} may be`)
    // Of an open slice by binding, what is not in the binding belongs to another slice.
    if (binding?.strength === 'required' && element.sliceName === undefined)
      for (const value of values)
        if (!isIn(value, binding.valueSet))
          found.push(`${id}: ${JSON.stringify(value)} is not in ${binding.valueSet}`)
    for (const value of values) found.push(...wrongTarget(value, type, id))
  }
  const nodes = last === undefined ? [resource] : valuesAt(resource, steps)
  for (const { key, human } of constraint) {
    const holds = invariants[key]
    if (!holds) throw new Error(`${id}: nothing here checks ${key}, ${human}`)
    for (const node of nodes) if (!holds(node as Fields | string)) found.push(`${id}: ${key}, ${human}`)
  }
  return found
}

function isOfSlice(
  value: unknown,
  { sliceName, patternCodeableConcept, binding }: Element,
  { id }: Profile,
): boolean {
  if (sliceName === undefined) return true
  if (patternCodeableConcept)
    return patternCodeableConcept.coding.every(({ system, code }) =>
      valuesAt(value, ['coding']).some(
        (coding) => isObject(coding) && coding.system === system && coding.code === code,
      ),
    )
  if (binding) return isIn(value, binding.valueSet)
  // Slices of extensions are by url, and none of these is written.
  if (isObject(value) && typeof value.url === 'string')
    throw new Error(`${id}: an extension that nothing here checks`)
  return false
}

function isIn(value: unknown, name = ''): boolean {
  const set = valueSets[name.split('|')[0] ?? '']
  if (!set) throw new Error(`value-sets.yaml lacks ${name}`)
  const has = (system: string, code: unknown) => {
    const codes = set.codes[system]
    return codes === 'any' || (codes?.includes(String(code)) ?? false)
  }
  if (typeof value === 'string') return has('', value)
  return valuesAt(value, ['coding']).some(
    (coding) => isObject(coding) && has(String(coding.system), coding.code),
  )
}

/** `us-core-patient`, `Patient` and `Resource` name what may be referred to. */
function wrongTarget(value: unknown, types: Element['type'] = [], id: string): string[] {
  const targets = types.flatMap(({ targetProfile = [] }) =>
    targetProfile.map((url) => url.replace(/^.*\//, '').toLowerCase()),
  )
  if (targets.length === 0 || !isObject(value) || typeof value.reference !== 'string') return []
  const [type = ''] = value.reference.split('/')
  const isAllowed = targets.some(
    (target) => target === 'resource' || target.replace(/^us-core-/, '').startsWith(type.toLowerCase()),
  )
  return isAllowed ? [] : [`${id}: refers to ${type}, and may to ${targets.join(', ')}`]
}
