/** The infographic as a tagged PDF of one page, Letter or A4: the same lines at the same places. */

import { Paper, type Size } from '../pdf/paper.ts'
import { draw } from '../pdf/shapes.ts'
import type { SetBox, SetText } from './layout.ts'
import type { Sheet } from './sheet.ts'
import { colours, dashes } from './styles.ts'

type Tag = PDFKit.PDFStructureElement

export function infographicPdf(sheet: Sheet, boxes: readonly SetBox[], size: Size): Promise<Buffer> {
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
