/** `checklist` below a launch: asks what the chart could not tell, keeps the answers, shows the advice with them. */
import { randomUUID } from 'node:crypto'
import type { Patient } from 'fhir/r4.js'
import type { AnswerBook } from '../../checklist/book.ts'
import type { Replies } from '../../checklist/given.ts'
import { type Checked, checklistOf } from '../../checklist/questions.ts'
import type { Content } from '../../content/content.ts'
import type { OrderKind } from '../../content/schema.ts'
import { LumbarError } from '../../errors.ts'
import type { Evaluator } from '../../evaluate.ts'
import type { HookCall } from '../../hooks/call.ts'
import { prefetchFrom } from '../chart.ts'
import { SmartFailure } from '../failures.ts'
import type { Launch } from '../launch.ts'
import type { LaunchPage } from '../routes.ts'
import { orderKindIn } from './context.ts'
import { repliesIn } from './form.ts'
import { checklistPage } from './page.ts'
import { type Outcome, outcomes, record } from './recording.ts'

export interface ChecklistSetup {
  content: Content
  evaluator: Pick<Evaluator, 'open' | 'reads' | 'observationCodes'>
  book: AnswerBook
  now: () => Date
  /** A moment as a card tells it: `10:32`, or with its day where that is another. */
  tellTime: (at: Date) => string
  /** Address of the app's style sheet as browsers see it. */
  style: () => string
}

export const checklistPath = 'checklist'

export function checklistPages(setup: ChecklistSetup): readonly LaunchPage[] {
  const { content, book, now, tellTime } = setup
  const pageType = 'text/html; charset=utf-8'

  return [
    {
      method: 'GET',
      path: checklistPath,
      handler: async (launch, request, reply) => {
        const given = await book.find(aboutOf(launch))
        const at = given ? new Date(given.at) : now()
        const { checked, patient } = await check(setup, launch, given?.replies ?? {}, tellTime(at))
        const saved = outcomeIn(request.query)
        const asIf = content.checklist.drafts[orderKindIn(launch.appContext)].text
        const answeredAt = given && tellTime(at)
        const page = { launch, patient, checked, asIf, saved, answeredAt, title: content.checklist.title }
        return reply.type(pageType).send(checklistPage({ ...page, style: setup.style() }))
      },
    },
    {
      method: 'POST',
      path: checklistPath,
      handler: async (launch, request, reply) => {
        const at = now()
        const { checked } = await check(setup, launch, {}, tellTime(at))
        const replies = repliesIn(request.body, checked)
        await book.keep(aboutOf(launch), { replies, at: at.toISOString() })
        const outcome = await record(launch, content, {
          replies,
          patientId: launch.patient,
          encounterId: launch.encounter,
          author: launch.user?.type === 'Person' ? undefined : launch.user?.reference,
          at: at.toISOString(),
        })
        request.log.info({
          outcome: 'checklist-answered',
          chart: outcome,
          answers: Object.keys(replies).length,
        })
        return reply.redirect(`${launch.path}${checklistPath}?chart=${outcome}`, 303)
      },
    },
  ]
}

export const aboutOf = ({ ehr, patient, encounter }: Launch) => ({
  fhirServer: ehr.iss,
  patientId: patient,
  encounterId: encounter,
})

async function check(
  { content, evaluator }: ChecklistSetup,
  launch: Launch,
  replies: Replies,
  at: string,
): Promise<{ checked: Checked; patient: Patient | undefined }> {
  const prefetch = await prefetchFrom(launch, {
    queries: content.queries,
    wanted: evaluator.reads('order-sign'),
    observationCodes: evaluator.observationCodes,
  })
  const opened = await evaluator.open(asCall(launch, content, prefetch)).catch((error: unknown) => {
    if (error instanceof LumbarError) throw new SmartFailure('chart-not-read', error.code, launch.ehr.iss)
    throw error
  })
  const judge = (answers: Parameters<typeof opened.judge>[0]) => {
    const { decisions, cards } = opened.judge(answers)
    const [decision] = decisions
    return decision && { facts: decision.facts, cards }
  }
  const patient = prefetch[content.queries.Patient?.key ?? 'patient'] as Patient | undefined
  return { checked: checklistOf(content, judge, replies, at), patient }
}

/** As if such an order were signed now, for low back pain. */
function asCall(launch: Launch, { checklist }: Content, prefetch: Record<string, unknown>): HookCall {
  return {
    hook: 'order-sign',
    hookInstance: randomUUID(),
    patientId: launch.patient,
    ...(launch.encounter === undefined ? {} : { encounterId: launch.encounter }),
    ...(launch.user ? { userId: launch.user.reference } : {}),
    draftOrders: [draftFor(launch, orderKindIn(launch.appContext), checklist)],
    prefetch,
  }
}

function draftFor({ patient }: Launch, kind: OrderKind, { drafts, reason }: Content['checklist']) {
  const { resource, text, code } = drafts[kind]
  const coded = (coding: typeof reason, words?: string) => ({
    coding: [{ system: coding.system, code: coding.code, display: coding.display }],
    ...(words === undefined ? {} : { text: words }),
  })
  const named = coded(code, text)
  return {
    resourceType: resource,
    id: 'checklist',
    status: 'draft',
    intent: 'order',
    subject: { reference: `Patient/${patient}` },
    reasonCode: [coded(reason)],
    ...(resource === 'MedicationRequest' ? { medicationCodeableConcept: named } : { code: named }),
  }
}

function outcomeIn(query: unknown): Outcome | undefined {
  const { chart } = (query ?? {}) as { chart?: unknown }
  return outcomes.find((outcome) => outcome === chart)
}
