/**
 * Whole decisions over all facts at random, where more than two rules meet: what is said against an order stands when
 * one more fact becomes known, and what is held back is owned up to.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileCompose } from '../../src/decide/compose.ts'
import { compileRules, type Decision } from '../../src/decide/decide.ts'
import { orderKinds, type RuleOf, type Subject, subjects } from '../../src/pathway/schema.ts'
import { realContent } from '../support/evaluator.ts'
import { domainsOf } from './cases.ts'
import { plainCase } from './plain.ts'
import { type Change, changes, clearedDoubt } from './random.ts'

const content = realContent()
const program = compileRules(content)
const compose = compileCompose(content)
const runs = { numRuns: 3000, seed: 20261121 }

const domainsFor = (kind: Subject) =>
  domainsOf(
    content,
    content.rules.filter(({ on }) => on.includes(kind)).map(({ when }) => when),
  )

function deciderFor(kind: Subject) {
  const plain = plainCase(content, kind)
  return (...changed: Change[]) => program.decide(kind, new Map([...plain, ...changed.flat()]))
}

describe.each(subjects)('for %s', (kind) => {
  const domains = domainsFor(kind)
  const decide = deciderFor(kind)

  test('what speaks goes on when one more fact becomes known; only a warning may give way, to what quiets it', () => {
    let spoken = 0
    fc.assert(
      fc.property(changes(domains, 6), clearedDoubt(domains), (some, { before, after }) => {
        const known = decide(some, after)
        for (const rule of decide(some, before).headlines.filter(({ topic }) => topic !== 'not-checked')) {
          spoken += 1
          const gaveWay = known.closedBy.length > 0 || known.quietedBy.has(rule.id)
          const stands = known.headlines.includes(rule) || (rule.stance === 'warns' && gaveWay)
          expect(stands, rule.code).toBe(true)
          if (rule.stance === 'discourages') expect(isTold(rule, known), `${rule.code} is told`).toBe(true)
        }
      }),
      runs,
    )
    expect(spoken).toBeGreaterThan(300)
  })
})

/** As the headline, as a line, or in a headline that says the same more precisely. */
function isTold(rule: RuleOf<'headline'>, decision: Decision): boolean {
  const card = compose([decision]).find(({ headline }) => headline.topic !== 'safety')
  return (
    card !== undefined &&
    (card.headline.topic === rule.topic || [card.headline, ...card.lines].includes(rule))
  )
}

describe.each(orderKinds)('for %s', (kind) => {
  const domains = domainsFor(kind)
  const decide = deciderFor(kind)

  test('advice that is held back is owned up to, unless something else speaks or an emergency makes it idle', () => {
    let heldBack = 0
    fc.assert(
      fc.property(changes(domains, 6), (some) => {
        const decision = decide(some)
        if (!decision.heldBack.some((rule) => rule['if-unknown'] === 'say-so')) return
        heldBack += 1
        const [saysSo, others] = [true, false].map((wanted) =>
          decision.headlines.some(({ topic }) => (topic === 'not-checked') === wanted),
        )
        const isIdle = decision.findings.some(
          ({ rule, verdict }) =>
            verdict === true && 'silences' in rule && rule.silences.includes('not-checked'),
        )
        expect(saysSo).toBe(!others && !isIdle)
      }),
      runs,
    )
    expect(heldBack).toBeGreaterThan(100)
  })
})
