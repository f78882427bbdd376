/** Conditions compiled once to three-valued closures: true, false, or nobody can tell (Kleene's strong logic). */
import { compare, type Facts, type Range, type Value } from '../pathway/known.ts'
import type { Wanted, When } from '../pathway/schema.ts'

/** Undefined when nobody can tell. */
export type Verdict = boolean | undefined
export type Condition = (facts: Facts) => Verdict
export type NumberOf = (reference: string | number) => number

export function compileCondition(when: When, numberOf: NumberOf): Condition {
  if (isAll(when)) return all(when.all.map((each) => compileCondition(each, numberOf)))
  if (isAny(when)) return any(when.any.map((each) => compileCondition(each, numberOf)))
  const [fact, wanted] = onlyEntry(when)
  const fits = compileWanted(wanted, numberOf)
  return (facts) => {
    const value = facts.get(fact)?.value
    return value === undefined ? undefined : fits(value)
  }
}

export const isAll = (when: When): when is { all: When[] } => Array.isArray((when as { all?: unknown }).all)
export const isAny = (when: When): when is { any: When[] } => Array.isArray((when as { any?: unknown }).any)

export function onlyEntry(when: { [fact: string]: Wanted } | When): [string, Wanted] {
  const [entry] = Object.entries(when)
  if (!entry) throw new Error('a condition names no fact')
  return entry as [string, Wanted]
}

function all(conditions: readonly Condition[]): Condition {
  return (facts) => {
    let verdict: Verdict = true
    for (const condition of conditions) {
      const holds = condition(facts)
      if (holds === false) return false
      if (holds === undefined) verdict = undefined
    }
    return verdict
  }
}

function any(conditions: readonly Condition[]): Condition {
  return (facts) => {
    let verdict: Verdict = false
    for (const condition of conditions) {
      const holds = condition(facts)
      if (holds === true) return true
      if (holds === undefined) verdict = undefined
    }
    return verdict
  }
}

function compileWanted(wanted: Wanted, numberOf: NumberOf): (value: Value) => Verdict {
  if (typeof wanted !== 'object') return (value) => value === wanted
  const limit = Object.fromEntries(
    Object.entries(wanted).map(([name, reference]) => [name, numberOf(reference)]),
  )
  return (value) => (isRange(value) ? compare(value, limit) : undefined)
}

const isRange = (value: Value): value is Range => typeof value === 'object'

/** Names of the facts in a condition, each once, in reading order. */
export function factsIn(when: When): string[] {
  if (isAll(when)) return [...new Set(when.all.flatMap(factsIn))]
  if (isAny(when)) return [...new Set(when.any.flatMap(factsIn))]
  return [onlyEntry(when)[0]]
}
