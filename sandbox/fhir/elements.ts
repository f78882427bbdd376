/** Looks into resources whose shape nobody has checked: values at a path, references anywhere, whose it is. */
import type { FhirResource, Meta } from 'fhir/r4.js'
import { FhirFailure } from './failures.ts'
import { patientPath } from './parameters.ts'

/** As it is kept: with its id and version. */
export type Kept = FhirResource & { id: string; meta: Meta & { versionId: string; lastUpdated: string } }

type Fields = Readonly<Record<string, unknown>>

/** What a recursion over JSON may go down to; FHIR's own resources stay far above it. */
const deepest = 100

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** All values at a path such as `name.family`, with lists opened. */
export function valuesAt(resource: unknown, path: string): unknown[] {
  let values: unknown[] = [resource]
  for (const element of path.split('.')) {
    values = values.flatMap((value) => (isObject(value) ? (value[element] ?? []) : []))
  }
  return values
}

/** A copy in which every `reference` is what `rewrite` makes of it. Throws where the nesting has no end. */
export function rewriteReferences<T>(value: T, rewrite: (reference: string) => string): T {
  return rewritten(value, '', 0, rewrite) as T
}

function rewritten(
  value: unknown,
  element: string,
  depth: number,
  rewrite: (text: string) => string,
): unknown {
  if (depth > deepest) throw new FhirFailure(400, `The resource is nested deeper than ${deepest} levels.`)
  if (typeof value === 'string') return element === 'reference' ? rewrite(value) : value
  if (Array.isArray(value)) return value.map((each) => rewritten(each, element, depth + 1, rewrite))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, rewritten(each, key, depth + 1, rewrite)]),
  )
}

/** The id of the patient whose resource this is; undefined for what is nobody's, such as a Practitioner. */
export function ownerOf(resource: FhirResource): string | undefined {
  if (resource.resourceType === 'Patient') return resource.id
  const path = patientPath(resource.resourceType)
  const [reference] = path === undefined ? [] : valuesAt(resource, `${path}.reference`)
  return typeof reference === 'string' ? reference.match(/^Patient\/([^/]+)/)?.[1] : undefined
}

/** Resources of this type belong to somebody. */
export const isPersonal = (type: string) => type === 'Patient' || patientPath(type) !== undefined
