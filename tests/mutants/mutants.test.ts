/** Mistakes planted in the content are noticed: a sample in every run, all of them by `npm run mutants`. */
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { loadVignettes } from '../language/vignette.ts'
import { realContent } from '../support/evaluator.ts'
import { type Noticed, whoNotices } from './caught.ts'
import { nameOf, readEquivalents } from './equivalent.ts'
import { type Mutant, mutantKinds } from './mutant.ts'
import { mutantsOf } from './mutants.ts'

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 })

const content = realContent()
const vignettes = loadVignettes().flatMap((file) => file.vignettes)
const mutants = mutantsOf(content)
const shareCaught = 0.97
/** Every so many-th: a prime, so that the sample goes through all kinds and files. */
const step = 23

const equivalents = readEquivalents().map(nameOf)
const listed = mutants.filter((mutant) => equivalents.includes(nameOf(mutant)))
const sample = mutants.filter((mutant) => !listed.includes(mutant)).filter((_, at) => at % step === 0)
const untouched: Mutant = { kind: 'a rule is left out', where: 'nowhere', rules: [], content }

describe('mistakes planted in the content', () => {
  let noticed: Map<Mutant, Noticed | undefined>
  beforeAll(async () => {
    noticed = await whoNotices(content, vignettes, [untouched, ...listed, ...sample])
  })

  test('are of every kind', () => {
    const planted = new Set(mutants.map(({ kind }) => kind))
    expect(mutantKinds.filter((kind) => !planted.has(kind))).toEqual([])
  })

  test('are noticed, in a sample of all; and none where none was planted', () => {
    expect(noticed.get(untouched)).toBeUndefined()
    const missed = sample.filter((mutant) => !noticed.get(mutant))
    expect(sample.length).toBeGreaterThan(50)
    expect(1 - missed.length / sample.length, missed.map(nameOf).join('\n')).toBeGreaterThanOrEqual(
      shareCaught,
    )
  })

  test('are listed as unseen once, and only those that are planted', () => {
    expect([...equivalents].sort()).toEqual(listed.map(nameOf).sort())
  })

  test('are listed as unseen only while nobody sees them', () => {
    const seen = listed.flatMap((mutant) => {
      const by = noticed.get(mutant)
      return by ? [`${nameOf(mutant)} is noticed by ${by.by}: ${by.where}`] : []
    })
    expect(seen).toEqual([])
  })
})
