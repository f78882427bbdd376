/** What a fact's declaration refers to: groups of codes, named numbers, and data that may be missing. */
import type { Content } from '../content/content.ts'
import type { PatientRecord, PrefetchState } from '../gather/record.ts'

/** Keys `set/group` of the groups that a fact names. */
export function keysOf(codes: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.entries(codes).flatMap(([set, groups]) => groups.map((group) => `${set}/${group}`))
}

/** The value behind `$name`; content checks have made sure that it is there. */
export function parameterOf(content: Content, reference: string | number): number {
  if (typeof reference === 'number') return reference
  const parameter = content.parameters[reference.slice(1)]
  if (!parameter) throw new Error(`no parameter ${reference}`)
  return parameter.value
}

/** Asked for and not whole: that is a doubt also about what many EHRs do not have. */
const wentWrong = new Set<PrefetchState | undefined>(['truncated', 'failed', 'late', 'forbidden', 'unusable'])

/** Resource types among these that did not come whole. That an optional one did not come at all makes no doubt. */
export function gapsOf(record: PatientRecord, types: readonly string[], content: Content): string[] {
  return types.filter((type) => {
    const query = content.queries[type]
    if (record.completeness(type) === 'complete') return false
    return !query?.optional || wentWrong.has(record.states.get(query.key))
  })
}
