/** Cards where an EHR shows them: beside the orders, and between clinician and signature. */
import type { Hook } from '../../../src/hooks/services.ts'
import { type Html, html } from '../../../src/pages/html.ts'
import { markdown } from '../../../src/pages/markdown.ts'
import type { Card, Link, Suggestion } from '../answer.ts'
import type { Desk, ShownCard } from '../desk.ts'
import { isOpenCard } from '../desk.ts'
import { isApplicable } from '../drafts.ts'
import { signClass } from './composer.ts'
import { address, capital, doing, type View } from './view.ts'

const moments: Readonly<Record<Hook, string>> = {
  'order-sign': 'Before you sign',
  'order-select': 'About this order',
  'patient-view': 'When the chart was opened',
}

export function advice(view: View, desk: Desk): Html {
  const groups = (['order-sign', 'order-select', 'patient-view'] as const).flatMap((hook) => {
    const cards = desk.cards.filter((shown) => shown.hook === hook)
    return cards.length > 0 ? [group(hook, cards, view, desk)] : []
  })
  return html`<aside class="advice" id="advice" aria-labelledby="advice-title">
<h2 id="advice-title" tabindex="-1">Decision support</h2>
${desk.isReviewing && signing(view, desk)}
${groups.length > 0 ? groups : html`<p class="nothing">No card. ${silence(desk)}</p>`}
</aside>`
}

function silence({ exchanges }: Desk): string {
  const [latest] = exchanges
  if (!latest) return ''
  if (latest.problems.length > 0) return latest.problems.join(' ')
  const why = latest.found?.reviewed.find(({ shown }) => !shown)?.why
  if (why) return heldBack[why] ?? 'The site has this on trial: it is recorded, and not shown.'
  return `The service answered ${latest.hook} in ${latest.ms.call.toFixed(0)} ms and has nothing to add.`
}

/** Why the service kept a card back, as its ledger says it. */
const heldBack: Readonly<Record<string, string>> = {
  'told-lately': 'The service has told this of the chart lately. Start over to be told again.',
  'overridden-order': 'Its card was put away for this order. Start over to be told again.',
  'overridden-lately': 'Its card was put away for this patient lately. Start over to be told again.',
  cap: 'This clinician was shown as many warnings today as the site allows.',
}

function signing({ patientId = '' }: View, desk: Desk): Html {
  const { drafts } = desk
  const count = drafts.length === 1 ? 'the order' : `${drafts.length} orders`
  return html`<div class="review" id="review"><p><strong>Not signed yet.</strong> Take up a suggestion, or go on.</p>
<div class="buttons"><form method="post" action="${doing('sign', patientId)}"><button${signClass(desk)} id="sign">Sign ${count}</button></form>
<form method="post" action="${doing('back', patientId)}"><button>Back to the orders</button></form></div></div>`
}

function group(hook: Hook, cards: readonly ShownCard[], view: View, desk: Desk): Html {
  return html`<section class="cards" aria-labelledby="cards-${hook}"><h3 id="cards-${hook}">${moments[hook]}</h3>${cards.map((shown) => cardPart(shown, view, desk))}</section>`
}

function cardPart(shown: ShownCard, view: View, desk: Desk): Html {
  const { id, card, overridden } = shown
  const title = `card-${id}-title`
  if (!isOpenCard(shown)) {
    const why = overridden?.reason?.display ?? overridden?.comment
    return html`<article class="card card-away" aria-labelledby="${title}"><h4 id="${title}">${card.summary}</h4><p class="away">Put away${why && html`: ${why}`}</p></article>`
  }
  const { indicator, summary, detail } = card
  const { lead, rest } = parted(detail)
  return html`<article class="card card-${indicator}" aria-labelledby="${title}">
<p class="card-top"><span class="indicator">${capital(indicator)}</span><span class="card-source">${sourceOf(card)}</span></p>
<h4 id="${title}">${summary}</h4>
${lead !== '' && html`<div class="prose card-lead">${markdown(lead)}</div>`}
${suggestionsOf(shown, view, desk)}
${linksOf(shown, view)}
${rest !== '' && html`<details class="card-detail" id="detail-${id}"><summary>Details</summary><div class="prose">${markdown(rest)}</div></details>`}
${overriding(shown, view)}
</article>`
}

/** What was found stands open, above what to do; the rest is there for whoever asks. */
function parted(detail = ''): { lead: string; rest: string } {
  const end = detail.indexOf('\n\n')
  return end < 0 ? { lead: detail, rest: '' } : { lead: detail.slice(0, end), rest: detail.slice(end).trim() }
}

