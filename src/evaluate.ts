/**
 * The main path: one call in, cards out. Everything is compiled once at start; a request gathers, finds facts,
 * decides, composes and renders.
 */

import { compileRender } from './cards/render.ts'
import { compileVersion3 } from './cards/version-3.ts'
import { compileWhy, type TellWhy } from './cards/why.ts'
import { compileCompose, type PlannedCard } from './decide/compose.ts'
import { compileRules, type Decision } from './decide/decide.ts'
import type {
  Evaluated,
  Explanation,
  Judged,
  KnownCaller,
  LedgerCall,
  OpenedCall,
  Options,
  Reviewed,
  Why,
} from './explanation.ts'
import type { Answers } from './facts/answers.ts'
import { compileFacts } from './facts/find-facts.ts'
import { observedCodes } from './facts/lookups.ts'
import { payerNames, reasonFor } from './facts/reason.ts'
import { dayNumber } from './facts/spans.ts'
import type { HookCall } from './hooks/call.ts'
import type { Hook } from './hooks/services.ts'
import { compileJudgeKept, type JudgeKept } from './judge-kept.ts'
import type { Content } from './pathway/content.ts'
import type { Subject } from './pathway/schema.ts'
import { compilePayers, nothingSaid } from './payers/assert.ts'
import { gatherOrders } from './record/gather.ts'
import type { PatientRecord } from './record/record.ts'
import { type Times, timer } from './report.ts'
import { compileSilence, departmentIn } from './silence.ts'
import { compileWanted, compileWindows, profileFor, requireData, sinceOf, subjectsOf } from './subjects.ts'

export type {
  Evaluated,
  Explanation,
  KeepEvaluation,
  KnownCaller,
  OpenedCall,
  Options,
} from './explanation.ts'

export interface Evaluator {
  evaluate(call: HookCall, caller?: KnownCaller): Promise<Evaluated>
  /** Gathers, and judges only when asked to. */
  open(call: HookCall, caller?: KnownCaller): Promise<OpenedCall>
  explain(call: HookCall, caller?: KnownCaller): Promise<Explanation>
  /** Kept facts judged again with these answers, without the record. */
  judgeKept: JudgeKept
  why: TellWhy
  /** FHIR resource types that the rules of a hook read: what discovery asks for. */
  reads(hook: Hook): ReadonlySet<string>
  /** By type: days back from today of which a client that fills in dates is asked for entries. */
  windows(hook: Hook): ReadonlyMap<string, number>
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
  const inVersion3 = compileVersion3(content)
  const payerMode = compilePayers(content, options.newId)
  const observationCodes = observedCodes(content)
  const silence = compileSilence(content.site)

  const subjectsIn = (call: HookCall, record: PatientRecord) =>
    call.hook === 'patient-view'
      ? { orders: [facts.openedChart], passedOver: 0 }
      : facts.ordersUnderReview(record)

  const wantedOf = new Map<Subject, readonly string[]>()
  const wanted = (kind: Subject) => {
    const known = wantedOf.get(kind) ?? [...program.wanted(kind), ...payerMode.wanted(kind)]
    wantedOf.set(kind, known)
    return known
  }
  const typesWanted = compileWanted(content, wanted, facts.reads)
  const windows = compileWindows(content, wanted, facts.reach)
  const typesOf = (orders: Judged['orders']) => typesWanted(orders.map(({ kind }) => kind))

  async function gatherFor(call: HookCall, caller: KnownCaller | undefined) {
    const readMissing = options.reader?.readerFor({
      fhirServer: call.fhirServer,
      authorization: call.fhirAuthorization,
      patientId: call.patientId,
      encounterId: call.encounterId,
      allowedServers: caller?.fhirServers ?? [],
      queries: content.queries,
      observationCodes,
    })
    const timing = timer(options.stopwatch)
    // Only who calls by 3.0 was told to leave something out.
    const since = call.version && sinceOf(content, windows[call.hook], dayNumber(options.today()))
    const gathering = await gatherOrders(call, content.queries, readMissing, since)
    const asked = subjectsIn(call, gathering.record)
    // What is ordered decides what is read; and what is read may tell more of what is ordered.
    const record = readMissing ? await gathering.complete(typesOf(asked.orders)) : gathering.record
    const { orders, passedOver } = record === gathering.record ? asked : subjectsIn(call, record)
    if (orders.length > 0) requireData(record, content)
    timing.end('gather')
    return { gathered: { call, caller, record, orders, passedOver }, timing }
  }

