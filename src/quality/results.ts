/** Counts as a report tells them: by measure, window and group, with shares, intervals and what is hidden. */
import type { Measure } from '../pathway/measures.ts'
import { type Cell, type GroupTable, hiddenGroups, hiddenTotals, isSmall } from './suppress.ts'

// The interval of a share by Wilson: it stays between 0 and 1, also for small numbers.

const z = 1.959963984540054

export interface Interval {
  low: number
  high: number
}

/** 95 %. Of nothing nothing is known. */
export function wilson(part: number, of: number): Interval {
  if (of === 0) return { low: 0, high: 1 }
  const share = part / of
  const shrunk = 1 + (z * z) / of
  const middle = (share + (z * z) / (2 * of)) / shrunk
  const half = (z / shrunk) * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}

/** By what results are told. */
export const dimensions = [
  'all',
  'payer',
  'race',
  'ethnicity',
  'language',
  'sex',
  'age',
  'place',
  'clinic',
  'clinician',
  'empaneled',
  'seen',
  'month',
] as const
export type Dimension = (typeof dimensions)[number]

export interface Count {
  measure: string
  variant: string
  by: Dimension
  value: string
  /** `met`, `not met`, `excluded: why` or `unknown: why`. */
  status: string
  count: number
}

export interface Group extends Cell {
  value: string
  /** As reported: the part, or for some measures the rest. Undefined where there is nobody. */
  share: number | undefined
  interval: Interval
  hidden: boolean
}

