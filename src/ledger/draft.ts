/**
 * One evaluation as the thread of a call leaves it: plain values, made into one JSON text and nothing more, because every
 * microsecond here is one of the call's. It still names the patient, and so stays in memory: hashing and sealing are done
 * where the store is, before anything is written.
 */

import type { PlannedCard } from '../decide/compose.ts'
import { factsIn } from '../decide/conditions.ts'
import type { Decision } from '../decide/decide.ts'
import type { Explanation, KnownCaller } from '../explanation.ts'
import type { HookCall } from '../hooks/call.ts'
import type { Content } from '../pathway/content.ts'
import type { Facts } from '../pathway/known.ts'
import type { Rule } from '../pathway/schema.ts'
import type { Naming } from './names.ts'
import { type Strata, strataOf } from './strata.ts'

/** What is hashed to know a finding again. */
export type Finding = readonly unknown[]

/** A text that is sealed before it is written, and goes at its time. */
export interface Sealing {
  evaluation: string
  /** What a card rests on, for the page that says why. */
  kind: 'basis'
  text: string
  /** In ms since 1970. */
  until: number
}

interface CardDraft {
  uuid: string
  rule: string
  indicator: string
  shown: 0 | 1
  /** Why it was held back or softened. */
  why: string | null
  finding: Finding
  /** Positions of its orders. */
  orders: readonly number[]
  /** Codes of other rules on it, with blanks between. */
  lines: string
  /** By uuid: which suggestion it was. */
  suggestions: Readonly<Record<string, string>>
}

/** What a payer said of an order. */
interface CoverageDraft {
  id: string
  payer: string
  version: string
  covered: string
  pa_needed: string | null
  doc_needed: string | null
  told_by: string
  sent: 0 | 1
  /** Position of its order. */
  order: number
}

export interface Draft {
  id: string
  /** In ms since 1970. */
  at: number
  hook: string
  mode: 'live' | 'silent'
  instance: string | null
  issuer: string | null
  tenant: string | null
  pathway: string
  digest: string
  ms: number
  department: string | null
  strata: Strata
  verdicts: readonly object[]
  prefetch: Readonly<Record<string, string>>
  unread: number
  passed_over: number
  naming: Naming
  /** Of each order; an opened chart has none. */
  kinds: readonly (string | null)[]
  /** References of the drafts, by position, where a FHIR server is asked later what became of them. */
  awaits?: readonly (string | null)[]
  cards: readonly CardDraft[]
  coverage: readonly CoverageDraft[]
}

/**
 * What a card rests on, so that it is known again: the headlines on it, what nobody could tell, and what its rule found.
 * Not what changes by itself from day to day (how long the pain lasts), nor which order it is.
 */
type FindingOf = (card: PlannedCard, decisions: readonly Decision[]) => Finding

export function compileFindingOf(content: Pick<Content, 'facts'>): FindingOf {
  /** Facts of a rule that may make a finding another one, in their order. */
  const asked = new WeakMap<Rule, readonly string[]>()
  const askedBy = (rule: Rule) => {
    const known = asked.get(rule)
    if (known) return known
    const facts = [...new Set(factsIn(rule.when))].sort().filter((fact) => {
      const kind = content.facts[fact]?.kind
      return kind !== 'episode' && kind !== 'person'
    })
    asked.set(rule, facts)
    return facts
  }

  return ({ headline, lines, conditions, orders }, decisions) => {
    const facts: Facts = decisions[orders[0] ?? 0]?.facts ?? new Map()
    const found = askedBy(headline).flatMap((fact) => {
      const known = facts.get(fact)
      if (!known) return []
      const { value } = known
      const isDose = content.facts[fact]?.kind === 'dose'
      const told = typeof value === 'object' ? (isDose ? Math.round(value.high) : '') : String(value)
      const evidence = known.evidence.flatMap(({ reference, what }) =>
        reference === 'order' || reference === 'draft' ? [] : [what],
      )
      return [[fact, told, [...new Set(evidence)].sort()]]
    })
    const others = lines.flatMap((rule) => (rule.role === 'headline' ? [rule.code] : [])).sort()
    const unsure = conditions.map(({ fact }) => fact).sort()
    return [headline.code, headline.indicator, others, unsure, found]
  }
}

