/** A measure month by month: what is expected of it, whether it moved, and what a team wrote down beside it. */
import type { VariantResult } from './results.ts'
import { type Limits, leastUseful, median, type Runs, runsOf, widenedLimits } from './runs.ts'

/** What a lead wrote down of a cycle of plan, do, study, act. */
export interface CycleNote {
  id: string
  cycle: string
  phase: Phase
  /** As `2026-03-01`. */
  day: string
  /** Id of the measure, `cards` for the ledger, or `all`. */
  measure: string
  words: string
}
export const phases = ['plan', 'do', 'study', 'act'] as const
export type Phase = (typeof phases)[number]

export interface MonthPoint {
  /** `2026-03` */
  month: string
  part: number
  of: number
  /** As reported: of nobody, and where it is hidden, there is none. */
  share: number | undefined
}

export interface Series {
  /** In their order; a month that is hidden or empty leaves a gap. */
  months: readonly MonthPoint[]
  notes: readonly CycleNote[]
  direction: 'higher' | 'lower' | 'neither'
}

export const monthsOf = (groups: VariantResult['groups']): Series['months'] =>
  (groups.get('month') ?? []).map(({ value, part, of, share, hidden }) => ({
    month: value,
    part,
    of,
    share: hidden ? undefined : share,
  }))

export interface Reading {
  /** Of the months before the first change, where they are enough to tell; else of all. */
  median: number
  /** Of the months that are known, in their order. */
  limits: Limits
  known: readonly MonthPoint[]
  runs: Runs
  /** Months that lie beyond the limits. */
  beyond: readonly string[]
  /** The first `do` that has a baseline before it. */
  change: CycleNote | undefined
  since: Since | undefined
}

export interface Since {
  months: number
  /** On the better side of the median from before. */
  better: number
  before: Totals
  after: Totals
  verdict: 'better' | 'worse' | 'no signal' | 'too early'
}
export interface Totals {
  part: number
  of: number
  share: number
}

/**
 * With a change of which ten months before are known, median and limits are of those months and go on beyond it, so that
 * what came after is held against what was before (a frozen baseline). Undefined where nothing is known.
 */
export function read({ months, notes, direction }: Series): Reading | undefined {
  const known = months.filter(({ share }) => share !== undefined)
  if (known.length === 0) return undefined
  const shares = known.map(({ share = 0 }) => share)
  const change = notes
    .filter(
      ({ phase, day }) => phase === 'do' && known.filter((each) => isBefore(each, day)).length >= leastUseful,
    )
    .sort((a, b) => (a.day < b.day ? -1 : 1))[0]
  const baseline = change ? known.filter((each) => isBefore(each, change.day)) : known
  const centre = median(baseline.map(({ share = 0 }) => share))
  const counted = ({ share = 0, of }: MonthPoint) => ({ part: share * of, of })
  const limits = widenedLimits(known.map(counted), baseline.map(counted))
  const runs = runsOf(shares, centre)
  const beyond = known.flatMap(({ month, share = 0 }, at) =>
    share > (limits.high[at] ?? 1) || share < (limits.low[at] ?? 0) ? [month] : [],
  )
  const after = known.filter((each) => !baseline.includes(each))
  const since = change && sinceOf(baseline, after, centre, runs, direction)
  return { median: centre, limits, known, runs, beyond, change, since }
}

/** A month in which a change began is after it. */
const isBefore = ({ month }: MonthPoint, day: string) => month < day.slice(0, 7)

/** A shift shows in six months at the earliest: fewer cannot make a run that is too long. */
const leastAfter = 6

function sinceOf(
  baseline: readonly MonthPoint[],
  after: readonly MonthPoint[],
  centre: number,
  { isSignal }: Runs,
  direction: Series['direction'],
): Since {
  const better = after.filter(({ share = 0 }) =>
    direction === 'lower' ? share < centre : share > centre,
  ).length
  const [before, later] = [totalsOf(baseline), totalsOf(after)]
  const isBetter = direction === 'lower' ? later.share < before.share : later.share > before.share
  const verdict =
    after.length < leastAfter ? 'too early' : !isSignal ? 'no signal' : isBetter ? 'better' : 'worse'
  return { months: after.length, better, before, after: later, verdict }
}

/** As reported. */
function totalsOf(points: readonly MonthPoint[]): Totals {
  const of = points.reduce((sum, each) => sum + each.of, 0)
  const part = points.reduce((sum, { share = 0, of: own }) => sum + share * own, 0)
  return { part: Math.round(part), of, share: of === 0 ? 0 : part / of }
}
