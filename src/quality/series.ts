/** A measure month by month: what is expected of it, whether it moved, and what a team wrote down beside it. */
import type { VariantResult } from './results.ts'

// Run charts and control charts: what of a series is more than chance. Anhøj's rules as qicharts2 has them (Anhøj
// and Olesen 2014, PLoS ONE 9:e113825), control limits as qicharts2 computes them (p, Laney's p′).

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const at = Math.floor(sorted.length / 2)
  const upper = sorted[at] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[at - 1] ?? Number.NaN) + upper) / 2
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

interface Runs {
  /** Points that are not on the centre line: these alone count. */
  useful: number
  longest: number
  /** A longer run than this is a signal. */
  longestExpected: number
  crossings: number
  /** Fewer crossings than these are a signal. */
  crossingsExpected: number
  /** With fewer than ten useful points nobody can tell, and none is given. */
  isSignal: boolean
}

/** Fewer points say nothing, by the same authors. */
const leastUseful = 10

export function runsOf(values: readonly number[], centre: number): Runs {
  const sides = values.map((value) => Math.sign(value - centre)).filter((side) => side === 1 || side === -1)
  let [longest, length, crossings] = [0, 0, 0]
  for (const [at, side] of sides.entries()) {
    const isSame = at > 0 && side === sides[at - 1]
    if (at > 0 && !isSame) crossings += 1
    length = isSame ? length + 1 : 1
    longest = Math.max(longest, length)
  }
  const useful = sides.length
  const longestExpected = useful === 0 ? 0 : Math.round(Math.log2(useful)) + 3
  const crossingsExpected = binomialQuantile(0.05, Math.max(useful - 1, 0))
  const isTold = useful >= leastUseful
  const isSignal = isTold && (longest > longestExpected || crossings < crossingsExpected)
  return { useful, longest, longestExpected, crossings, crossingsExpected, isSignal }
}

/** The smallest k of which at most k heads in n throws of a coin have the chance p or more. */
function binomialQuantile(p: number, n: number): number {
  // By logarithms: the chance of no heads at all is too small for a number from a thousand throws on.
  let logTerm = -n * Math.LN2
  let sum = Math.exp(logTerm)
  let k = 0
  while (sum < p && k < n) {
    logTerm += Math.log((n - k) / (k + 1))
    sum += Math.exp(logTerm)
    k += 1
  }
  return k
}

interface Limits {
  centre: number
  /** One for each point, between 0 and 1 for shares. */
  low: readonly number[]
  high: readonly number[]
}

interface Share {
  part: number
  of: number
}

/** How far a moving range is from a standard deviation, of two neighbours. */
const d2 = 1.128

/** Three standard errors about the share of all in the baseline: a p-chart. `spread` widens it. */
export function shareLimits(points: readonly Share[], baseline = points, spread = 1): Limits {
  const sum = (of: keyof Share) => baseline.reduce((total, point) => total + point[of], 0)
  const centre = sum('part') / sum('of')
  const error = ({ of }: Share) => 3 * spread * Math.sqrt((centre * (1 - centre)) / of)
  return {
    centre,
    low: points.map((point) => Math.max(0, centre - error(point))),
    high: points.map((point) => Math.min(1, centre + error(point))),
  }
}

/** How much more neighbouring months differ than chance alone would have it: Laney's sigma of z. */
export function spreadOf(points: readonly Share[]): number {
  const { centre } = shareLimits(points)
  const z = points.map(({ part, of }) => (part / of - centre) / Math.sqrt((centre * (1 - centre)) / of))
  return mean(movingRanges(z)) / d2
}

/** As a p-chart, and wider where months differ more than chance has it (p′): a hospital's months are never all alike. */
export function widenedLimits(points: readonly Share[], baseline = points): Limits {
  const spread = baseline.length < 3 ? 1 : spreadOf(baseline)
  return shareLimits(points, baseline, Number.isFinite(spread) ? Math.max(1, spread) : 1)
}

const movingRanges = (values: readonly number[]): number[] =>
  values.slice(1).map((value, at) => Math.abs(value - (values[at] ?? value)))

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
type Phase = (typeof phases)[number]

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

interface Since {
  months: number
  /** On the better side of the median from before. */
  better: number
  before: Totals
  after: Totals
  verdict: 'better' | 'worse' | 'no signal' | 'too early'
}
interface Totals {
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
