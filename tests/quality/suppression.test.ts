/** What is hidden stays hidden: whoever knows every number that is shown, and how they belong together, finds no small cell. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Measure } from '../../src/pathway/measures.ts'
import { type Count, type Dimension, resultsOf, tellable } from '../../src/quality/results.ts'
import { isSmall } from '../../src/quality/suppress.ts'

const measure = (id: string) =>
  ({ id, headline: true, reported: 'share', direction: 'higher', section: 'Imaging' }) as Measure
const measures = ['a', 'b', 'c', 'd'].map(measure)

const clinicOf = new Map([
  ['c1', 'north'],
  ['c2', 'north'],
  ['c3', 'south'],
  ['c4', 'south'],
  ['c5', 'east'],
])
const races = ['r1', 'r2', 'r3']

/** Everything that the measures ask of one person: `c` is of people without a flag, `d` of those who meet `b`. */
interface Pattern {
  flag: boolean
  a: 'no' | 'late' | 'early'
  b: boolean
  c: boolean
  d: boolean
}
const patterns: readonly Pattern[] = [false, true].flatMap((flag) =>
  (['no', 'late', 'early'] as const).flatMap((a) =>
    [false, true].flatMap((b) =>
      (flag ? [false] : [false, true]).flatMap((c) =>
        (b ? [false, true] : [false]).map((d) => ({ flag, a, b, c, d })),
      ),
    ),
  ),
)

interface Kind extends Pattern {
  clinician: string
  clinic: string
  race: string
}
const kinds: readonly Kind[] = [...clinicOf].flatMap(([clinician, clinic]) =>
  races.flatMap((race) => patterns.map((pattern) => ({ clinician, clinic, race, ...pattern }))),
)

type Asked = (kind: Kind) => string | undefined
const met = (holds: boolean) => (holds ? 'met' : 'not met')
const asked: readonly [string, string, Asked][] = [
  ['a', 'within 3 days', ({ a }) => met(a === 'early')],
  ['a', 'within 28 days', ({ a }) => met(a !== 'no')],
  ['b', 'within 28 days', ({ b }) => met(b)],
  ['c', 'within 28 days', ({ c, flag }) => (flag ? 'excluded: flag' : met(c))],
  ['d', 'within 28 days', ({ b, d }) => (b ? met(d) : undefined)],
]
const told: readonly [Dimension, (kind: Kind) => string][] = [
  ['all', () => 'all'],
  ['clinic', ({ clinic }) => clinic],
  ['clinician', ({ clinician }) => clinician],
  ['race', ({ race }) => race],
]

/** `people` of each kind. */
function countsOf(people: readonly number[]): Count[] {
  const counts = new Map<string, Count>()
  for (const [at, kind] of kinds.entries())
    for (const [id, variant, status] of asked)
      for (const [by, value] of told) {
        const said = status(kind)
        if (said === undefined || !people[at]) continue
        const key = JSON.stringify([id, variant, by, value(kind), said])
        const known = counts.get(key) ?? {
          measure: id,
          variant,
          by,
          value: value(kind),
          status: said,
          count: 0,
        }
        counts.set(key, { ...known, count: known.count + people[at] })
      }
  return [...counts.values()]
}

/** A number that could be told: of which kinds of people it is the sum. */
type Sum = readonly number[]
const sumOf = (holds: (kind: Kind) => boolean): Sum => kinds.map((kind) => (holds(kind) ? 1 : 0))

function sumsOf(id: string, variant: string, by: Dimension, value: string) {
  const [, , status] = asked.find(([own, window]) => own === id && window === variant) ??
    asked[0] ?? ['', '', () => undefined]
  const [, groupIn] = told.find(([own]) => own === by) ?? ['all', () => '']
  const within = (wanted: (said: string | undefined) => boolean) =>
    sumOf((kind) => groupIn(kind) === value && wanted(status(kind)))
  return {
    part: within((said) => said === 'met'),
    of: within((said) => said === 'met' || said === 'not met'),
    rest: within((said) => said === 'not met'),
  }
}

/** Whether what is sought is a sum of multiples of what is known: by elimination, in whole numbers modulo a prime. */
class Known {
  static readonly prime = 67_108_859
  readonly #rows: { lead: number; row: number[] }[] = []

  #reduced(sum: Sum): number[] {
    const row = [...sum]
    for (const { lead, row: known } of this.#rows) {
      const factor = row[lead] ?? 0
      if (factor === 0) continue
      for (let at = lead; at < row.length; at++) {
        const less = ((row[at] ?? 0) - factor * (known[at] ?? 0)) % Known.prime
        row[at] = less < 0 ? less + Known.prime : less
      }
    }
    return row
  }

  learn(sum: Sum): void {
    const row = this.#reduced(sum)
    const lead = row.findIndex((each) => each !== 0)
    if (lead === -1) return
    const inverse = power(row[lead] ?? 1, Known.prime - 2)
    this.#rows.push({ lead, row: row.map((each) => (each * inverse) % Known.prime) })
    this.#rows.sort((a, b) => a.lead - b.lead)
  }

  tells(sum: Sum): boolean {
    return this.#reduced(sum).every((each) => each === 0)
  }
}

