/** Every rule at work somewhere in the vignettes: it holds, it does not, it is heard on a card, it quiets something. */
import { describe, expect, test } from 'vitest'
import { compileCompose, type PlannedCard } from '../../src/decide/compose.ts'
import { compileRules, type Decision } from '../../src/decide/decide.ts'
import type { Explanation } from '../../src/evaluate.ts'
import type { Rule } from '../../src/pathway/schema.ts'
import type { Vignette } from '../language/vignette.ts'
import { toCall } from '../support/call.ts'
import { asOpenedChart, content, explain, explainBody, vignettes } from '../support/evaluated.ts'

interface Case extends Explanation {
  vignette: Vignette
}

const compose = compileCompose(content)
const cases: Case[] = []
/** The same charts once more, opened without an order. */
const openings: Case[] = []
for (const vignette of vignettes) {
  cases.push({ vignette, ...(await explain(vignette)) })
  openings.push({ vignette, ...(await explainBody(asOpenedChart(toCall(vignette)), vignette.today)) })
}
const all = [...cases, ...openings]
const cards = all.flatMap(({ planned }) => planned)

/** Rows of the decision table whose work others do as well, by the rules that do it. */
const sayTheSame: Readonly<Record<string, string>> = {
  // A long steroid is a fracture risk: an X-ray is quieted there, an MRI or CT asked about.
  RF08: 'RF07a and RF07b',
  // Every "not now" row already asks for pain of less than six weeks, or for care that was not tried.
  IM04: 'the conditions of IM01, IM02, IM03 and IM06',
}

describe.each(content.rules)('$code', (rule) => {
  test('holds in some chart, and does not in another', () => {
    const verdicts = all.flatMap(({ decisions }) => decisions.flatMap((each) => verdictsOf(each, rule)))
    expect(verdicts).toContain(true)
    expect(verdicts.some((verdict) => verdict !== true)).toBe(true)
  })

  if (rule.role === 'headline') {
    test('is the headline of some card', () => {
      expect(cards.some(({ headline }) => headline === rule)).toBe(true)
    })
  }

  if (rule.role === 'line') {
    test('is a line of some card', () => {
      expect(cards.some(({ lines }) => lines.includes(rule))).toBe(true)
    })
  }

  if ((rule.role === 'gate' || rule.role === 'silencer') && !sayTheSame[rule.code]) {
    test('quiets something: without it another answer would be given', () => {
      expect(quietedAloneBy(rule)).not.toEqual([])
    })
  }
})

test.each(Object.entries(sayTheSame))('%s is shadowed by %s, as long as it is listed so', (code) => {
  const rule = content.rules.find((each) => each.code === code)
  expect(rule && quietedAloneBy(rule)).toEqual([])
})

/** Charts whose answer would be another without this rule. */
function quietedAloneBy(rule: Rule): string[] {
  const without = compileRules({ ...content, rules: content.rules.filter((each) => each !== rule) })
  const missed = all.filter(({ decisions, planned }) => {
    if (!decisions.some((each) => verdictsOf(each, rule).includes(true))) return false
    const other = compose(decisions.map(({ kind, facts }) => without.decide(kind, facts)))
    return !sameHeadlines(other, planned)
  })
  return missed.map(({ vignette }) => vignette.vignette)
}

const verdictsOf = ({ findings }: Decision, rule: Rule) =>
  findings.flatMap((finding) => (finding.rule === rule ? [finding.verdict] : []))

const sameHeadlines = (some: readonly PlannedCard[], others: readonly PlannedCard[]) =>
  some.map(({ headline }) => headline.code).join() === others.map(({ headline }) => headline.code).join()

test.each(Object.keys(content.suggestions.suggestions))('%s is offered on some card', (key) => {
  expect(cards.some(({ suggestions }) => suggestions.some((each) => each.key === key))).toBe(true)
})

describe('the vignettes about a rule that speaks', () => {
  const speaking = content.rules.filter(
    ({ role }) => role === 'headline' || role === 'line' || role === 'offer',
  )
  const sidesOf = (rule: Rule) =>
    new Set(vignettes.flatMap((each) => (each.rule === rule.code ? each.side : [])))

  test.each(speaking)('show $code firing, silent and untold, as far as it can be', (rule) => {
    const shown = sidesOf(rule)
    const possible = (['fires', 'silent', 'cannot-tell'] as const).filter(
      (side) => !impossible[rule.code]?.includes(side),
    )
    expect(possible.filter((side) => !shown.has(side))).toEqual([])
  })

  test.each(speaking)('are right about the side of $code that they show', (rule) => {
    const wrong = cases.filter((each) => each.vignette.rule === rule.code && !showsItsSide(each, rule))
    expect(wrong.map(({ vignette }) => vignette.vignette)).toEqual([])
  })
})

/** A rule that holds may still be unheard: quieted, or with no card to ride on. */
function showsItsSide({ vignette, decisions, planned }: Case, rule: Rule): boolean {
  const verdicts = decisions.flatMap((each) => verdictsOf(each, rule))
  const isHeard = planned.some(
    ({ headline, lines, suggestions }) =>
      headline === rule ||
      lines.some((line) => line === rule) ||
      (rule.role === 'offer' && suggestions.some(({ key }) => rule.offers.includes(key))),
  )
  if (vignette.side === 'fires') return verdicts.includes(true)
  // Advice on a condition says that it could not be told.
  const isConditional = planned.some(({ headline, conditions }) => headline === rule && conditions.length > 0)
  if (vignette.side === 'cannot-tell')
    return (!isHeard || isConditional) && verdicts.some((verdict) => verdict !== false)
  return !isHeard || verdicts.some((verdict) => verdict !== true)
}

/** Sides that no record can show. */
const impossible: Readonly<Record<string, readonly string[]>> = {
  // What stands on the order itself is always known: its words, and its priority (none means routine).
  RF14: ['cannot-tell'],
  IM28: ['cannot-tell'],
  // A dose that is written was read, or was not.
  OP06u: ['cannot-tell'],
}
