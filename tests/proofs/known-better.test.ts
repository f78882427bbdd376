/**
 * Whole decisions when an unknown becomes known: advice against an order stands, because nothing unknown had cleared
 * it; a warning gives way only to a gate or to something stronger. Every case of a third of the pairs of rules, another
 * third for the next rule; of every pair by `npm run test:whole`.
 */
import { describe, expect, test, vi } from 'vitest'
import { compileCondition } from '../../src/decide/conditions.ts'
import { compileRules } from '../../src/decide/decide.ts'
import { type Rule, type RuleOf, type Subject, subjects } from '../../src/pathway/schema.ts'
import { realContent } from '../support/evaluator.ts'
import { sampleOf } from '../support/sweep.ts'
import { askedIn, Cases, type Domain, domainsOf } from './cases.ts'
import { type Decided, decidingOver, numberIn, plainCase } from './plain.ts'

type Headline = RuleOf<'headline'>

vi.setConfig({ testTimeout: 60_000 })

const content = realContent()
const program = compileRules(content)
const plain = {
  'lumbar-imaging': plainCase(content, 'lumbar-imaging'),
  opioid: plainCase(content, 'opioid'),
  'chart-view': plainCase(content, 'chart-view'),
}
const rulesOn = (kind: Subject) => content.rules.filter(({ on }) => on.includes(kind))
const headlinesOn = (kind: Subject) =>
  rulesOn(kind).filter((rule): rule is Headline => rule.role === 'headline' && rule.topic !== 'not-checked')

const besides = (rule: Rule, others: readonly Rule[]) =>
  sampleOf([...new Set(others)], 3, content.rules.indexOf(rule))

describe('the plain case', () => {
  test.each([
    ['lumbar-imaging', 'IM01'],
    ['opioid', 'OP01'],
    ['chart-view', 'CV01'],
  ] as const)('for %s is answered by %s alone, so that proofs begin with advice', (kind, code) => {
    const decision = program.decide(kind, plain[kind])
    expect(decision.headlines.map((rule) => rule.code)).toEqual([code])
    expect(decision.findings.filter(({ verdict }) => verdict === undefined)).toEqual([])
  })
})

describe.each(subjects)('for %s, over every pair of rules', (kind) => {
  const gates = rulesOn(kind).filter(({ role }) => role === 'gate')
  const quieting = rulesOn(kind).filter((rule) => 'silences' in rule && rule.silences.length > 0)
  const headlines = rulesOn(kind).filter(({ role }) => role === 'headline')
  const discouraging = headlinesOn(kind).filter(({ stance }) => stance === 'discourages')
  const warning = headlinesOn(kind).filter(({ stance }) => stance === 'warns')

  test.each(discouraging)('$code keeps speaking, whatever becomes known about any other rule', (rule) => {
    for (const other of besides(rule, [...gates, ...quieting, ...headlines])) {
      const seen = watch(kind, rule, other)
      expect(seen.spoke, `${rule.code} speaks at all beside ${other.code}`).toBe(true)
      expect(seen.fellSilent, `${rule.code} beside ${other.code}`).toEqual([])
    }
  })

  test.each(warning)('$code is quieted by nothing but a gate or a rule that silences its topic', (rule) => {
    for (const other of besides(rule, [...gates, ...quieting])) {
      const seen = watch(kind, rule, other)
      expect(seen.spoke, `${rule.code} speaks at all beside ${other.code}`).toBe(true)
      expect(seen.fellSilent, `${rule.code} beside ${other.code}`).toEqual([])
    }
  })
})

interface Seen {
  spoke: boolean
  /** Cases after which it was silent without a right to be. */
  fellSilent: string[]
}

/**
 * Goes through all cases of two rules in an otherwise plain case, and through every way to know more. Cases in which
 * the rule does not hold are passed over: it holds in all that follow from one in which it holds (`rules.test.ts`).
 */
function watch(kind: Subject, rule: Headline, other: Rule): Seen {
  const cases = new Cases(domainsOf(content, [rule.when, other.when]))
  // The facts of the rule come first: what only they decide is asked once for all that the other's may be beside them.
  const ownFacts = new Set(askedIn(rule.when).map(([fact]) => fact))
  const isOwn = ({ fact }: Domain) => ownFacts.has(fact)
  const own = new Cases(cases.domains.filter(isOwn))
  const besideThem = new Cases(cases.domains.slice(own.domains.length))
  const beside = besideThem.domains.map(({ fact }) => fact)
  const varied = cases.domains.map(({ fact }) => fact)
  const states = new Uint8Array(cases.size)
  const decide = decidingOver({ content, program }, kind, plain[kind], varied, new Set(beside))
  const holds = compileCondition(rule.when, (reference) => numberIn(content, reference))
  own.each(plain[kind], (ownOnes, first) => {
    if (holds(ownOnes) !== true) return
    besideThem.each(ownOnes, (facts, second) => {
      states[first + own.size * second] = stateOf(decide(facts, first), rule)
    })
  })
  const fellSilent: string[] = []
  states.forEach((state, number) => {
    if (state !== speaks || fellSilent.length > 2) return
    cases.eachKnownBetter(number, (better) => {
      if (states[better] === silent) fellSilent.push(`${cases.describe(number)} → ${cases.describe(better)}`)
    })
  })
  return { spoke: states.includes(speaks), fellSilent }
}

const [silent, speaks, gaveWay] = [0, 1, 2]

/** A rule that discourages never gives way: what could quiet it was known not to hold, or it did not speak. */
function stateOf(decision: Decided, rule: Headline): number {
  if (decision.headlines.includes(rule)) return speaks
  if (rule.stance === 'discourages') return silent
  return decision.closedBy.length > 0 || decision.quietedBy.has(rule.id) ? gaveWay : silent
}

test('a headline quiets only topics whose headlines it outranks, so that what is quieted is the weaker advice', () => {
  const headlines = content.rules.filter((rule): rule is Headline => rule.role === 'headline')
  const upsideDown = headlines.flatMap((strong) =>
    headlines
      .filter((weak) => strong.silences.includes(weak.topic) && weak.priority <= strong.priority)
      .map((weak) => `${strong.code} quiets ${weak.code}`),
  )
  expect(upsideDown).toEqual([])
})
