/** What a card offers with one click: the best first, few, nothing twice in one answer, nothing of doubtful safety. */
import type { Content } from '../pathway/content.ts'
import type { Indicator, RuleOf } from '../pathway/schema.ts'
import { type Condition, compileCondition, type Verdict } from './conditions.ts'
import type { Decision } from './decide.ts'

/** More than three are not read in eight seconds. */
const mostSuggestions = 3
/** What is not offered is named in one line, with two things in it. */
const mostNamed = 2

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
  /** Suggestions that would fit and are known to be unsafe here. */
  unsafe: readonly string[]
}

interface OfferingCard {
  headline: RuleOf<'headline'>
  indicator: Indicator
  orders: readonly number[]
  lines: readonly (RuleOf<'headline'> | RuleOf<'line'>)[]
}

/** Plans the cards of one answer, in their order: what one offers about the patient no other does. */
type PlanOffers = (card: OfferingCard) => PlannedOffers

interface Offer {
  onlyWhen: Condition
  safeWhen: Condition
  recommendedWhen: Condition
  needsOffer: boolean
  once: string | undefined
  unlessOffered: readonly string[]
  check: string | undefined
  unsafe: string | undefined
}

type May = 'yes' | 'unsafe' | 'in-doubt' | 'no'

interface Candidate {
  key: string
  offer: Offer
  orders: readonly number[]
  may: May
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
    const said = new Set<string>()
    return (card) => {
      const candidates = keysFor(card)
        .flatMap((key) => candidateFor(key, known.get(key), card, decisions) ?? [])
        .sort((a, b) => Number(b.recommended) - Number(a.recommended))
      const kept: Candidate[] = []
      const checks: string[] = []
      const unsafe: string[] = []
      /** What cannot be offered is named with its reason, the same reason once in an answer. */
      const name = (key: string, reason: string | undefined, list: string[]) => {
        if (reason === undefined || said.has(reason) || list.length === mostNamed) return
        said.add(reason)
        list.push(key)
      }
      for (const candidate of candidates) {
        const { key, offer, may } = candidate
        const { once, unlessOffered } = offer
        if (kept.length === mostSuggestions) break
        if (kept.some((each) => unlessOffered.includes(each.key))) continue
        if (once !== undefined && made.has(once)) continue
        if (may === 'in-doubt') name(key, offer.check, checks)
        else if (may === 'unsafe') name(key, offer.unsafe, unsafe)
        else {
          if (once !== undefined) made.add(once)
          kept.push(candidate)
        }
      }
      const isLoud = card.indicator !== 'info'
      return {
        suggestions: kept.map(({ key, orders, recommended }, at) => ({
          key,
          orders,
          recommended: at === 0 && (isLoud || recommended),
        })),
        checks,
        unsafe,
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
  const judged = card.orders.map((at) => ({ at, may: mayOffer(key, offer, decisions[at]) }))
  const orders = judged.flatMap(({ at, may }) => (may === 'yes' ? [at] : []))
  const may = strongest.find((each) => judged.some((one) => one.may === each))
  if (may === undefined) return undefined
  const recommended = orders.some((at) => {
    const facts = decisions[at]?.facts
    return facts !== undefined && offer.recommendedWhen(facts) === true
  })
  return { key, offer, orders, may, recommended }
}

/** What counts for a card about several orders; what fits none of them is no candidate. */
const strongest: readonly May[] = ['yes', 'unsafe', 'in-doubt']

/** Unknown never offers: what it fits, the rules that allow it, and its own safety must all be known. */
function mayOffer(key: string, offer: Offer, decision: Decision | undefined): May {
  if (!decision) return 'no'
  const fits = both(offer.onlyWhen(decision.facts), offer.needsOffer ? allowed(key, decision) : true)
  const isSafe = offer.safeWhen(decision.facts)
  if (fits === false) return 'no'
  if (isSafe === false) return fits === true ? 'unsafe' : 'no'
  return fits === undefined || isSafe === undefined ? 'in-doubt' : 'yes'
}

/** Kleene's "and". */
function both(one: Verdict, other: Verdict): Verdict {
  if (one === false || other === false) return false
  return one === undefined || other === undefined ? undefined : true
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
    const compiled = (
      name: 'only-when' | 'safe-when' | 'recommended-when',
      otherwise: boolean,
    ): Condition => {
      const when = suggestion[name]
      return when ? compileCondition(when, numberOf) : () => otherwise
    }
    known.set(key, {
      onlyWhen: compiled('only-when', true),
      safeWhen: compiled('safe-when', true),
      recommendedWhen: compiled('recommended-when', false),
      needsOffer: suggestion['needs-offer'],
      once: suggestion.once,
      unlessOffered: suggestion['unless-offered'],
      check: suggestion.check,
      unsafe: suggestion.unsafe,
    })
  }
  return known
}
