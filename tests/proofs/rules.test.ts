/**
 * Each rule over the full product of its facts: what is known stays known when more is known (Kleene monotonicity),
 * and what everything is known about is decided as the table reads.
 */
import { describe, expect, test } from 'vitest'
import { compileCondition, isAll, isAny, onlyEntry } from '../../src/decide/conditions.ts'
import type { Facts } from '../../src/pathway/known.ts'
import type { When } from '../../src/pathway/schema.ts'
import { realContent } from '../support/evaluator.ts'
import { Cases, domainsOf } from './cases.ts'

const content = realContent()
const numberOf = (reference: string | number) =>
  typeof reference === 'number' ? reference : (content.parameters[reference.slice(1)]?.value ?? Number.NaN)

/** A rule with more cases than this is to be cut into its independent parts before it is proved. */
const mostCases = 200_000
const none: Facts = new Map()

const rules = content.rules.map((rule) => ({
  code: rule.code,
  when: rule.when,
  cases: new Cases(domainsOf(content, [rule.when])),
}))

describe.each(rules)('$code', ({ when, cases }) => {
  const holds = compileCondition(when, numberOf)
  const verdicts: (boolean | undefined)[] = []
  if (cases.size <= mostCases) cases.each(none, (facts, number) => (verdicts[number] = holds(facts)))

  test('has few enough cases to try them all', () => {
    expect(cases.size).toBeLessThanOrEqual(mostCases)
  })

  test('keeps a verdict that it knew when one more fact becomes known, or known better', () => {
    const flips: string[] = []
    verdicts.forEach((verdict, number) => {
      if (verdict === undefined) return
      cases.eachKnownBetter(number, (better) => {
        if (verdicts[better] !== verdict) flips.push(`${cases.describe(number)} → ${cases.describe(better)}`)
      })
    })
    expect(flips.slice(0, 3)).toEqual([])
  })

  test('says what the table says, in plain two-valued logic, when every fact is known', () => {
    const wrong: string[] = []
    cases.each(none, (facts, number) => {
      if (!cases.isSettled(number)) return
      for (const end of ['low', 'high'] as const) {
        if (verdicts[number] !== reads(when, facts, end)) wrong.push(cases.describe(number))
      }
    })
    expect(wrong.slice(0, 3)).toEqual([])
  })

  test('can hold, can fail to hold, and knows nothing where no fact is known', () => {
    expect(verdicts[0]).toBeUndefined()
    expect(verdicts).toContain(true)
    expect(verdicts).toContain(false)
  })
})

/** The reference: the table read aloud, without a third value, at one end of every range. */
function reads(condition: When, facts: Facts, end: 'low' | 'high'): boolean {
  if (isAll(condition)) return condition.all.every((each) => reads(each, facts, end))
  if (isAny(condition)) return condition.any.some((each) => reads(each, facts, end))
  const [fact, wanted] = onlyEntry(condition)
  const value = facts.get(fact)?.value
  if (typeof wanted !== 'object') return value === wanted
  const number = typeof value === 'object' ? value[end] : Number.NaN
  const [[comparator = '', limit = 0] = []] = Object.entries(wanted)
  if (comparator === 'at-least') return number >= numberOf(limit)
  if (comparator === 'at-most') return number <= numberOf(limit)
  return comparator === 'above' ? number > numberOf(limit) : number < numberOf(limit)
}
