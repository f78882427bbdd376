/** The second population as a bound on every change: the same targets as the first trial, on charts in another hand. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openLibrary } from 'lumbar'
import { beforeAll, describe, expect, test } from 'vitest'
import { root } from '../support/evaluator.ts'
import { readEntry } from './entry.ts'
import { countOf, judgeAll, pageOf, parts, targets } from './page.ts'
import { dateOf } from './record.ts'
import type { Fault, Verdict } from './verdict.ts'

let judged: Record<string, Verdict[]>
beforeAll(async () => {
  judged = await judgeAll(openLibrary())
}, 120_000)

const bounds = (['coded', 'words'] as const).flatMap((style) =>
  Object.entries(targets[style]).map(([fault, most]) => ({ style, fault: fault as Fault, most })),
)

describe('in the second population', () => {
  test.each(bounds)('$style charts bring at most $most % of "$fault"', ({ style, fault, most }) => {
    const { made, possible } = countOf(Object.values(judged).flat(), style, fault)
    expect(possible).toBeGreaterThan(20)
    expect((100 * made) / possible).toBeLessThanOrEqual(most)
  })

  test('there are at least 500 events, with charts of every truth', () => {
    const all = Object.values(judged).flat()
    expect(all.length).toBeGreaterThan(500)
    expect(new Set(all.map(({ event }) => event.truth)).size).toBe(10)
    expect(Object.keys(parts)).toEqual(Object.keys(judged))
  })

  test('docs/trial.md says what is measured now', () => {
    const page = readFileSync(join(root, 'docs/trial.md'), 'utf8')
    expect(page === pageOf(judged), 'run npm run fidelity -- --write').toBe(true)
  })
})

describe('an entry of a story', () => {
  test('is read into kind, codings, words and the rest', () => {
    const entry = readEntry(
      'problem icd:G83.4 urn:oid:2.16.840.1.113883.6.96:192970008 "Cauda equina" visit onset=-1',
    )
    expect(entry.codings).toEqual([
      { system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'G83.4' },
      { system: 'urn:oid:2.16.840.1.113883.6.96', code: '192970008' },
    ])
    expect([entry.kind, entry.words, [...entry.flags], entry.values.get('onset')]).toEqual([
      'problem',
      'Cauda equina',
      ['visit'],
      '-1',
    ])
  })

  test('has days from today, or a date as written', () => {
    expect([dateOf('-1'), dateOf('+20'), dateOf('0'), dateOf('2020'), dateOf('1900-01-01')]).toEqual([
      '2026-11-20',
      '2026-12-11',
      '2026-11-21',
      '2020',
      '1900-01-01',
    ])
  })
})
