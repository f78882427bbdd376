/** Run charts and control charts, by number as they are published: qicharts2's tests and handbook. */
import { describe, expect, test } from 'vitest'
import { median, runsOf, shareLimits, spreadOf, widenedLimits } from '../../src/quality/series.ts'

/** Alternating sides, as many as there are. */
const alternating = (n: number) => Array.from({ length: n }, (_, at) => (at % 2 === 0 ? 1 : -1))

describe('the rules of Anhøj', () => {
  // qicharts2 0.8.1, vignette, appendix 2: useful points, upper limit of the longest run, lower limit of crossings.
  test.each([
    [10, 6, 2],
    [11, 6, 2],
    [12, 7, 3],
    [16, 7, 4],
    [22, 7, 7],
    [23, 8, 7],
    [24, 8, 8],
    [30, 8, 10],
    [40, 8, 14],
    [45, 8, 17],
    [46, 9, 17],
    [57, 9, 22],
    [64, 9, 25],
  ])('of %i points bear a run of %i and want %i crossings', (n, run, crossings) => {
    expect(runsOf(alternating(n), 0)).toMatchObject({
      useful: n,
      longestExpected: run,
      crossingsExpected: crossings,
    })
  })

  test('hold for thousands of points, where chances are too small for a number', () => {
    const { crossingsExpected } = runsOf(alternating(5001), 0)
    // Half of 5000, less 1.645 standard deviations of a coin thrown as often.
    expect(Math.abs(crossingsExpected - (2500 - 1.645 * Math.sqrt(1250)))).toBeLessThan(1)
  })

  test('leave points on the centre line out: they neither break a run nor make it longer', () => {
    expect(runsOf([1, 1, 0, 1, -1, 0, -1], 0)).toMatchObject({ useful: 5, longest: 3, crossings: 1 })
  })

  test('signal a long run, too few crossings, and with fewer than ten points nothing', () => {
    const shifted = [...alternating(8), 1, 1, 1, 1, 1, 1, 1, 1, 1]
    expect(runsOf(shifted, 0).isSignal).toBe(true)
    expect(runsOf([1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1], 0)).toMatchObject({
      crossings: 1,
      crossingsExpected: 3,
      isSignal: true,
    })
    expect(runsOf([1, 1, 1, 1, 1, 1, 1, 1, 1], 0).isSignal).toBe(false)
    expect(runsOf([], 0)).toMatchObject({ useful: 0, isSignal: false })
  })
})

const of50 = (parts: readonly number[]) => parts.map((part) => ({ part, of: 50 }))

describe('a p-chart', () => {
  // Montgomery, table 7.4, as in qicharts2 tests/testthat/tbl_7.4_1.rds.
  const parts = [12, 8, 6, 9, 10, 12, 11, 16, 10, 6, 20, 15, 9, 8, 6, 8, 10, 7, 5, 8, 5, 8, 10, 6, 9]
  const sizes = [
    100, 80, 80, 100, 110, 110, 100, 100, 90, 90, 110, 120, 120, 120, 110, 80, 80, 80, 90, 100, 100, 100, 100,
    90, 90,
  ]
  const points = parts.map((part, at) => ({ part, of: sizes[at] ?? 0 }))

  test('of months of different size has the limits of Montgomery, table 7.4', () => {
    const { centre, low, high } = shareLimits(points)
    expect(centre).toBeCloseTo(0.095510204082, 10)
    expect([low[0], low[1], low[4], low[8], low[11]]).toEqual(
      [0.007334694728, 0, 0.011438154625, 0.00256505628, 0.015017344927].map((n) => expect.closeTo(n, 10)),
    )
    expect([high[0], high[1], high[11]]).toEqual(
      [0.183685713435, 0.194093420515, 0.176003063236].map((n) => expect.closeTo(n, 10)),
    )
    // One point beyond: the eleventh.
    expect(points.flatMap(({ part, of }, at) => (part / of > (high[at] ?? 1) ? [at + 1] : []))).toEqual([11])
    expect(
      runsOf(
        points.map(({ part, of }) => part / of),
        centre,
      ),
    ).toMatchObject({
      useful: 25,
      longest: 5,
      longestExpected: 8,
      crossings: 10,
      crossingsExpected: 8,
      isSignal: false,
    })
  })

  // Montgomery, example 7.1, as in qicharts2 tests/testthat/ex_7.1_5.rds: thirty samples, of which 15 and 23 are left out.
  test('of a baseline without two samples has the limits of Montgomery, example 7.1', () => {
    const all = of50([
      12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9,
      6,
    ])
    const kept = all.filter((_, at) => at !== 14 && at !== 22)
    const { centre, low, high } = shareLimits(all, kept)
    expect([centre, low[0], high[0]]).toEqual(
      [0.215, 0.040702839954, 0.389297160046].map((n) => expect.closeTo(n, 10)),
    )
    expect(
      runsOf(
        kept.map(({ part }) => part / 50),
        centre,
      ),
    ).toMatchObject({
      useful: 28,
      longest: 5,
      crossings: 13,
      crossingsExpected: 9,
    })
  })

  // qicharts2, vignette, nhs_accidents: emergency patients seen within four hours, P' chart.
  test('of very many patients is widened as Laney does, as in the handbook of qicharts2', () => {
    const seen = [
      266501, 264225, 276532, 281461, 269071, 261215, 270409, 279778, 270483, 270320, 267923, 271478, 255353,
      256820, 261835, 259144, 255910, 260863, 264465, 260989,
    ]
    const came = [
      280443, 276823, 291681, 296155, 282343, 275888, 283867, 295251, 284468, 282529, 279618, 283932, 266629,
      268091, 276803, 271578, 266005, 273520, 278574, 273772,
    ]
    const weeks = seen.map((part, at) => ({ part, of: came[at] ?? 0 }))
    const { centre, low, high } = widenedLimits(weeks)
    expect(centre).toBeCloseTo(0.9529, 5)
    expect([low.at(-1), high.at(-1)]).toEqual([expect.closeTo(0.93997, 4), expect.closeTo(0.96582, 4)])
    expect(spreadOf(weeks)).toBeGreaterThan(5)
  })

  test('is never narrower than chance has it', () => {
    const alike = of50(Array.from({ length: 20 }, () => 10))
    expect(widenedLimits(alike)).toEqual(shareLimits(alike))
  })
})

// Montgomery, example 6.5, as in qicharts2 tests/testthat/ex_6.5_3.rds: runs about a centre of the first twenty weeks.
test('runs of single values about a centre are those of Montgomery, example 6.5', () => {
  const cost = [
    310, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314, 295, 293, 306, 301, 304, 305,
    282, 305, 296, 314, 295, 287, 301, 298, 311, 310, 292, 305, 299, 304, 310, 304, 305, 333, 328,
  ]
  expect(runsOf(cost, 300.5)).toMatchObject({
    useful: 40,
    longest: 6,
    longestExpected: 8,
    crossings: 20,
    crossingsExpected: 14,
  })
})

test('the median of an even number is between the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([9, 1, 5])).toBe(5)
})
