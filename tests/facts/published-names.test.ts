/** Names of other illnesses, as ICD-10-CM publishes them: few of them may be taken for words of a lost function (RF04u). */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Papa from 'papaparse'
import { expect, test } from 'vitest'
import { Lexicon } from '../../src/facts/reading/lexicon.ts'
import { root } from '../support/evaluator.ts'
import { content } from './support.ts'

const list = join(root, '../shared/terminology/icd10cm.csv')
const isHere = existsSync(list)
/** All of them are read in three quarters of a minute; every twelfth tells as much. */
const step = 12
const mostPercent = 2

const lexicon = new Lexicon(content)

test.skipIf(!isHere)('names of illnesses are seldom read as a lost function', () => {
  const names = Papa.parse<{ description: string }>(readFileSync(list, 'utf8'), { header: true })
    .data.map(({ description }) => description)
    .filter((name, at) => Boolean(name) && at % step === 0)
  expect(names.length).toBeGreaterThan(5000)
  const taken = names.filter((name) => lexicon.read(name).affirmed.some(({ key }) => key === 'words/nerve'))
  expect((100 * taken.length) / names.length).toBeLessThanOrEqual(mostPercent)
  // What it is about is heard.
  expect(taken.length).toBeGreaterThan(0)
})

test.each([
  'Anal fissure, unspecified',
  'Ulcerative colitis with rectal bleeding',
  'Malignant neoplasm of bladder, unspecified',
  'Hallux valgus (acquired), left foot',
  'Rheumatoid arthritis of right ankle and foot',
  'Ingrowing nail, left great toe',
])('"%s" is another illness', (name) => {
  const { affirmed } = lexicon.read(name)
  expect(affirmed.filter(({ key }) => key === 'words/nerve')).toEqual([])
})
