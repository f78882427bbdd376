/** A card as an EHR would show it, really made for an example; its buttons are drawn and do nothing. */

import { capital } from '../../docs/markdown.ts'
import type { CardFace, Example, ExampleCard } from '../../pathway/examples.ts'
import { type Html, html } from '../html.ts'
import { markdown } from '../markdown.ts'
import { list } from './skin.ts'

type Faced = ExampleCard & { face: CardFace }

const faced = (card: ExampleCard): card is Faced => card.face !== undefined

/** The first example that shows a card of this rule. */
export function previewOf(code: string, examples: readonly Example[]): Html | undefined {
  for (const example of examples) {
    const card = example.cards.filter(faced).find(({ rule }) => rule === code)
    if (card) return preview(card, example)
  }
  return undefined
}

function preview({ indicator, summary, face }: Faced, { name, patient, orders }: Example): Html {
  return html`<figure class="ehr ehr-${indicator}">
<figcaption>Made for example ${name}: ${patient} ${orders.join(' ')} A picture of the card: nothing in it can be pressed.</figcaption>
<div class="ehr-card">
<p class="ehr-summary"><span class="ehr-indicator">${capital(indicator)}</span> ${summary}</p>
<div class="ehr-detail">${markdown(face.detail.join('\n'))}</div>
${offers(face)}
${reasons(face)}
<p class="ehr-source">Source: ${linkOf(face.source)}</p>
${face.links.length > 0 && html`<p class="ehr-source">More: ${face.links.map((link, at) => html`${at > 0 && ' · '}${linkOf(link)}`)}</p>`}
</div>
</figure>`
}

function offers({ suggestions }: CardFace): Html | undefined {
  if (suggestions.length === 0) return undefined
  return html`<ul class="ehr-offers">${suggestions.map(
    ({ label, recommended, actions }) =>
      html`<li><span class="ehr-button">${label}</span>${recommended && html` <strong class="ehr-recommended">recommended</strong>`}<small>${actions.join('; ')}</small></li>`,
  )}</ul>`
}

function reasons({ 'override-reasons': given }: CardFace): Html | undefined {
  if (given.length === 0) return undefined
  return html`<div class="ehr-reasons"><p>Keep the order because …</p>${list(given)}</div>`
}

const linkOf = ({ label, url }: CardFace['source']) =>
  url ? html`<a href="${url}" rel="noreferrer">${label}</a>` : html`${label}`
