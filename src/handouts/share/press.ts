/** Sets the infographic: in the thread that sets PDFs, because its fonts are read for it. */
import { Paper, type Size } from '../pdf/paper.ts'
import { layOut, type Measure, type SetBox } from './layout.ts'
import { infographicPdf } from './pdf.ts'
import type { Sheet } from './sheet.ts'
import { infographicSvg } from './svg.ts'

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
