/** Puts the words of the infographic into its boxes: where each line begins, and how large it is. In points, pure. */
import type { ArtInk, Box, BoxStyle } from '../../pathway/handouts/drawings.ts'
import type { Block, Line, Run } from '../../pathway/handouts/text.ts'
import type { Sheet } from './sheet.ts'

// How the infographic looks: its colours, and how words are set in each kind of box.

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

interface Setting {
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
const settings: Readonly<Record<BoxStyle, Setting>> = {
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
const lineHeight = 1.18
const baseline = 0.92

/** How wide words are, in points, in the widest font that is likely to show them. */
export type Measure = (text: string, bold: boolean, size: number) => number

interface SetLine {
  runs: readonly Run[]
  /** Where it begins, or its middle; and the line on which its letters stand. */
  x: number
  y: number
}

/** A heading, a paragraph, or an entry of a list. */
export interface SetText {
  kind: 'title' | 'heading' | 'paragraph' | 'entry'
  lines: readonly SetLine[]
  size: number
  ink: string
  align: Setting['align']
  /** The middle of the dot before an entry. */
  dot?: { x: number; y: number; radius: number; ink: string }
}

export interface SetBox {
  box: Box
  texts: readonly SetText[]
  /** False where even the smallest letters do not fit. */
  fits: boolean
}

interface Words {
  kind: SetText['kind']
  runs: readonly Run[]
}

/** In reading order. */
export function layOut(sheet: Sheet, measure: Measure): SetBox[] {
  const boxes = new Map(sheet.art.boxes.map((box) => [box.id, box]))
  const place = (id: string, words: readonly Words[]): SetBox[] => {
    const box = boxes.get(id)
    return box ? [fill(box, words, measure)] : []
  }
  return [
    ...place('title', [{ kind: 'title', runs: [{ text: sheet.title, strong: true }] }]),
    ...sheet.sections.flatMap(({ id, title, blocks }) => {
      const heading: Words = { kind: 'heading', runs: [{ text: title, strong: true }] }
      const words = blocks.flatMap(wordsOf)
      return boxes.has(`${id}-body`)
        ? [...place(id, [heading]), ...place(`${id}-body`, words)]
        : place(id, boxes.get(id)?.style === 'caption' ? words : [heading, ...words])
    }),
    ...place(
      'foot',
      [sheet.standing, [sheet.version, sheet.sources].join(' ')].map((text) => ({
        kind: 'paragraph',
        runs: [{ text, strong: text === sheet.standing }],
      })),
    ),
  ]
}

function wordsOf(block: Block): Words[] {
  if (block.kind === 'drawing') return []
  if (block.kind === 'paragraph') return [{ kind: 'paragraph', runs: block.runs }]
  return block.items.map(({ runs }: Line) => ({ kind: 'entry', runs }))
}

/** As large as the style says, and smaller only as far as it must be. */
function fill(box: Box, words: readonly Words[], measure: Measure): SetBox {
  const setting = settings[box.style]
  for (let scale = 1; ; scale -= 0.02) {
    const isLast = scale - 0.02 < setting.least
    const set = setAt(box, words, setting, scale, measure)
    if (set.fits || isLast) return set
  }
}

/** Space between a heading and its text, and between texts, in sizes of letters. */
const between = 0.24
const indent = 0.85

function setAt(box: Box, words: readonly Words[], setting: Setting, scale: number, measure: Measure): SetBox {
  const { align, vertical } = setting
  let fits = true
  const broken = words.map(({ kind, runs }) => {
    const { ink, size: whole } = kind === 'heading' || kind === 'title' ? setting.heading : setting.text
    const size = whole * scale
    const inset = kind === 'entry' ? size * indent : 0
    const room = box.width - inset
    const lines = balanced(runs, room, (run) => measure(run.text, run.strong, size))
    if (lines.some(({ width }) => width > room)) fits = false
    return { kind, ink, size, inset, lines, height: lines.length * size * lineHeight }
  })
  const gap = (broken.at(-1)?.size ?? 0) * between
  const gaps = Math.max(0, broken.length - 1)
  const height = broken.reduce((sum, each) => sum + each.height, gap * gaps)
  const spare = box.height - height
  if (spare < 0) fits = false
  // A list takes the room that it has, up to a line between its entries.
  const more = vertical === 'spread' && gaps > 0 ? Math.max(0, Math.min(spare / gaps, gap * 2)) : 0
  const room = spare - more * gaps
  let top = box.y + (vertical === 'top' ? 0 : Math.max(0, room) / 2)
  const texts = broken.map(({ kind, ink, size, inset, lines, height: own }): SetText => {
    const first = top
    const x = align === 'middle' ? box.x + box.width / 2 : box.x + inset
    const set = lines.map(({ runs }, at) => ({
      runs,
      x,
      y: first + (at + baseline) * size * lineHeight - (size * (lineHeight - 1)) / 2,
    }))
    top += own + gap + more
    const dot = { x: box.x + size * 0.3, y: (set[0]?.y ?? 0) - size * 0.3, radius: size * 0.17, ink }
    return { kind, lines: set, size, ink, align, ...(kind === 'entry' ? { dot } : {}) }
  })
  return { box, texts, fits }
}

type Broken = { runs: Run[]; width: number }[]

/** In as few lines as there must be, none of them much shorter than the others. */
function balanced(runs: readonly Run[], room: number, measure: (run: Run) => number): Broken {
  let best = brokenInto(runs, room, measure)
  for (let narrower = room * 0.97; narrower > room / 2; narrower -= room * 0.03) {
    const lines = brokenInto(runs, narrower, measure)
    if (lines.length > best.length || lines.some(({ width }) => width > narrower)) break
    best = lines
  }
  return best
}

/** Lines are broken at blanks only; a word that touches a bold one stays with it. */
function brokenInto(runs: readonly Run[], room: number, measure: (run: Run) => number): Broken {
  const lines: Broken = []
  for (const { text, strong, isApart } of wordsIn(runs)) {
    const line = lines.at(-1)
    const spaced = { text: isApart ? ` ${text}` : text, strong }
    const width = measure(spaced)
    if (line && (!isApart || line.width + width <= room)) {
      const last = line.runs.at(-1)
      if (last?.strong === strong) last.text += spaced.text
      else line.runs.push(spaced)
      line.width += width
    } else lines.push({ runs: [{ text, strong }], width: measure({ text, strong }) })
  }
  return lines
}

/** `isApart` when a blank stands before it. */
function wordsIn(runs: readonly Run[]): (Run & { isApart: boolean })[] {
  let isApart = false
  return runs.flatMap(({ text, strong }) => {
    const words = [...text.matchAll(/(\s?)(\S+)/g)].map(([, blank, word = '']) => {
      const each = { text: word, strong, isApart: isApart || blank !== '' }
      isApart = false
      return each
    })
    isApart ||= /\s$/.test(text)
    return words
  })
}
