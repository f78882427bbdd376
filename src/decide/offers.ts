/** What a card offers with one click: the best first, few, nothing twice in one answer, nothing of doubtful safety. */
import type { Content } from '../content/content.ts'
import type { Indicator, RuleOf } from '../content/schema.ts'
import { type Condition, compileCondition, type Verdict } from './conditions.ts'
import type { Decision } from './decide.ts'

/** More than three are not read in eight seconds. */
const mostSuggestions = 3
/** What to check first is one line, and two things in it. */
const mostChecks = 2

export interface PlannedSuggestion {
  key: string
  /** Orders whose drafts it acts on. */
  orders: readonly number[]
  recommended: boolean
}

export interface PlannedOffers {
  suggestions: readonly PlannedSuggestion[]
  /** Suggestions that nobody can tell to be safe: what to check before they are made. */
  checks: readonly string[]
}

export interface OfferingCard {
  headline: RuleOf<'headline'>
  indicator: Indicator
  orders: readonly number[]
  lines: readonly (RuleOf<'headline'> | RuleOf<'line'>)[]
}

/** Plans the cards of one answer, in their order: what one offers about the patient no other does. */
export type PlanOffers = (card: OfferingCard) => PlannedOffers

interface Offer {
  onlyWhen: Condition
  recommendedWhen: Condition
  needsOffer: boolean
  once: string | undefined
  unlessOffered: readonly string[]
  check: string | undefined
}

interface Candidate {
  key: string
  offer: Offer
  orders: readonly number[]
  /** Offered to nobody, because nobody can tell. */
  inDoubt: boolean
  recommended: boolean
}

export function compileOffers(content: Content): (decisions: readonly Decision[]) => PlanOffers {
  const known = compileSuggestions(content)
  const stepsIn = Object.entries(content.suggestions.suggestions).flatMap(
    ([key, { 'instead-of': insteadOf }]) => (insteadOf ? [{ key, insteadOf }] : []),
  )

  /** What the headline suggests, with what its lines put in the place of something. */
  function keysFor({ headline, lines }: OfferingCard): readonly string[] {
    const steppingIn = stepsIn.filter(
      ({ key }) =>
        !headline.suggests.includes(key) &&
        lines.some((line) => line.role === 'line' && line.offers.includes(key)),
    )
    const instead = new Map(steppingIn.map(({ key, insteadOf }) => [insteadOf, key]))
    const keys = headline.suggests.map((key) => instead.get(key) ?? key)
    return [...new Set([...keys, ...steppingIn.map(({ key }) => key)])]
  }

  return (decisions) => {
    const made = new Set<string>()
    const asked = new Set<string>()
    return (card) => {
      const candidates = keysFor(card)
        .flatMap((key) => candidateFor(key, known.get(key), card, decisions) ?? [])
        .sort((a, b) => Number(b.recommended) - Number(a.recommended))
      const kept: Candidate[] = []
      const checks: string[] = []
      for (const candidate of candidates) {
        const { key, offer, inDoubt } = candidate
        const { once, unlessOffered, check } = offer
        if (kept.length === mostSuggestions) break
        if (kept.some((each) => unlessOffered.includes(each.key))) continue
        if (once !== undefined && made.has(once)) continue
        if (inDoubt) {
          if (check === undefined || asked.has(check) || checks.length === mostChecks) continue
          asked.add(check)
          checks.push(key)
          continue
        }
        if (once !== undefined) made.add(once)
        kept.push(candidate)
      }
      const isLoud = card.indicator !== 'info'
      return {
        suggestions: kept.map(({ key, orders, recommended }, at) => ({
          key,
          orders,
          recommended: at === 0 && (isLoud || recommended),
        })),
        checks,
      }
    }
  }
}

function candidateFor(
  key: string,
  offer: Offer | undefined,
  card: OfferingCard,
  decisions: readonly Decision[],
): Candidate | undefined {
  if (!offer) return undefined
  const verdicts = card.orders.map((at) => ({ at, verdict: mayOffer(key, offer, decisions[at]) }))
  const orders = verdicts.flatMap(({ at, verdict }) => (verdict === true ? [at] : []))
  const inDoubt = orders.length === 0 && verdicts.some(({ verdict }) => verdict === undefined)
  if (orders.length === 0 && !inDoubt) return undefined
  const recommended = orders.some((at) => {
    const facts = decisions[at]?.facts
    return facts !== undefined && offer.recommendedWhen(facts) === true
  })
  return { key, offer, orders, inDoubt, recommended }
}

/** Kleene's "and" of its own safety and the rules that allow it. */
function mayOffer(key: string, offer: Offer, decision: Decision | undefined): Verdict {
  if (!decision) return false
  const isSafe = offer.onlyWhen(decision.facts)
  const isAllowed = offer.needsOffer ? allowed(key, decision) : true
  if (isSafe === false || isAllowed === false) return false
  return isSafe === undefined || isAllowed === undefined ? undefined : true
}

function allowed(key: string, { offers, offersInDoubt }: Decision): Verdict {
  if (offers.some((rule) => rule.offers.includes(key))) return true
  return offersInDoubt.some((rule) => rule.offers.includes(key)) ? undefined : false
}

function compileSuggestions(content: Content): ReadonlyMap<string, Offer> {
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
      unlessOffered: suggestion['unless-offered'],
      check: suggestion.check,
    })
  }
  return known
}
