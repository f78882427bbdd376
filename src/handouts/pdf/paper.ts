/** A tagged PDF as it is written: fonts, margins, the place of the next line, and what stands outside the text. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { create, type Font } from 'fontkit'
import PDFDocument from 'pdfkit'
import type { Drawing, Ink } from '../../pathway/handouts/drawings.ts'
import { type Block, type Line, type Run, wordsOf } from '../../pathway/handouts/text.ts'
import type { QrCode } from '../html.ts'

// Drawings and QR codes as PDF paths.

interface Inks<I extends string> {
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

interface Frame {
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

export type Size = 'LETTER' | 'A4'

type Tag = PDFKit.PDFStructureElement

/** Points: half an inch, which every printer reaches, and no letter smaller than 12. */
const margin = 36
export const sizes = { title: 20, part: 15, section: 13, text: 12 } as const
const bulletWidth = 14
/** The font stands further apart than a page of two sides needs. */
const lineGap = -1.2

/**
 * The font would take Vietnamese letters apart ("ị" into i and dot), and nobody who copies the text, or has it read
 * aloud, would find the dot again. Its letters are whole too: this keeps them so.
 */
function spelling(text: string): PDFKit.Mixins.TextOptions {
  if (!/[\u1ea0-\u1ef9]/.test(text)) return {}
  // The types know only lists of features to be added.
  return { features: { ccmp: false } as unknown as PDFKit.Mixins.OpenTypeFeatures[] }
}

const fonts = new Map<string, Font>()
/**
 * Noto Sans covers Latin with Vietnamese, Cyrillic and Greek (SIL Open Font License 1.1). Read once: to take its rules of
 * spacing apart was most of the work of each handout.
 */
function fontOf(name: string): PDFKit.Mixins.PDFFontSource {
  const file = `@expo-google-fonts/noto-sans/${name}/NotoSans_${name}.ttf`
  const font = fonts.get(name) ?? (create(readFileSync(fileURLToPath(import.meta.resolve(file)))) as Font)
  fonts.set(name, font)
  // A font that was read is taken too, which the types do not know.
  return font as unknown as Uint8Array
}

interface PaperOptions {
  title: string
  language: string
  size: Size
  /** As 2026-11-22: the same handout is the same file. */
  written: string
}

export class Paper {
  readonly pdf: PDFKit.PDFDocument
  readonly left = margin
  readonly width: number
  readonly #bottom: number
  readonly #chunks: Buffer[] = []
  readonly #done: Promise<Buffer>

