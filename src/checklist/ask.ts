/** The questions as a form: when the pain began, at most six first, one click for none of these, the rest folded away. */

import { type Html, html } from '../pages/html.ts'
import type { Evidence } from '../pathway/known.ts'
import type { Launch } from '../smart/launch.ts'
import type { Replies, Reply } from './book.ts'
import type { Checked, Group, Onset, Question, Shown, State } from './questions.ts'
import type { Outcome } from './recording.ts'

// The form of the checklist as it comes back: a reply for each question that was answered.

const fieldOf = (fact: string) => `reply-${fact}`
/** Ticked: whatever else of this group has no reply is a no. */
export const noneField = (group: number) => `none-${group + 1}`
/** The button by which whatever of the first questions has no reply is a no. */
export const noneOfThese = 'none-of-these'
/** The facts of the first questions, as they were shown. */
export const firstField = 'first'

type Asked = Pick<Checked, 'onset' | 'first' | 'groups'>

export const questionsIn = ({ first, groups }: Pick<Checked, 'first' | 'groups'>): Question[] => [
  ...first,
  ...groups.flatMap(({ questions }) => questions),
]

/** Only questions that were shown count. What is on record is never answered by "none of the others". */
export function repliesIn(body: unknown, checked: Asked): Replies {
  const fields = (body ?? {}) as Readonly<Record<string, unknown>>
  const first = new Set(String(fields[firstField] ?? '').split(' '))
  const isNone = fields[noneOfThese] === 'yes'
  const groups = new Set(
    checked.groups.flatMap(({ at, questions }) =>
      fields[noneField(at)] === 'yes' ? questions.map(({ fact }) => fact) : [],
    ),
  )
  // The first questions stand above their group, whose box is not about them.
  const isNo = (fact: string) => (first.has(fact) ? isNone : groups.has(fact))
  const replies: Record<string, Reply> = {}
  for (const { fact, state } of questionsIn(checked)) {
    const reply = fields[fieldOf(fact)]
    if (reply === 'yes' || reply === 'no') replies[fact] = reply
    else if (isNo(fact) && state !== 'on-record') replies[fact] = 'no'
  }
  const { onset } = checked
  const began = onset && fields[fieldOf(onset.fact)]
  if (onset?.choices.some(({ id }) => id === began)) replies[onset.fact] = String(began)
  return replies
}

interface Asking {
  launch: Launch
  checked: Checked
  /** Page to come back to. */
  from: 'why' | 'checklist'
}

export function askForm({ launch, checked, from }: Asking): Html {
  const { onset, first, groups } = checked
  const asksOnset = onset !== undefined && onset.state === 'open' && onset.matters
  const rest = groups.reduce((count, { questions }) => count + questions.length, 0)
  const unanswered = first.filter(({ reply }) => reply === undefined)
  return html`<form method="post" action="${launch.path}checklist" class="ask">
<input type="hidden" name="form-token" value="${launch.formToken}">
<input type="hidden" name="from" value="${from}">
<input type="hidden" name="${firstField}" value="${first.map(({ fact }) => fact).join(' ')}">
${onset && asksOnset && onsetOf(onset)}
${first.map(questionOf)}
<p class="send">${
    unanswered.length > 1 &&
    html`<button type="submit" name="${noneOfThese}" value="yes">None of these</button> `
  }<button type="submit" class="${unanswered.length > 1 ? 'quiet' : 'loud'}">Judge again with these answers</button></p>
${
  rest > 0 &&
  html`<details class="rest"><summary>All other questions: ${rest}</summary>
${onset && !asksOnset && onsetOf(onset)}
${groups.map(groupOf)}
<p class="send"><button type="submit">Judge again with these answers</button></p>
</details>`
}
</form>`
}

/** How much of the checklist the chart could not tell. */
export function openCount(checked: Checked): Html | string {
  const open = questionsIn(checked).filter(({ state }) => state === 'open').length
  if (open === 0) return 'The chart was searched for all that is asked here.'
  return html`<strong>${open === 1 ? 'One question' : `${open} questions`}</strong> could not be answered from the chart.`
}

const saidOf: Readonly<Record<Outcome, string>> = {
  questionnaire: 'The answers count from now on, and are in the chart as a questionnaire.',
  observation: 'The answers count from now on, and are in the chart as an observation.',
  'not-possible':
    'The answers count from now on. They are not in the chart: this EHR does not let the app write there.',
  refused:
    'The answers count from now on. They are not in the chart: the EHR refused to store them. Note them yourself.',
}

export const savedNote = (outcome: Outcome): Html =>
  html`<p class="note" role="status">${saidOf[outcome]}</p>`

function onsetOf({ fact, asks, evidence, reply, choices }: Onset): Html {
  const name = fieldOf(fact)
  const choice = (value: string, label: string) =>
    html`<label><input type="radio" name="${name}" value="${value}"${(reply ?? '') === value && html` checked`}> ${label}</label>`
  return html`<fieldset class="question question-open">
<legend>${asks}</legend>
<p class="state">${evidence.length > 0 ? html`In the chart: ${evidence.map(told).join('; ')}` : 'Not recorded'}</p>
<p class="choices-row">${choices.map(({ id, label }) => choice(id, label))}${choice('', 'Not asked')}</p>
</fieldset>`
}

function groupOf({ at, title, questions }: Group): Html {
  return html`<fieldset class="group">
<legend>${title}</legend>
${questions.map(questionOf)}
${
  questions.length > 1 &&
  html`<p class="none-of"><label><input type="checkbox" name="${noneField(at)}" value="yes"> No to all others in this group that the chart does not hold</label></p>`
}
</fieldset>`
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
