/** The art of the infographic: one SVG of circles and paths for all languages, with the boxes that its words go into. */
import type { Problems } from '../problems.ts'
import { type Drawing, linesOf, number, shapesIn } from './drawings.ts'

export const artInks = [
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
export const boxStyles = ['title', 'caption', 'plain', 'centre', 'banner', 'list', 'small'] as const
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
