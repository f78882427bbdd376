/**
 * What something costs: CPU of this process and bytes that it allocates, best of several. Both are compared with what
 * parsing JSON costs here and now, so that a slow or busy machine judges as a fast one does.
 */
import v8, { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { sample } from './grow.ts'

/** A thing of a size that can be done over and over. */
type Work = () => unknown

export interface Case {
  /** What grows, and where. */
  name: string
  /** Made once for a size in bytes; only the work counts. */
  make(bytes: number): Work
  /** Most bytes that can come. */
  limit: number
}

interface Cost {
  /** CPU in ms. */
  ms: number
  /** Allocated, in bytes. */
  allocated: number
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

async function once(work: Work): Promise<Cost> {
  const profiler = new v8.GCProfiler()
  profiler.start()
  const from = process.memoryUsage().heapUsed
  const begun = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(begun)
  const to = process.memoryUsage().heapUsed
  return {
    ms: (user + system) / 1000,
    allocated: allocatedBetween(from, to, profiler.stop()?.statistics ?? []),
  }
}

type Collections = NonNullable<ReturnType<InstanceType<typeof v8.GCProfiler>['stop']>>['statistics']

/** Between two collections the heap only grows. */
function allocatedBetween(from: number, to: number, collections: Collections): number {
  let sum = 0
  let last = from
  for (const { beforeGC, afterGC } of collections) {
    sum += Math.max(0, beforeGC.heapStatistics.usedHeapSize - last)
    last = afterGC.heapStatistics.usedHeapSize
  }
  return sum + Math.max(0, to - last)
}

async function costOf(work: Work, tries: number): Promise<Cost> {
  const best = { ms: Number.POSITIVE_INFINITY, allocated: Number.POSITIVE_INFINITY }
  for (let at = 0; at < tries; at += 1) {
    const cost = await once(work)
    best.ms = Math.min(best.ms, cost.ms)
    best.allocated = Math.min(best.allocated, cost.allocated)
  }
  return best
}

/** CPU of parsing 1 MB of JSON on the machine for which the budget was written, in ms. */
const parsingThere = 8

/** How many times slower this machine is, now; never less than 1. */
export async function slowness(): Promise<number> {
  const text = JSON.stringify(Array.from({ length: 7000 }, (_, n) => sample(n)))
  const { ms } = await costOf(() => JSON.parse(text), 5)
  return Math.max(1, ms / (parsingThere * (text.length / 1_000_000)))
}

/** Time and memory that twice as much may cost, as a multiple. */
const mostRatio = 2.5
/** Below these nobody can tell growth from noise: CPU in ms, bytes. */
const floor = { ms: 30, allocated: 8_000_000 }
/** CPU in ms that one call may hold the event loop: of 1 MB, and of the longest body. */
const mostTime = { megabyte: 100, whole: 500 }

/** One size may hold the loop no longer than this. */
const mostTimeFor = (bytes: number): number =>
  bytes <= 1_000_000 ? mostTime.megabyte : Math.min(mostTime.whole, (mostTime.megabyte * bytes) / 1_000_000)

export interface Verdict extends Cost {
  /** Undefined where it keeps to the bounds. */
  wrong?: string | undefined
}

/** The greatest of two sizes first: what costs next to nothing there costs nothing at half of it. */
export async function judge(
  { make, limit }: Case,
  size: number,
  rounds: readonly number[] = [1, 3, 5],
): Promise<Verdict> {
  const most = Math.min(size, limit)
  const large = make(most)
  const small = make(most / 2)
  let verdict: Verdict = { ms: 0, allocated: 0 }
  // A busy machine is slow once, and not again and again at the same.
  for (const tries of rounds) {
    const cost = await costOf(large, tries)
    verdict = { ...cost, wrong: await wrongWith(cost, most, { small, large }, tries) }
    if (verdict.wrong === undefined) return verdict
    collect()
  }
  return verdict
}

async function wrongWith(
  first: Cost,
  bytes: number,
  { small, large }: { small: Work; large: Work },
  tries: number,
): Promise<string | undefined> {
  const isMeasurable = first.ms > floor.ms || first.allocated > floor.allocated
  if (!isMeasurable) return undefined
  const half = await costOf(small, tries + 1)
  // What runs later runs warmer: the large one is looked at on both sides of the small one.
  const later = await costOf(large, tries)
  const cost = { ms: Math.min(first.ms, later.ms), allocated: Math.min(first.allocated, later.allocated) }
  if (cost.ms > floor.ms && cost.ms / half.ms > mostRatio)
    return `time grows ${(cost.ms / half.ms).toFixed(1)} times for twice the size (${cost.ms.toFixed(0)} ms)`
  if (cost.allocated > floor.allocated && cost.allocated / half.allocated > mostRatio)
    return `memory grows ${(cost.allocated / half.allocated).toFixed(1)} times for twice the size`
  const slow = cost.ms > mostTimeFor(bytes) ? await slowness() : 1
  return cost.ms > mostTimeFor(bytes) * slow ? `takes ${cost.ms.toFixed(0)} ms` : undefined
}

export const case_ = (name: string, limit: number, make: Case['make']): Case => ({ name, limit, make })