/** Products stay below 2^53: a prime of 26 bits. */
function power(base: number, exponent: number): number {
  let [result, factor] = [1, base]
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = (result * factor) % Known.prime
    factor = (factor * factor) % Known.prime
  }
  return result
}

/** Mostly nobody, so that groups come out small and large: some hundred people in all, or some dozen. */
const someone = (nobody: number) =>
  fc.oneof(
    { weight: nobody, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.nat(3) },
    { weight: 1, arbitrary: fc.nat(25) },
  )
const every = { minLength: kinds.length, maxLength: kinds.length }
const sparse = fc.array(someone(40), every)
const population = fc.oneof(fc.array(someone(5), every), fc.array(someone(15), every), sparse)

/** All that a reader of the report knows. */
function knownFrom(people: readonly number[], allCells = false) {
  const known = new Known()
  const results = resultsOf(measures, countsOf(people), { allCells, clinicOf })
  let shown = 0
  const learn = (id: string, variant: string, by: Dimension, value: string) => {
    const { part, of } = sumsOf(id, variant, by, value)
    known.learn(part)
    known.learn(of)
    shown += 1
  }
  for (const { measure: own, variants } of results)
    for (const { variant, all, groups, left } of variants) {
      if (!all.hidden) learn(own.id, variant, 'all', 'all')
      for (const [by, list] of groups)
        for (const { value, hidden } of list) if (!hidden) learn(own.id, variant, by, value)
      for (const { hidden, why } of left)
        if (!hidden && why === 'excluded: flag') known.learn(sumOf(({ flag }) => flag))
    }
  const everybody = people.reduce((sum, each) => sum + each, 0)
  if (tellable(everybody, results) !== undefined) known.learn(sumOf(() => true))
  return { known, shown }
}

/** Small cells that follow from what is known, by name. */
function smallCells(people: readonly number[], known: Known): readonly string[] {
  const value = (sum: Sum) => sum.reduce((total, each, at) => total + each * (people[at] ?? 0), 0)
  const small: string[] = []
  const look = (name: string, sum: Sum) => {
    if (isSmall(value(sum)) && known.tells(sum)) small.push(`${name}: ${value(sum)}`)
  }
  for (const [id, variant] of asked)
    for (const [by, groupIn] of told)
      for (const group of new Set(kinds.map(groupIn)))
        for (const [column, sum] of Object.entries(sumsOf(id, variant, by, group)))
          look(`${id} ${variant} ${by} ${group} ${column}`, sum)
  // Those whom one measure leaves out and another does not, and those between two windows.
  for (const [, groupIn] of told)
    for (const group of new Set(kinds.map(groupIn)))
      look(
        `flagged of ${group}`,
        sumOf((kind) => groupIn(kind) === group && kind.flag),
      )
  look(
    'between the windows',
    sumOf(({ a }) => a === 'late'),
  )
  return small
}

describe('a report', () => {
  test('tells no small cell, whatever is added to and taken from what else it tells', () => {
    fc.assert(
      fc.property(population, (people) => {
        const small = smallCells(people, knownFrom(people).known)
        expect(small).toEqual([])
      }),
      { numRuns: 90 },
    )
  })

  test('that hid nothing would tell many, so that the look above finds what there is', () => {
    const small = fc
      .sample(sparse, { numRuns: 5, seed: 7 })
      .flatMap((people) => smallCells(people, knownFrom(people, true).known))
    expect(small.length).toBeGreaterThan(50)
  })

  test('whose groups hide themselves alone, and no other, would tell some by subtraction', () => {
    // 5 of 100 are of one group: the total less the two others is 5.
    const known = new Known()
    const groups = ['r1', 'r2'].map((race) => sumOf((kind) => kind.race === race))
    for (const sum of [sumOf(() => true), ...groups]) known.learn(sum)
    expect(known.tells(sumOf(({ race }) => race === 'r3'))).toBe(true)
    expect(known.tells(sumOf(({ race, flag }) => race === 'r3' && flag))).toBe(false)
  })

  test('still tells what is large: nothing is hidden of large groups', () => {
    const people = kinds.map(({ a, flag }) => (flag ? 15 : a === 'no' ? 60 : 25))
    const { shown } = knownFrom(people)
    // Five totals, and four measures by three clinics, five clinicians and three races.
    expect(shown).toBe(5 + 4 * (3 + 5 + 3))
  })
})
