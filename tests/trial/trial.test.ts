/** The second population as a bound on every change: the same targets as the first trial, on charts in another hand. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openLibrary } from 'lumbar'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { root } from '../support/evaluator.ts'
import { dateOf } from './days.ts'
import { readEntry } from './entry.ts'
import { countOf, judgeAll, pageOf, parts, targets } from './page.ts'
import { type Batch, batches, halfOf, halves } from './phrases.ts'
import { type Fault, faults, type Verdict } from './verdict.ts'

let judged: Record<string, Verdict[]>
beforeAll(async () => {
  judged = await judgeAll(openLibrary())
}, 120_000)

/** Phrases have bounds of their own. */
const ofStories = () =>
  Object.entries(parts).flatMap(([name, part]) => ('phrases' in part ? [] : (judged[name] ?? [])))

const held = z
  .record(z.enum(batches), z.partialRecord(z.enum(faults), z.number()))
  .parse(parse(readFileSync(join(import.meta.dirname, 'phrases/bounds.yaml'), 'utf8')))
const heldOfPhrases = batches.flatMap((batch) =>
  Object.entries(held[batch]).map(([fault, most]): [Batch, Fault, number] => [batch, fault as Fault, most]),
)

/** Phrases of a fault without which a bound says little; smaller batches tell less. */
const fewest: Partial<Record<Batch, number>> = {
  everyday: 10,
  ordinary: 40,
  'second-learning': 90,
  'second-kept-back': 90,
}

const bounds = (['coded', 'words'] as const).flatMap((style) =>
  Object.entries(targets[style]).map(([fault, most]) => ({ style, fault: fault as Fault, most })),
)

describe('in the second population', () => {
  test.each(bounds)('$style charts bring at most $most % of "$fault"', ({ style, fault, most }) => {
    const { made, possible } = countOf(ofStories(), style, fault)
    expect(possible).toBeGreaterThan(20)
    expect((100 * made) / possible).toBeLessThanOrEqual(most)
  })

  test('there are at least 500 events, with charts of every truth', () => {
    const all = ofStories()
    expect(all.length).toBeGreaterThan(500)
    expect(new Set(all.map(({ event }) => event.truth)).size).toBe(10)
    expect(Object.keys(parts)).toEqual(Object.keys(judged))
  })

  test('docs/trial.md says what is measured now', () => {
    const page = readFileSync(join(root, 'docs/trial.md'), 'utf8')
    expect(page === pageOf(judged), 'run npm run fidelity -- --write').toBe(true)
  })
})

describe('with the phrases', () => {
  test.each(heldOfPhrases)('of %s "%s" is made at most in %d %%', (batch, fault, most) => {
    const { made, possible } = countOf(judged[batch] ?? [], 'words', fault)
    expect(possible).toBeGreaterThan(fewest[batch] ?? 100)
    expect((100 * made) / possible).toBeLessThanOrEqual(most)
  })

  test('each half holds a thousand, none of them twice', () => {
    const said = halves.flatMap((half) =>
      (judged[half] ?? []).map(({ event }) => `${event.kind} ${event.told}`),
    )
    for (const half of halves) expect(judged[half]?.length).toBeGreaterThan(1000)
    expect(said.length - new Set(said).size).toBe(0)
  })

  test('one stays in its half, however it is written', () => {
    expect(halfOf('  New FOOT drop ')).toBe(halfOf('new foot drop'))
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
