/** A box of a flow chart: pieces of text, wrapped and put in their places. */

// How wide a text is, so that it can be broken into lines: DejaVu Sans, the widest of the fonts that stand where the
// style sheet's Arial is missing, in parts of the font size. In a narrower font lines end a little before their box.

const widths: readonly (readonly [number, string])[] = [
  [0.29, "'ijlIJ"],
  [0.32, ' ,.’'],
  [0.35, 'f-:;/|'],
  [0.4, '()[]t!'],
  [0.42, 'r'],
  [0.53, 'sz“”?–'],
  [0.57, 'cL'],
  [0.6, 'kFvxyP'],
  [0.7, 'KAVBRXZC'],
  [0.78, 'UHNDGOQ&'],
  [0.84, 'w#+<=>≥≤'],
  [0.88, 'M'],
  [1, 'm%W@…'],
]
const usual = 0.64
const widthOf = new Map(widths.flatMap(([width, letters]) => [...letters].map((letter) => [letter, width])))

/** Bold letters are wider. */
const slack = { plain: 1.01, bold: 1.17 }

interface Font {
  size: number
  weight: keyof typeof slack
}

export function textWidth(text: string, { size, weight }: Font): number {
  const ems = [...text].reduce((sum, letter) => sum + (widthOf.get(letter) ?? usual), 0)
  return ems * size * slack[weight]
}

/** Lines no wider than this, broken between words. */
export function wrap(text: string, font: Font, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && textWidth(longer, font) > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line]
}

/** What a piece of text is: its look, and whether it may stand in columns. */
type Look = 'title' | 'item' | 'when' | 'says'

export interface Piece {
  look: Look
  text: string
  href?: string
}

interface Line {
  x: number
  /** Baseline. */
  y: number
  text: string
}

export interface PlacedPiece extends Piece {
  lines: readonly Line[]
  /** The room that it takes, for a pointer to hit. */
  room: { x: number; y: number; width: number; height: number }
}

export interface Box {
  x: number
  y: number
  width: number
  height: number
  style: string
  pieces: readonly PlacedPiece[]
}

interface Spot {
  x: number
  y: number
  width: number
  style: string
  /** Columns of the pieces that are items. */
  columns: number
  density: Density
}

/** How much room there is around the words. */
export interface Density {
  /** From one line to the next. */
  line: number
  /** Between pieces. */
  piece: number
  padding: number
  /** Between a box and the next one down. */
  gap: number
}

export const airy: Density = { line: 17, piece: 4, padding: 10, gap: 30 }
/** For a whole chart on one page. */
export const compact: Density = { line: 15, piece: 1, padding: 6, gap: 19 }

export const fonts: Readonly<Record<Look, Font>> = {
  title: { size: 14, weight: 'bold' },
  item: { size: 13, weight: 'plain' },
  when: { size: 12.5, weight: 'plain' },
  says: { size: 13, weight: 'bold' },
}
const gutter = 22

export function boxOf(pieces: readonly Piece[], place: Spot): Box {
  const { x, y, width, style, density } = place
  const { padding, piece: between } = density
  const inner = width - 2 * padding
  const heads = pieces.filter(({ look }) => look !== 'item')
  const items = pieces.filter(({ look }) => look === 'item')
  const top = stack(heads, x + padding, y + padding, inner, density)
  const columns = items.length > 2 ? place.columns : 1
  const columnWidth = (inner - gutter * (columns - 1)) / columns
  const from = top.y + (heads.length > 0 && items.length > 0 ? between : 0)
  const placed = inColumns(items, columns, columnWidth).map((column, at) =>
    stack(column, x + padding + at * (columnWidth + gutter), from, columnWidth, density),
  )
  const bottom = Math.max(top.y, ...placed.map((column) => column.y))
  return {
    x,
    y,
    width,
    height: bottom + padding - y,
    style,
    pieces: [...top.placed, ...placed.flatMap((column) => column.placed)],
  }
}

/** Down the first column, then down the next, as evenly as their lines allow. */
function inColumns(items: readonly Piece[], columns: number, width: number): Piece[][] {
  const sizes = items.map(({ look, text }) => wrap(text, fonts[look], width).length)
  const fair = sizes.reduce((sum, size) => sum + size, 0) / columns
  const filled: Piece[][] = Array.from({ length: columns }, () => [])
  let lines = 0
  items.forEach((item, at) => {
    filled[Math.min(columns - 1, Math.floor((lines + 0.5) / fair))]?.push(item)
    lines += sizes[at] ?? 0
  })
  return filled
}

function stack(
  pieces: readonly Piece[],
  x: number,
  from: number,
  width: number,
  { line, piece: between }: Density,
) {
  let y = from
  const placed = pieces.map((piece, at): PlacedPiece => {
    if (at > 0) y += between
    const top = y
    const lines = wrap(piece.text, fonts[piece.look], width).map((text) => {
      y += line
      return { x, y: y - line * 0.25, text }
    })
    return { ...piece, lines, room: { x, y: top, width, height: y - top } }
  })
  return { placed, y }
}
