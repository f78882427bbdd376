/**
 * From what each order's rules said to what is shown: at most one imaging card and one opioid card, safety cards of
 * their own, one set of offers for the whole answer.
 */

import { indicators, subjects } from '../grammar.ts'
import type { Content } from '../pathway/content.ts'
import type { Proviso } from '../pathway/known.ts'
import type { Indicator, RuleOf, Subject } from '../pathway/schema.ts'
import type { Decision } from './decide.ts'
import { compileOffers, type PlannedOffers } from './offers.ts'

export interface PlannedCard extends PlannedOffers {
  kind: Subject
  headline: RuleOf<'headline'>
  indicator: Indicator
  /** Positions, in the decisions given, of the orders that this card is about. */
  orders: readonly number[]
  /** Other headlines and lines that ride on this card, strongest first. */
  lines: readonly (RuleOf<'headline'> | RuleOf<'line'>)[]
  /** What the advice asks to make sure of; none where it stands without a condition. */
  conditions: readonly Proviso[]
  /** When it was shown before, as a card tells it: it is told shorter then. */
  again?: string
}

/** `silent` are codes of rules that neither speak nor offer; without it all do. */
export type Compose = (decisions: readonly Decision[], silent?: ReadonlySet<string>) => PlannedCard[]

export function compileCompose(content: Content): Compose {
  const offersFor = compileOffers(content)
  const hasLine = (rule: RuleOf<'headline'>) => content.cards[rule.id]?.line !== undefined

  return (all, silent = nobody) => {
    const decisions = all.map((decision) => withoutSilent(decision, silent))
    const main = subjects.flatMap((kind) => mainCard(kind, decisions, hasLine) ?? [])
    const cards = [...safetyCards(decisions), ...withoutRepeats(main)].sort(
      (a, b) => strength(b.indicator) - strength(a.indicator),
    )
    const offersOn = offersFor(decisions)
    return cards.map((card) => ({ ...card, ...offersOn(card) }))
  }
}

const nobody: ReadonlySet<string> = new Set()

/** Rules that a site runs silently are judged and recorded, and neither speak nor offer. */
function withoutSilent(decision: Decision, silent: ReadonlySet<string>): Decision {
  if (silent.size === 0) return decision
  const speaks = ({ code }: { code: string }) => !silent.has(code)
  const { headlines, lines, offers, offersInDoubt } = decision
  return {
    ...decision,
    headlines: headlines.filter(speaks),
    lines: lines.filter(speaks),
    offers: offers.filter(speaks),
    offersInDoubt: offersInDoubt.filter(speaks),
  }
}

type Plain = Omit<PlannedCard, keyof PlannedOffers>

/** A safety signal stands alone, once, whatever was ordered. */
function safetyCards(decisions: readonly Decision[]): Plain[] {
  const cards = new Map<string, Plain>()
  decisions.forEach((decision, position) => {
    for (const headline of decision.headlines.filter((rule) => rule.heard === 'beside')) {
      const known = cards.get(headline.id)
      const orders = [...(known?.orders ?? []), position]
      cards.set(headline.id, {
        kind: decision.kind,
        headline,
        indicator: headline.indicator,
        orders,
        lines: [],
        conditions: [],
      })
    }
  })
  return [...cards.values()]
}

/** The lowest priority gives the headline, others become lines, the strongest indicator wins. */
function mainCard(
  kind: Subject,
  decisions: readonly Decision[],
  hasLine: (rule: RuleOf<'headline'>) => boolean,
): Plain | undefined {
  const positions = [...decisions.keys()].filter((position) => decisions[position]?.kind === kind)
  const spoken = positions.flatMap((position) => mainHeadlines(decisions[position]))
  const headline = spoken.reduce<RuleOf<'headline'> | undefined>(
    (best, rule) => (best === undefined || outranks(rule, best) ? rule : best),
    undefined,
  )
  if (!headline) return undefined
  const orders = positions.filter((position) => decisions[position]?.headlines.includes(headline))
  const conditionsOf = ({ id }: RuleOf<'headline'>) =>
    orders.flatMap((position) => decisions[position]?.conditions.get(id) ?? [])
  const isConditional = conditionsOf(headline).length > 0
  // A card without a condition says nothing that needs one.
  const folded = unique(orders.flatMap((position) => mainHeadlines(decisions[position]))).filter(
    (rule) => rule !== headline && hasLine(rule) && (isConditional || conditionsOf(rule).length === 0),
  )
  const riding = unique(orders.flatMap((position) => decisions[position]?.lines ?? [])).filter((rule) =>
    rule['rides-on'].includes(headline.topic),
  )
  return {
    kind,
    headline,
    indicator: [headline, ...folded]
      .filter((rule) => conditionsOf(rule).length === 0)
      .reduce<Indicator>(
        (most, rule) => (strength(rule.indicator) > strength(most) ? rule.indicator : most),
        'info',
      ),
    orders,
    lines: [...folded, ...riding].sort((a, b) => a.priority - b.priority),
    conditions: distinct([headline, ...folded].flatMap(conditionsOf)),
  }
}

const mainHeadlines = (decision: Decision | undefined) =>
  decision?.headlines.filter((rule) => rule.heard !== 'beside') ?? []

/** A lower priority comes first; at the same priority the stronger indicator. */
const outranks = (rule: RuleOf<'headline'>, best: RuleOf<'headline'>) =>
  rule.priority < best.priority ||
  (rule.priority === best.priority && strength(rule.indicator) > strength(best.indicator))

/** One rule that speaks of both kinds of order (an injury, an infection) makes one card about both. */
function withoutRepeats(cards: readonly Plain[]): Plain[] {
  const merged = new Map<string, Plain>()
  for (const card of cards) {
    const first = merged.get(card.headline.id)
    merged.set(card.headline.id, first ? joined(first, card) : card)
  }
  return [...merged.values()]
}

const joined = (first: Plain, second: Plain): Plain => ({
  ...first,
  indicator: strength(second.indicator) > strength(first.indicator) ? second.indicator : first.indicator,
  orders: [...first.orders, ...second.orders],
  lines: unique([...first.lines, ...second.lines]),
  conditions: distinct([...first.conditions, ...second.conditions]),
})

const strength = (indicator: Indicator) => indicators.indexOf(indicator)

const distinct = (conditions: readonly Proviso[]) => [
  ...new Map(conditions.map((condition) => [condition.fact, condition])).values(),
]

const unique = <T>(list: readonly T[]): T[] => [...new Set(list)]
