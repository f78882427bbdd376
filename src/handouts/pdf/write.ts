/** Sets a handout as a tagged PDF. It takes a good part of a second: see `../pdf.ts`, which does it elsewhere. */
import { type Line, wordsOf } from '../../pathway/handouts/text.ts'
import { lineToWriteOn, qrCode, withoutScheme } from '../html.ts'
import { dateIn, type GivenTo, type Handout, type HandoutPart, type HandoutSection, say } from '../model.ts'
import { draw, drawQr, lineInks, Paper, type Size, sizes } from './paper.ts'

type Tag = PDFKit.PDFStructureElement

export interface PdfOptions {
  size?: Size
  givenTo?: GivenTo
}

export function writePdf(handout: Handout, { size = 'LETTER', givenTo }: PdfOptions = {}): Promise<Buffer> {
  const { language, title, parts, words, written } = handout
  const paper = new Paper({ title, language, size, written })
  const article = paper.branch('Art')
  paper.heading(article, 'H1', title, sizes.title)
  if (givenTo) {
    paper.paragraph(article, plain(say(words, 'for-patient', { name: givenTo.name }), true))
    paper.paragraph(article, plain(say(words, 'given-on', { date: dateIn(language, givenTo.on) }), true))
  }
  for (const { language: lang, text } of handout.standing)
    paper.paragraph(article, plain(text), undefined, undefined, { lang })
  const alone = parts.length === 1 && parts[0]?.title === title
  for (const part of parts) writePart(paper, article, part, handout, alone || part.sections.length === 1)
  paper.skip(4)
  paper.need(40)
  paper.rule(1)
  paper.paragraph(article, plain(say(words, 'teach-back'), true))
  paper.rule(1)
  writeFooter(paper, article, handout)
  article.end()
  return paper.finish((number, count) => say(words, 'page', { number: String(number), count: String(count) }))
}

const plain = (text: string, strong = false): Line => ({ runs: [{ text, strong }] })

function writePart(paper: Paper, article: Tag, part: HandoutPart, handout: Handout, alone: boolean) {
  const sect = paper.branch(
    'Sect',
    article,
    part.language === handout.language ? {} : { lang: part.language },
  )
  if (!alone) {
    const [first] = part.sections
    const heading = paper.heightOf(part.title, sizes.part, paper.width, 'bold') + 30
    paper.need(heading + (first ? leastOf(paper, first) : 0))
    paper.skip(6)
    paper.rule(2)
    paper.heading(sect, 'H2', part.title, sizes.part)
  }
  for (const section of part.sections) writeSection(paper, sect, section, handout, alone ? 'H2' : 'H3')
  sect.end()
}

/** Space around and inside a card. */
const padding = 8

function writeSection(
  paper: Paper,
  parent: Tag,
  section: HandoutSection,
  handout: Handout,
  kind: 'H2' | 'H3',
) {
  const sect = paper.branch('Sect', parent)
  paper.need(leastOf(paper, section))
  paper.skip(5)
  if (section.level) writeCard(paper, sect, section, kind)
  else if (isExercise(section)) writeExercise(paper, sect, section, handout, kind)
  else {
    paper.heading(sect, kind, section.title, sizes.section)
    writeBlocks(paper, sect, section, paper.left, paper.width)
  }
  sect.end()
}

/** Whole on one page, in a frame that tells its level without colour; the level stands in words. */
function writeCard(paper: Paper, sect: Tag, section: HandoutSection, kind: 'H2' | 'H3') {
  const x = paper.left + padding + 4
  const width = cardWidth(paper)
  const title = section.label ? `${section.label}: ${section.title}` : section.title
  const top = paper.y
  paper.skip(padding)
  paper.heading(sect, kind, title, sizes.section, x, width)
  writeBlocks(paper, sect, section, x, width)
  const height = paper.y - top + padding / 2
  paper.artifact(() => {
    const { pdf, left } = paper
    if (section.level === 'caution') pdf.dash(4, { space: 3 })
    pdf
      .lineWidth(section.level === 'emergency' ? 3 : 1)
      .rect(left, top, paper.width, height)
      .stroke('#000000')
    pdf.undash()
    pdf.rect(left, top, 6, height).fill('#000000')
  })
  paper.skip(padding / 2 + 6)
}

const figureWidth = 130
const figureHeight = 76

