/**
 * The main path: one call in, cards out. Everything is compiled once at start; a request gathers, finds facts,
 * decides, composes and renders.
 */
import type { Content } from './content/content.ts'
import type { Facts } from './content/known.ts'
import type { Subject } from './content/schema.ts'
import { compileCompose, type PlannedCard } from './decide/compose.ts'
import { compileRules, type Decision } from './decide/decide.ts'
import { LumbarError } from './errors.ts'
import type { Answers } from './facts/answers.ts'
import type { OrderUnderReview } from './facts/case.ts'
import { compileFacts } from './facts/find-facts.ts'
import { observedCodes } from './facts/observed.ts'
import { payerNames, reasonFor } from './facts/reason.ts'
import type { HookCall } from './hooks/call.ts'
import type { Hook } from './hooks/services.ts'
import { compileJudgeKept, type JudgeKept } from './judge-kept.ts'
import type { QuietPeriod } from './quiet-period.ts'
import type { FhirReader } from './record/fhir/reader.ts'
import { gather } from './record/gather.ts'
import type { PatientRecord } from './record/record.ts'
import { type Card, compileRender, type Places } from './render/render.ts'
import type { Profile } from './render/suggestions.ts'
import { compileWhy, type TellWhy } from './render/why.ts'
import { type Report, type Times, timer } from './report.ts'

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
  /** Remembers what an opened chart was told; without it every answer is the first. */
  quiet?: QuietPeriod
  /** Hears of a fact that failed; the other cards are answered all the same. */
  onFactError?: (fact: string, error: unknown) => void
  /** Hears of everything that was found on the way of a call, for the sandbox of developers. */
  onExplained?: (call: HookCall, found: Explanation) => void
  /** Milliseconds from any beginning, to time the stages by; without it nothing is timed. */
  stopwatch?: () => number
}

export interface KeepEvaluation {
  /** What the card's link will carry; undefined where nobody could be shown the evaluation later. */
  idFor(call: HookCall, caller: KnownCaller | undefined): string | undefined
  /** Returns at once: the EHR is not kept waiting, and what fails is said in the log. */
  put(id: string, call: HookCall, caller: KnownCaller | undefined, found: Explanation): void
}

/** Who calls, as far as it was verified: whose FHIR servers may be read, and in which shape to answer. */
export interface KnownCaller {
  fhirServers: readonly string[]
  profile?: Profile | 'detect' | undefined
}

export interface Answer {
  cards: Card[]
  /** Codes of the rules that spoke, for the log. */
  rules: string[]
  report: Report
}

/** Everything that was found on the way, for people who ask why. */
export interface Explanation {
  record: PatientRecord
  orders: readonly OrderUnderReview[]
  /** Orders beyond the most that are judged. */
  passedOver: number
  decisions: readonly Decision[]
  planned: readonly PlannedCard[]
  cards: Card[]
  times: Times
}

/** One call whose record was gathered, to be judged as often as answers to the checklist change. */
export interface OpenedCall {
  /** `kept` is the id under which this evaluation will be found again. */
  judge(answers: Answers | undefined, kept?: string): Explanation
  /** Facts of the first order, or of the opened chart; none where there is neither. */
  find(wanted: readonly string[], answers: Answers | undefined): Facts
  /** Payers' names, lower case, as far as they came. */
  payers: readonly string[]
}

export interface Evaluator {
  evaluate(call: HookCall, caller?: KnownCaller): Promise<Answer>
  /** Gathers, and judges only when asked to. */
  open(call: HookCall, caller?: KnownCaller): Promise<OpenedCall>
  explain(call: HookCall, caller?: KnownCaller): Promise<Explanation>
  /** Kept facts judged again with these answers, without the record. */
  judgeKept: JudgeKept
  why: TellWhy
  /** FHIR resource types that the rules of a hook read: what discovery asks for. */
  reads(hook: Hook): ReadonlySet<string>
  /** The same of single facts. */
  readsOf(wanted: readonly string[]): ReadonlySet<string>
  /** Codes of every observation that a fact reads. */
  observationCodes: readonly string[]
}

