/** Ordering: search, the form of a draft with what belongs to it, the list of drafts, and signing. */
import { type Html, html } from '../../../src/pages/html.ts'
import type { CatalogEntry } from '../catalog.ts'
import type { Chart } from '../chart.ts'
import { dayOf } from '../chart.ts'
import { type Desk, isOpenCard } from '../desk.ts'
import {
  type Details,
  type Draft,
  detailsOf,
  nameOf,
  priorities,
  textOf,
  timings,
  unitOf,
} from '../drafts.ts'
import { address, capital, doing, panel, type View } from './view.ts'

export function composer(view: View, { drafts }: Desk): Html {
  const { patientId = '', search } = view
  return panel(
    'composer',
    'New order',
    html`<form class="search" role="search" method="get" action="${address}" data-search="${address}/orders" data-results="results">
<input type="hidden" name="patient" value="${patientId}">
<label for="order-search">Search imaging and medicines</label>
<div class="search-line"><input type="search" id="order-search" name="q" value="${search.words}" autocomplete="off" placeholder="for example: lumbar mri, oxycodone 10 mg" aria-describedby="search-help"><button>Search</button></div>
<p class="unseen" id="search-help">Results follow below. Down arrow goes to the first.</p>
</form>
<form method="post" action="${doing('order', patientId)}" id="results" class="results">${results(search, drafts.length > 0)}</form>`,
  )
}

/** Also what is fetched while somebody types. The usual orders are folded where one is drafted already. */
export function results(
  { words, found }: { words: string; found: readonly CatalogEntry[] },
  isDrafted = false,
): Html {
  if (found.length === 0)
    return html`<p class="nothing" data-say="Nothing found">Nothing is called “${words}”. Try “lumbar”, “mri” or “tramadol”.</p>`
  const isSearched = words.trim() !== ''
  const kinds = [...new Set(found.map(({ kind }) => kind))]
  const lists = kinds.map(
    (kind) =>
      html`<ul aria-label="${kind}">${found.filter((entry) => entry.kind === kind).map(resultButton)}</ul>`,
  )
  if (!isSearched)
    return html`<details${!isDrafted && html` open`}><summary class="results-title">Usual orders</summary>${lists}</details>`
  const title = `${found.length} found`
  return html`<p class="results-title" data-say="${title}">${title}</p>
${lists}`
}

const resultButton = ({ key, name }: CatalogEntry) =>
  html`<li><button name="order" value="${key}">${name}</button></li>`

export function draftList(view: View, chart: Chart, desk: Desk): Html {
  const { drafts, signed } = desk
  return panel(
    'drafts',
    drafts.length > 0 ? `Draft orders (${drafts.length})` : 'Draft orders',
    drafts.length > 0
      ? html`<ul class="drafts">${drafts.map((draft) => draftItem(draft, chart, desk))}</ul>${!desk.isReviewing && signForm(view, desk)}`
      : html`<p class="nothing">Nothing is drafted. Pick an order below.</p>`,
    signed.length > 0 &&
      html`<h3>Signed here</h3><ul class="signed">${signed.map(({ name, reference }) => html`<li><span>${name}</span> <code>${reference}</code></li>`)}</ul>`,
  )
}

/** The colour is for what is recommended; signing has it where no card recommends anything. */
export const signClass = ({ cards }: Desk) =>
  !cards.some((shown) => isOpenCard(shown) && shown.card.suggestions?.some((each) => each.isRecommended)) &&
  html` class="primary"`

function signForm({ patientId = '' }: View, desk: Desk): Html {
  const count = desk.drafts.length
  return html`<form method="post" action="${doing('review', patientId)}" class="sign"><button${signClass(desk)} id="sign">Sign ${count === 1 ? 'the order' : `${count} orders`}</button></form>`
}

function draftItem(draft: Draft, chart: Chart, { patientId, open }: Desk): Html {
  const details = detailsOf(draft)
  const id = `draft-${draft.id}`
  const isMedicine = draft.resourceType === 'MedicationRequest'
  return html`<li class="draft"><details id="${id}"${draft.id === open && html` open`}>
<summary><span class="draft-name">${nameOf(draft)}</span> <span class="draft-line">${lineOf(draft, details)}</span></summary>
<form method="post" action="${doing('change', patientId)}" class="fields">
<input type="hidden" name="draft" value="${draft.id}">
${reasonFields(id, details, chart)}
${isMedicine ? doseFields(id, details, unitOf(draft).unit) : priorityField(id, details)}
<p class="buttons"><button>Update the draft</button></p>
</form>
</details>
<form method="post" action="${doing('remove', patientId)}" class="remove"><input type="hidden" name="draft" value="${draft.id}"><button class="quiet-button">Remove<span class="unseen"> ${nameOf(draft)}</span></button></form>
</li>`
}

function lineOf(draft: Draft, { priority, supply, quantity, reasonText }: Details): string {
  const isMedicine = draft.resourceType === 'MedicationRequest'
  const sig = isMedicine ? draft.dosageInstruction?.[0]?.text : undefined
  const parts = [
    draft.intent === 'proposal' ? 'suggested' : '',
    priority,
    sig,
    quantity === undefined ? '' : `quantity ${quantity}`,
    supply === undefined ? '' : `${supply} days`,
    reasonText,
  ]
  return parts.filter(Boolean).join(' · ')
}

const option = (value: string, words: string, isChosen: boolean) =>
  html`<option value="${value}"${isChosen && html` selected`}>${words}</option>`

function reasonFields(id: string, { reason, reasonText }: Details, { conditions }: Chart): Html {
  const known = conditions.map((condition) => ({
    value: `Condition/${condition.id}`,
    words: [textOf(condition.code) ?? 'Problem', dayOf(condition.onsetDateTime)].filter(Boolean).join(', '),
  }))
  const other = reason !== undefined && !known.some(({ value }) => value === reason)
  return html`<p class="field"><label for="${id}-reason">Reason</label><select id="${id}-reason" name="reason">${option('', 'From the visit', reason === undefined)}${known.map(({ value, words }) => option(value, words, value === reason))}${other && option(reason, reason, true)}</select></p>
<p class="field"><label for="${id}-text">Reason in words</label><input type="text" id="${id}-text" name="reasonText" value="${reasonText ?? ''}" maxlength="300" autocomplete="off"></p>`
}

function priorityField(id: string, { priority }: Details): Html {
  return html`<p class="field"><label for="${id}-priority">Priority</label><select id="${id}-priority" name="priority">${priorities.map((each) => option(each, capital(each), each === (priority ?? 'routine')))}</select></p>`
}

function doseFields(id: string, details: Details, unit: string): Html {
  const { dose, timing, asNeeded, supply, quantity, refills } = details
  const number = (name: string, words: string, value: number | undefined, step = '1') =>
    html`<p class="field narrow-field"><label for="${id}-${name}">${words}</label><input type="number" id="${id}-${name}" name="${name}" value="${value ?? ''}" min="0" max="1000" step="${step}"></p>`
  return html`${number('dose', `Dose (${unit === 'TAB' ? 'tablets' : unit})`, dose, 'any')}
<p class="field"><label for="${id}-timing">How often</label><select id="${id}-timing" name="timing">${option('', 'Not said', timing === undefined)}${timings.map(({ words }) => option(words, words, words === timing))}</select></p>
<p class="field check"><input type="checkbox" id="${id}-needed" name="asNeeded" value="yes"${asNeeded && html` checked`}><label for="${id}-needed">As needed</label></p>
${number('supply', 'Supply (days)', supply)}
${number('quantity', 'Quantity', quantity)}
${number('refills', 'Refills', refills)}`
}
