/** One evaluation as it stands in the ledger: what was asked, judged, shown and held back. No name, no id, no free text. */
import type { Content } from '../content/content.ts'
import type { Facts } from '../content/known.ts'
import type { PlannedCard } from '../decide/compose.ts'
import { factsIn } from '../decide/conditions.ts'
import type { Decision } from '../decide/decide.ts'
import type { Explanation, KnownCaller } from '../explanation.ts'
import type { HookCall } from '../hooks/call.ts'
import type { LedgerKeys } from './keys.ts'
import { strataOf } from './strata.ts'

export interface CardRow {
  uuid: string
  rule: string
  indicator: string
  shown: 0 | 1
  /** Why it was held back or softened. */
  why: string | null
  finding: string
  /** Keys of its orders, with blanks between. */
  orders: string
  /** Codes of other rules on it, with blanks between. */
  lines: string
  /** By uuid: which suggestion it was. */
  suggestions: string
}

export interface EvaluationRow {
  id: string
  at: number
  hook: string
  mode: 'live' | 'silent'
  instance: string | null
  issuer: string | null
  tenant: string | null
  pathway: string
  digest: string
  ms: number
  patient: string
  encounter: string | null
  clinician: string | null
  department: string | null
  strata: string
  verdicts: string
  prefetch: string
  unread: number
  passed_over: number
  ordered: readonly { kind: string; made: string }[]
  cards: readonly CardRow[]
}

/** Who and what a call is about, as the ledger names them. */
export interface Named {
  patient: string
  encounter: string | null
  clinician: string | null
  /** By position of the order. */
  orders: readonly string[]
}

/** `server` is the FHIR server that the ids are of, or whatever else tells two hospitals apart. */
export function namesOf(
  { keyOf }: LedgerKeys,
  server: string,
  { patientId, encounterId, userId }: HookCall,
  orders: Explanation['orders'],
): Named {
  const made = ({ kind, rows, name, draft }: Explanation['orders'][number]) => {
    const codes = rows.map(({ code }) => code).sort()
    const what = codes.length > 0 ? codes : [name || (draft.reference ?? '')]
    return keyOf('order', server, patientId, encounterId ?? '', kind, ...what)
  }
  return {
    patient: keyOf('patient', server, patientId),
    encounter: encounterId === undefined ? null : keyOf('encounter', server, encounterId),
    clinician: userId === undefined ? null : keyOf('clinician', server, userId.replace(/^.*\//, '')),
    // An opened chart has no order.
    orders: orders.map((order) => (order.kind === 'chart-view' ? '' : made(order))),
  }
}

/**
 * What a card rests on, so that it is known again: the headlines on it, what nobody could tell, and what its rule found.
 * Not what changes by itself from day to day (how long the pain lasts), nor which order it is.
 */
export function findingOf(
  { findingOf: hashed }: LedgerKeys,
  content: Pick<Content, 'facts'>,
  { headline, lines, conditions, orders }: PlannedCard,
  decisions: readonly Decision[],
): string {
  const facts: Facts = decisions[orders[0] ?? 0]?.facts ?? new Map()
  const found = [...new Set(factsIn(headline.when))].sort().flatMap((fact) => {
    const kind = content.facts[fact]?.kind
    const known = facts.get(fact)
    if (!known || kind === 'episode' || kind === 'person') return []
    const { value } = known
    const told = typeof value === 'object' ? (kind === 'dose' ? Math.round(value.high) : '') : String(value)
    const evidence = known.evidence.flatMap(({ reference, what }) =>
      reference === 'order' || reference === 'draft' ? [] : [what],
    )
    return [[fact, told, [...new Set(evidence)].sort()]]
  })
  const others = lines.flatMap((rule) => (rule.role === 'headline' ? [rule.code] : [])).sort()
  const unsure = conditions.map(({ fact }) => fact).sort()
  return hashed([headline.code, headline.indicator, others, unsure, found])
}

export interface ToWrite {
  id: string
  at: number
  call: HookCall
  caller: KnownCaller | undefined
  found: Explanation
  named: Named
  digest: string
  /** Of a planned card. */
  finding: (card: PlannedCard) => string
  newId: () => string
  /** Of our own label; labels with words of the chart are `other`. */
  suggestionKey: (label: string) => string
}

/** A name of a call is kept as it is only where it can be nothing else. */
export const asUuid = (text: string): string | null =>
  /^(urn:uuid:)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text.toLowerCase() : null

export function rowOf(written: ToWrite, content: Content): EvaluationRow {
  const { id, at, call, caller, found, named, digest } = written
  const { record, decisions, orders, passedOver, times } = found
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
    pathway: content.pathway.version,
    digest,
    ms: Math.round(Object.values(times).reduce((sum, each) => sum + each, 0) * 100) / 100,
    patient: named.patient,
    encounter: named.encounter,
    clinician: named.clinician,
    department: found.department ?? null,
    strata: JSON.stringify(strataOf(record, content.site.ledger.strata, at)),
    verdicts: JSON.stringify(decisions.map(verdictsOf)),
    prefetch: JSON.stringify(Object.fromEntries(record.states)),
    unread: unreadIn(decisions).size,
    passed_over: passedOver,
    ordered: orders.flatMap(({ kind }, position) =>
      kind === 'chart-view' ? [] : [{ kind, made: named.orders[position] ?? '' }],
    ),
    cards: cardsOf(written),
  }
}

function cardsOf({ found, named, finding, newId, suggestionKey }: ToWrite): CardRow[] {
  let place = -1
  return found.reviewed.map(({ card, shown, why }): CardRow => {
    if (shown) place++
    const made = shown && found.cards[place]
    return {
      uuid: made?.uuid ?? newId(),
      rule: card.headline.code,
      indicator: (made ?? card).indicator,
      shown: made ? 1 : 0,
      why: why ?? null,
      finding: finding(card),
      orders: [...new Set(card.orders.map((at) => named.orders[at] ?? ''))].join(' ').trim(),
      lines: card.lines.map(({ code }) => code).join(' '),
      suggestions: JSON.stringify(
        Object.fromEntries((made?.suggestions ?? []).map(({ uuid, label }) => [uuid, suggestionKey(label)])),
      ),
    }
  })
}

/** Codes of rules by verdict; those that do not hold are all others. */
function verdictsOf({ kind, findings, closedBy, heldBack, quietedBy }: Decision) {
  const codes = (wanted: true | undefined) =>
    findings.flatMap(({ rule, verdict }) => (verdict === wanted ? [rule.code] : []))
  return {
    kind,
    holds: codes(true),
    unknown: codes(undefined),
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
