/**
 * Answers on a condition: what could not be looked up because data did not come, and is no emergency, is taken as not
 * there, and named for the clinician to make sure of.
 */
import type { Content } from '../pathway/content.ts'
import type { Known, Proviso } from '../pathway/known.ts'
import type { Gap, Gaps } from './lookups.ts'
import { dateOf } from './spans.ts'

export type AddProviso = (fact: string, known: Known) => Known

/** For one record: adds to an answer that nobody can tell the one that stands on a condition, where there is one. */
export function provisos({ facts, queries }: Content, gaps: Gaps, today: number): AddProviso {
  /** Without these nothing is advised on any condition. */
  const isNeeded = ({ type, reaches }: Gap) => reaches < 0 && queries[type]?.needed === true
  const isOptional = ({ type }: Gap) => queries[type]?.optional === true
  const listOf = ({ type, reaches }: Gap): Proviso['lists'][number] =>
    reaches >= 0 && Number.isFinite(reaches) ? { type, from: dateOf(today - reaches) } : { type }

  return (fact, known) => {
    const declared = facts[fact]
    // What speaks for it, even in doubt, is more than a list that did not come.
    if (known.value !== undefined || known.gaps.length === 0 || known.evidence.length > 0) return known
    const missing = known.gaps.map((type) => gaps.of(type))
    if (!declared?.noun || missing.some(isNeeded)) return known
    const isNamed = declared['conditional-because'] !== undefined
    // Of a group that gives no reason of its own, the members that cannot be told are named.
    if (!isNamed && (known.provided || !missing.every(isOptional))) return known
    return { ...known, provided: { value: false, that: [{ fact, lists: missing.map(listOf) }] } }
  }
}

/** Of a group of which these members cannot be told: it holds when any of its members does, or only when all do. */
export function providedBy(unsure: readonly Known[], needed: 'any' | 'all'): Known['provided'] {
  const denied = unsure.flatMap(({ provided }) => (provided?.value === false ? provided : []))
  if (needed === 'all') return denied[0]
  return denied.length < unsure.length
    ? undefined
    : { value: false, that: denied.flatMap(({ that }) => that) }
}
