/** Line drawings: SVG of circles and paths only, so that one file serves the page, the print and the PDF. */
import { filesIn, readText } from '../files.ts'
import type { Problems } from '../problems.ts'

/** How a shape is inked: the near side of the body, the far side, the gap between them, things, movement. */
export const inks = ['body', 'far', 'gap', 'thing', 'motion', 'tip'] as const
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

export const drawingsFolder = 'handouts/drawings'

export function readDrawings(root: string, problems: Problems): ReadonlyMap<string, Drawing> {
  const drawings = new Map<string, Drawing>()
  for (const file of filesIn(root, drawingsFolder, '.svg')) {
    const name = file.slice(drawingsFolder.length + 1, -'.svg'.length)
    drawings.set(name, parseDrawing(file, readText(root, file, problems) ?? '', problems))
  }
  return drawings
}

export const number = '(-?\\d+(?:\\.\\d+)?)'
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
export function linesOf(
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
export function shapesIn<I extends string>(known: readonly I[]): (line: string) => Shape<I> | undefined {
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