  async function open(call: HookCall, caller?: KnownCaller): Promise<OpenedCall> {
    const { gathered, timing } = await gatherFor(call, caller)
    const { record, orders } = gathered
    return {
      judge: (answers, kept) => judge({ ...gathered, answers, kept }, timing),
      find: (wanted, answers) => {
        const [first] = orders
        return first
          ? facts.open(record, options.today(), answers).find(first, wanted, options.onFactError)
          : new Map()
      },
      payers: payerNames(record),
    }
  }

  /** What the rules find of each order. Nothing of it is shown yet. */
  function find({ record, orders, passedOver, answers }: Gathered, end: End): Judged {
    const department = departmentIn(record, content.site.departments)
    const reader = facts.open(record, options.today(), answers)
    const cases = orders.map((order) => ({
      kind: order.kind,
      found: reader.find(order, wanted(order.kind), options.onFactError),
    }))
    end('facts')
    const decisions = cases.map(({ kind, found }) => program.decide(kind, found))
    return { record, orders, passedOver, decisions, department }
  }

  /** What the rules ask to be shown, and what of it is only recorded, in a trial run. */
  function plan({ decisions, department }: Judged, caller: KnownCaller | undefined, end: End) {
    const day = options.today()
    const silent = silence.rulesOn(day)
    const planned = compose(decisions, silent)
    const hushed =
      silent.size === 0 ? [] : compose(decisions).filter((card) => silent.has(card.headline.code))
    const why = silence.of({ issuer: caller?.issuer, department }, day)
    end('decide')
    const heldBack = [...heldFor(hushed, 'silent-rule'), ...(why ? heldFor(planned, why) : [])]
    return { planned: why ? [] : planned, heldBack }
  }

  function show(
    { call, caller, kept }: Gathered,
    judged: Judged,
    reviewed: readonly Reviewed[],
    { times, end }: Timing,
  ): Explanation {
    const { record, orders, decisions, passedOver } = judged
    const planned = reviewed.flatMap(({ shown }) => shown ?? [])
    const named = orders.map(({ name, draft }) => ({
      name,
      reference: draft.reference,
      resource: draft.sent,
    }))
    const { patientId, encounterId, userId } = call
    const payers = payerNames(record)
    const reason = reasonFor(orders, decisions, content)
    const authoredOn = crdVersionFor(caller) === 'off' ? undefined : options.today()
    const about = { patientId, encounterId, userId, payers, reason, passedOver, authoredOn }
    const shown = render[profileFor(call, content, caller)](planned, decisions, named, about, kept)
    const cards = call.version ? inVersion3(shown, caller?.actionSelection ?? false) : shown
    const coverage = saidByPayers(call, caller, judged)
    end('render')
    return { ...judged, planned, reviewed, cards, coverage, times }
  }

  const nothing = ({ record, orders, passedOver }: Gathered, times: Times): Explanation => ({
    ...{ record, orders, passedOver, decisions: [], department: undefined },
    ...{ planned: [], reviewed: [], cards: [], coverage: nothingSaid, times },
  })

  const crdVersionFor = (caller?: KnownCaller) => caller?.coverageInformation ?? content.site.coverage.version
  /** Only when an order is signed, and only to clients that are known to take it. */
  function saidByPayers(call: HookCall, caller: KnownCaller | undefined, judged: Judged) {
    const version = crdVersionFor(caller)
    if (version === 'off' || call.hook !== 'order-sign') return nothingSaid
    const { department } = judged
    const isSilent = silence.of({ issuer: caller?.issuer, department }, options.today()) !== undefined
    return payerMode.assert(judged, call, version, isSilent, options.today())
  }

