/** Drawings and QR codes as PDF paths, black on white. */
import type { Drawing, Ink } from '../../content/handouts/drawings.ts'
import type { QrCode } from '../qr.ts'

const colours: Readonly<Record<Ink, string>> = {
  body: '#000000',
  far: '#8f8f8f',
  gap: '#ffffff',
  thing: '#444444',
  motion: '#000000',
  tip: '#000000',
}

/** Within a box of this width and height, in points. */
export function draw(
  pdf: PDFKit.PDFDocument,
  drawing: Drawing,
  x: number,
  y: number,
  width: number,
  height: number,
) {
  const scale = Math.min(width / drawing.width, height / drawing.height)
  pdf.save()
  pdf.translate(x, y).scale(scale)
  pdf.lineCap('round').lineJoin('round')
  for (const shape of drawing.shapes) {
    const colour = colours[shape.ink]
    if (shape.kind === 'circle') pdf.circle(shape.x, shape.y, shape.radius).fill(colour)
    else if (shape.width === undefined) pdf.path(shape.path).fill(colour)
    else {
      if (shape.ink === 'motion') pdf.dash(6, { space: 5 })
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
