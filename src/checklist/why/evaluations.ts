/**
 * Evaluations that cards rest on, kept for the site's hours so that the page behind a card's link can show that very one.
 * The id is what the link carries: nobody can guess it, and it opens only for the patient whom it is about.
 */
import { z } from 'zod'
import type { Evaluator, Explanation, KeepEvaluation, KnownCaller } from '../../evaluate.ts'
import type { Answers } from '../../facts/answers.ts'
import { subjects } from '../../grammar.ts'
import type { HookCall } from '../../hooks/call.ts'
import type { JudgedCase } from '../../judge-kept.ts'
import type { Content } from '../../pathway/content.ts'
import type { Known } from '../../pathway/known.ts'
import { newLaunchId } from '../../smart/launch/states.ts'
import { type Launch, whyIn } from '../../smart/launch.ts'
import type { Store } from '../../store/store.ts'
import { type Given, serverIn, serverOf } from '../book.ts'
import { type Checked, checklistOf } from '../questions.ts'

const evidence = z.object({
  reference: z.string(),
  what: z.string(),
  date: z.string().optional(),
  how: z.string(),
  amount: z.number().optional(),
  short: z.string().optional(),
})
/** JSON knows no infinity: a span without an end has none. */
const range = z
  .object({ low: z.number(), high: z.number().nullable() })
  .transform(({ low, high }) => ({ low, high: high ?? Number.POSITIVE_INFINITY }))
const said = z.object({
  value: z.union([z.boolean(), z.string(), range]).optional(),
  evidence: z.array(evidence),
  gaps: z.array(z.string()),
  provided: z
    .object({
      value: z.union([z.boolean(), z.string(), range]),
      that: z.array(
        z.object({
          fact: z.string(),
          lists: z.array(z.object({ type: z.string(), from: z.string().optional() })),
        }),
      ),
    })
    .optional(),
})
const known = said.extend({ recorded: said.optional() })

const evaluation = z.object({
  about: z.object({ fhirServer: z.string(), patientId: z.string(), encounterId: z.string().optional() }),
  at: z.iso.datetime(),
  version: z.string(),
  cases: z.array(
    z.object({
      kind: z.enum(subjects),
      name: z.string(),
      facts: z.array(z.tuple([z.string(), known])),
      /** Facts that are not so, with nothing to show for it. */
      no: z.array(z.string()),
    }),
  ),
  cards: z.array(
    z.object({
      rule: z.string(),
      lines: z.array(z.string()),
      orders: z.array(z.number()),
      summary: z.string(),
      detail: z.string(),
      indicator: z.enum(['info', 'warning', 'critical']),
    }),
  ),
})

type Stored = z.infer<typeof evaluation>
export interface KeptEvaluation extends Omit<Stored, 'cases'> {
  cases: readonly JudgedCase[]
}

export interface EvaluationBook {
  keep(id: string, evaluation: KeptEvaluation): Promise<void>
  /** Undefined for one that never was, or is no longer kept. */
  find(id: string): Promise<KeptEvaluation | undefined>
}

/** Evidence kept for one fact, and characters of one piece of it: what others write has no end. */
const most = { evidence: 12, characters: 200 }

/** `now` in ms since 1970. */
export function evaluationBook(
  store: Pick<Store, 'put' | 'get'>,
  hours: number,
  now: () => number,
): EvaluationBook {
  return {
    keep: (id, kept) => store.put(id, JSON.stringify(written(kept)), now() + hours * 3_600_000),
    find: async (id) => {
      const text = await store.get(id)
      if (text === undefined) return undefined
      const { cases, ...rest } = evaluation.parse(JSON.parse(text))
      return { ...rest, cases: cases.map(read) }
    },
  }
}

const isPlainNo = ({ value, evidence, gaps, recorded }: Known) =>
  value === false && evidence.length === 0 && gaps.length === 0 && recorded === undefined

function written({ cases, ...rest }: KeptEvaluation) {
  return {
    ...rest,
    cases: cases.map(({ kind, name, facts }) => ({
      kind,
      name: name.slice(0, most.characters),
      facts: [...facts].filter(([, fact]) => !isPlainNo(fact)).map(([fact, known]) => [fact, cut(known)]),
      no: [...facts].filter(([, fact]) => isPlainNo(fact)).map(([fact]) => fact),
    })),
  }
}

