/** The measures over an invented population give exactly what is true of it, in every group; and each definition is whole. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDuck } from '../../population/duck.ts'
import type { Engine } from '../../population/engine.ts'
import type { Truth } from '../../population/generate/truth.ts'
import { writePopulation } from '../../population/generate/write.ts'
import { takeIn } from '../../population/intake.ts'
import { loadCodes, loadViews } from '../../population/load.ts'
import { buildBlocks, runMeasures } from '../../population/measure.ts'
import { readMeasures } from '../../src/pathway/measures.ts'
import type { Count } from '../../src/quality/results.ts'
import { realContent, root } from '../support/evaluator.ts'

const place = mkdtempSync(join(tmpdir(), 'lumbar-measures-'))
const content = realContent()
const measures = readMeasures(root, content.sources)
const ofEpisodes = measures.filter(({ judged }) => !judged).map(({ id }) => id)
let duck: Engine
let truth: Truth
let counts: readonly Count[]

beforeAll(async () => {
  truth = writePopulation({ out: place, patients: 500, seed: 3 })
  duck = await openDuck({ threads: 1 })
  await loadViews(duck, await takeIn(duck, place))
  await loadCodes(duck, content.codes)
  await buildBlocks(duck, { start: '2024-01-01', end: '2024-12-03' })
  counts = await runMeasures(duck, ofEpisodes)
}, 120_000)
afterAll(() => {
  duck.close()
  rmSync(place, { recursive: true })
})

const told = (by: string, value: string, status: string, count: number) =>
  `${by} ${value}, ${status}: ${count}`

describe('of 500 invented people', () => {
  test('as many have a new back pain as were given one', async () => {
    expect(truth.episodes).toBeGreaterThan(300)
    expect(await duck.rows('SELECT count(*) AS n FROM episodes')).toEqual([{ n: truth.episodes }])
  })

  test.each(ofEpisodes)('%s counts in every group what is true', (measure) => {
    const found = counts
      .filter((count) => count.measure === measure && count.by !== 'month')
      .map(({ variant, by, value, status, count }) => `${variant}: ${told(by, value, status, count)}`)
    const wanted = Object.entries(truth.measures[measure] ?? {}).flatMap(([variant, groups]) =>
      Object.entries(groups).flatMap(([by, values]) =>
        Object.entries(values).flatMap(([value, statuses]) =>
          Object.entries(statuses).map(([status, count]) => `${variant}: ${told(by, value, status, count)}`),
        ),
      ),
    )
    expect(wanted.length).toBeGreaterThan(10)
    expect(wanted.some((line) => line.includes(', met: '))).toBe(true)
    expect(found.sort()).toEqual(wanted.sort())
  })

  test('months of the index visit add up to the whole', () => {
    const sum = (by: string) =>
      counts
        .filter((count) => count.measure === 'imaging-28' && count.by === by)
        .reduce((total, { count }) => total + count, 0)
    expect(sum('month')).toBe(sum('all'))
    expect(sum('month')).toBe(truth.episodes)
  })
})

test('the same seed gives the same people, and another gives others', () => {
  const again = (seed: number) => writePopulation({ out: join(place, `seed-${seed}`), patients: 40, seed })
  expect(again(3)).toEqual(again(3))
  expect(again(3)).not.toEqual(again(4))
})