interface Left {
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

interface Telling {
  /** Shows small cells, too, and every window by every group: for the quality team itself. */
  allCells: boolean
  /** To which clinic each clinician belongs, where that is one; hidden clinicians of a clinic hide each other. */
  clinicOf?: ReadonlyMap<string, string>
}

const natural = new Intl.Collator('en', { numeric: true })

/** Of several windows the one of 28 days, else the first: what charts and groups are told of. */
export const mainOf = <V extends { variant: string }>(variants: readonly V[]): V | undefined =>
  variants.find(({ variant }) => variant === 'within 28 days') ?? variants[0]

/**
 * Groups are told of one window of the measures that head the report: between two windows, and between measures of
 * nearly the same people, few may lie. What is hidden is decided over all of them together.
 */
export function resultsOf(
  measures: readonly Measure[],
  counts: readonly Count[],
  { allCells, clinicOf = new Map() }: Telling,
): readonly MeasureResult[] {
  const byMeasure = Map.groupBy(counts, ({ measure }) => measure)
  const counted = measures.map((measure) => {
    const own = Map.groupBy(byMeasure.get(measure.id) ?? [], ({ variant }) => variant)
    const variants = [...own].map(([variant, list]) => countedVariant(variant, list))
    return { measure, variants: variants.sort((a, b) => natural.compare(a.variant, b.variant)) }
  })
  const hidden = allCells ? nothingHidden : hiddenIn(counted, clinicOf)
  return counted.map(({ measure, variants }) => ({
    measure,
    variants: variants.map((each) => {
      const isTold = allCells || (measure.headline && each === mainOf(variants))
      const told = isTold ? [...each.tables] : []
      return {
        variant: each.variant,
        all: groupOf(measure, 'all', each.total, hidden.total(each)),
        left: [...each.left]
          .map(([why, count]) => ({ why, count, hidden: hidden.left(each, why) }))
          .sort((a, b) => b.count - a.count),
        groups: new Map(
          told.map(([by, table]) => [
            by,
            inOrder(
              by,
              [...hidden.rows(each, by, table)].map(([value, cell]) =>
                groupOf(measure, value, cell, hidden.total(each) || hidden.group(each, by, value)),
              ),
            ),
          ]),
        ),
      }
    }),
  }))
}

interface Counted {
  variant: string
  total: Cell
  left: ReadonlyMap<string, number>
  tables: ReadonlyMap<Dimension, GroupTable>
}

function countedVariant(variant: string, counts: readonly Count[]): Counted {
  const tables = new Map<Dimension, Map<string, Cell>>()
  const left = new Map<string, number>()
  for (const { by, value, status, count } of counts) {
    const isOf = status === 'met' || status === 'not met'
    const table = tables.get(by) ?? new Map<string, Cell>()
    tables.set(by, table)
    const cell = table.get(value) ?? { part: 0, of: 0 }
    table.set(value, {
      part: cell.part + (status === 'met' ? count : 0),
      of: cell.of + (isOf ? count : 0),
    })
    if (by === 'all' && !isOf) left.set(status, (left.get(status) ?? 0) + count)
  }
  const total = tables.get('all')?.get('all') ?? { part: 0, of: 0 }
  tables.delete('all')
  return { variant, total, left, tables }
}

interface Hidden {
  total(of: Counted): boolean
  group(of: Counted, by: Dimension, value: string): boolean
  /** With an empty row for each group that has none and is hidden: who sees no row knows that it is empty. */
  rows(of: Counted, by: Dimension, table: GroupTable): GroupTable
  left(of: Counted, why: string): boolean
}

const nothingHidden: Hidden = {
  total: () => false,
  group: () => false,
  rows: (_, __, table) => table,
  left: () => false,
}

function hiddenIn(
  counted: readonly { measure: Measure; variants: readonly Counted[] }[],
  clinicOf: ReadonlyMap<string, string>,
): Hidden {
  const all = counted.flatMap(({ variants }) => variants)
  const totals = hiddenTotals(all.map(({ total }) => total))
  const isTotalHidden = new Map(all.map((each, at) => [each, totals[at] ?? true]))
  const told = counted.flatMap(({ measure, variants }) => (measure.headline ? (mainOf(variants) ?? []) : []))
  const shown = told.filter((each) => !isTotalHidden.get(each))
  const groups = new Map<string, ReadonlySet<string>>()
  const hide = (by: Dimension, blocks?: (group: string) => string) => {
    const tables = shown.map((each) => each.tables.get(by) ?? new Map<string, Cell>())
    for (const [at, set] of hiddenGroups(tables, blocks).entries()) groups.set(`${at} ${by}`, set)
  }
  for (const by of dimensions)
    if (by !== 'all') hide(by, by === 'clinician' ? (id) => clinicOf.get(id) ?? '' : undefined)
  // All clinicians of a clinic that is hidden are: their sum is what it hides.
  const isClinicHidden = (at: number, clinician: string) =>
    groups.get(`${at} clinic`)?.has(clinicOf.get(clinician) ?? '') ?? false
  const left = hiddenReasons(all)
  return {
    total: (of) => isTotalHidden.get(of) ?? true,
    group: (of, by, value) => {
      const at = shown.indexOf(of)
      const set = groups.get(`${at} ${by}`)
      return set === undefined || set.has(value) || (by === 'clinician' && isClinicHidden(at, value))
    },
    rows: (of, by, table) => {
      const empty = [...(groups.get(`${shown.indexOf(of)} ${by}`) ?? [])].filter((value) => !table.has(value))
      return new Map([...table, ...empty.map((value) => [value, { part: 0, of: 0 }] as const)])
    },
    left: (_, why) => left.has(why),
  }
}

/** Who is left out, and why; all episodes are known, so that one small number hides a second, and does so everywhere. */
function hiddenReasons(all: readonly Counted[]): ReadonlySet<string> {
  const hidden = all.flatMap(({ left }) => {
    const table = new Map([...left].map(([why, count]) => [why, { part: 0, of: count }]))
    return [...(hiddenGroups([table])[0] ?? [])]
  })
  return new Set(hidden)
}

function groupOf({ reported }: Measure, value: string, { part, of }: Cell, hidden: boolean): Group {
  const shown = reported === 'share' ? part : of - part
  return { value, part, of, share: of === 0 ? undefined : shown / of, interval: wilson(shown, of), hidden }
}

const inOrder = (by: Dimension, groups: readonly Group[]): readonly Group[] =>
  groups.toSorted((a, b) =>
    by === 'month' || by === 'age' ? natural.compare(a.value, b.value) : b.of - a.of,
  )

/** A number of people beside totals that are shown: undefined where few lie between it and one of them. */
export function tellable(count: number, results: readonly MeasureResult[]): number | undefined {
  const totals = results.flatMap(({ variants }) =>
    variants.filter(({ all }) => !all.hidden).map(({ all }) => all.of),
  )
  return isSmall(count) || totals.some((of) => isSmall(Math.abs(count - of))) ? undefined : count
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
