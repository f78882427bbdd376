/**
 * BEST-1: whatever anybody brings, twice as much costs about twice as much time and memory, and no more than the budget.
 * Of each kind of place here, of every place by `npm run growth`.
 */
import { expect, test } from 'vitest'
import { usualCases } from './cases.ts'
import { type Case, judge } from './measure.ts'

/** Bytes: every bound is passed long before, and a wrong one costs seconds. */
const size = 131_072
/** In ms: on a machine that is busy with other things fewer places are seen, and never none of a kind. */
const mostTime = 120_000

test('BEST-1: time and memory grow no faster than what a caller, a chart or a server brings', {
  timeout: 240_000,
}, async () => {
  const cases = mixed(usualCases())
  const wrong: string[] = []
  const begun = performance.now()
  let seen = 0
  for (const each of cases) {
    if (performance.now() - begun > mostTime && seen > 150) break
    const verdict = await judge(each, size)
    if (verdict.wrong !== undefined) wrong.push(`${each.name} ${verdict.wrong}`)
    seen += 1
  }
  console.log(`growth: ${seen} of ${cases.length} places; npm run growth sees all of them`)
  expect(cases.length).toBeGreaterThan(1000)
  expect(wrong).toEqual([])
})

/** Always in the same order, in which neighbours are of different kinds. */
function mixed<T>(list: readonly T[]): T[] {
  const step = 7919
  return list.map((_, at) => list[(at * step) % list.length] as T)
}

test('BEST-1: what grows as the square of its size is found, and what holds the loop too long', {
  timeout: 240_000,
}, async () => {
  const squared: Case = {
    name: 'squared',
    limit: 1_000_000,
    make: (bytes) => () => {
      let sum = 0
      for (let one = 0; one < bytes / 100; one += 1)
        for (let other = 0; other < bytes / 100; other += 1) sum += one ^ other
      return sum
    },
  }
  const slow: Case = {
    name: 'slow',
    limit: 1_000_000,
    make: (bytes) => () => {
      const until = process.cpuUsage().user + bytes
      while (process.cpuUsage().user < until);
    },
  }
  const greedy: Case = {
    name: 'greedy',
    limit: 1000,
    make: (bytes) => () => Array.from({ length: bytes * bytes * 4 }, (_, n) => n).length,
  }
  expect((await judge(squared, 1_000_000, [1])).wrong).toMatch(/^time grows/)
  expect((await judge(slow, 1_000_000, [1])).wrong).toMatch(/^takes/)
  expect((await judge(greedy, 2000, [1])).wrong).toMatch(/^memory grows|^time grows/)
})
