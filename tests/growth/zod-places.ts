/** Places in what a zod schema reads: each text, list and map of it, so that a new field is grown without being named. */
import type { z } from 'zod'
import type { Path } from './fhir-types.ts'

interface Definition {
  type: string
  shape?: Readonly<Record<string, z.ZodType>>
  element?: z.ZodType
  innerType?: z.ZodType
  in?: z.ZodType
}

const definitionOf = (schema: z.ZodType) => schema.def as unknown as Definition

export function placesIn(schema: z.ZodType): Path[] {
  const { type, shape, element, innerType, in: before } = definitionOf(schema)
  if (type === 'object')
    return Object.entries(shape ?? {}).flatMap(([name, inner]) => [
      [name],
      ...placesIn(inner).map((path) => [name, ...path]),
    ])
  const inside = innerType ?? before ?? element
  return inside ? placesIn(inside) : []
}
