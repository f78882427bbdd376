/** The trial as a bound on every change: mistakes on charts with a known truth may only become fewer. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openLibrary } from 'lumbar'
import { beforeAll, describe, expect, test } from 'vitest'
import { limitOf, readBounds } from './bounds.ts'
import { burdenOf } from './burden.ts'
import type { Judged } from './judge.ts'
import { population } from './population.ts'
import { report } from './report.ts'
import { type Figures, figuresOf, interval, share } from './tally.ts'
import { runTrial } from './trial.ts'
import { flags } from './vocabulary.ts'

const library = openLibrary()
const root = join(import.meta.dirname, '../..')
let judged: Judged[] = []
let figures: Figures
beforeAll(async () => {
  judged = await runTrial(library)
  figures = figuresOf(judged)
})

describe('in the trial', () => {
  test.each(readBounds())('$style charts bring at most the held share of "$mistake"', (bound) => {
    expect(share(figures[bound.style][bound.mistake])).toBeLessThanOrEqual(limitOf(bound))
  })

  test('each bound is held loosely only as long as its target is not met', () => {
    const slack = readBounds().filter(
      ({ style, mistake, target, held }) => held > target && share(figures[style][mistake]) <= target,
    )
    expect(slack, 'run npm run fidelity -- --write').toEqual([])
  })

  test('every mistake of a bound was possible often enough to be measured', () => {
    const rare = readBounds().filter(({ style, mistake }) => figures[style][mistake].possible < 100)
    expect(rare).toEqual([])
  })

  test('every flag stands in coded charts and in others', () => {
    const seen = new Set(judged.map(({ event }) => `${event.style} ${event.classes.flag}`))
    const never = flags.flatMap(({ flag }) =>
      ['coded', 'rough'].filter((style) => !seen.has(`${style} ${flag}`)).map((style) => `${style} ${flag}`),
    )
    expect(never).toEqual([])
  })

  test('docs/fidelity.md says what is measured now', async () => {
    const page = readFileSync(join(root, 'docs/fidelity.md'), 'utf8')
    expect(page === report(judged, await burdenOf(library)), 'run npm run fidelity -- --write').toBe(true)
  })

  test('the same seed makes the same requests', () => {
    const bodies = () =>
      JSON.stringify([...population(library.queries, { size: 60 })].map(({ body }) => body))
    expect(bodies()).toBe(bodies())
  })
})

describe('the interval of Wilson', () => {
  test('is that of the textbook for 10 of 100', () => {
    const [low, high] = interval({ made: 10, possible: 100 })
    expect([low.toFixed(2), high.toFixed(2)]).toEqual(['5.52', '17.44'])
  })

  test('leaves room above none of 100', () => {
    const [low, high] = interval({ made: 0, possible: 100 })
    expect([low.toFixed(2), high.toFixed(2)]).toEqual(['0.00', '3.70'])
  })
})
