/** Laws of counting supplied days, on stretches of days and on whole records. */
import fc from 'fast-check'
import type { MedicationDispense } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import {
  coveredDays,
  daysOfOneFill,
  joined,
  longestRun,
  overlap,
  type Stretch,
} from '../../src/facts/supply.ts'
import { concept } from '../language/code.ts'
import { ago, factsOf, request } from './support.ts'

const day = fc.integer({ min: 0, max: 60 })
const stretch = fc.tuple(day, day).map(([a, b]): Stretch => ({ first: Math.min(a, b), last: Math.max(a, b) }))
const stretches = fc.array(stretch, { maxLength: 8 })
const gap = fc.integer({ min: 0, max: 10 })

/** The slow way: every day by itself. */
const daysOf = (list: readonly Stretch[]) =>
  new Set(list.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, n) => first + n)))
const sorted = (days: Iterable<number>) => [...days].sort((a, b) => a - b)

describe('joined stretches', () => {
  test('cover the same days when no gap is bridged', () => {
    fc.assert(
      fc.property(stretches, (list) => {
        expect(sorted(daysOf(joined(list)))).toEqual(sorted(daysOf(list)))
      }),
    )
  })

  test('stand apart by more than the gap, in order', () => {
    fc.assert(
      fc.property(stretches, gap, (list, bridged) => {
        const runs = joined(list, bridged)
        runs.slice(1).forEach((run, place) => {
          expect(run.first).toBeGreaterThan((runs[place]?.last ?? 0) + 1 + bridged)
        })
      }),
    )
  })

  test('do not change when joined again, or in another order, and leave what they were made of alone', () => {
    fc.assert(
      fc.property(stretches, gap, (list, bridged) => {
        const before = structuredClone(list)
        expect(joined(joined(list, bridged), bridged)).toEqual(joined(list, bridged))
        expect(joined([...list].reverse(), bridged)).toEqual(joined(list, bridged))
        expect(list).toEqual(before)
      }),
    )
  })
})

describe('covered days', () => {
  test('are each counted once', () => {
    fc.assert(
      fc.property(stretches, (list) => {
        expect(coveredDays(list)).toBe(daysOf(list).size)
      }),
    )
  })

  test('are never fewer for one stretch more', () => {
    fc.assert(
      fc.property(stretches, stretch, (list, more) => {
        expect(coveredDays([...list, more])).toBeGreaterThanOrEqual(coveredDays(list))
      }),
    )
  })

  test('and the longest run do not change when one stretch is cut in two', () => {
    fc.assert(
      fc.property(stretches, stretch, fc.nat(), gap, (list, whole, at, bridged) => {
        const cut = whole.first + (at % (whole.last - whole.first + 1))
        const parts = [
          { first: whole.first, last: cut },
          ...(cut < whole.last ? [{ first: cut + 1, last: whole.last }] : []),
        ]
        expect(coveredDays([...list, ...parts])).toBe(coveredDays([...list, whole]))
        expect(longestRun([...list, ...parts], bridged)).toBe(longestRun([...list, whole], bridged))
      }),
    )
  })
})

describe('the longest run', () => {
  test('is no longer than what is covered when no gap is bridged, and zero for nothing', () => {
    expect(longestRun([], 3)).toBe(0)
    fc.assert(
      fc.property(stretches, (list) => {
        expect(longestRun(list, 0)).toBeLessThanOrEqual(coveredDays(list))
      }),
    )
  })

  test('grows with the gap that is bridged', () => {
    fc.assert(
      fc.property(stretches, gap, gap, (list, a, b) => {
        expect(longestRun(list, Math.max(a, b))).toBeGreaterThanOrEqual(longestRun(list, Math.min(a, b)))
      }),
    )
  })
})

describe('an overlap', () => {
  test('holds the days of both, whichever is named first', () => {
    fc.assert(
      fc.property(stretch, stretch, (a, b) => {
        const both = overlap(a, b)
        const common = [...daysOf([a])].filter((each) => daysOf([b]).has(each))
        expect(sorted(daysOf(both ? [both] : []))).toEqual(sorted(common))
        expect(overlap(b, a)).toEqual(both)
      }),
    )
  })
})

describe('one supply as two that follow one another', () => {
  const dispense = (first: number, days: number): MedicationDispense => ({
    resourceType: 'MedicationDispense',
    id: `dispense-${first}-${days}`,
    status: 'completed',
    subject: { reference: 'Patient/p1' },
    medicationCodeableConcept: concept('rxnorm 1049621'),
    whenHandedOver: ago(first),
    daysSupply: { value: days, unit: 'd' },
  })

  test('tells the same of exposure and of long-term therapy', () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 120 }),
        fc.integer({ min: 2, max: 120 }),
        fc.nat(),
        async (first, days, at) => {
          const cut = 1 + (at % (days - 1))
          const whole = await factsOf({ chart: [dispense(first, days)] })
          // What has not been handed over yet is no supply.
          const later = first - cut >= 0 ? [dispense(first - cut, days - cut)] : []
          const parts = await factsOf({ chart: [dispense(first, cut), ...later] })
          for (const fact of ['opioid-lately', 'opioid-supply-long', 'opioid-within-a-year']) {
            expect(parts.get(fact)?.value, fact).toBe(whole.get(fact)?.value)
          }
        },
      ),
      { numRuns: 60 },
    ))

  test('lasts as long by its quantity', () => {
    const fill = (value: number, every: number) =>
      daysOfOneFill({ ...request({ every, quantity: { value, unit: 'tablet' } }) }) ?? Number.NaN
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 48 }),
        (a, b, every) => {
          expect(fill(a, every) + fill(b, every)).toBeCloseTo(fill(a + b, every), 6)
        },
      ),
    )
  })
})
