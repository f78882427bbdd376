/** The report: services by need as they truly are, small cells hidden for good, and intervals as published. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Counted, countFolder } from '../../population/count.ts'
import type { Truth } from '../../population/generate/truth.ts'
import { writePopulation } from '../../population/generate/write.ts'
import { measureReport } from '../../population/report/fhir.ts'
import { reportPage } from '../../population/report/page.ts'
import { readPrices } from '../../population/report.ts'
import { openLibrary } from '../../src/library.ts'
import { readMeasures } from '../../src/pathway/measures.ts'
import { resultsOf, wilson } from '../../src/quality/results.ts'
import { isTelling } from '../../src/quality/suppress.ts'
import { root } from '../support/evaluator.ts'

const place = mkdtempSync(join(tmpdir(), 'lumbar-report-test-'))
const lumbar = openLibrary()
const measures = readMeasures(root, lumbar.sources)
const prices = readPrices(join(root, 'measures/prices.csv'))
const period = { start: '2024-01-01', end: '2024-12-03' }
let truth: Truth
let counted: Counted

beforeAll(async () => {
  truth = writePopulation({ out: place, patients: 800, seed: 9 })
  counted = await countFolder(place, { lumbar, measures, period, prices, work: place })
}, 120_000)
afterAll(() => rmSync(place, { recursive: true }))

describe('services by need', () => {
  test('are classed as they truly are, services and people apart', () => {
    const { classes } = counted.services
    const { 'not classed': _, ...known } = truth.services
    const found = (of: 'services' | 'people') =>
      Object.fromEntries(classes.map((each) => [each.need, each[of]]))
    expect(found('services')).toMatchObject(known)
    expect(found('services')).toEqual(truth.services)
    expect(found('people')).toEqual(truth.people)
    expect(known.wasteful).toBeGreaterThan(0)
    expect(known.necessary).toBeGreaterThan(0)
  })

  test('cost what the table says, and what has no price is counted and not estimated', () => {
    for (const { services, usd, unpriced } of counted.services.classes) {
      expect(usd).toBeLessThanOrEqual((services - unpriced) * 188.26 + 0.01)
      expect(usd).toBeGreaterThanOrEqual((services - unpriced) * 38.49 - 0.01)
    }
    expect(counted.services.classes.some(({ unpriced }) => unpriced > 0)).toBe(true)
  })
})

describe('measures of orders that are judged as of their day', () => {
  test.each(['opioid-high-dose', 'false-alarm'])('%s counts in every group what is true', (measure) => {
    const found = counted.counts
      .filter((count) => count.measure === measure && count.by !== 'month')
      .map(({ variant, by, value, status, count }) => `${variant}: ${by} ${value}, ${status}: ${count}`)
    const wanted = Object.entries(truth.measures[measure] ?? {}).flatMap(([variant, groups]) =>
      Object.entries(groups).flatMap(([by, values]) =>
        Object.entries(values).flatMap(([value, statuses]) =>
          Object.entries(statuses).map(([status, n]) => `${variant}: ${by} ${value}, ${status}: ${n}`),
        ),
      ),
    )
    expect(wanted.length).toBeGreaterThan(10)
    expect(wanted.some((line) => line.includes(', met'))).toBe(true)
    expect(found.sort()).toEqual(wanted.sort())
  })
})

const data = (allCells: boolean) => ({
  ...counted,
  from: period.start,
  until: period.end,
  results: resultsOf(measures, counted.counts, { allCells, clinicOf: counted.clinicOf }),
  prices,
  allCells,
})

describe('the page', () => {
  test('shows no number of 1 to 10 people in a table of groups, and the other copy says that it does', () => {
    const shown = data(false).results.flatMap(({ variants }) =>
      variants.flatMap(({ all, groups }) =>
        [all, ...[...groups.values()].flat()].filter(({ hidden }) => !hidden),
      ),
    )
    expect(shown.length).toBeGreaterThan(100)
    expect(shown.filter(isTelling)).toEqual([])
    expect(reportPage(data(true))).toContain('this copy stays in the quality team')
    expect(reportPage(data(false))).not.toContain('this copy stays in the quality team')
  })

  test('tells a rate that is reported as its complement the right way round', () => {
    const all = data(true).results.find(({ measure }) => measure.id === 'imaging-28')?.variants[0]?.all
    const { met = 0, 'not met': rest = 0 } = truth.measures['imaging-28']?.['within 28 days']?.all?.all ?? {}
    expect(all?.share).toBeCloseTo(rest / (met + rest), 10)
  })

  test('is also a FHIR MeasureReport, in which hidden cells are masked', () => {
    for (const result of data(false).results) {
      const { group = [] } = measureReport(result, period.start, period.end)
      const strata = group.flatMap(({ stratifier = [] }) => stratifier.flatMap(({ stratum = [] }) => stratum))
      const numbers = strata.flatMap(({ population = [] }) => population.flatMap(({ count }) => count ?? []))
      expect(numbers.filter((count) => count > 0 && count <= 10)).toEqual([])
    }
  })
})

test('groups for outreach hold people of the export, each once', () => {
  expect(counted.groups.map(({ id }) => id)).toEqual([
    'lumbar-past-opioid',
    'lumbar-advanced-imaging',
    'lumbar-rising-risk',
  ])
  for (const { member = [], quantity } of counted.groups) {
    const people = member.map(({ entity }) => entity.reference)
    expect(people.length).toBeGreaterThan(0)
    expect(new Set(people).size).toBe(quantity)
  }
})

test.each([
  // Newcombe 1998 (Statistics in Medicine 17:857), table I, method 3.
  { part: 81, of: 263, low: 0.2553, high: 0.3662 },
  { part: 15, of: 148, low: 0.0624, high: 0.1605 },
  { part: 0, of: 20, low: 0, high: 0.1611 },
  { part: 1, of: 29, low: 0.0061, high: 0.1718 },
])('the interval of $part in $of is as published', ({ part, of, low, high }) => {
  expect(wilson(part, of).low).toBeCloseTo(low, 4)
  expect(wilson(part, of).high).toBeCloseTo(high, 4)
})
