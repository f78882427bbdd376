/** Planned cards to CDS Hooks cards (specification, section 7). Pure: ids come from the caller. */

import type { PlannedCard } from '../decide/compose.ts'
import type { Decision } from '../decide/decide.ts'
import type { Content } from '../pathway/content.ts'
import type { Indicator } from '../pathway/schema.ts'
import { compileDetail } from './detail.ts'
import { oncePerHeadline, overrideReasonsFor } from './per-headline.ts'
import { compileTemplates } from './sentences.ts'
import {
  compileSuggestions,
  type Encounterless,
  type OrderShown,
  type Profile,
  type Suggestion,
} from './suggestions.ts'

export interface Coding {
  system: string
  code: string
  display: string
}

export interface Card {
  uuid: string
  summary: string
  detail: string
  indicator: Indicator
  source: { label: string; url?: string; topic: Coding }
  suggestions?: Suggestion[]
  selectionBehavior?: 'any'
  overrideReasons?: Coding[]
  links?: Link[]
  extension: { lumbar: CardTrace }
}

export type Link =
  | { label: string; url: string; type: 'absolute' }
  | { label: string; url: string; type: 'smart'; appContext: string }

/** Which content made this card, for feedback, tests and the log. */
interface CardTrace {
  pathway: string
  version: string
  rule: string
  lines?: string[]
  suggestions?: string[]
}

/** Stable for every consumer: EHRs suppress and count by it (BEST-6). */
export const topicSystem = 'urn:lumbar:rule'

/** Links to evidence on one card, the source among them. */
const mostLinks = 2

export type Render = (
  cards: readonly PlannedCard[],
  decisions: readonly Decision[],
  orders: readonly OrderShown[],
  about: Encounterless,
  /** Under which id the app finds this evaluation again, for the page that says why. */
  kept?: string,
) => Card[]

/** Addresses of our own that cards link to; undefined where there is none. Asked for in each call. */
export interface Places {
  /** Where the SMART app is launched. */
  app?: (() => string | undefined) | undefined
  /** The pathway, below which each rule has a page: for clients without the app. */
  pathway?: (() => string | undefined) | undefined
}

export function compileRender(
  content: Content,
  profile: Profile,
  newId: () => string,
  places: Places = {},
): Render {
  const detail = compileDetail(content)
  const say = compileTemplates(content.phrases.phrases)
  const passedOver = (judged: number, { passedOver: more }: Encounterless) =>
    more === 0 ? undefined : say['passed-over']({ judged, all: judged + more })
  const suggest = compileSuggestions(content, profile, newId)
  const fixed = oncePerHeadline((headline) => ({
    source: sourceOf(content, headline),
    evidence: linksOf(content, headline.cites),
    reasons: overrideReasonsFor(content.overrideReasons, headline).map((reason) => ({
      system: content.overrideReasons.system,
      ...reason,
    })),
  }))

  return (cards, decisions, orders, about, kept) => {
    const told = new Set<string>()
    const app = places.app?.()
    const notJudged = passedOver(orders.length, about)
    return cards.flatMap((card, at) => {
      const { headline } = card
      const summary = content.cards[headline.id]?.summary
      const decision = decisions[card.orders[0] ?? -1]
      if (!summary || !decision) return []
      const { source, evidence, reasons } = fixed(headline)
      const suggestions = suggest(card.suggestions, orders, about, card.indicator)
      const names = card.orders.map((position) => orders[position]?.name ?? '')
      const ofThisKind = decisions.filter(({ kind }) => kind === card.kind).length
      const isOneOfSeveral = ofThisKind > card.orders.length
      const pathway = app === undefined ? places.pathway?.() : undefined
      // The page that says why, and the page of the rule, have all sources: once is enough.
      const isExplained = app === undefined ? pathway !== undefined : kept !== undefined
      const links = [
        ...(app === undefined ? ruleLink(content, card, pathway) : appLinks(content, card, app, at, kept)),
        ...programmeLinks(content, card, about),
        ...(isExplained ? [] : evidence),
      ]
      return [
        {
          uuid: newId(),
          summary,
          detail: detail(card, decision, { names, isOneOfSeveral, notJudged }, told),
          indicator: card.indicator,
          source,
          ...(suggestions.length > 0 ? { suggestions, selectionBehavior: 'any' as const } : {}),
          ...overridable(reasons),
          ...(links.length > 0 ? { links } : {}),
          extension: { lumbar: traceOf(content, card) },
        },
      ]
    })
  }
}

