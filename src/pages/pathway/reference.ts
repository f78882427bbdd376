/** Offers, reasons to keep an order, open questions, what is not encoded, history, and sources. */
import type { Source } from '../../content/schema.ts'
import { anchors, capital } from '../../docs/markdown.ts'
import { type Html, html } from '../html.ts'
import { markdownLine } from '../markdown.ts'
import { list, sourceStatus, table } from './parts.ts'
import { linked, type View } from './view.ts'

export function offersSection(view: View): Html {
  const { suggestions, overrideReasons } = view.content
  const offers = Object.values(suggestions.suggestions).map((offer) => ({
    cells: [
      html`<strong>${offer.label}</strong>`,
      offer.actions.map(({ description }) => description).join('; '),
      html`${offer['only-when'] && linked(view.speech.sentence(offer['only-when']), view)} ${offer['safe-when'] && html`Safe: ${linked(view.speech.sentence(offer['safe-when']), view)}`} ${offer['needs-offer'] && 'When an offer or a line allows it.'} ${offer.check && `In doubt the card asks to check: ${offer.check}.`}`,
      offer['recommended-when'] && linked(view.speech.sentence(offer['recommended-when']), view),
    ],
  }))
  const reasons = Object.values(overrideReasons.reasons).map(
    ({ display, because, 'guideline-supported': supported }) => ({
      cells: [html`<strong>${display}</strong>`, supported ? 'yes' : 'no', because],
    }),
  )
  return html`<section aria-labelledby="offers">
<h2 id="offers">Offers and answers</h2>
<p>What a card offers with one click: at most three on a card, the best first, and each kind of care once in an answer.
What cannot be told to be safe is not offered: the card says what to check.</p>
${table('Offers', ['Offer', 'What a click does', 'Offered only', 'Recommended'], offers)}
${table('What a clinician may answer instead', ['Reason to keep the order', 'Supported by a guideline', 'Because'], reasons)}
</section>`
}

export function openSection({ content: { pathway } }: View): Html {
  const questions = pathway['open-questions'].map(({ question, chosen, 'raised-by': by }) => ({
    cells: [html`<strong>${question}</strong>`, chosen, capital(by.join(', '))],
  }))
  const missing = pathway['not-encoded'].map(({ code, what, because }) => ({ cells: [code, what, because] }))
  return html`<section aria-labelledby="open-questions">
<h2 id="open-questions">Open questions for the clinical owners</h2>
<p>Chosen so that the pathway can be run. Each stays open until a clinical owner signs it.</p>
${table('Open questions', ['Question', 'Chosen for now', 'Raised as'], questions)}
</section>
<section aria-labelledby="not-encoded">
<h2 id="not-encoded">What is not encoded</h2>
<p>Rows of the decision table, and ids of its text, that are no rule here. What a rule leaves out of its own row stands
with the rule.</p>
${table('Not encoded', ['Row', 'What', 'Because'], missing)}
</section>`
}

export function historySection({ content: { pathway } }: View): Html {
  return html`<section aria-labelledby="history">
<h2 id="history">History</h2>
${pathway.history.map(
  ({ version, on, impact }) => html`<h3>Version ${version}, ${on}</h3>
${list(impact.map(markdownLine))}`,
)}</section>`
}

export function sourcesSection({ content }: View): Html {
  const rows = Object.entries(content.sources).map(([id, source]) => ({
    id: anchors.source(id),
    cells: [
      html`<strong>${id}</strong>${source.key !== undefined && ` ${source.key}`}`,
      source.title,
      source.year,
      `${source.status}: ${sourceStatus[source.status]}`,
      addressOf(source),
    ],
  }))
  return html`<section aria-labelledby="sources">
<h2 id="sources">Sources</h2>
<dl>
<div><dt>V</dt><dd>Read: the text itself, or a faithful excerpt of it.</dd></div>
<div><dt>P</dt><dd>Partly read: only a part of it could be read.</dd></div>
<div><dt>R</dt><dd>Recalled and not re-read: to be checked before a clinician signs.</dd></div>
</dl>
${table('Sources', ['Id', 'Source', 'Year', 'Status', 'Address'], rows)}
</section>`
}

const addressOf = ({ url, 'url-recalled': recalled }: Source) =>
  url !== undefined &&
  html`<a class="address" href="${url}" rel="noreferrer">${url}</a>${recalled && ' (recalled, not opened)'}`
