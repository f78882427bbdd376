/** `why` below a launch: the evaluation that the card's link names, if it is of this patient and still kept. */

import { setImmediate } from 'node:timers/promises'
import type { Patient } from 'fhir/r4.js'
import type { Told, Why } from '../../cards/why.ts'
import type { Evaluator } from '../../evaluate.ts'
import { type Html, html } from '../../pages/html.ts'
import { markdown } from '../../pages/markdown.ts'
import type { Content } from '../../pathway/content.ts'
import type { Evidence } from '../../pathway/known.ts'
import type { Launch } from '../../smart/launch.ts'
import { banner, frame, pagesOf } from '../../smart/page.ts'
import type { LaunchPage } from '../../smart/routes.ts'
import { askForm, savedNote } from '../ask.ts'
import type { AnswerBook } from '../book.ts'
import type { Checked, Shown } from '../questions.ts'
import { aboutOf, type Outcome, outcomeIn } from '../recording.ts'
import { checkKept, type EvaluationBook, findKept } from './evaluations.ts'

// Why a card was shown: what to ask first, then what was found, looked for, not checked, and where the advice is
// wrong.

interface WhyPage {
  launch: Launch
  patient: Patient | undefined
  /** The card, as it was shown. */
  card: Shown
  /** Undefined where the pathway does not hold its rule any more. */
  why: Why | undefined
  /** Orders that it is about, by their own names. */
  orders: readonly string[]
  /** When it was judged, and by which version of the pathway. */
  at: string
  version: string
  /** Other cards of the same answer, by their place in it. */
  others: readonly { at: number; summary: string }[]
  checked: Checked
  answeredAt: string | undefined
  /** Cards with the answers, where they are others than the one shown. */
  now: readonly Shown[] | undefined
  saved: Outcome | undefined
  style: string
  /** Before the code of a rule, the address of its page. */
  rules: string
}

const title = 'Why this advice'

function whyPage(page: WhyPage): string {
  const { launch, patient, card, why, orders, at, version, others, checked, saved, style } = page
  const asks = checked.first.length > 0 || (checked.onset?.state === 'open' && checked.onset.matters)
  return frame(
    title,
    html`${launch.needPatientBanner && patient && banner(patient)}
${pagesOf(launch, 'why')}
<main class="checklist why-page">
<h1>${title}</h1>
${saved && savedNote(saved)}
<article class="advice advice-${card.indicator}"><h2><span class="indicator">${card.indicator}</span> ${card.summary}</h2>${markdown(card.detail)}
<p class="small">${orders.length > 0 && html`${orders.join(', ')}. `}Judged at ${at}, pathway ${version}.</p></article>
${nowOf(page)}
${
  asks &&
  html`<section aria-labelledby="ask"><h2 id="ask">Ask, because it would change this advice</h2>
${askForm({ launch, checked, from: 'why' })}</section>`
}
${why ? whyOf(why, page.rules) : html`<p class="note">The pathway has changed since, and no longer holds this rule.</p>`}
${
  !asks &&
  html`<section aria-labelledby="ask"><h2 id="ask">The checklist</h2>
${askForm({ launch, checked, from: 'why' })}</section>`
}
${
  others.length > 0 &&
  html`<section aria-labelledby="others"><h2 id="others">Other cards of this answer</h2>
<ul>${others.map((other) => html`<li><a href="${launch.path}why?card=${other.at}">${other.summary}</a></li>`)}</ul></section>`
}
</main>`,
    style,
  )
}

/** Said kindly, and the same for what is another patient's and for what never was. */
const goneWhyPage = (launch: Launch, style: string): string =>
  frame(
    title,
    html`${pagesOf(launch, 'why')}
<main class="checklist why-page"><h1>${title}</h1>
<p class="note">What this card rested on is not kept any more. It is kept for some hours, and only for the patient whose card it was.</p>
<p>The <a href="${launch.path}checklist">checklist</a> judges the chart as it is now, and the next card has a new link.</p></main>`,
    style,
  )

function nowOf({ now, answeredAt }: WhyPage): Html | undefined {
  if (now === undefined || answeredAt === undefined) return undefined
  const [first] = now
  return html`<section aria-labelledby="now" class="note"><h2 id="now">With the answers of ${answeredAt}</h2>
${
  first
    ? now.map(
        ({ indicator, summary, detail }) =>
          html`<p><b class="indicator">${indicator}</b> ${summary}</p>${markdown(detail)}`,
      )
    : html`<p>No card: the pathway says nothing about this order.</p>`
}
<p class="small">The EHR is told when it asks again.</p></section>`
}

