/** Mistakes planted in the content are noticed: a sample in every run, all of them by `npm run mutants`. */
import { describe, expect, test, vi } from 'vitest'
import { realContent } from '../support/evaluator.ts'
import { loadVignettes } from '../support/vignette.ts'
import { examinerOf } from './caught.ts'
import { mutantKinds, mutantsOf } from './mutants.ts'

vi.setConfig({ testTimeout: 300_000 })

const vignettes = loadVignettes().flatMap((file) => file.vignettes)
const examiner = await examinerOf(realContent(), vignettes)
const mutants = mutantsOf(realContent())
const shareCaught = 0.85
/** Every so many-th: a prime, so that the sample goes through all kinds and files. */
const step = 23

describe('mistakes planted in the content', () => {
  test('are of every kind', () => {
    const planted = new Set(mutants.map(({ kind }) => kind))
    expect(mutantKinds.filter((kind) => !planted.has(kind))).toEqual([])
  })

  test('none is noticed where none was planted', async () => {
    const untouched = {
      kind: 'a rule is left out',
      where: 'nowhere',
      rules: [],
      content: realContent(),
    } as const
    expect(await examiner.noticed(untouched)).toBeUndefined()
  })

  test('are noticed, in a sample of all', async () => {
    const sample = mutants.filter((_, at) => at % step === 0)
    const missed: string[] = []
    for (const mutant of sample) {
      if ((await examiner.noticed(mutant)) === undefined) missed.push(`${mutant.where}: ${mutant.kind}`)
    }
    expect(sample.length).toBeGreaterThan(50)
    expect(1 - missed.length / sample.length, missed.join('\n')).toBeGreaterThanOrEqual(shareCaught)
  })
})
