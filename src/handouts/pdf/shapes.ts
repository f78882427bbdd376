/** Drawings and QR codes as PDF paths. */
import type { Drawing, Ink } from '../../pathway/handouts/drawings.ts'
import type { QrCode } from '../qr.ts'

export interface Inks<I extends string> {
  colours: Readonly<Record<I, string>>
  /** The ink of which lines are broken, by dashes and gaps of these lengths. */
  dashed: I
  dashes: readonly [dash: number, space: number]
}

/** Black on white. */
export const lineInks: Inks<Ink> = {
  colours: {
    body: '#000000',
    far: '#8f8f8f',
    gap: '#ffffff',
    thing: '#444444',
    motion: '#000000',
    tip: '#000000',
  },
  dashed: 'motion',
  dashes: [6, 5],
}

export interface Frame {
  x: number
  y: number
  width: number
  height: number
}

/** Within this box, in points. */
export function draw<I extends string>(
  pdf: PDFKit.PDFDocument,
  drawing: Drawing<I>,
  { x, y, width, height }: Frame,
  { colours, dashed, dashes: [dash, space] }: Inks<I>,
) {
  const scale = Math.min(width / drawing.width, height / drawing.height)
  pdf.save()
  pdf.translate(x, y).scale(scale)
  // As an SVG is cut off at its edge.
  pdf.rect(0, 0, drawing.width, drawing.height).clip()
  pdf.lineCap('round').lineJoin('round')
  for (const shape of drawing.shapes) {
    const colour = colours[shape.ink]
    if (shape.kind === 'circle') pdf.circle(shape.x, shape.y, shape.radius).fill(colour)
    else if (shape.width === undefined) pdf.path(shape.path).fill(colour)
    else {
      if (shape.ink === dashed) pdf.dash(dash, { space })
      pdf.lineWidth(shape.width).path(shape.path).stroke(colour)
      pdf.undash()
    }
  }
  pdf.restore()
}

export function drawQr(pdf: PDFKit.PDFDocument, { size, path }: QrCode, x: number, y: number, width: number) {
  pdf.save()
  pdf.translate(x, y).scale(width / size)
  pdf.path(path).fill('#000000')
  pdf.restore()
}
