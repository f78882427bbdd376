/** What a fact is asked about: one patient's record, one draft order, one day. */

import type { CodeRow } from '../pathway/codes.ts'
import type { Content } from '../pathway/content.ts'
import type { Known } from '../pathway/known.ts'
import type { FactDeclaration, OrderKind, Subject } from '../pathway/schema.ts'
import type { DraftOrder, PatientRecord } from '../record/record.ts'
import type { Gaps } from './lookups.ts'
import type { ReadType } from './reading/types.ts'
import type { RecordIndex } from './record-index.ts'
import type { Concept } from './wire.ts'

export interface OrderUnderReview {
  draft: DraftOrder
  kind: Subject
  /** Strongest trigger of the order kind that its code matched. */
  strength: string
  /** Rows of the matched value sets. */
  rows: readonly CodeRow[]
  /** How the order calls itself; not yet escaped. */
  name: string
  /** Reasons stated on the order, coded and in words; references already followed. */
  reasons: readonly Concept[]
  /** Of observations and reports that are named as its reason: what they are called, and what they conclude. */
  pointedAt: readonly Concept[]
  /** A reason that is referred to and could not be found, or was not read whole. */
  reasonOutOfReach: boolean
  /** It brings more than is read of one order: what was left out of it is unknown. */
  isCut: boolean
  /** Kinds of all orders drafted in this call, its own among them. */
  beside: ReadonlySet<OrderKind>
  /** Notes of the order. */
  notes: string
}

export interface Episode {
  onsetDays: Known
  basis: Known
  reason: Known
  /** What the order's own reason names. */
  reasonNames: Known
  /** Is there back pain on the order, on this visit or lately, whatever else the order gives as its reason? */
  backPain: Known
  sciatica: Known
  /** Days before today on which it began, for "in this episode"; 0 when nobody knows. */
  startedDaysAgo: number
  /** The furthest it may reach back: Infinity when nobody knows. */
  mayReachBackDays: number
}

/** One order of one patient on one day. */
export interface Situation {
  record: PatientRecord
  index: RecordIndex
  gaps: Gaps
  order: OrderUnderReview
  /** Day number. */
  today: number
}

export interface Case extends Situation {
  episode: Episode
  /** Answers of other facts of the same case. */
  ask(fact: string): Known
}

type Find = (about: Case) => Known

export interface CompiledFact {
  find: Find
  /** FHIR resource types it reads. */
  reads: readonly ReadType[]
  /** Days that it looks back at most in what it reads; without a number, for all time. */
  reach?: number
  /** For facts that look for codes: most find none of theirs in a record, and need not look. */
  looksFor?: LooksFor
}

export interface LooksFor {
  /** Groups of codes, by `set/group`. */
  keys: readonly string[]
  /** The answer when none is there and all that it reads came. */
  absent: Known
  /** Of what it reads, the types that did not come as far back as it looks; by default, not for all time. */
  missing?: (about: Case) => readonly string[]
}

export type Compile<K extends FactDeclaration['kind']> = (
  declaration: Extract<FactDeclaration, { kind: K }>,
  content: Content,
) => CompiledFact
