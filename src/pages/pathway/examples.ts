/** Vignettes under their rule: the case, and what was really shown. */

import { anchors, capital, quoted } from '../../docs/markdown.ts'
import type { Example } from '../../pathway/examples.ts'
import { type Html, html, joined } from '../html.ts'
import { countWords } from './paging.ts'
import type { Skin } from './skin.ts'

const sides: Readonly<Record<Example['side'], string>> = {
  fires: 'the rule holds',
  silent: 'the rule does not hold',
  'cannot-tell': 'cannot be told',
}

export function exampleList(examples: readonly Example[], skin: Skin): Html {
  return html`<ul class="examples">${examples.map((example) => html`${exampleOf(example, skin)}\n`)}</ul>`
}

export const wordsIn = (example: Example): number =>
  countWords(exampleOf(example, bare).text.replaceAll(/<[^<>]*>/g, ' '))

const bare: Pick<Skin, 'link'> = { link: (_, text) => html`${text}` }

function exampleOf(example: Example, skin: Pick<Skin, 'link'>): Html {
  const { name, title, side, note, patient, chart, orders, circumstances } = example
  return html`<li class="example">
<p class="example-title"><strong>${title}</strong> <span class="muted">${name}, ${sides[side]}</span></p>
<p>${[patient, ...chart, ...orders, ...circumstances].join(' ')}${note !== undefined && html` <em>${note}</em>`}</p>
<p class="outcome">→ ${outcome(example, skin)}</p></li>`
}

function outcome({ cards, silence }: Example, skin: Pick<Skin, 'link'>): Html {
  const rule = (code: string) => skin.link(anchors.rule(code), code)
  if (cards.length === 0) return html`Nothing is shown. ${silence.join(' ')}`
  return joined(
    cards.map(({ rule: code, indicator, summary, lines }) => {
      const riding = joined(lines.map(rule), ', ')
      return html`${rule(code)}, ${capital(indicator)}: ${quoted(summary)}${
        lines.length > 0 && html` <span class="muted">with lines of ${riding}</span>`
      }`
    }),
    '; ',
  )
}
