/** Counts as a report tells them: by measure, variant and group, with shares, intervals and what is hidden. */
import type { Measure } from '../../src/content/measures.ts'
import type { Count, Dimension } from '../measure.ts'
import { type Interval, wilson } from '../wilson.ts'
import { hiddenGroups, isSmall, isTelling } from './suppress.ts'

export interface Group {
  value: string
  /** Who meets the numerator, of those who could. */
  part: number
  of: number
  /** As reported: the part, or for some measures the rest. Undefined where there is nobody. */
  share: number | undefined
  interval: Interval
  hidden: boolean
}

export interface Left {
  /** `excluded: age`, `unknown: enrollment` */
  why: string
  count: number
  hidden: boolean
}

export interface VariantResult {
  variant: string
  all: Group
  left: readonly Left[]
  /** Largest first within a dimension; months in their order. */
  groups: ReadonlyMap<Dimension, readonly Group[]>
}

export interface MeasureResult {
  measure: Measure
  variants: readonly VariantResult[]
}

/** `allCells` shows small cells, too: for the quality team itself. */
export function resultsOf(
  measures: readonly Measure[],
  counts: readonly Count[],
  allCells: boolean,
): readonly MeasureResult[] {
  const byMeasure = Map.groupBy(counts, ({ measure }) => measure)
  return measures.map((measure) => {
    const own = Map.groupBy(byMeasure.get(measure.id) ?? [], ({ variant }) => variant)
    const variants = [...own].map(([variant, list]) => variantOf(measure, variant, list, allCells))
    return { measure, variants: variants.sort((a, b) => natural.compare(a.variant, b.variant)) }
  })
}

const natural = new Intl.Collator('en', { numeric: true })

function variantOf(
  measure: Measure,
  variant: string,
  counts: readonly Count[],
  allCells: boolean,
): VariantResult {
  const dimensions = [...new Set(counts.map(({ by }) => by))]
  const totals = cellsOf(counts.filter(({ by }) => by === 'all'))[0] ?? { value: 'all', part: 0, of: 0 }
  const isHidden = !allCells && isTelling(totals)
  const groups = new Map<Dimension, Group[]>()
  for (const by of dimensions.filter((each) => each !== 'all')) {
    const cells = cellsOf(counts.filter((count) => count.by === by))
    const hidden = allCells ? cells.map(() => false) : hiddenGroups(cells)
    const own = cells.map((cell, at) => groupOf(measure, cell, isHidden || (hidden[at] ?? true)))
    groups.set(
      by,
      own.sort((a, b) => (by === 'month' || by === 'age' ? natural.compare(a.value, b.value) : b.of - a.of)),
    )
  }
  return { variant, all: groupOf(measure, totals, isHidden), left: leftOut(counts, allCells), groups }
}

interface Counted {
  value: string
  part: number
  of: number
}

function cellsOf(counts: readonly Count[]): Counted[] {
  const cells = new Map<string, Counted>()
  for (const { value, status, count } of counts) {
    const cell = cells.get(value) ?? { value, part: 0, of: 0 }
    cells.set(value, cell)
    if (status === 'met') cell.part += count
    if (status === 'met' || status === 'not met') cell.of += count
  }
  return [...cells.values()]
}

function groupOf({ reported }: Measure, { value, part, of }: Counted, hidden: boolean): Group {
  const shown = reported === 'share' ? part : of - part
  return { value, part, of, share: of === 0 ? undefined : shown / of, interval: wilson(shown, of), hidden }
}

/** Who is left out, and why; the whole of all episodes is known, so that one small number hides a second. */
function leftOut(counts: readonly Count[], allCells: boolean): Left[] {
  const list = counts.filter(({ by, status }) => by === 'all' && status !== 'met' && status !== 'not met')
  const hidden = allCells
    ? list.map(() => false)
    : hiddenGroups(list.map(({ count }) => ({ part: 0, of: count })))
  return list
    .map(({ status, count }, at) => ({
      why: status,
      count,
      hidden: (hidden[at] ?? true) || (!allCells && isSmall(count)),
    }))
    .sort((a, b) => b.count - a.count)
}

/** Percentage points to the best group of those that are shown; the best has 0. */
export function gaps(groups: readonly Group[], direction: Measure['direction']): ReadonlyMap<string, number> {
  const shown = groups.filter(
    ({ hidden, share, value }) => !hidden && share !== undefined && value !== 'not recorded',
  )
  const shares = shown.map(({ share = 0 }) => share)
  if (shares.length < 2 || direction === 'neither') return new Map()
  const best = direction === 'higher' ? Math.max(...shares) : Math.min(...shares)
  return new Map(shown.map(({ value, share = 0 }) => [value, Math.abs(share - best) * 100]))
}
