/** Line drawings: SVG of circles and paths only, so that one file serves the page, the print and the PDF. */
import { filesIn, readText } from '../files.ts'
import type { Problems } from '../problems.ts'

/** How a shape is inked: the near side of the body, the far side, the gap between them, things, movement. */
export const inks = ['body', 'far', 'gap', 'thing', 'motion', 'tip'] as const
export type Ink = (typeof inks)[number]

export type Shape =
  | { kind: 'circle'; ink: Ink; x: number; y: number; radius: number }
  /** `width` is absent where the path is filled. */
  | { kind: 'path'; ink: Ink; path: string; width?: number }

export interface Drawing {
  width: number
  height: number
  shapes: readonly Shape[]
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

const number = '(-?\\d+(?:\\.\\d+)?)'
const ink = `class="(${inks.join('|')})"`
const frame = new RegExp(`^<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${number} ${number}">$`)
const circle = new RegExp(`^<circle ${ink} cx="${number}" cy="${number}" r="${number}"/>$`)
const path = new RegExp(`^<path ${ink} d="([MLHVCQAZmlhvcqaz0-9 .,-]+)"(?: stroke-width="${number}")?/>$`)

function parseDrawing(file: string, text: string, problems: Problems): Drawing {
  const shapes: Shape[] = []
  const [first = '', ...rest] = text.trim().split('\n')
  const [, width, height] = frame.exec(first.trim()) ?? []
  if (width === undefined)
    problems.add({ file, line: 1 }, 'must begin with <svg xmlns=… viewBox="0 0 width height">')
  for (const [at, line] of rest.entries()) {
    const shape = shapeOf(line.trim())
    if (shape) shapes.push(shape)
    else if (line.trim() !== '</svg>') {
      const allowed = 'a <circle> or <path> with one of the inks'
      problems.add({ file, line: at + 2 }, `is not a line of a drawing: ${allowed} ${inks.join(', ')}`)
    }
  }
  return { width: Number(width), height: Number(height), shapes }
}

function shapeOf(line: string): Shape | undefined {
  const [, circleInk, x, y, radius] = circle.exec(line) ?? []
  if (circleInk !== undefined)
    return { kind: 'circle', ink: circleInk as Ink, x: Number(x), y: Number(y), radius: Number(radius) }
  const [, pathInk, d, width] = path.exec(line) ?? []
  if (pathInk === undefined || d === undefined) return undefined
  const stroke = width === undefined ? {} : { width: Number(width) }
  return { kind: 'path', ink: pathInk as Ink, path: d, ...stroke }
}
