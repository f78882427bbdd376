/** How the infographic looks: its colours, and how words are set in each kind of box. */
import type { ArtInk, BoxStyle } from '../../pathway/handouts/infographic.ts'

/** Words on them keep a contrast of at least 7 to 1; red and amber are those of the pages. */
export const colours: Readonly<Record<ArtInk, string>> = {
  night: '#12344d',
  sea: '#0f766e',
  mist: '#dcefee',
  sun: '#f5a623',
  clay: '#c2410c',
  stone: '#9aa5ad',
  road: '#b7c9cc',
  dash: '#ffffff',
  white: '#ffffff',
  cream: '#fff4dc',
  red: '#a4161a',
  rose: '#fff5f5',
  amber: '#7a4100',
}
/** Of the dashes in the middle of the road, in points. */
export const dashes = [6, 7] as const

export const paper = '#ffffff'

export interface Setting {
  heading: { ink: string; size: number }
  text: { ink: string; size: number }
  /** How far sizes may shrink where a language needs more room. */
  least: number
  align: 'start' | 'middle'
  vertical: 'top' | 'middle' | 'spread'
}

const ink = '#10202c'
const { night, white } = colours

/** Sizes in points. */
export const settings: Readonly<Record<BoxStyle, Setting>> = {
  title: {
    heading: { ink: white, size: 25 },
    text: { ink: white, size: 25 },
    least: 0.7,
    align: 'start',
    vertical: 'middle',
  },
  caption: {
    heading: { ink: night, size: 12.5 },
    text: { ink: night, size: 12.5 },
    least: 0.8,
    align: 'start',
    vertical: 'middle',
  },
  plain: {
    heading: { ink: night, size: 13 },
    text: { ink, size: 12 },
    least: 0.84,
    align: 'start',
    vertical: 'top',
  },
  centre: {
    heading: { ink: night, size: 12.5 },
    text: { ink, size: 11.5 },
    least: 0.84,
    align: 'middle',
    vertical: 'top',
  },
  banner: {
    heading: { ink: white, size: 14.5 },
    text: { ink: white, size: 14.5 },
    least: 0.75,
    align: 'start',
    vertical: 'middle',
  },
  list: {
    heading: { ink, size: 11.5 },
    text: { ink, size: 11.5 },
    least: 0.87,
    align: 'start',
    vertical: 'spread',
  },
  small: {
    heading: { ink, size: 8.5 },
    text: { ink, size: 8.5 },
    least: 0.82,
    align: 'start',
    vertical: 'middle',
  },
}

/** Height of a line, in sizes of its letters; and where they stand in it. */
export const lineHeight = 1.18
export const baseline = 0.92
