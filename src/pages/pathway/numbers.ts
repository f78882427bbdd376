/** The clinical numbers: those behind one rule, and the table of all. */
import type { ChosenParameter } from '../../content/content.ts'
import type { Rule } from '../../content/schema.ts'
import { anchors } from '../../docs/markdown.ts'
import { numbersBehind } from '../../docs/numbers-behind.ts'
import { withUnit } from '../../docs/sentence.ts'
import { type Html, html, joined } from '../html.ts'
import { citation, list, table } from './parts.ts'
import { here, type View } from './view.ts'

export function numbersOf(rule: Rule, view: View): Html | undefined {
  const { parameters } = view.content
  const items = numbersBehind(rule, view.content).flatMap((name) => {
    const parameter = parameters[name]
    if (!parameter) return []
    const value = here(anchors.parameter(name), html`<strong>${withUnit(parameter)}</strong>`, view)
    return [
      html`${value}: ${parameter.meaning}. ${ownChoice(parameter)}<span class="behind">Stated by ${parameter['stated-by']}: ${joined(
        parameter.cites.map((id) => citation(id, view)),
        '; ',
      )}.</span>`,
    ]
  })
  return items.length > 0 ? list(items) : undefined
}

const ownChoice = ({ usually }: ChosenParameter) =>
  usually !== undefined && html`<em class="own">Set by this site; usually ${usually}.</em> `

export function numbersSection(view: View): Html {
  const rows = Object.entries(view.content.parameters).map(([name, parameter]) => ({
    id: anchors.parameter(name),
    cells: [
      html`<strong>${withUnit(parameter)}</strong>${
        parameter.usually !== undefined &&
        html` <em class="own">set by this site, usually ${withUnit({ ...parameter, value: parameter.usually })}</em>`
      }`,
      html`${parameter.meaning} <code>${name}</code>`,
      parameter['stated-by'],
      joined(
        parameter.cites.map((id) => here(anchors.source(id), id, view)),
        ', ',
      ),
      parameter.bounds ? `${parameter.bounds['at-least']} to ${parameter.bounds['at-most']}` : 'fixed',
    ],
  }))
  return html`<section aria-labelledby="numbers">
<h2 id="numbers">Numbers</h2>
<p>Every clinical number, once; rules and questions name it. A number with a range may be set by a site within it and not
beyond; the others are fixed.</p>
${table('Clinical numbers with their sources', ['Value', 'Meaning', 'Stated by', 'Sources', 'Range for a site'], rows)}
</section>`
}
