/**
 * Advice on a condition: it names all that it rests on, stands in full once that is known not to be so, and never where
 * an emergency may be.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileCompose } from '../../src/decide/compose.ts'
import { factsIn } from '../../src/decide/conditions.ts'
import { compileRules } from '../../src/decide/decide.ts'
import { membersOf } from '../../src/facts/answers.ts'
import { answer, cannotTell, type Known } from '../../src/pathway/known.ts'
import type { RuleOf } from '../../src/pathway/schema.ts'
import { realContent } from '../support/evaluator.ts'
import { Cases, type Domain, domainsOf } from './cases.ts'
import { plainCase } from './plain.ts'
import { changes } from './random.ts'

type Headline = RuleOf<'headline'>

const content = realContent()
const program = compileRules(content)
const compose = compileCompose(content)
const kinds = ['lumbar-imaging', 'opioid'] as const

/** Facts that advice may take as not there: by a reason of their own, or because all that can be unknown of them is so. */
const conditional = Object.keys(content.facts).filter(isConditional)
function isConditional(fact: string): boolean {
  const declared = content.facts[fact]
  if (declared?.['conditional-because'] !== undefined) return true
  const members = membersOf(declared)
  return members.length > 0 && members.some(isConditional)
}

const unlessSo = (fact: string): Known => ({
  ...cannotTell(['Procedure']),
  provided: { value: false, that: [{ fact, lists: [{ type: 'Procedure', from: '2024-05-06' }] }] },
})
const withProvided = (domain: Domain): Domain =>
  conditional.includes(domain.fact)
    ? { ...domain, answers: [...domain.answers, unlessSo(domain.fact)], tellMore: [...domain.tellMore, []] }
    : domain
const isUnlessSo = ({ value, provided }: Known) => value === undefined && provided !== undefined

const domains = domainsOf(
  content,
  content.rules.map(({ when }) => when),
).map(withProvided)
const headlines = content.rules.filter((rule): rule is Headline => rule.role === 'headline')
const emergencies = headlines.filter(({ topic }) => topic === 'emergency')

test('there are such facts, each with a name for the card and the reason why advice may rest on it', () => {
  const declared = Object.entries(content.facts).filter(([, fact]) => fact['conditional-because'])
  expect(declared.length).toBeGreaterThan(5)
  expect(declared.filter(([, fact]) => !fact.noun)).toEqual([])
})

describe.each(kinds)('for %s, at random', (kind) => {
  const some = fc.tuple(changes(domains, 6), fc.subarray([...conditional], { maxLength: 4 }))
  const plain = plainCase(content, kind)
  const facts = ([changed, unknown]: typeof some extends fc.Arbitrary<infer T> ? T : never) =>
    new Map([...plain, ...unknown.map((fact): [string, Known] => [fact, unlessSo(fact)]), ...changed])

  test('advice on a condition stands in full when all that it names is known not to be so', () => {
    let spoken = 0
    fc.assert(
      fc.property(some, (chosen) => {
        const about = facts(chosen)
        const decision = program.decide(kind, about)
        for (const [rule, conditions] of decision.conditions) {
          spoken += 1
          expect(conditions).not.toEqual([])
          const known = new Map([
            ...about,
            ...conditions.map(({ fact }): [string, Known] => [fact, answer(false)]),
          ])
          const settled = program.decide(kind, known)
          expect(settled.headlines.map(({ id }) => id)).toContain(rule)
          expect(settled.conditions.has(rule)).toBe(false)
        }
      }),
      { numRuns: 3000, seed: 20261121 },
    )
    expect(spoken).toBeGreaterThan(100)
  })

  test('advice without a condition is the same whether or not something may be taken as not there', () => {
    fc.assert(
      fc.property(some, (chosen) => {
        const about = facts(chosen)
        const bare = new Map(
          [...about].map(([fact, known]) => [fact, isUnlessSo(known) ? cannotTell() : known]),
        )
        const decision = program.decide(kind, about)
        const free = decision.headlines.filter(({ id }) => !decision.conditions.has(id))
        const strict = program.decide(kind, bare).headlines
        const wanted =
          decision.conditions.size > 0 ? strict.filter(({ topic }) => topic !== 'not-checked') : strict
        expect(free).toEqual(wanted)
      }),
      { numRuns: 3000, seed: 20261121 },
    )
  })

  test('a card on a condition is no warning, and a card without one carries no line that needs one', () => {
    let conditionalCards = 0
    fc.assert(
      fc.property(some, (chosen) => {
        const decision = program.decide(kind, facts(chosen))
        for (const { headline, lines, conditions, indicator } of compose([decision])) {
          const needs = [headline, ...lines].filter(({ id }) => decision.conditions.has(id))
          expect(conditions.length > 0).toBe(decision.conditions.has(headline.id))
          if (conditions.length === 0) expect(needs).toEqual([])
          else if (needs.length === lines.filter(({ role }) => role === 'headline').length + 1)
            expect(indicator).toBe('info')
          conditionalCards += conditions.length > 0 ? 1 : 0
        }
      }),
      { numRuns: 3000, seed: 20261121 },
    )
    expect(conditionalCards).toBeGreaterThan(100)
  })
})

describe.each(emergencies)('$code', (emergency) => {
  test('hangs on nothing that advice may take as not there, as long as all else is plain', () => {
    for (const kind of emergency.on) {
      const about = new Map(plainCase(content, kind))
      for (const fact of conditional) about.set(fact, unlessSo(fact))
      const found = program.decide(kind, about).findings.find(({ rule }) => rule === emergency)
      expect(found?.verdict).toBe(false)
    }
  })

  test('leaves no advice to wait on a condition, wherever it may hold', () => {
    const cases = new Cases(domainsOf(content, [emergency.when]).map(withProvided))
    const beside: string[] = []
    for (const kind of emergency.on.filter((each) => each !== 'chart-view')) {
      cases.each(plainCase(content, kind), (facts, number) => {
        const { findings, headlines: spoken } = program.decide(kind, facts)
        if (findings.find(({ rule }) => rule === emergency)?.verdict === false) return
        const waiting = spoken.filter(({ topic }) => topic === 'not-now' || topic === 'opioid-first')
        if (waiting.length > 0 && beside.length < 3)
          beside.push(`${cases.describe(number)}: ${waiting.map(({ code }) => code)}`)
      })
    }
    expect(beside).toEqual([])
    expect(factsIn(emergency.when).length).toBeGreaterThan(0)
  })
})
