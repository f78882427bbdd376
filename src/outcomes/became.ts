/**
 * What became of one drafted order, by the orders of its kind that the FHIR server holds a day later. Pure. What was not
 * read whole, has no status or no date makes *unknown*, and never *gone*.
 */
import type { Became } from '../ledger/awaited.ts'

export interface HeldOrder {
  /** `ServiceRequest/12` */
  reference: string | undefined
  /** Its kind, then codes or a name. */
  what: readonly string[]
  /** Whether it was known by a code; a medicine that nobody can name may be of the kind or not. */
  isKnown: boolean
  status: string | undefined
  intent: string | undefined
  /** As FHIR has it, to a day or to a moment. */
  authored: string | undefined
}

interface Drafted {
  reference: string | null
  what: readonly string[]
}

export interface HeldOrders {
  held: readonly HeldOrder[]
  /** All that the server has of it. */
  isWhole: boolean
}

interface BecameOf {
  outcome: Became
  /** The status of the order itself, or why nobody can tell. */
  why: string | null
}

/** Statuses of R4 by what they say of an order that was drafted a day ago. */
const signed = new Set(['active', 'on-hold', 'completed'])
const unsigned = new Set(['draft', 'revoked', 'cancelled', 'stopped', 'entered-in-error'])
/** Others are proposals, plans and options: nobody has ordered anything yet. */
const orders = new Set(['order', 'original-order', 'reflex-order', 'filler-order', 'instance-order'])

type State = 'signed' | 'unsigned' | 'unknown'

/** `wasWithin` answers whether that date lies in the day after the draft; undefined where it cannot be told. */
export function becameOf(
  drafted: Drafted,
  { held, isWhole }: HeldOrders,
  wasWithin: (authored: string) => boolean | undefined,
): BecameOf {
  const ofKind = held.filter(({ what }) => what[0] === drafted.what[0])
  const isNamed = ({ reference }: HeldOrder) => reference !== undefined && reference === drafted.reference
  const within = (order: HeldOrder) =>
    isNamed(order) || (order.authored === undefined ? undefined : wasWithin(order.authored))
  const near = ofKind.filter((order) => within(order) !== false)
  const own = near.filter((order) => within(order) && isSame(order, drafted))
  const ownSigned = own.find((order) => stateOf(order) === 'signed')
  if (ownSigned) return { outcome: 'signed', why: ownSigned.status ?? null }
  const ownStatus = own.find(isNamed)?.status ?? own[0]?.status
  const other = near.find(
    (order) => within(order) && order.isKnown && !own.includes(order) && stateOf(order) === 'signed',
  )
  if (other) return { outcome: 'replaced', why: knownStatus(ownStatus) }
  const cannotTell = whyUnknown(near, own, within)
  if (cannotTell) return { outcome: 'unknown', why: cannotTell }
  if (!isWhole) return { outcome: 'unknown', why: 'not-whole' }
  // One that is no more than a proposal may well be active.
  return { outcome: 'gone', why: signed.has(ownStatus ?? '') ? 'not-ordered' : knownStatus(ownStatus) }
}

/** What might be the order itself, or one in its place, if only more were known of it. */
function whyUnknown(
  near: readonly HeldOrder[],
  own: readonly HeldOrder[],
  within: (order: HeldOrder) => boolean | undefined,
): string | undefined {
  const doubtful = near.filter((order) => stateOf(order) !== 'unsigned')
  if (doubtful.some((order) => stateOf(order) === 'unknown')) return 'no-status'
  if (doubtful.some((order) => within(order) === undefined)) return 'no-date'
  return doubtful.some((order) => !own.includes(order)) ? 'not-read' : undefined
}

/** By any code that both have: what a server keeps of an order may have more codes than its draft. */
function isSame({ what }: HeldOrder, drafted: Drafted): boolean {
  return what.slice(1).some((code) => drafted.what.includes(code, 1))
}

function stateOf({ status = '', intent = 'order' }: HeldOrder): State {
  if (unsigned.has(status) || !orders.has(intent)) return 'unsigned'
  return signed.has(status) ? 'signed' : 'unknown'
}

/** Only words of FHIR reach the ledger and the metrics. */
const knownStatus = (status: string | undefined): string | null =>
  status !== undefined && (signed.has(status) || unsigned.has(status)) ? status : null

/** For a draft of this moment, in ms since 1970: what was written in the day after it, and a little before. */
export function dayAfter(at: number, length: number, dayOf: (at: number) => string) {
  const [first, last] = [at - before, at + length]
  const [firstDay, lastDay] = [dayOf(first), dayOf(last)]
  return (authored: string): boolean | undefined => {
    if (/^\d{4}-\d{2}-\d{2}$/.test(authored)) return authored >= firstDay && authored <= lastDay
    // A month or a year says too little, and a time without a zone is no FHIR.
    const moment = /^\d{4}-\d{2}-\d{2}T[\d:.]{1,40}(?:Z|[+-]\d{2}:\d{2})$/.test(authored)
      ? Date.parse(authored)
      : Number.NaN
    return Number.isNaN(moment) ? undefined : moment >= first && moment <= last
  }
}

/** Some EHRs date an order by when it was first put together, in ms. */
const before = 3_600_000
