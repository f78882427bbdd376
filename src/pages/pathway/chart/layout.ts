/** Where the boxes and arrows of a flow chart go: questions from top to bottom, what a yes shows beside or below. */

import { type Boxed, end, type Flow, type Outcome, type Step } from '../../../docs/flow.ts'
import { airy, type Box, boxOf, compact, type Density, type Piece } from './box.ts'

// The shapes in which a flow chart is drawn: for wide screens, for narrow ones, and for paper.

/** In units that are pixels at full size. */
export interface Format {
  name: 'wide' | 'narrow' | 'paper' | 'brief'
  width: number
  /** Room on the left for lines that lead past questions. */
  lanes: number
  columns: number
  /** Outcomes stand beside their question and not below it. */
  beside: boolean
  density: Density
}

export const formats: readonly Format[] = [
  { name: 'wide', width: 1020, lanes: 46, columns: 2, beside: true, density: airy },
  { name: 'narrow', width: 300, lanes: 26, columns: 1, beside: false, density: airy },
  { name: 'paper', width: 1020, lanes: 46, columns: 2, beside: true, density: compact },
]

/** Three of them side by side. */
export const brief: Format = {
  name: 'brief',
  width: 300,
  lanes: 26,
  columns: 1,
  beside: false,
  density: compact,
}

export interface Arrow {
  /** Corners from tail to tip. */
  points: readonly (readonly [number, number])[]
  label?: { text: string; x: number; y: number }
  style: 'onward' | 'shows' | 'skips'
}

export interface Drawing {
  width: number
  height: number
  boxes: readonly Box[]
  arrows: readonly Arrow[]
}

/** From the top of a box to where its arrows begin and end. */
const tap = 15

/** The address of a place of the book. */
type HrefOf = (id: string) => string | undefined

export function drawingOf(flow: Flow, format: Format, href: HrefOf): Drawing {
  return new Sheet(format, href).draw(flow)
}

class Sheet {
  readonly #format: Format
  readonly #href: HrefOf
  readonly #boxes: Box[] = []
  readonly #arrows: Arrow[] = []
  readonly #left: number
  #y = 4

  constructor(format: Format, href: HrefOf) {
    this.#format = format
    this.#href = href
    this.#left = format.lanes
  }

  draw({ start, steps, end: last }: Flow): Drawing {
    const { width } = this.#format
    const room = width - this.#left - 4
    const begin = this.#add([{ look: 'title', text: start }], this.#left, Math.min(room, 240), 'start')
    this.#y = begin.height + 4
    let label = ''
    const placed = new Map<string, Box>()
    for (const step of steps) {
      this.#onward(label)
      placed.set(step.name, this.#step(step, room))
      label = step.onward
    }
    this.#onward(label)
    placed.set(end, this.#add([{ look: 'title', text: last.says }], this.#left, Math.min(room, 240), 'none'))
    this.#y = this.#bottom()
    this.#skip(steps, placed)
    return { width, height: this.#y + 6, boxes: this.#boxes, arrows: this.#arrows }
  }

  #step(step: Step, room: number): Box {
    const top = this.#y
    const question: Piece[] = [
      this.#piece('title', step.question),
      ...step.asks.map((asked) => this.#piece('item', asked)),
    ]
    const width = this.#format.beside ? (step.asks.length > 0 ? 700 : 230) : room
    const box = this.#add(question, this.#left, width, 'question')
    if (this.#format.beside) this.#beside(box, step)
    else this.#below(box, step)
    this.#y = Math.max(this.#bottom(), top + box.height)
    return box
  }

  #beside(question: Box, { outcomes, asks }: Step): void {
    const from = question.x + question.width
    const x = from + 62
    let { y } = question
    for (const [at, outcome] of outcomes.entries()) {
      this.#y = y
      const box = this.#outcome(outcome, x, this.#format.width - x - 4)
      const points: [number, number][] =
        at === 0
          ? [
              [from, question.y + tap],
              [x, question.y + tap],
            ]
          : [
              [from + 28, question.y + tap],
              [from + 28, box.y + tap],
              [x, box.y + tap],
            ]
      const label = asks.length > 0 ? { text: 'yes', x: from + 8, y: question.y + tap - 6 } : undefined
      this.#arrows.push({ points, style: 'shows', ...(label ? { label } : {}) })
      y = box.y + box.height + this.#format.density.padding
    }
  }

  #below(question: Box, { outcomes }: Step): void {
    const trunk = question.x + 46
    const x = trunk + 22
    const from = question.y + question.height
    let y = from + 14
    for (const [at, outcome] of outcomes.entries()) {
      this.#y = y
      const box = this.#outcome(outcome, x, this.#format.width - x - 4)
      const points: [number, number][] = [
        [trunk, at === 0 ? from : from + 6],
        [trunk, box.y + tap],
        [x, box.y + tap],
      ]
      const label =
        at === 0 && outcome.when === undefined ? { text: 'yes', x: trunk + 4, y: from + 12 } : undefined
      this.#arrows.push({ points, style: 'shows', ...(label ? { label } : {}) })
      y = box.y + box.height + this.#format.density.padding
    }
  }

  #outcome(outcome: Outcome, x: number, width: number): Box {
    const { when, indicator } = outcome
    return this.#add(
      [...(when ? [{ look: 'when' as const, text: `${when}:` }] : []), this.#piece('says', outcome)],
      x,
      width,
      indicator,
    )
  }

  #piece(look: Piece['look'], { says, to }: Boxed): Piece {
    const href = to === undefined ? undefined : this.#href(to)
    return { look, text: says, ...(href === undefined ? {} : { href }) }
  }

  /** From the question above to whatever comes at the next height. */
  #onward(label: string): void {
    const above = this.#boxes.findLast(({ x }) => x === this.#left)
    if (!above) return
    const x = this.#left + 20
    const from = above.y + above.height
    this.#y += this.#format.density.gap
    this.#arrows.push({
      points: [
        [x, from],
        [x, this.#y],
      ],
      style: 'onward',
      ...(label ? { label: { text: label, x: x + 6, y: this.#y - this.#format.density.gap / 2 + 4 } } : {}),
    })
  }

  /** Lines in the margin, past the questions that a silencer leaves out; the innermost is the shortest. */
  #skip(steps: readonly Step[], placed: ReadonlyMap<string, Box>): void {
    const skipping = steps.filter(({ skipsTo }) => skipsTo !== undefined)
    for (const [at, { name, skipsTo = end }] of skipping.entries()) {
      const from = placed.get(name)
      const to = placed.get(skipsTo)
      if (!from || !to) continue
      const lane = (this.#left - 8) * (1 - (at + 1) / (skipping.length + 1))
      const y = to.y + tap - 6 * (skipping.length - 1 - at)
      this.#arrows.push({
        points: [
          [from.x, from.y + tap],
          [lane, from.y + tap],
          [lane, y],
          [to.x, y],
        ],
        style: 'skips',
        label: { text: 'yes', x: Math.max(from.x - 22, 0), y: from.y + tap - 5 },
      })
    }
  }

  #add(pieces: readonly Piece[], x: number, width: number, style: string): Box {
    const { columns, density } = this.#format
    const box = boxOf(pieces, { x, y: this.#y, width, style, columns, density })
    this.#boxes.push(box)
    return box
  }

  #bottom(): number {
    return Math.max(...this.#boxes.map(({ y, height }) => y + height))
  }
}
