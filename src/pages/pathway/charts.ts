/** A flow chart, drawn for wide screens, narrow screens and paper, and told once as a list. */
import type { Flow, Outcome, Step } from '../../docs/flow.ts'
import { end } from '../../docs/flow.ts'
import { quoted } from '../../docs/markdown.ts'
import { type Html, html, joined, type Part } from '../html.ts'
import type { AddressOf } from '../markdown.ts'
import { type Format, formats } from './chart/formats.ts'
import { drawingOf } from './chart/layout.ts'
import { svgOf } from './chart/svg.ts'

/** What a chart needs of the page it stands on. */
interface Ground {
  at: AddressOf
  link(id: string, text: string): Html
}

export function chart(flow: Flow, ground: Ground): Html {
  const id = `${flow.name}-words`
  return html`<div class="chart">
<p class="skip-chart"><a href="#${id}">Skip the picture: the same in words</a></p>
<div class="drawing">${formats.map((format) => drawn(flow, format, ground.at))}</div>
<details id="${id}"><summary>The same in words</summary>
<ol>${flow.steps.map((step, at) => html`<li>${inWords(step, flow.steps.slice(at + 1), flow, ground)}</li>\n`)}<li>${flow.end.says}.</li></ol>
</details>
</div>`
}

export const drawn = (flow: Flow, format: Format, at: AddressOf): Html =>
  svgOf(drawingOf(flow, format, at), format.name, `Flow chart: ${flow.start}`)

function inWords(step: Step, rest: readonly Step[], flow: Flow, ground: Ground): Html {
  const asked = joined(
    step.asks.map(({ says, to }) => (to === undefined ? html`${says}` : ground.link(to, says))),
    '; ',
  )
  const next = rest[0]?.question.says ?? flow.end.says
  return html`<strong>${step.question.says}</strong> ${step.asks.length > 0 && html`${asked}. `}${answers(step, flow, ground)} ${
    step.onward === 'no' ? html`If not: ${quoted(next)}` : html`Either way, next: ${quoted(next)}`
  }.`
}

function answers({ outcomes, skipsTo, asks }: Step, flow: Flow, ground: Ground): Part {
  if (skipsTo !== undefined) {
    const target = flow.steps.find(({ name }) => name === skipsTo)?.question.says ?? flow.end.says
    return html`If yes, go on at: ${quoted(skipsTo === end ? flow.end.says : target)}.`
  }
  if (asks.length > 0) return html`If yes: ${outcomes.map(({ says }) => says).join(', ')}.`
  return html`<ul>${outcomes.map((outcome) => html`<li>${cardInWords(outcome, ground)}</li>`)}</ul>`
}

function cardInWords({ when, says, to }: Outcome, { link }: Ground): Html {
  return html`${when && `${when}: `}${to === undefined ? says : link(to, says)}.`
}
