/** The shapes in which a flow chart is drawn: for wide screens, for narrow ones, and for paper. */
import { airy, compact, type Density } from './box.ts'

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
