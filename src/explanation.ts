/** What an evaluation came to, step by step, and those who hear of it: the types that the rest of the house speaks in. */

import type { Card, Places } from './cards/render.ts'
import type { Profile } from './cards/suggestions.ts'
import type { PlannedCard } from './decide/compose.ts'
import type { Decision } from './decide/decide.ts'
import type { Answers } from './facts/answers.ts'
import type { OrderUnderReview } from './facts/case.ts'
import type { HookCall } from './hooks/call.ts'
import type { Facts } from './pathway/known.ts'
import type { Assertions, SystemAction } from './payers/assert.ts'
import type { FhirReader } from './record/fhir/reader.ts'
import type { PatientRecord } from './record/record.ts'
import type { Report, Times } from './report.ts'
import type { CrdVersion } from './site/coverage.ts'

/** Who calls, as far as it was verified: whose FHIR servers may be read, and in which shape to answer. */
export interface KnownCaller {
  issuer?: string
  tenant?: string | undefined
  fhirServers: readonly string[]
  profile?: Profile | 'detect' | undefined
  /** Version of Da Vinci CRD that it takes. */
  coverageInformation?: CrdVersion | 'off' | undefined
  /** May single actions of a suggestion be chosen at its EHR? */
  actionSelection?: boolean
}

/** What an evaluator is given at start. */
export interface Options {
  /** The day on which the call is judged, as `2026-11-21`. */
  today: () => string
  newId: () => string
  /** Reads from the FHIR server what the EHR did not send; without it, what did not come is unknown. */
  reader?: Pick<FhirReader, 'readerFor'>
  /** What the clinician answered on the checklist about this patient; without it nothing was. */
  answers?: (call: HookCall, caller: KnownCaller | undefined) => Promise<Answers | undefined>
  /** Where cards link to; asked for in each call. */
  places?: Places
  /** Keeps what a card rests on, for the page that says why; without it that page is not linked. */
  keep?: KeepEvaluation
  /** Remembers what was shown and what became of it; without it every answer is the first. */
  ledger?: Ledger
  /** Hears of a fact that failed; the other cards are answered all the same. */
  onFactError?: (fact: string, error: unknown) => void
  /** Hears of everything that was found on the way of a call, for the sandbox of developers. */
  onExplained?: (call: HookCall, found: Explanation) => void
  /** Milliseconds from any beginning, to time the stages by; without it nothing is timed. */
  stopwatch?: () => number
}

/** What one call came to. */
export interface Evaluated {
  cards: Card[]
  /** Only in payer mode, and only where something is new. */
  systemActions?: readonly SystemAction[]
  /** Codes of the rules that spoke, for the log. */
  rules: string[]
  report: Report
  /** By which the ledger finds it again; undefined where nothing is recorded. */
  evaluation?: string
}

/** Everything that was found on the way, for people who ask why. */
export interface Explanation {
  record: PatientRecord
  orders: readonly OrderUnderReview[]
  /** Orders beyond the most that are judged. */
  passedOver: number
  decisions: readonly Decision[]
  /** As shown, one for each card. */
  planned: readonly PlannedCard[]
  /** Every card that the rules asked for, shown or held back; the shown ones in the order of `planned`. */
  reviewed: readonly Reviewed[]
  /** The department of the visit, by the site's own name. */
  department: string | undefined
  cards: Card[]
  /** What payers say of the orders, in payer mode. */
  coverage: Assertions
  times: Times
}

/** What was judged, before anything is shown. */
export type Judged = Pick<Explanation, 'record' | 'orders' | 'passedOver' | 'decisions' | 'department'>

export interface KeepEvaluation {
  /** What the card's link will carry; undefined where nobody could be shown the evaluation later. */
  idFor(call: HookCall, caller: KnownCaller | undefined): string | undefined
  /** Returns at once: the EHR is not kept waiting, and what fails is said in the log. */
  put(id: string, call: HookCall, caller: KnownCaller | undefined, found: Explanation): void
}

export interface Ledger {
  open(call: HookCall, caller: KnownCaller | undefined): LedgerCall
}

export interface LedgerCall {
  /** Which of the planned cards are shown, in their order. Resolves in time, whatever is the matter with the store. */
  review(planned: readonly PlannedCard[], found: Judged): Promise<readonly Reviewed[]>
  /** Returns at once. `id` is what the evaluation is found by. */
  record(found: Explanation, id: string): void
}

/** What became of a planned card. */
export interface Reviewed {
  card: PlannedCard
  /** As it is shown, perhaps more quietly; undefined when it was held back. */
  shown?: PlannedCard
  /** Why it is not shown as it was planned. */
  why?: Why
}

export type Why =
  | 'silent-rule'
  | 'silent-caller'
  | 'silent-department'
  | 'overridden-order'
  | 'overridden-lately'
  | 'told-lately'
  | 'cap'
  | 'repeated'
  | 'shown-at-select'
  | 'shown-again'

/** One call whose record was gathered, to be judged as often as answers to the checklist change. */
export interface OpenedCall {
  /** `kept` is the id under which this evaluation will be found again. */
  judge(answers: Answers | undefined, kept?: string): Explanation
  /** Facts of the first order, or of the opened chart; none where there is neither. */
  find(wanted: readonly string[], answers: Answers | undefined): Facts
  /** Payers' names, lower case, as far as they came. */
  payers: readonly string[]
}
