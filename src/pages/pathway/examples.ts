/** Vignettes under their rule: the case, and what was really shown. */
import type { Example } from '../../content/examples.ts'
import { capital } from '../../docs/markdown.ts'
import { type Html, html, joined } from '../html.ts'
import { ruleLink, type View } from './view.ts'

const sides: Readonly<Record<Example['side'], string>> = {
  fires: 'the rule holds',
  silent: 'the rule does not hold',
  'cannot-tell': 'cannot be told',
}

export function exampleList(examples: readonly Example[], view: View): Html {
  return html`<ul class="examples">${examples.map((example) => html`${exampleOf(example, view)}\n`)}</ul>`
}

function exampleOf(example: Example, view: View): Html {
  const { name, title, side, note, patient, chart, orders, circumstances } = example
  return html`<li class="example">
<p class="example-title"><strong>${title}</strong> <span class="muted">${name}, ${sides[side]}</span></p>
<p>${[patient, ...chart, ...orders, ...circumstances].join(' ')}${note !== undefined && html` <em>${note}</em>`}</p>
<p class="outcome">→ ${outcome(example, view)}</p></li>`
}

function outcome({ cards, silence }: Example, view: View): Html {
  if (cards.length === 0) return html`Nothing is shown. ${silence.join(' ')}`
  return joined(
    cards.map(({ rule, indicator, summary, lines }) => {
      const riding = joined(
        lines.map((code) => ruleLink({ code }, view)),
        ', ',
      )
      return html`${ruleLink({ code: rule }, view)}, ${capital(indicator)}: “${summary}”${
        lines.length > 0 && html` <span class="muted">with lines of ${riding}</span>`
      }`
    }),
    '; ',
  )
}
