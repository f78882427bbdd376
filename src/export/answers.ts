/** What is known of a patient, as the parameters of the rules: FHIR `Parameters`, as `$apply` takes them. */
import type { Parameters, ParametersParameter } from 'fhir/r4.js'
import type { Facts } from '../pathway/known.ts'
import type { FactParameter } from './cql.ts'
import { beyond } from './writing.ts'

/** What nobody can tell is left out: the rules hear null. */
export const answersAsParameters = (facts: Facts, parameters: readonly FactParameter[]): Parameters => ({
  resourceType: 'Parameters',
  parameter: parameters.flatMap(({ name }) => answered(name, facts.get(name)?.value)),
})

function answered(name: string, value: unknown): ParametersParameter[] {
  if (value === undefined) return []
  if (typeof value === 'boolean') return [{ name, valueBoolean: value }]
  if (typeof value === 'string') return [{ name, valueString: value }]
  const { low, high } = value as { low: number; high: number }
  return [{ name, valueRange: { ...bound('low', low), ...bound('high', high) } }]
}

const bound = (end: 'low' | 'high', value: number) => ({
  [end]: { value: Math.min(Math.max(value, -beyond), beyond) },
})

/** The body of `PlanDefinition/$apply`. */
export const applyBody = (subject: string, answers: Parameters): Parameters => ({
  resourceType: 'Parameters',
  parameter: [
    { name: 'subject', valueString: subject },
    { name: 'parameters', resource: answers },
  ],
})