interface ToDraft {
  id: string
  at: number
  call: HookCall
  caller: KnownCaller | undefined
  found: Explanation
  naming: Naming
  /** Whether its FHIR server is asked later what became of the orders. */
  isFollowed: boolean
  digest: string
  /** Entries of the chart that could not be read. */
  unread: number
  /** Of a planned card. */
  finding: (card: PlannedCard) => Finding
  newId: () => string
  /** Of our own label; labels with words of the chart are `other`. */
  suggestionKey: (label: string) => string
}

/** A name of a call is kept as it is only where it can be nothing else. */
export const asUuid = (text: string): string | null =>
  /^(urn:uuid:)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text.toLowerCase() : null

export function draftOf(written: ToDraft, { pathway, site }: Content): Draft {
  const { id, at, call, caller, found, naming, isFollowed, digest, unread } = written
  const { record, decisions, orders, passedOver, times } = found
  let ms = 0
  for (const stage in times) ms += times[stage as keyof typeof times] ?? 0
  return {
    id,
    at,
    hook: call.hook,
    mode: found.reviewed.some(({ why }) => why === 'silent-caller' || why === 'silent-department')
      ? 'silent'
      : 'live',
    instance: asUuid(call.hookInstance),
    issuer: plain(caller?.issuer),
    tenant: plain(caller?.tenant),
    pathway: pathway.version,
    digest,
    ms: Math.round(ms * 100) / 100,
    department: found.department ?? null,
    strata: strataOf(record, site.ledger.strata, at),
    verdicts: decisions.map(verdictsOf),
    prefetch: Object.fromEntries(record.states),
    unread,
    passed_over: passedOver,
    naming,
    kinds: orders.map(({ kind }) => (kind === 'chart-view' ? null : kind)),
    ...(isFollowed ? { awaits: orders.map(({ draft }) => draft.reference ?? null) } : {}),
    cards: cardsOf(written),
    coverage: found.coverage.asserted.map(
      ({ authorization, documents, by, sent, payer, ...plainly }): CoverageDraft => ({
        ...plainly,
        payer: plain(payer) ?? '',
        pa_needed: authorization,
        doc_needed: documents,
        told_by: by,
        sent: sent ? 1 : 0,
      }),
    ),
  }
}

function cardsOf({ found, finding, newId, suggestionKey }: ToDraft): CardDraft[] {
  let place = -1
  return found.reviewed.map(({ card, shown, why }): CardDraft => {
    if (shown) place++
    const made = shown && found.cards[place]
    const suggestions: Record<string, string> = {}
    for (const { uuid, label } of made?.suggestions ?? []) suggestions[uuid] = suggestionKey(label)
    return {
      uuid: made?.uuid ?? newId(),
      rule: card.headline.code,
      indicator: (made ?? card).indicator,
      shown: made ? 1 : 0,
      why: why ?? null,
      finding: finding(card),
      orders: card.orders,
      lines: card.lines.map(({ code }) => code).join(' '),
      suggestions,
    }
  })
}

/** Codes of rules by verdict; those that do not hold are all others. */
function verdictsOf({ kind, findings, closedBy, heldBack, quietedBy }: Decision) {
  const [holds, unknown]: [string[], string[]] = [[], []]
  for (const { rule, verdict } of findings) {
    if (verdict === true) holds.push(rule.code)
    else if (verdict === undefined) unknown.push(rule.code)
  }
  return {
    kind,
    holds,
    unknown,
    closedBy: closedBy.map(({ rule }) => rule.code),
    heldBack: heldBack.map(({ code }) => code),
    quieted: [...quietedBy.values()].map(({ code }) => code),
  }
}

/** Entries of the chart that some fact needed and could not read, each once. */
export function unreadIn(decisions: readonly Decision[]): ReadonlySet<string> {
  const unread = new Set<string>()
  for (const { facts } of decisions) {
    for (const { evidence } of facts.values())
      for (const { how, reference } of evidence) if (how === 'not-read') unread.add(reference)
  }
  return unread
}

/** What a token claims may hold signs that no database takes. */
const plain = (text: string | undefined): string | null =>
  text === undefined
    ? null
    : text
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
        .replace(/[\u0000-\u001f]/g, ' ')
        .slice(0, 200)
        .toWellFormed()
