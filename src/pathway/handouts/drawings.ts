/** Line drawings: SVG of circles and paths only, so that one file serves the page, the print and the PDF. */
import { filesIn, readText } from '../files.ts'
import type { Problems } from '../problems.ts'

/** How a shape is inked: the near side of the body, the far side, the gap between them, things, movement. */
const inks = ['body', 'far', 'gap', 'thing', 'motion', 'tip'] as const
export type Ink = (typeof inks)[number]

export type Shape<I extends string = Ink> =
  | { kind: 'circle'; ink: I; x: number; y: number; radius: number }
  /** `width` is absent where the path is filled. */
  | { kind: 'path'; ink: I; path: string; width?: number }

export interface Drawing<I extends string = Ink> {
  width: number
  height: number
  shapes: readonly Shape<I>[]
}

const drawingsFolder = 'handouts/drawings'

export function readDrawings(root: string, problems: Problems): ReadonlyMap<string, Drawing> {
  const drawings = new Map<string, Drawing>()
  for (const file of filesIn(root, drawingsFolder, '.svg')) {
    const name = file.slice(drawingsFolder.length + 1, -'.svg'.length)
    drawings.set(name, parseDrawing(file, readText(root, file, problems) ?? '', problems))
  }
  return drawings
}

const number = '(-?\\d+(?:\\.\\d+)?)'
const frame = new RegExp(`^<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${number} ${number}">$`)

function parseDrawing(file: string, text: string, problems: Problems): Drawing {
  const shapeOf = shapesIn(inks)
  const shapes: Shape[] = []
  const size = linesOf(file, text, problems, (line) => {
    const shape = shapeOf(line)
    if (shape) shapes.push(shape)
    return shape ? undefined : `a <circle> or <path> with one of the inks ${inks.join(', ')}`
  })
  return { ...size, shapes }
}

/** `take` says of a line that it cannot use what is allowed there. */
function linesOf(
  file: string,
  text: string,
  problems: Problems,
  take: (line: string) => string | undefined,
): { width: number; height: number } {
  const [first = '', ...rest] = text.trim().split('\n')
  const [, width, height] = frame.exec(first.trim()) ?? []
  if (width === undefined)
    problems.add({ file, line: 1 }, 'must begin with <svg xmlns=… viewBox="0 0 width height">')
  for (const [at, line] of rest.entries()) {
    const allowed = line.trim() === '</svg>' ? undefined : take(line.trim())
    if (allowed !== undefined) problems.add({ file, line: at + 2 }, `is not a line of a drawing: ${allowed}`)
  }
  return { width: Number(width), height: Number(height) }
}

/** Reads the line of a shape in one of these inks. */
function shapesIn<I extends string>(known: readonly I[]): (line: string) => Shape<I> | undefined {
  const ink = `class="(${known.join('|')})"`
  const circle = new RegExp(`^<circle ${ink} cx="${number}" cy="${number}" r="${number}"/>$`)
  const path = new RegExp(`^<path ${ink} d="([MLHVCQAZmlhvcqaz0-9 .,-]+)"(?: stroke-width="${number}")?/>$`)
  return (line) => {
    const [, circleInk, x, y, radius] = circle.exec(line) ?? []
    if (circleInk !== undefined)
      return { kind: 'circle', ink: circleInk as I, x: Number(x), y: Number(y), radius: Number(radius) }
    const [, pathInk, d, width] = path.exec(line) ?? []
    if (pathInk === undefined || d === undefined) return undefined
    const stroke = width === undefined ? {} : { width: Number(width) }
    return { kind: 'path', ink: pathInk as I, path: d, ...stroke }
  }
}

// The art of the infographic: one SVG of circles and paths for all languages, with the boxes that its words go into.

const artInks = [
  'night',
  'sea',
  'mist',
  'sun',
  'clay',
  'stone',
  'road',
  'dash',
  'white',
  'cream',
  'red',
  'rose',
  'amber',
] as const
export type ArtInk = (typeof artInks)[number]

/** How words are set in a box; a caption leaves the heading of its section out. */
const boxStyles = ['title', 'caption', 'plain', 'centre', 'banner', 'list', 'small'] as const
export type BoxStyle = (typeof boxStyles)[number]

export interface Box {
  /** The section that stands in it, `title`, `foot`, or the section with `-body` where its title has a box of its own. */
  id: string
  style: BoxStyle
  x: number
  y: number
  width: number
  height: number
}

/** Lengths in points. */
export interface Art extends Drawing<ArtInk> {
  boxes: readonly Box[]
}

const shapeOf = shapesIn(artInks)
const rectangle = new RegExp(
  `^<rect class="(${boxStyles.join('|')})" id="([a-z0-9-]+)" x="${number}" y="${number}" width="${number}" height="${number}"/>$`,
)

export function parseArt(file: string, text: string, problems: Problems): Art {
  const shapes: Art['shapes'][number][] = []
  const boxes: Box[] = []
  const size = linesOf(file, text, problems, (line) => {
    const shape = shapeOf(line)
    if (shape) shapes.push(shape)
    const [, style, id = '', x, y, width, height] = rectangle.exec(line) ?? []
    if (style !== undefined)
      boxes.push({
        id,
        style: style as BoxStyle,
        x: Number(x),
        y: Number(y),
        width: Number(width),
        height: Number(height),
      })
    if (shape || style !== undefined) return undefined
    return `a <circle>, <path> or <rect> of the inks ${artInks.join(', ')} and the styles ${boxStyles.join(', ')}`
  })
  return { ...size, shapes, boxes }
}