  constructor({ title, language, size, written }: PaperOptions) {
    this.pdf = new PDFDocument({
      size,
      margins: { top: margin, left: margin, right: margin, bottom: margin },
      pdfVersion: '1.7',
      tagged: true,
      lang: language,
      displayTitle: true,
      bufferPages: true,
      info: { Title: title, Creator: 'Lumbar', Producer: 'Lumbar', CreationDate: new Date(written) },
    })
    this.pdf.registerFont('regular', fontOf('400Regular'))
    this.pdf.registerFont('bold', fontOf('700Bold'))
    this.width = this.pdf.page.width - 2 * margin
    this.#bottom = this.pdf.page.height - margin - 20
    this.#done = new Promise((resolve, reject) => {
      this.pdf.on('data', (chunk: Buffer) => this.#chunks.push(chunk))
      this.pdf.on('end', () => resolve(Buffer.concat(this.#chunks)))
      this.pdf.on('error', reject)
    })
  }

  /** A branch of the structure tree below another, or below its root. */
  branch(kind: string, parent?: Tag, options: PDFKit.Mixins.StructureElementOptions = {}): Tag {
    const tag = this.pdf.struct(kind, options)
    if (parent) parent.add(tag)
    else this.pdf.addStructure(tag)
    return tag
  }

  /** Turns the page when so much (in points) no longer fits. */
  need(height: number): void {
    if (this.pdf.y + height > this.#bottom) this.pdf.addPage()
  }

  get y(): number {
    return this.pdf.y
  }

  skip(points: number): void {
    this.pdf.y += points
  }

  /** Of words that stand in one weight; where only some are bold, a little less than there is room for. */
  heightOf(text: string, size: number, width: number, font: 'regular' | 'bold' = 'regular'): number {
    return this.pdf
      .font(font)
      .fontSize(size)
      .heightOfString(text, { width: width * 0.98, lineGap })
  }

  heightOfBlock(block: Block, width: number): number {
    if (block.kind === 'drawing') return 0
    if (block.kind === 'paragraph') return this.heightOf(wordsOf(block), sizes.text, width) + 5
    const items = block.items.map((item) => this.heightOf(wordsOf(item), sizes.text, width - bulletWidth) + 2)
    return items.reduce((sum, each) => sum + each, 4)
  }

  heading(
    parent: Tag,
    kind: 'H1' | 'H2' | 'H3',
    text: string,
    size: number,
    x = this.left,
    width = this.width,
  ) {
    const tag = this.pdf.struct(kind, { title: text }, () => {
      this.pdf
        .font('bold')
        .fontSize(size)
        .text(text, x, this.pdf.y, { width, ...spelling(text) })
    })
    parent.add(tag)
    this.skip(3)
  }

  paragraph(parent: Tag, line: Line, x = this.left, width = this.width, options = {}) {
    parent.add(this.pdf.struct('P', options, () => this.#runs(line.runs, x, width)))
    this.skip(4)
  }

  list(parent: Tag, items: readonly Line[], ordered: boolean, x = this.left, width = this.width) {
    const list = this.branch('L', parent)
    for (const [at, item] of items.entries()) {
      const entry = this.branch('LI', list)
      const { y } = this.pdf
      const label = ordered ? `${at + 1}.` : '•'
      entry.add(
        this.pdf.struct('Lbl', {}, () => this.#runs([{ text: label, strong: false }], x, bulletWidth)),
      )
      this.pdf.y = y
      const body = () => this.#runs(item.runs, x + bulletWidth, width - bulletWidth)
      entry.add(this.pdf.struct('LBody', {}, body))
      entry.end()
      this.skip(1)
    }
    list.end()
    this.skip(3)
  }

  #runs(runs: readonly Run[], x: number, width: number) {
    this.pdf.fontSize(sizes.text)
    for (const [at, { text, strong }] of runs.entries()) {
      this.pdf.font(strong ? 'bold' : 'regular')
      const continued = at < runs.length - 1
      if (at === 0) this.pdf.text(text, x, this.pdf.y, { width, continued, lineGap, ...spelling(text) })
      else this.pdf.text(text, { continued, lineGap, ...spelling(text) })
    }
  }

  /** A drawing of its own, told in words to who cannot see it. */
  figure(parent: Tag, alt: string, draw: () => void) {
    parent.add(this.pdf.struct('Figure', { alt }, draw))
  }

  /** Lines and numbers that are no part of what is read. */
  artifact(draw: () => void) {
    this.pdf.markContent('Artifact', { type: 'Layout' })
    draw()
    this.pdf.endMarkedContent()
  }

  rule(thickness: number) {
    this.artifact(() => {
      const { y } = this.pdf
      this.pdf
        .lineWidth(thickness)
        .moveTo(this.left, y)
        .lineTo(this.left + this.width, y)
        .stroke('#000000')
    })
    this.skip(6)
  }

  /** Numbers the pages and gives the file. */
  finish(numbered: (number: number, count: number) => string): Promise<Buffer> {
    const { count } = this.pdf.bufferedPageRange()
    for (let at = 0; at < count; at++) {
      this.pdf.switchToPage(at)
      const { margins, height } = this.pdf.page
      // Below the margin there is no place for text, as far as the library knows.
      margins.bottom = 0
      this.artifact(() => {
        this.pdf.font('regular').fontSize(sizes.text)
        this.pdf.text(numbered(at + 1, count), this.left, height - margin - 4, {
          width: this.width,
          align: 'right',
          lineBreak: false,
          ...spelling(numbered(at + 1, count)),
        })
      })
    }
    return this.end()
  }

  /** Gives the file as it is. */
  end(): Promise<Buffer> {
    this.pdf.end()
    return this.#done
  }
}