/** GEN-3: no empty lists. */
const overridable = (reasons: readonly Coding[]) =>
  reasons.length > 0 ? { overrideReasons: reasons.map((reason) => ({ ...reason })) } : {}

/** A state's own rules are no source elsewhere. */
const sourcesHere = ({ sources, site }: Content, cites: readonly string[]) =>
  cites.flatMap((id) => {
    const source = sources[id]
    return source && (source.state === undefined || source.state === site.state) ? [source] : []
  })

function sourceOf(content: Content, headline: PlannedCard['headline']): Card['source'] {
  const [source] = sourcesHere(content, headline.cites)
  return {
    label: source?.label ?? content.pathway.title,
    ...(source?.url ? { url: source.url } : {}),
    topic: { system: topicSystem, code: headline.code, display: headline.title },
  }
}

/**
 * The page that says why, and the handout, which is not for an emergency. The context names an evaluation that nobody
 * can guess, and which kind of order it is about; nothing of the patient (LNK-3).
 */
function appLinks(
  { phrases: { phrases } }: Content,
  card: PlannedCard,
  url: string,
  at: number,
  kept: string | undefined,
): Link[] {
  const order = card.kind === 'chart-view' ? {} : { order: card.kind }
  const link = (label: string, page: 'why' | 'checklist' | 'handout', more: object = {}): Link => ({
    label,
    url,
    type: 'smart',
    appContext: JSON.stringify({ ...order, page, ...more }),
  })
  const why =
    kept === undefined
      ? link(phrases['open-checklist'], 'checklist')
      : link(phrases['open-why'], 'why', { evaluation: kept, card: at })
  return card.headline.handout
    ? [
        why,
        link(phrases['open-handout'], 'handout', kept === undefined ? {} : { evaluation: kept, card: at }),
      ]
    : [why]
}

function ruleLink({ phrases: { phrases } }: Content, card: PlannedCard, pathway: string | undefined): Link[] {
  if (pathway === undefined) return []
  const url = `${pathway}/rules/${card.headline.code.toLowerCase()}`
  return [{ label: phrases['open-rule'], url, type: 'absolute' }]
}

/** Self-management programmes beside an offer of education, for members of the payers that offer them. */
function programmeLinks(
  { site, suggestions: { suggestions } }: Content,
  card: PlannedCard,
  { payers }: Encounterless,
): Link[] {
  const offersEducation = card.suggestions.some(({ key }) => suggestions[key]?.once === 'education')
  if (!offersEducation) return []
  return site.programmes
    .filter(
      ({ payers: members }) =>
        !members || members.some((name) => payers.some((payer) => payer.includes(name.toLowerCase()))),
    )
    .map(({ name, url }) => ({ label: name, url, type: 'absolute' as const }))
}

function linksOf(content: Content, cites: readonly string[]): NonNullable<Card['links']> {
  return (
    sourcesHere(content, cites)
      .flatMap(({ label, url }) => (url ? [{ label, url, type: 'absolute' as const }] : []))
      .slice(0, mostLinks)
      // The first is the card's source already.
      .slice(1)
  )
}

/** GEN-3: a list that is empty is left out. */
const someOf = <Key extends string>(key: Key, list: string[]) =>
  (list.length > 0 ? { [key]: list } : {}) as { [K in Key]?: string[] }

function traceOf(content: Content, card: PlannedCard): CardTrace {
  return {
    pathway: content.pathway.id,
    version: content.pathway.version,
    rule: card.headline.code,
    ...someOf(
      'lines',
      card.lines.map((rule) => rule.code),
    ),
    ...someOf(
      'suggestions',
      card.suggestions.map(({ key }) => key),
    ),
  }
}
