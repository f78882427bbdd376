/**
 * BEST-1: whatever anybody brings, twice as much costs about twice as much time and memory, and no more than the budget.
 * Here of a sample in which every kind of place comes; of every place by `npm run growth`.
 */
import { expect, test } from 'vitest'
import { sampleOf } from '../support/sweep.ts'
import { usualCases } from './cases.ts'
import { type Case, judge } from './measure.ts'

/** Bytes: every bound is passed long before, and a wrong one costs seconds. */
const size = 131_072
/** Every so many-th: a prime, so that neighbours of the sample are of different kinds. */
const step = 7

test('BEST-1: time and memory grow no faster than what a caller, a chart or a server brings', {
  timeout: 240_000,
}, async () => {
  const cases = usualCases()
  const wrong: string[] = []
  for (const each of sampleOf(cases, step)) {
    const verdict = await judge(each, size)
    if (verdict.wrong !== undefined) wrong.push(`${each.name} ${verdict.wrong}`)
  }
  expect(cases.length).toBeGreaterThan(1000)
  expect(wrong).toEqual([])
})

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
      const until = cpu() + bytes
      let sum = 0
      // Asking for the time takes the system longer than this sum.
      while (cpu() < until) for (let one = 0; one < 1_000_000; one += 1) sum += one
      return sum
    },
  }
  const greedy: Case = {
    name: 'greedy',
    limit: 1000,
    make: (bytes) => () => Array.from({ length: bytes * bytes * 4 }, (_, n) => n).length,
  }
  expect((await judge(squared, 1_000_000, [1])).wrong).toMatch(/^time grows/)
  expect((await judge(slow, 600_000, [1])).wrong).toMatch(/^takes/)
  expect((await judge(greedy, 2000, [1])).wrong).toMatch(/^memory grows|^time grows/)
})

/** µs of this process. */
function cpu(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}
