/** Sets the infographic: in the thread that sets PDFs, because its fonts are read for it. */
import { type Html, html, joined, raw } from '../../pages/html.ts'
import type { Run } from '../../pathway/handouts/text.ts'
import { draw, Paper, type Size } from '../pdf/paper.ts'
import { colours, dashes, layOut, type Measure, paper, type SetBox, type SetText } from './layout.ts'
import type { Sheet } from './sheet.ts'

// The infographic as SVG: text as text, in reading order, by attributes alone, so that no policy of styles stops it.

/** None of them is wider than what the boxes were measured with. */
const fonts = "'Noto Sans', 'Segoe UI', Roboto, Helvetica, Arial, 'DejaVu Sans', sans-serif"

const millimetres = (points: number) => `${Math.round((points / 72) * 254) / 10}mm`
const short = (value: number) => String(Math.round(value * 100) / 100)

function infographicSvg({ art, language, title }: Sheet, boxes: readonly SetBox[]): string {
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

// The infographic as a tagged PDF of one page, Letter or A4: the same lines at the same places.

type Tag = PDFKit.PDFStructureElement

function infographicPdf(sheet: Sheet, boxes: readonly SetBox[], size: Size): Promise<Buffer> {
  const { art, title, language, written } = sheet
  const paper = new Paper({ title, language, size, written })
  const { pdf } = paper
  const left = (pdf.page.width - art.width) / 2
  const top = (pdf.page.height - art.height) / 2
  // Nothing here flows: no page is turned by what stands at the foot.
  pdf.page.margins = { top: 0, left: 0, right: 0, bottom: 0 }
  paper.artifact(() =>
    draw(
      pdf,
      art,
      { x: left, y: top, width: art.width, height: art.height },
      { colours, dashed: 'dash', dashes },
    ),
  )
  const article = paper.branch('Art')
  for (const { texts } of boxes) {
    const sect = paper.branch('Sect', article)
    let list: Tag | undefined
    for (const text of texts) {
      if (text.kind !== 'entry') {
        list?.end()
        list = undefined
        sect.add(pdf.struct(kinds[text.kind], {}, () => set(pdf, text, left, top)))
        continue
      }
      list ??= paper.branch('L', sect)
      writeEntry(paper, list, text, left, top)
    }
    list?.end()
    sect.end()
  }
  article.end()
  return paper.end()
}

const kinds = { title: 'H1', heading: 'H2', paragraph: 'P' } as const

function writeEntry(paper: Paper, list: Tag, text: SetText, left: number, top: number) {
  const { pdf } = paper
  const entry = paper.branch('LI', list)
  const { dot } = text
  if (dot) paper.artifact(() => pdf.circle(left + dot.x, top + dot.y, dot.radius).fill(dot.ink))
  entry.add(pdf.struct('LBody', {}, () => set(pdf, text, left, top)))
  entry.end()
}

function set(pdf: PDFKit.PDFDocument, { kind, lines, size, ink, align }: SetText, left: number, top: number) {
  pdf.fontSize(size).fillColor(ink)
  for (const { runs, x, y } of lines) {
    const fontOf = (strong: boolean) =>
      strong || kind === 'title' || kind === 'heading' ? 'bold' : 'regular'
    const widths = runs.map(({ text, strong }) => pdf.font(fontOf(strong)).widthOfString(text))
    const whole = widths.reduce((sum, each) => sum + each, 0)
    let at = left + x - (align === 'middle' ? whole / 2 : 0)
    for (const [step, { text, strong }] of runs.entries()) {
      // A blank ends each line, so that its last word and the next are two to who copies them.
      const isLast = step === runs.length - 1
      pdf
        .font(fontOf(strong))
        .text(isLast ? `${text} ` : text, at, top + y, { lineBreak: false, baseline: 'alphabetic' })
      at += widths[step] ?? 0
    }
  }
}

export type InfographicKind = 'svg' | Size

/**
 * How much wider than Noto Sans the widest fonts that a browser is likely to take are, regular and bold: measured on our
 * own words with DejaVu Sans, whose widths are Verdana's.
 */
const wider = { regular: 1.18, bold: 1.24 }

export async function setInfographic(sheet: Sheet, kind: InfographicKind): Promise<Uint8Array> {
  const boxes = laidOut(sheet)
  if (kind === 'svg') return Buffer.from(infographicSvg(sheet, boxes))
  return infographicPdf(sheet, boxes, kind)
}

export function laidOut(sheet: Sheet): SetBox[] {
  const { pdf } = new Paper({ ...sheet, size: 'LETTER' })
  const measure: Measure = (text, bold, size) =>
    pdf
      .font(bold ? 'bold' : 'regular')
      .fontSize(size)
      .widthOfString(text) * (bold ? wider.bold : wider.regular)
  return layOut(sheet, measure)
}