function whyOf(why: Why, rules: string): Html {
  const { pain, painEvidence, dose, doseEvidence, found, notFound, answeredNo, answeredAt } = why
  return html`<section aria-labelledby="found"><h2 id="found">Found</h2>
<dl class="facts">
${pain && factOf({ fact: '', name: pain, evidence: painEvidence })}
${dose && factOf({ fact: '', name: dose, evidence: doseEvidence })}
${found.map(factOf)}
</dl>
${!pain && !dose && found.length === 0 && html`<p>Nothing on record speaks for or against.</p>`}
${why.denied.length > 0 && html`<p>Answered no, and on record all the same: ${why.denied.join(', ')}. What is on record counts.</p>`}
</section>
<section aria-labelledby="unchecked"><h2 id="unchecked">Could not be read or checked</h2>
${
  why.unchecked.length > 0 || why.missing.length > 0 || why.unread.length > 0
    ? html`${why.unread.length > 0 && html`<p>Entries that could not be read:</p><ul>${why.unread.map((each) => html`<li>${read(each)}</li>`)}</ul>`}
${why.unchecked.length > 0 && html`<p>Nobody can tell: ${why.unchecked.join(', ')}.</p>`}
${why.missing.length > 0 && html`<p>Data that did not come whole: ${why.missing.join(', ')}.</p>`}`
    : html`<p>All that this advice asks came, and was read.</p>`
}</section>
<section aria-labelledby="not-found"><h2 id="not-found">Looked for, and not found</h2>
${notFound.length > 0 ? list(notFound) : html`<p>This advice does not rest on the absence of anything.</p>`}
${answeredNo.length > 0 && html`<p>Answered no at ${answeredAt ?? ''}: ${answeredNo.join(', ')}.</p>`}</section>
<section aria-labelledby="wrong"><h2 id="wrong">This advice is wrong when</h2>${list(why.wrongWhen)}</section>
${
  why.also.length > 0 &&
  html`<section aria-labelledby="also"><h2 id="also">Also</h2>${list(why.also)}</section>`
}
<section aria-labelledby="sources"><h2 id="sources">How sure it is, and where it comes from</h2>
<p>${capital(why.strength)}.</p>
<ul>${why.sources.map(
    ({ label, url, status }) =>
      html`<li>${url ? html`<a href="${url}" target="_blank" rel="noreferrer">${label}</a>` : label}${readAs[status] && html` (${readAs[status]})`}</li>`,
  )}</ul>
${why.siteChoices.length > 0 && html`<p>Set by this site: ${why.siteChoices.join('; ')}.</p>`}
<p>The rule, with its numbers and examples: <a href="${rules}${why.code.toLowerCase()}" target="_blank">${why.code} ${why.title}</a></p></section>`
}

/** How far we have read a source ourselves. */
const readAs: Readonly<Record<string, string>> = {
  V: 'read',
  P: 'read in part',
  R: 'recalled, to be checked',
}

const list = (items: readonly string[]) =>
  html`<ul class="columns">${items.map((item) => html`<li>${item}</li>`)}</ul>`

const capital = (text: string) => text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase())

const factOf = ({ fact, name, evidence }: Told): Html =>
  html`<div><dt>${capital(name)}</dt><dd>${
    evidence.length > 0
      ? html`<ul>${evidence.map((each) => html`<li>${read(each)}</li>`)}</ul>`
      : fact === ''
        ? 'Nothing on record says it'
        : 'From the patient’s own data'
  }</dd></div>`

const ways: Readonly<Record<Evidence['how'], string>> = {
  code: 'by its code',
  alias: 'by its code, under another name of its system',
  local: 'by the site’s own list',
  name: 'matched by its name',
  words: 'read in words',
  element: 'as recorded',
  answer: 'answered by the clinician',
  'not-read': 'which could not be read',
}

function read({ what, date, how, reference, amount }: Evidence): string {
  const where =
    reference === 'order' || reference === 'draft'
      ? 'the order'
      : reference === 'checklist'
        ? ''
        : (reference.split('/')[0] ?? '')
  const said = how === 'words' ? `“${what}”` : what
  return [
    said,
    amount !== undefined && `${Math.round(amount * 10) / 10} a day`,
    date?.slice(0, 16),
    [ways[how] ?? how, where && `in ${spaced(where)}`].filter(Boolean).join(' '),
  ]
    .filter(Boolean)
    .join(', ')
}

/** `MedicationRequest` is a medication request. */
const spaced = (type: string) => type.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase()

interface WhySetup {
  content: Content
  evaluator: Pick<Evaluator, 'judgeKept' | 'why'>
  evaluations: EvaluationBook
  book: AnswerBook
  now: () => Date
  /** A moment as a card tells it: `10:32`, or with its day where that is another. */
  tellTime: (at: Date) => string
  /** Address of the app's style sheet as browsers see it. */
  style: () => string
  /** Address of the pathway's pages as browsers see it. */
  pathway: () => string
}

const whyPath = 'why'

export function whyPages(setup: WhySetup): readonly LaunchPage[] {
  const { evaluator, book, tellTime } = setup
  return [
    {
      method: 'GET',
      path: whyPath,
      handler: async (launch, request, reply) => {
        const found = await findKept(setup.evaluations, launch)
        const kept = found?.evaluation
        const wanted = (request.query as { card?: string }).card ?? found?.card
        const card = kept?.cards[Number(wanted)] ?? kept?.cards[0]
        reply.type('text/html; charset=utf-8')
        if (!kept || !card) {
          request.log.info({ outcome: 'why-not-kept', issuer: launch.ehr.iss })
          return reply.code(410).send(goneWhyPage(launch, setup.style()))
        }
        const given = await book.find(aboutOf(launch))
        const checked = await checkKept(setup, kept, given, setImmediate)
        const patient = launch.fhir.read<Patient>('Patient', launch.patient).catch(() => undefined)
        const facts = kept.cases[card.orders[0] ?? 0]?.facts ?? new Map()
        const isSame = checked.cards.some(({ summary }) => summary === card.summary)
        return reply.send(
          whyPage({
            launch,
            patient: await patient,
            card,
            why: evaluator.why(card, facts),
            orders: card.orders.flatMap((at) => kept.cases[at]?.name || []),
            at: tellTime(new Date(kept.at)),
            version: kept.version,
            others: kept.cards.flatMap(({ summary }, at) =>
              kept.cards[at] === card ? [] : [{ at, summary }],
            ),
            checked,
            answeredAt: given && tellTime(new Date(given.at)),
            now: isSame ? undefined : checked.cards,
            saved: outcomeIn(request.query),
            style: setup.style(),
            rules: `${setup.pathway()}/rules/`,
          }),
        )
      },
    },
  ]
}
