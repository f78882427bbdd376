/** A flow chart as SVG: text that can be selected, rules as links, looks left to the style sheet. */
import { type Html, html, joined } from '../../html.ts'
import { type Box, fonts, type PlacedPiece } from './box.ts'
import type { Arrow, Drawing } from './layout.ts'

export function svgOf({ width, height, boxes, arrows }: Drawing, name: string, label: string): Html {
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
