/** Mistakes planted in the content are noticed: a sample in every run, all of them by `npm run mutants`. */
import { describe, expect, test, vi } from 'vitest'
import { realContent } from '../support/evaluator.ts'
import { loadVignettes } from '../support/vignette.ts'
import { whoNotices } from './caught.ts'
import { type Mutant, mutantKinds, mutantsOf } from './mutants.ts'

vi.setConfig({ testTimeout: 300_000 })

const content = realContent()
const vignettes = loadVignettes().flatMap((file) => file.vignettes)
const mutants = mutantsOf(content)
const shareCaught = 0.85
/** Every so many-th: a prime, so that the sample goes through all kinds and files. */
const step = 23

describe('mistakes planted in the content', () => {
  test('are of every kind', () => {
    const planted = new Set(mutants.map(({ kind }) => kind))
    expect(mutantKinds.filter((kind) => !planted.has(kind))).toEqual([])
  })

  test('are noticed, in a sample of all; and none where none was planted', async () => {
    const untouched: Mutant = { kind: 'a rule is left out', where: 'nowhere', rules: [], content }
    const sample = mutants.filter((_, at) => at % step === 0)
    const noticed = await whoNotices(content, vignettes, [untouched, ...sample])
    expect(noticed.get(untouched)).toBeUndefined()
    const missed = sample.filter((mutant) => !noticed.get(mutant))
    expect(sample.length).toBeGreaterThan(50)
    expect(
      1 - missed.length / sample.length,
      missed.map(({ where, kind }) => `${where}: ${kind}`).join('\n'),
    ).toBeGreaterThanOrEqual(shareCaught)
  })
})