export function createEvaluator(content: Content, options: Options): Evaluator {
  const facts = compileFacts(content)
  const program = compileRules(content)
  const compose = compileCompose(content)
  const render = {
    standard: compileRender(content, 'standard', options.newId, options.places),
    epic: compileRender(content, 'epic', options.newId, options.places),
  }
  const observationCodes = observedCodes(content)

  const subjectsIn = (call: HookCall, record: PatientRecord) =>
    call.hook === 'patient-view'
      ? { orders: [facts.openedChart], passedOver: 0 }
      : facts.ordersUnderReview(record)

  const typesBySubject = new Map(
    Object.values(subjectsOf)
      .flat()
      .map((subject) => [subject, typesReadBy(subject, content, program.wanted, facts.reads)]),
  )

  /** Only what the rules of this call's orders read is asked for; nothing, when no order concerns us. */
  const typesWanted = (about: readonly Subject[]) =>
    new Set(about.flatMap((subject) => [...(typesBySubject.get(subject) ?? [])]))

  async function open(call: HookCall, caller?: KnownCaller): Promise<OpenedCall> {
    const readMissing = options.reader?.readerFor({
      fhirServer: call.fhirServer,
      authorization: call.fhirAuthorization,
      patientId: call.patientId,
      encounterId: call.encounterId,
      allowedServers: caller?.fhirServers ?? [],
      queries: content.queries,
      observationCodes,
    })
    const { times, end } = timer(options.stopwatch)
    const record = await gather(call, content.queries, readMissing, (found) =>
      typesWanted(subjectsIn(call, found).orders.map(({ kind }) => kind)),
    )
    const { orders, passedOver } = subjectsIn(call, record)
    if (orders.length > 0) requireData(record, content)
    end('gather')
    return {
      judge: (answers, kept) =>
        judge({ call, caller, record, orders, passedOver, answers, kept }, { times, end }),
      find: (wanted, answers) => {
        const [first] = orders
        return first
          ? facts.open(record, options.today(), answers).find(first, wanted, options.onFactError)
          : new Map()
      },
      payers: payerNames(record),
    }
  }

  function judge(
    { call, caller, record, orders, passedOver, answers, kept }: Gathered,
    { times, end }: ReturnType<typeof timer>,
  ): Explanation {
    const read = { record, orders, passedOver }
    if (orders.length === 0) return { ...read, decisions: [], planned: [], cards: [], times }
    const reader = facts.open(record, options.today(), answers)
    const cases = orders.map((order) => ({
      kind: order.kind,
      found: reader.find(order, program.wanted(order.kind), options.onFactError),
    }))
    end('facts')
    const decisions = cases.map(({ kind, found }) => program.decide(kind, found))
    const planned = compose(decisions).filter((card) => !isQuiet(card, call, options))
    end('decide')
    const shown = orders.map(({ name, draft }) => ({
      name,
      reference: draft.reference,
      resource: draft.sent,
    }))
    const { patientId, encounterId, userId } = call
    const payers = payerNames(record)
    const reason = reasonFor(orders, decisions, content)
    const about = { patientId, encounterId, userId, payers, reason, passedOver }
    const cards = render[profileFor(call, content, caller)](planned, decisions, shown, about, kept)
    end('render')
    return { ...read, decisions, planned, cards, times }
  }

  async function explain(call: HookCall, caller?: KnownCaller, kept?: string): Promise<Explanation> {
    // Asked for meanwhile. Without a place to look them up the call is answered as if there were none.
    const answers = options.answers?.(call, caller).catch(() => undefined)
    const opened = await open(call, caller)
    return opened.judge(await answers, kept)
  }

  const silent = new Set(content.site.rules.silent)

  /** What silent rules would have said, for the log. */
  function silentRules(decisions: readonly Decision[]): string[] {
    if (silent.size === 0) return []
    const codes = decisions.flatMap(({ headlines }) =>
      headlines.filter(({ code }) => silent.has(code)).map(({ code }) => `silent:${code}`),
    )
    return [...new Set(codes)]
  }

  return {
    open,
    explain: (call, caller) => explain(call, caller),
    judgeKept: compileJudgeKept(facts.answeredAlso, program.decide, compose, render.standard),
    why: compileWhy(content),
    evaluate: async (call, caller) => {
      const kept = options.keep?.idFor(call, caller)
      const found = await explain(call, caller, kept)
      if (kept !== undefined && found.cards.length > 0) options.keep?.put(kept, call, caller, found)
      options.onExplained?.(call, found)
      const { cards, planned, decisions, record, passedOver, times } = found
      return {
        cards,
        rules: [...planned.map(({ headline }) => headline.code), ...silentRules(decisions)],
        report: {
          times,
          prefetch: record.states,
          passedOver,
          spoken: planned.map(({ headline, indicator }) => ({ rule: headline.code, indicator })),
        },
      }
    },
    readsOf: (wanted) => new Set(wanted.flatMap((fact) => [...facts.reads(fact)])),
    reads: (hook) => typesWanted(subjectsOf[hook]),
    observationCodes,
  }
}

interface Gathered {
  call: HookCall
  caller: KnownCaller | undefined
  record: PatientRecord
  orders: readonly OrderUnderReview[]
  passedOver: number
  answers: Answers | undefined
  kept: string | undefined
}

/** An opened chart is not told the same thing twice within the site's quiet period. */
function isQuiet(card: PlannedCard, call: HookCall, { quiet, today }: Options): boolean {
  if (card.headline.topic !== 'care' || !quiet) return false
  return quiet.wasSaid({
    patient: `${call.fhirServer ?? ''}|${call.patientId}`,
    what: card.headline.code,
    call: call.hookInstance,
    on: today(),
  })
}

/** PF-12: without required data there is no advice, and saying nothing would hide that. */
function requireData(record: PatientRecord, content: Content) {
  const missing = Object.entries(content.queries).filter(
    ([type, query]) => query.required && record.completeness(type) === 'missing',
  )
  if (missing.length === 0) return
  const keys = missing.map(([, { key }]) => key)
  throw new LumbarError(
    'data-unavailable',
    `prefetch ${keys.join(', ')} did not come for the patient of the context: send it, because nothing can be advised without it`,
    keys.map((key) => `prefetch.${key}`),
  )
}

/** Epic carries its own extension in every request; a site may also fix the profile (`site.yaml`). */
function profileFor(call: HookCall, content: Content, caller: KnownCaller | undefined): Profile {
  const profile = caller?.profile ?? content.site.clients.profile
  if (profile !== 'detect') return profile
  return Object.keys(call.extension ?? {}).some((key) => key.startsWith('com.epic.')) ? 'epic' : 'standard'
}

/** Which subjects a hook is about. */
const subjectsOf: Readonly<Record<Hook, readonly Subject[]>> = {
  'patient-view': ['chart-view'],
  'order-select': ['lumbar-imaging', 'opioid'],
  'order-sign': ['lumbar-imaging', 'opioid'],
}

function typesReadBy(
  subject: Subject,
  content: Content,
  wanted: (subject: Subject) => readonly string[],
  readBy: (fact: string) => ReadonlySet<string>,
): ReadonlySet<string> {
  const types = wanted(subject).flatMap((fact) => [...readBy(fact)])
  const programmes = content.site.programmes.some(({ payers }) => payers) ? ['Coverage'] : []
  return new Set(['Patient', ...types, ...programmes].filter((type) => content.queries[type]))
}
