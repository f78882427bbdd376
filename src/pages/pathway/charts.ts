/** The flow charts, each drawn for wide screens, narrow screens and paper, and told once as a list. */
import { subjects } from '../../content/schema.ts'
import { capital, quoted } from '../../docs/markdown.ts'
import { speech } from '../../docs/sentence.ts'
import { type Html, html, joined, type Part } from '../html.ts'
import { formats } from './chart/formats.ts'
import { drawingOf } from './chart/layout.ts'
import { svgOf } from './chart/svg.ts'
import { end, type Flow, flowOf, type Outcome, type Step } from './flow.ts'
import { here, ruleLink, type View } from './view.ts'

export const chartId = (flow: Pick<Flow, 'subject'>) => `chart-${flow.subject}`

/** In words without links: they stand in boxes. */
export function flowsOf({ content }: Pick<View, 'content'>): Flow[] {
  const { sentence } = speech(content)
  return subjects
    .filter((subject) => content.rules.some((rule) => rule.on.includes(subject)))
    .map((subject) => flowOf(subject, content, (rule) => sentence(rule.when)))
}

export function chartsSection(view: View): Html {
  return html`<section aria-labelledby="pictures">
<h2 id="pictures">The pathway in pictures</h2>
<p>They show who is heard first. A card that is not quieted becomes a line on the card before it; the rules below are
exact. Every code leads to its rule.</p>
${flowsOf(view).map((flow) => chart(flow, view))}</section>`
}

function chart(flow: Flow, view: View): Html {
  const id = chartId(flow)
  const drawings = formats.map((format) =>
    svgOf(
      drawingOf(flow, format, ({ code }) => `${view.at}#${code.toLowerCase()}`),
      format.name,
      `Flow chart: ${flow.start}`,
    ),
  )
  return html`<section class="chart" aria-labelledby="${id}">
<h3 id="${id}">${flow.start}</h3>
<p class="skip-chart"><a href="#${id}-words">Skip the picture: the same in words</a></p>
<div class="drawing">${drawings}</div>
<details id="${id}-words"><summary>The same in words</summary>
<ol>${flow.steps.map((step, at) => html`<li>${inWords(step, flow.steps.slice(at + 1), flow, view)}</li>\n`)}<li>${flow.end.says}.</li></ol>
</details>
</section>`
}

function inWords(step: Step, rest: readonly Step[], flow: Flow, view: View): Html {
  const asked = joined(
    step.asks.map((rule) => html`${ruleLink(rule, view)} ${rule.title}`),
    '; ',
  )
  const next = rest[0]?.question ?? flow.end.says
  return html`<strong>${step.question}</strong> ${step.asks.length > 0 && html`${asked}. `}${answers(step, flow, view)} ${
    step.onward === 'no' ? html`If not: ${quoted(next)}` : html`Either way, next: ${quoted(next)}`
  }.`
}

function answers({ outcomes, skipsTo, asks }: Step, flow: Flow, view: View): Part {
  if (skipsTo !== undefined) {
    const target = flow.steps.find(({ name }) => name === skipsTo)?.question ?? flow.end.says
    return html`If yes, go on at: ${quoted(skipsTo === end ? flow.end.says : target)}.`
  }
  if (asks.length > 0) return html`If yes: ${outcomes.map(({ says }) => says).join(', ')}.`
  return html`<ul>${outcomes.map((outcome) => html`<li>${cardInWords(outcome, view)}</li>`)}</ul>`
}

function cardInWords({ when, says, indicator, rule }: Outcome, view: View): Html {
  return html`${when} ${rule && here(rule.code.toLowerCase(), rule.code, view)} ${capital(indicator)}: ${quoted(says)}.`
}
