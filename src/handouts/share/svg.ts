/** The infographic as SVG: text as text, in reading order, by attributes alone, so that no policy of styles stops it. */

import { type Html, html, joined, raw } from '../../pages/html.ts'
import type { Run } from '../../pathway/handouts/text.ts'
import type { SetBox, SetText } from './layout.ts'
import type { Sheet } from './sheet.ts'
import { colours, dashes, paper } from './styles.ts'

/** None of them is wider than what the boxes were measured with. */
const fonts = "'Noto Sans', 'Segoe UI', Roboto, Helvetica, Arial, 'DejaVu Sans', sans-serif"

const millimetres = (points: number) => `${Math.round((points / 72) * 254) / 10}mm`
const short = (value: number) => String(Math.round(value * 100) / 100)

export function infographicSvg({ art, language, title }: Sheet, boxes: readonly SetBox[]): string {
  const { width, height } = art
  return html`<svg xmlns="http://www.w3.org/2000/svg" lang="${language}" width="${millimetres(width)}" height="${millimetres(height)}" viewBox="0 0 ${width} ${height}">
<title>${title}</title>
<g aria-hidden="true">
<path fill="${paper}" d="M0 0H${width}V${height}H0Z"/>
${joined(art.shapes.map(shape), '\n')}
</g>
<g font-family="${raw(fonts)}">
${joined(
  boxes.flatMap(({ texts }) => texts.map(text)),
  '\n',
)}
</g>
</svg>
`.text
}

function shape(each: Sheet['art']['shapes'][number]): Html {
  const colour = colours[each.ink]
  if (each.kind === 'circle')
    return html`<circle fill="${colour}" cx="${each.x}" cy="${each.y}" r="${each.radius}"/>`
  if (each.width === undefined) return html`<path fill="${colour}" d="${each.path}"/>`
  const dashed = each.ink === 'dash' && html` stroke-dasharray="${dashes.join(' ')}"`
  return html`<path fill="none" stroke="${colour}" stroke-width="${each.width}" stroke-linecap="round" stroke-linejoin="round"${dashed} d="${each.path}"/>`
}

function text({ kind, lines, size, ink, align, dot }: SetText): Html {
  const weight = kind === 'title' || kind === 'heading' ? html` font-weight="bold"` : ''
  const anchor = align === 'middle' && html` text-anchor="middle"`
  // A blank at the end of a line keeps its last word from the next when the text is copied or read aloud.
  const rows = lines.map(
    ({ runs, x, y }, at) =>
      html`<tspan x="${short(x)}" y="${short(y)}">${joined(runs.map((run) => runOf(run, weight !== '')))}${at < lines.length - 1 ? ' ' : ''}</tspan>`,
  )
  const mark =
    dot &&
    html`<circle aria-hidden="true" fill="${dot.ink}" cx="${short(dot.x)}" cy="${short(dot.y)}" r="${short(dot.radius)}"/>`
  return html`${mark}<text font-size="${short(size)}" fill="${ink}"${weight}${anchor}>${joined(rows)}</text>`
}

const runOf = ({ text: words, strong }: Run, isBold: boolean): Html =>
  strong && !isBold ? html`<tspan font-weight="bold">${words}</tspan>` : html`${words}`