  function judge(gathered: Gathered, timing: Timing): Explanation {
    if (gathered.orders.length === 0) return nothing(gathered, timing.times)
    const judged = find(gathered, timing.end)
    const { planned, heldBack } = plan(judged, gathered.caller, timing.end)
    return show(gathered, judged, [...planned.map(asPlanned), ...heldBack], timing)
  }

  /** Asked for while the record is gathered. Without a place to look them up the call is answered as if there were none. */
  const answersTo = (call: HookCall, caller: KnownCaller | undefined) =>
    options.answers?.(call, caller).catch(() => undefined)

  /** The way of a call: gather, find and decide, plan, recall what was told before, show, and tell those who keep it. */
  async function evaluate(call: HookCall, caller?: KnownCaller): Promise<Evaluated> {
    const kept = options.keep?.idFor(call, caller)
    const id = kept ?? (options.ledger ? options.newId() : undefined)
    const told = options.ledger?.open(call, caller)
    const answers = answersTo(call, caller)
    const { gathered, timing } = await gatherFor(call, caller)
    const whole = { ...gathered, answers: await answers, kept }
    const found = await explanationOf(whole, told, timing)
    if (id !== undefined) told?.record(found, id)
    if (kept !== undefined && found.cards.length > 0) options.keep?.put(kept, call, caller, found)
    options.onExplained?.(call, found)
    return answerFrom(found, id)
  }

  async function explanationOf(
    gathered: Gathered,
    told: LedgerCall | undefined,
    timing: Timing,
  ): Promise<Explanation> {
    if (gathered.orders.length === 0) return nothing(gathered, timing.times)
    const judged = find(gathered, timing.end)
    const { planned, heldBack } = plan(judged, gathered.caller, timing.end)
    const reviewed = told && planned.length > 0 ? await told.review(planned, judged) : planned.map(asPlanned)
    if (told && planned.length > 0) timing.end('recall')
    return show(gathered, judged, [...reviewed, ...heldBack], timing)
  }

  function answerFrom(found: Explanation, id: string | undefined): Evaluated {
    const { cards, coverage, planned, decisions, record, passedOver, times } = found
    return {
      cards,
      ...(coverage.systemActions.length > 0 ? { systemActions: coverage.systemActions } : {}),
      ...(id === undefined ? {} : { evaluation: id }),
      rules: [...planned.map(({ headline }) => headline.code), ...silentRules(decisions)],
      report: {
        times,
        prefetch: record.states,
        passedOver,
        entriesCut: record.entriesCut(),
        spoken: planned.map(({ headline, indicator }) => ({ rule: headline.code, indicator })),
      },
    }
  }

  /** What silent rules would have said, for the log. */
  function silentRules(decisions: readonly Decision[]): string[] {
    const silent = silence.rulesOn(options.today())
    if (silent.size === 0) return []
    const codes = decisions.flatMap(({ headlines }) =>
      headlines.filter(({ code }) => silent.has(code)).map(({ code }) => `silent:${code}`),
    )
    return [...new Set(codes)]
  }

  return {
    open,
    explain: async (call, caller) => {
      const answers = answersTo(call, caller)
      return (await open(call, caller)).judge(await answers)
    },
    judgeKept: compileJudgeKept(
      facts.answeredAlso,
      program.decide,
      (decisions) => compose(decisions, silence.rulesOn(options.today())),
      render.standard,
    ),
    why: compileWhy(content),
    evaluate,
    readsOf: (wanted) => new Set(wanted.flatMap((fact) => [...facts.reads(fact)])),
    reads: (hook) => typesWanted(subjectsOf[hook]),
    windows: (hook) => windows[hook],
    observationCodes,
  }
}

type Timing = ReturnType<typeof timer>
type End = Timing['end']

const asPlanned = (card: PlannedCard): Reviewed => ({ card, shown: card })
const heldFor = (cards: readonly PlannedCard[], why: Why): Reviewed[] => cards.map((card) => ({ card, why }))

interface Gathered {
  call: HookCall
  caller: KnownCaller | undefined
  record: PatientRecord
  orders: Judged['orders']
  passedOver: number
  answers: Answers | undefined
  kept: string | undefined
}
