/** A flow chart, drawn for wide screens, narrow screens and paper, and told once as a list. */

import { end, type Flow, type Outcome, type Step } from '../../docs/flow.ts'
import { quoted } from '../../docs/markdown.ts'
import { type Html, html, joined, type Part } from '../html.ts'
import type { AddressOf } from '../markdown.ts'
import { type Box, fonts, type PlacedPiece } from './chart/box.ts'
import { type Arrow, type Drawing, drawingOf, type Format, formats } from './chart/layout.ts'

// A flow chart as SVG: text that can be selected, rules as links, looks left to the style sheet.

function svgOf({ width, height, boxes, arrows }: Drawing, name: string, label: string): Html {
  const [w, h] = [width, height].map(Math.ceil)
  return html`<svg class="flow flow-${name}" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" role="group" aria-label="${label}">
${joined(arrows.map(drawArrow), '\n')}
${joined(boxes.map(drawBox), '\n')}
</svg>`
}

function drawBox({ style, pieces, ...room }: Box): Html {
  return html`<g class="box box-${style}"><rect ${placed(room)} rx="${style === 'start' ? 18 : 6}"/>${pieces.map(drawPiece)}</g>`
}

const placed = ({ x, y, width, height }: PlacedPiece['room']) =>
  html`x="${r(x)}" y="${r(y)}" width="${r(width)}" height="${r(height)}"`

function drawPiece({ look, lines, href, room }: PlacedPiece): Html {
  const { size, weight } = fonts[look]
  const spans = lines.map(({ x, y, text }) => html`<tspan x="${r(x)}" y="${r(y)}">${text} </tspan>`)
  const text = html`<text class="${look}" font-size="${size}"${weight === 'bold' && html` font-weight="bold"`}>${spans}</text>`
  return href === undefined ? text : html`<a href="${href}"><rect class="target" ${placed(room)}/>${text}</a>`
}

function drawArrow({ points, label, style }: Arrow): Html {
  const path = points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${r(x)} ${r(y)}`).join('')
  return html`<g class="arrow arrow-${style}"><path class="shaft" d="${path}"/><path class="tip" d="${tipOf(points)}"/>${
    label && html`<text class="label" font-size="12" x="${r(label.x)}" y="${r(label.y)}">${label.text}</text>`
  }</g>`
}

/** A triangle that points where the last stretch of the line goes. */
function tipOf(points: Arrow['points']): string {
  const [x, y] = points.at(-1) ?? [0, 0]
  const [fromX] = points.at(-2) ?? [x, y]
  return fromX === x ? `M${r(x)} ${r(y)}l-4 -8h8z` : `M${r(x)} ${r(y)}l-8 -4v8z`
}

const r = (value: number) => Math.round(value * 10) / 10

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