function sourceOf({ source: { label, url } }: Card): Html {
  return url ? html`<a href="${url}" target="_blank" rel="noopener noreferrer">${label}</a>` : html`${label}`
}

function suggestionsOf(shown: ShownCard, view: View, desk: Desk): Html | undefined {
  const { card, id } = shown
  const { suggestions = [], selectionBehavior } = card
  if (suggestions.length === 0) return undefined
  const isEpic = view.session.settings.profile === 'epic'
  const rows = suggestions.map((suggestion, at) => ({ suggestion, at, state: stateOf(shown, at, desk) }))
  const isOne = selectionBehavior === 'at-most-one'
  const body = isEpic ? rows.map((row) => ticked(row, id)) : rows.map(pressed)
  const isAnyReady = rows.some(({ state }) => state === 'ready')
  return html`<form method="post" action="${doing('accept', desk.patientId)}" class="suggestions">
<input type="hidden" name="card" value="${id}">
<ul aria-label="Suggestions${isOne && ', of which one can be taken'}">${body}</ul>
${isEpic && isAnyReady && html`<p class="buttons"><button class="primary">Accept what is ticked</button></p>`}
</form>`
}

type State = 'ready' | 'taken' | 'gone'

interface Row {
  suggestion: Suggestion
  at: number
  state: State
}

function stateOf({ card, accepted }: ShownCard, at: number, { drafts, patientId }: Desk): State {
  if (accepted.includes(at)) return 'taken'
  if (card.selectionBehavior === 'at-most-one' && accepted.length > 0) return 'gone'
  return isApplicable(drafts, card.suggestions?.[at]?.actions ?? [], patientId) ? 'ready' : 'gone'
}

const states: Readonly<Record<State, string>> = { ready: '', taken: 'Done', gone: 'No longer possible' }

function pressed({ suggestion: { label, isRecommended, actions = [] }, at, state }: Row): Html {
  const does = actions.map(({ description, type }) => description ?? type).join('; ')
  const isSaid = does !== '' && does !== label
  if (state !== 'ready')
    return html`<li class="suggestion suggestion-${state}"><span>${label}</span> <small>${states[state]}</small></li>`
  return html`<li class="suggestion"><button name="suggestion" value="${at}"${isRecommended && html` class="primary"`}>${label}</button>${isRecommended && html` <small class="recommended">Recommended</small>`}${isSaid && html`<small class="does">${does}</small>`}</li>`
}

/** Epic shows no labels: the descriptions of the actions, to be ticked, the recommended ones already so. */
function ticked({ suggestion, at, state }: Row, card: string): Html {
  const words = suggestion.actions?.map(({ description }) => description).join('; ') || suggestion.label
  if (state !== 'ready')
    return html`<li class="suggestion suggestion-${state}"><span>${words}</span> <small>${states[state]}</small></li>`
  const id = `tick-${card}-${at}`
  return html`<li class="suggestion tick"><input type="checkbox" id="${id}" name="suggestion" value="${at}"${suggestion.isRecommended && html` checked`}><label for="${id}">${words}</label></li>`
}

function linksOf({ card, exchange, id }: ShownCard, { patientId = '' }: View): Html | undefined {
  const { links = [] } = card
  if (links.length === 0) return undefined
  const target = (link: Link, at: number) =>
    link.type === 'absolute'
      ? link.url
      : `${address}/launch?patient=${encodeURIComponent(patientId)}&exchange=${exchange}&card=${encodeURIComponent(id)}&link=${at}`
  return html`<ul class="links" aria-label="Links">${links.map(
    (link, at) =>
      html`<li><a href="${target(link, at)}" target="_blank" rel="noopener${link.type === 'absolute' && ' noreferrer'}"${link.type === 'smart' && html` class="smart"`}>${link.label}</a></li>`,
  )}</ul>`
}

function overriding({ id, card }: ShownCard, { patientId = '' }: View): Html {
  const { overrideReasons = [] } = card
  const [first] = overrideReasons
  return html`<details class="override" id="override-${id}"><summary>Put this card away</summary>
<form method="post" action="${doing('override', patientId)}">
<input type="hidden" name="card" value="${id}">
${
  first &&
  html`<fieldset><legend>Why?</legend>${overrideReasons.map(
    ({ code, display }, at) =>
      html`<p class="choice"><input type="radio" id="why-${id}-${at}" name="reason" value="${code}"><label for="why-${id}-${at}">${display ?? code}</label></p>`,
  )}</fieldset>`
}
<p class="field"><label for="comment-${id}">Comment</label><textarea id="comment-${id}" name="comment" rows="2" maxlength="500"></textarea></p>
<p class="buttons"><button>Put away</button></p>
</form></details>`
}
