/** The checklist as a page: what could not be answered first, what an answer changes beside it, the advice below. */
import type { Patient } from 'fhir/r4.js'
import type { Checked, Group, Question, Shown, State } from '../../checklist/questions.ts'
import type { Evidence } from '../../content/known.ts'
import { type Html, html } from '../../pages/html.ts'
import { markdown } from '../../pages/markdown.ts'
import { banner } from '../banner.ts'
import type { Launch } from '../launch.ts'
import { frame } from '../page.ts'
import { fieldOf, noneField } from './form.ts'
import type { Outcome } from './recording.ts'

export interface ChecklistPage {
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

export function checklistPage(page: ChecklistPage): string {
  const { title, launch, patient, checked, asIf, answeredAt, saved, style } = page
  const open = checked.groups.flatMap(({ questions }) => questions.filter(({ state }) => state === 'open'))
  return frame(
    title,
    html`${launch.needPatientBanner && patient && banner(patient)}
<nav class="pages" aria-label="Pages of this app"><a href="${launch.path}?page=handout">Handout</a> <a href="${launch.path}checklist" aria-current="page">Red-flag checklist</a></nav>
<main class="checklist">
<h1>${title}</h1>
${saved && savedNote(saved)}
<p>${count(open.length)} Answer what you know. What you leave alone stays as it is.</p>
<form method="post" action="${launch.path}checklist">
<input type="hidden" name="form-token" value="${launch.formToken}">
${checked.groups.map((group, at) => groupOf(group, at))}
<p class="send"><button type="submit">Judge again with these answers</button></p>
</form>
<section aria-labelledby="advice">
<h2 id="advice">Advice ${answeredAt === undefined ? 'as it stands' : `with the answers of ${answeredAt}`}</h2>
<p>As if ${asIf} were ordered for low back pain now. The EHR is told when it asks again.</p>
${checked.cards.length > 0 ? checked.cards.map(cardOf) : html`<p class="advice">No card: the pathway says nothing about this order.</p>`}
</section>
</main>`,
    style,
  )
}

const count = (open: number) =>
  open === 0
    ? 'What is asked here was looked for in the chart, and found or not found.'
    : html`<strong>${open === 1 ? 'One question' : `${open} questions`}</strong> could not be answered from the chart.`

const saidOf: Readonly<Record<Outcome, string>> = {
  questionnaire: 'The answers count from now on, and are in the chart as a questionnaire.',
  observation: 'The answers count from now on, and are in the chart as an observation.',
  'not-possible':
    'The answers count from now on. They are not in the chart: this EHR does not let the app write there.',
  refused:
    'The answers count from now on. They are not in the chart: the EHR refused to store them. Note them yourself.',
}

const savedNote = (outcome: Outcome): Html => html`<p class="note" role="status">${saidOf[outcome]}</p>`

/** Questions that the chart answers are folded away, so that a minute is enough for the rest. */
function groupOf({ title, questions }: Group, at: number): Html {
  const open = questions.filter(({ state, reply }) => state === 'open' || reply !== undefined)
  const rest = questions.filter((question) => !open.includes(question))
  const none = noneField(at)
  return html`<fieldset class="group">
<legend>${title}</legend>
${open.map(questionOf)}
${rest.length > 0 && html`<details><summary>${looked(rest)}</summary>${rest.map(questionOf)}</details>`}
${
  open.length > 1 &&
  html`<p class="none-of"><label><input type="checkbox" name="${none}" value="yes"> No to all others in this group that the chart does not hold</label></p>`
}
</fieldset>`
}

/** Not found is no answer of the patient's: whoever asked may say so. */
function looked(questions: readonly Question[]): string {
  const found = questions.filter(({ state }) => state === 'on-record').length
  const not = questions.length - found
  return [not > 0 && `Not found in the chart: ${not}`, found > 0 && `In the chart: ${found}`]
    .filter(Boolean)
    .join(' · ')
}

const states: Readonly<Record<State, string>> = {
  open: 'The chart cannot tell',
  'not-found': 'Not found in the chart',
  'on-record': 'In the chart',
}

function questionOf({ fact, asks, state, evidence, reply, ifYes, ifNo }: Question): Html {
  const name = fieldOf(fact)
  const choice = (value: string, label: string, chosen: boolean) =>
    html`<label><input type="radio" name="${name}" value="${value}"${chosen && html` checked`}> ${label}</label>`
  return html`<fieldset class="question question-${state}">
<legend>${asks}</legend>
<p class="state">${states[state]}${evidence.length > 0 && html`: ${evidence.map(told).join('; ')}`}</p>
<p class="choices-row">${choice('yes', 'Yes', reply === 'yes')}${choice('no', 'No', reply === 'no')}${choice('', 'Not asked', reply === undefined)}</p>
${effect('If yes', ifYes)}${effect('If no', ifNo)}
</fieldset>`
}

const told = ({ what, date }: Evidence) => [what, date?.slice(0, 10)].filter(Boolean).join(', ')

function effect(when: string, cards: readonly Shown[] | undefined): Html | undefined {
  if (cards === undefined) return undefined
  const [first] = cards
  return html`<p class="effect effect-${first?.indicator ?? 'none'}"><b>${when}:</b> ${first ? `${first.indicator}: ${first.summary}` : 'no card'}</p>`
}

const cardOf = ({ summary, detail, indicator }: Shown): Html =>
  html`<article class="advice advice-${indicator}"><h3><span class="indicator">${indicator}</span> ${summary}</h3>${markdown(detail)}</article>`
