/** Which code of the service ran, by V8's own count of its blocks: what a fuzzer steers by. */
import { type Profiler, Session } from 'node:inspector/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const ours = pathToFileURL(join(import.meta.dirname, '../../src/')).href

interface Coverage {
  /** Blocks that ran since it was last asked, each with how often, roughly: 1, 2, 4, 8 … times. */
  take(): Promise<string[]>
}

type Range = Profiler.CoverageRange

/** Of modules that are loaded from now on, too. */
export async function watchCoverage(): Promise<Coverage> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  /** Blocks that did not run at some time, by function: V8 does not tell a block apart that runs with those around it. */
  const passedOver = new Map<string, Map<string, Range>>()

  function blocksOf(name: string, [whole, ...inner]: readonly Range[]): string[] {
    if (!whole || whole.count === 0) return []
    const idle = inner.filter(({ count }) => count === 0)
    const known = passedOver.get(name) ?? new Map<string, Range>()
    passedOver.set(name, known)
    for (const each of idle) known.set(`${each.startOffset}-${each.endOffset}`, each)
    const ran = [...known].filter(([, block]) => !idle.some((each) => isWithin(block, each)))
    return [
      ...[whole, ...inner].flatMap(({ startOffset, count }) =>
        count > 0 ? [`${name}:${startOffset}*${Math.floor(Math.log2(count))}`] : [],
      ),
      ...ran.map(([place]) => `${name}:${place}`),
    ]
  }

  return {
    take: async () => {
      const { result } = await session.post('Profiler.takePreciseCoverage')
      return result.flatMap(({ scriptId, url, functions }) =>
        url.startsWith(ours)
          ? functions.flatMap(({ ranges }) => blocksOf(`${scriptId}:${ranges[0]?.startOffset}`, ranges))
          : [],
      )
    },
  }
}

const isWithin = (one: Range, other: Range) =>
  one.startOffset >= other.startOffset && one.endOffset <= other.endOffset
