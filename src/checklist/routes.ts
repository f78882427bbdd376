/** `checklist` below a launch: asks what the chart could not tell, keeps the answers, shows the advice with them. */

import { setImmediate } from 'node:timers/promises'
import type { Patient } from 'fhir/r4.js'
import type { Evaluator } from '../evaluate.ts'
import { type Html, html } from '../pages/html.ts'
import { markdown } from '../pages/markdown.ts'
import type { Content } from '../pathway/content.ts'
import { openLaunched } from '../smart/call.ts'
import { type Launch, orderKindIn } from '../smart/launch.ts'
import { banner, frame, pagesOf } from '../smart/page.ts'
import type { LaunchPage } from '../smart/routes.ts'
import { askForm, openCount, repliesIn, savedNote } from './ask.ts'
import type { AnswerBook, Replies } from './book.ts'
import { type Checked, checklistOf, type Shown } from './questions.ts'
import {
  aboutOf,
  authorOf,
  type Outcome,
  onceAtATime,
  outcomeIn,
  record,
  type Statement,
  statementOf,
} from './recording.ts'
import { checkKept, type EvaluationBook, findKept } from './why/evaluations.ts'

// The checklist as a page of its own: the questions first, the advice with the answers below.

interface ChecklistPage {
  title: string
  launch: Launch
  patient: Patient | undefined
  checked: Checked
  /** The order that is judged. */
  asIf: string
  /** When answers were given before. */
  answeredAt: string | undefined
  /** What became of the answers in the chart, just after they were given. */
  saved: Outcome | undefined
  style: string
}

function checklistPage(page: ChecklistPage): string {
  const { title, launch, patient, checked, asIf, answeredAt, saved, style } = page
  return frame(
    title,
    html`${launch.needPatientBanner && patient && banner(patient)}
${pagesOf(launch, 'checklist')}
<main class="checklist">
<h1>${title}</h1>
${saved && savedNote(saved)}
<p>${openCount(checked)} Answer what you know. What you leave alone stays as it is.</p>
${askForm({ launch, checked, from: 'checklist' })}
<section aria-labelledby="advice">
<h2 id="advice">Advice ${answeredAt === undefined ? 'as it stands' : `with the answers of ${answeredAt}`}</h2>
<p>As if ${asIf} were ordered for low back pain now. The EHR is told when it asks again.</p>
${checked.cards.length > 0 ? checked.cards.map(cardOf) : html`<p class="advice">No card: the pathway says nothing about this order.</p>`}
</section>
</main>`,
    style,
  )
}

const cardOf = ({ summary, detail, indicator }: Shown): Html =>
  html`<article class="advice advice-${indicator}"><h3><span class="indicator">${indicator}</span> ${summary}</h3>${markdown(detail)}</article>`

interface ChecklistSetup {
  content: Content
  evaluator: Pick<Evaluator, 'open' | 'judgeKept' | 'reads' | 'observationCodes'>
  evaluations: EvaluationBook
  book: AnswerBook
  now: () => Date
  /** A moment as a card tells it: `10:32`, or with its day where that is another. */
  tellTime: (at: Date) => string
  /** Address of the app's style sheet as browsers see it. */
  style: () => string
}

const checklistPath = 'checklist'

export function checklistPages(setup: ChecklistSetup): readonly LaunchPage[] {
  const { content, book, now, tellTime } = setup
  const pageType = 'text/html; charset=utf-8'
  const once = onceAtATime<Outcome>()

  /** They count at once, whatever becomes of them in the chart. */
  async function write(launch: Launch, { replies, at, written }: Statement): Promise<Outcome> {
    await book.keep(aboutOf(launch), { replies, at, written })
    const chart = await record(launch, content, {
      replies,
      patientId: launch.patient,
      encounterId: launch.encounter,
      author: authorOf(launch),
      at,
      name: written.name,
    })
    await book.keep(aboutOf(launch), { replies, at, written: { ...written, chart } })
    return chart
  }

  return [
    {
      method: 'GET',
      path: checklistPath,
      handler: async (launch, request, reply) => {
        const given = await book.find(aboutOf(launch))
        const at = given ? new Date(given.at) : now()
        const { checked, patient } = await check(
          setup,
          launch,
          given?.replies ?? {},
          tellTime(at),
          setImmediate,
        )
        const saved = outcomeIn(request.query)
        const asIf = content.checklist.drafts[kindOf(launch)].text
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
        const { from } = (request.body ?? {}) as { from?: unknown }
        // Sent from the page that says why: its questions are those of the evaluation that was shown.
        const kept = from === 'why' ? await findKept(setup.evaluations, launch) : undefined
        const checked = kept
          ? await checkKept(setup, kept.evaluation, undefined)
          : (await check(setup, launch, {}, tellTime(at))).checked
        const replies = repliesIn(request.body, checked)
        const last = await book.find(aboutOf(launch))
        const statement = statementOf(launch, replies, at.toISOString(), last)
        const outcome = statement.done ?? (await once(statement.written.name, () => write(launch, statement)))
        request.log.info({ outcome: 'checklist-answered', chart: outcome })
        const page = kept ? `why?card=${kept.card}&` : `${checklistPath}?`
        return reply.redirect(`${launch.path}${page}chart=${outcome}`, 303)
      },
    },
  ]
}

/** From the chart too the questions are those of a scan. */
const kindOf = ({ appContext }: Launch) => orderKindIn(appContext) ?? 'lumbar-imaging'

async function check(
  { content, evaluator }: ChecklistSetup,
  launch: Launch,
  replies: Replies,
  at: string,
  pause?: () => Promise<void>,
): Promise<{ checked: Checked; patient: Patient | undefined }> {
  const asked = {
    queries: content.queries,
    wanted: evaluator.reads('order-sign'),
    observationCodes: evaluator.observationCodes,
  }
  const { opened, prefetch } = await openLaunched(launch, content, evaluator, asked, kindOf(launch))
  const judge = (answers: Parameters<typeof opened.judge>[0]) => {
    const { decisions, cards } = opened.judge(answers)
    const [decision] = decisions
    return decision && { facts: decision.facts, cards }
  }
  const patient = prefetch[content.queries.Patient?.key ?? 'patient'] as Patient | undefined
  return { checked: await checklistOf(content, judge, replies, at, pause), patient }
}