function writeExercise(
  paper: Paper,
  sect: Tag,
  section: HandoutSection,
  handout: Handout,
  kind: 'H2' | 'H3',
) {
  const x = paper.left + figureWidth + 14
  const width = besideFigure(paper)
  paper.rule(0.5)
  paper.heading(sect, kind, section.title, sizes.section)
  const top = paper.y
  for (const block of section.blocks) {
    const drawing = block.kind === 'drawing' ? handout.drawings[block.name] : undefined
    if (block.kind !== 'drawing' || !drawing) continue
    paper.figure(sect, `${section.title}. ${block.description}`, () => {
      draw(paper.pdf, drawing, { x: paper.left, y: top, width: figureWidth, height: figureHeight }, lineInks)
    })
  }
  paper.pdf.y = top
  writeBlocks(paper, sect, section, x, width)
  paper.pdf.y = Math.max(paper.y, top + figureHeight)
}

function writeBlocks(paper: Paper, sect: Tag, { blocks }: HandoutSection, x: number, width: number) {
  for (const block of blocks) {
    if (block.kind === 'paragraph') {
      paper.need(paper.heightOf(wordsOf(block), sizes.text, width))
      paper.paragraph(sect, block, x, width)
    }
    if (block.kind === 'list') paper.list(sect, block.items, block.ordered, x, width)
  }
}

const isExercise = ({ blocks }: HandoutSection) => blocks.some(({ kind }) => kind === 'drawing')
const cardWidth = ({ width }: Paper) => width - 2 * padding - 4
const besideFigure = ({ width }: Paper) => width - figureWidth - 14

/** What must stand on one page: of cards and exercises all, of others the heading and what follows it. */
function leastOf(paper: Paper, section: HandoutSection): number {
  const width = section.level ? cardWidth(paper) : isExercise(section) ? besideFigure(paper) : paper.width
  const heading = paper.heightOf(section.title, sizes.section, width * 0.75, 'bold') + 3 + 8
  const heights = section.blocks.map((block) => paper.heightOfBlock(block, width))
  if (section.level) return heights.reduce((sum, each) => sum + each, heading + 2.5 * padding)
  if (!isExercise(section)) return heights.slice(0, 2).reduce((sum, each) => sum + each, heading)
  return (
    heading +
    8 +
    Math.max(
      figureHeight,
      heights.reduce((sum, each) => sum + each, 0),
    )
  )
}

function writeFooter(paper: Paper, article: Tag, handout: Handout) {
  const { words, language, version, written, sources, places, programmes, address } = handout
  const { clinicPhone, interpreterPhone } = handout
  const sect = paper.branch('Sect', article)
  paper.paragraph(sect, plain(say(words, 'clinic', { phone: clinicPhone ?? lineToWriteOn }), true))
  if (interpreterPhone)
    paper.paragraph(sect, plain(say(words, 'interpreter', { phone: interpreterPhone }), true))
  const listed = (heading: string, lines: readonly Line[]) => {
    if (lines.length === 0) return
    paper.need(60)
    paper.heading(sect, 'H2', heading, sizes.section)
    paper.list(sect, lines, false)
  }
  listed(
    say(words, 'places'),
    places.map(({ what, name, phone }) => {
      const told = phone === undefined ? name : `${name}. ${say(words, 'call', { phone })}`
      return {
        runs: [
          { text: `${what}: `, strong: true },
          { text: told, strong: false },
        ],
      }
    }),
  )
  listed(
    say(words, 'programmes'),
    programmes.map(({ name, url }) => plain(`${name}: ${withoutScheme(url)}`)),
  )
  const about = [
    say(words, 'version', { version, date: dateIn(language, written) }),
    say(words, 'sources', { list: sources.join('; ') }),
  ].map((text) => plain(text))
  if (address !== undefined) writeAddress(paper, sect, address, about, handout)
  else {
    paper.need(36)
    for (const line of about) paper.paragraph(sect, line)
  }
  sect.end()
}

const qrWidth = 72

/** The code on the left; on its right, the address and what else stands at the foot. */
function writeAddress(paper: Paper, sect: Tag, address: string, about: readonly Line[], { words }: Handout) {
  paper.need(qrWidth + 10)
  const top = paper.y
  paper.figure(sect, say(words, 'qr-code', { address }), () => {
    drawQr(paper.pdf, qrCode(address), paper.left, top, qrWidth)
  })
  paper.pdf.y = top
  const x = paper.left + qrWidth + 14
  const width = paper.width - qrWidth - 14
  for (const line of [plain(`${say(words, 'scan')}: ${withoutScheme(address)}`), ...about])
    paper.paragraph(sect, line, x, width)
  paper.pdf.y = Math.max(paper.y, top + qrWidth + 8)
}
