/**
 * From what each order's rules said to what is shown: at most one imaging card and one opioid card, safety cards of
 * their own, one set of offers for the whole answer.
 */
import type { Content } from '../content/content.ts'
import type { Facts } from '../content/known.ts'
import { type Indicator, indicators, type RuleOf, type Subject, subjects } from '../content/schema.ts'
import { type Condition, compileCondition } from './conditions.ts'
import type { Decision } from './decide.ts'

/** Most offers on one card (pathway section 11). */
const mostSuggestions = 4

export interface PlannedCard {
  kind: Subject
  headline: RuleOf<'headline'>
  indicator: Indicator
  /** Positions, in the decisions given, of the orders that this card is about. */
  orders: readonly number[]
  /** Other headlines and lines that ride on this card, strongest first. */
  lines: readonly (RuleOf<'headline'> | RuleOf<'line'>)[]
  suggestions: readonly PlannedSuggestion[]
}

export interface PlannedSuggestion {
  key: string
  /** Orders whose drafts it acts on. */
  orders: readonly number[]
  recommended: boolean
}

export type Compose = (decisions: readonly Decision[]) => PlannedCard[]

export function compileCompose(content: Content): Compose {
  const offers = compileOffers(content)
  const silent = new Set(content.site.rules.silent)
  const hasLine = (rule: RuleOf<'headline'>) => content.cards[rule.id]?.line !== undefined

  return (all) => {
    const decisions = all.map((decision) => withoutSilent(decision, silent))
    const main = subjects.flatMap((kind) => mainCard(kind, decisions, hasLine) ?? [])
    const cards = [...safetyCards(decisions), ...withoutRepeats(main)].sort(
      (a, b) => strength(b.indicator) - strength(a.indicator),
    )
    const made = new Set<string>()
    return cards.map((card) => ({ ...card, suggestions: offers(card, decisions, made) }))
  }
}

/** Rules that a site runs silently are judged and logged, and neither speak nor offer. */
function withoutSilent(decision: Decision, silent: ReadonlySet<string>): Decision {
  if (silent.size === 0) return decision
  const speaks = ({ code }: { code: string }) => !silent.has(code)
  return { ...decision, headlines: decision.headlines.filter(speaks), lines: decision.lines.filter(speaks) }
}

type Plain = Omit<PlannedCard, 'suggestions'>

/** A safety signal stands alone, once, whatever was ordered. */
function safetyCards(decisions: readonly Decision[]): Plain[] {
  const cards = new Map<string, Plain>()
  decisions.forEach((decision, position) => {
    for (const headline of decision.headlines.filter((rule) => rule.topic === 'safety')) {
      const known = cards.get(headline.id)
      const orders = [...(known?.orders ?? []), position]
      cards.set(headline.id, {
        kind: decision.kind,
        headline,
        indicator: headline.indicator,
        orders,
        lines: [],
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
  const folded = unique(orders.flatMap((position) => mainHeadlines(decisions[position]))).filter(
    (rule) => rule !== headline && hasLine(rule),
  )
  const riding = unique(orders.flatMap((position) => decisions[position]?.lines ?? [])).filter((rule) =>
    rule['rides-on'].includes(headline.topic),
  )
  return {
    kind,
    headline,
    indicator: [headline, ...folded].reduce<Indicator>(
      (most, rule) => (strength(rule.indicator) > strength(most) ? rule.indicator : most),
      'info',
    ),
    orders,
    lines: [...folded, ...riding].sort((a, b) => a.priority - b.priority),
  }
}

const mainHeadlines = (decision: Decision | undefined) =>
  decision?.headlines.filter((rule) => rule.topic !== 'safety') ?? []

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
})

const strength = (indicator: Indicator) => indicators.indexOf(indicator)

const unique = <T>(list: readonly T[]): T[] => [...new Set(list)]

interface Offer {
  onlyWhen: Condition
  recommendedWhen: Condition
  needsOffer: boolean
  once: string | undefined
  insteadOf: string | undefined
}

function compileOffers(content: Content) {
  const numberOf = (reference: string | number) =>
    typeof reference === 'number' ? reference : (content.parameters[reference.slice(1)]?.value ?? Number.NaN)
  const known = new Map<string, Offer>()
  for (const [key, suggestion] of Object.entries(content.suggestions.suggestions)) {
    const { 'only-when': onlyWhen, 'recommended-when': recommendedWhen } = suggestion
    known.set(key, {
      onlyWhen: onlyWhen ? compileCondition(onlyWhen, numberOf) : () => true,
      recommendedWhen: recommendedWhen ? compileCondition(recommendedWhen, numberOf) : () => false,
      needsOffer: suggestion['needs-offer'],
      once: suggestion.once,
      insteadOf: suggestion['instead-of'],
    })
  }
  const stepsIn = [...known].flatMap(([key, { insteadOf }]) => (insteadOf ? [{ key, insteadOf }] : []))

  /** What the headline suggests, with what its lines put in the place of something. */
  function keysFor(card: Plain): readonly string[] {
    const steppingIn = stepsIn.filter(({ key }) =>
      card.lines.some((line) => line.role === 'line' && line.offers.includes(key)),
    )
    const instead = new Map(steppingIn.map(({ key, insteadOf }) => [insteadOf, key]))
    const keys = card.headline.suggests.map((key) => instead.get(key) ?? key)
    return [...new Set([...keys, ...steppingIn.map(({ key }) => key)])]
  }

  return (card: Plain, decisions: readonly Decision[], made: Set<string>): PlannedSuggestion[] => {
    const planned: PlannedSuggestion[] = []
    for (const key of keysFor(card)) {
      const offer = known.get(key)
      if (!offer || planned.length === mostSuggestions || (offer.once && made.has(offer.once))) continue
      const orders = card.orders.filter((position) => mayOffer(key, offer, decisions[position]))
      if (orders.length === 0) continue
      if (offer.once) made.add(offer.once)
      planned.push({
        key,
        orders,
        recommended: orders.some((position) => isTrue(offer.recommendedWhen, decisions[position]?.facts)),
      })
    }
    return planned
  }
}

/** What cannot be told is not offered: unknown never fires. */
function mayOffer(key: string, offer: Offer, decision: Decision | undefined): boolean {
  if (!decision || !isTrue(offer.onlyWhen, decision.facts)) return false
  return !offer.needsOffer || decision.lines.some((line) => line.offers.includes(key))
}

const isTrue = (condition: Condition, facts: Facts | undefined) =>
  facts !== undefined && condition(facts) === true