function cut({ value, evidence, gaps, provided, recorded }: Known): object {
  return {
    value,
    evidence: evidence.slice(0, most.evidence).map((each) => ({
      ...each,
      what: each.what.slice(0, most.characters).toWellFormed(),
      ...(each.date === undefined ? {} : { date: each.date.slice(0, most.characters) }),
    })),
    gaps,
    ...(provided ? { provided } : {}),
    ...(recorded ? { recorded: cut(recorded) } : {}),
  }
}

function read({ kind, name, facts, no }: Stored['cases'][number]): JudgedCase {
  const plainNo: Known = { value: false, evidence: [], gaps: [] }
  return {
    kind,
    name,
    facts: new Map([...facts, ...no.map((fact): [string, Known] => [fact, plainNo])] as [string, Known][]),
  }
}

// Keeps each evaluation that made a card, beside the call and never in its way.

interface KeepSettings {
  book: EvaluationBook
  version: string
  now: () => Date
  /** Base of the one FHIR server that the app is registered at; undefined where there are none or several. */
  onlyServer: () => string | undefined
  /** Hears why an evaluation is not kept: its card is shown all the same. */
  onFailure: (reason: string) => void
}

/** Written at the same time: a store that is slow shall not fill the memory. */
const mostUnderWay = 64

export function keepEvaluations(settings: KeepSettings): KeepEvaluation {
  const { book, version, now, onlyServer, onFailure } = settings
  let underWay = 0
  const serverOf = (call: HookCall, caller: KnownCaller | undefined) =>
    serverIn(call, caller) ?? (call.fhirServer === undefined ? onlyServer() : undefined)

  return {
    idFor: (call, caller) => (serverOf(call, caller) === undefined ? undefined : newLaunchId()),
    put: (id, call, caller, found) => {
      const fhirServer = serverOf(call, caller)
      if (fhirServer === undefined) return
      if (underWay >= mostUnderWay) return onFailure('too-many-at-once')
      underWay++
      setImmediate(() => {
        Promise.resolve()
          .then(() => book.keep(id, evaluationOf(fhirServer, call, found)))
          .catch(() => onFailure('store'))
          .finally(() => {
            underWay--
          })
      })
    },
  }

  function evaluationOf(fhirServer: string, { patientId, encounterId }: HookCall, found: Explanation) {
    const { orders, decisions, planned, cards } = found
    return {
      about: { fhirServer, patientId, ...(encounterId === undefined ? {} : { encounterId }) },
      at: now().toISOString(),
      version,
      cases: decisions.map(({ kind, facts }, at) => ({ kind, name: orders[at]?.name ?? '', facts })),
      cards: planned.flatMap(({ headline, lines, orders }, at) => {
        const card = cards[at]
        if (!card) return []
        const { summary, detail, indicator } = card
        const rules = { rule: headline.id, lines: lines.map(({ id }) => id), orders: [...orders] }
        return [{ ...rules, summary, detail, indicator }]
      }),
    }
  }
}

// The evaluation that a launch was opened from, and its questions.

interface Found {
  evaluation: KeptEvaluation
  /** Which of its cards was opened. */
  card: number
}

/** Undefined for what never was, for what is no longer kept, and for another patient's: nobody learns which. */
export async function findKept(
  evaluations: EvaluationBook,
  { appContext, patient, ehr }: Pick<Launch, 'appContext' | 'patient' | 'ehr'>,
): Promise<Found | undefined> {
  const opened = whyIn(appContext)
  const evaluation = opened && (await evaluations.find(opened.evaluation))
  if (!evaluation) return undefined
  const { fhirServer, patientId } = evaluation.about
  if (patientId !== patient || serverOf(fhirServer) !== serverOf(ehr.iss)) return undefined
  return { evaluation, card: opened.card }
}

interface Judging {
  content: Content
  evaluator: Pick<Evaluator, 'judgeKept'>
  /** A moment as a card tells it. */
  tellTime: (at: Date) => string
  now: () => Date
}

/** The questions of this evaluation, and what their answers would make of it. */
export function checkKept(
  { content, evaluator, tellTime, now }: Judging,
  kept: KeptEvaluation,
  given: Given | undefined,
  pause?: () => Promise<void>,
): Promise<Checked> {
  const at = tellTime(given ? new Date(given.at) : now())
  const judge = (answers: Answers | undefined) => {
    const { facts, cards } = evaluator.judgeKept(kept.cases, answers)
    // The last holds what was found for those before it, too: a question may be of one order alone.
    const all = facts.at(-1)
    return all && { facts: all, cards }
  }
  return checklistOf(content, judge, given?.replies ?? {}, at, pause)
}
