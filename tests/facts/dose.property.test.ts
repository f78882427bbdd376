/** Laws of the daily dose: whatever is prescribed, and however badly it is written down. */
import fc from 'fast-check'
import type { FhirResource, Quantity } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { type Given, type Medicine, rangeOf, request } from './support.ts'

/** Tablets of one strength each, from weak to strong, by ingredient. */
const ladders = {
  oxycodone: ['rxnorm 1049621', 'rxnorm 1049683', 'rxnorm 1049611', 'rxnorm 1049686', 'rxnorm 1049618'],
  hydromorphone: ['rxnorm 897696', 'rxnorm 897702', 'rxnorm 897710'],
  methadone: ['rxnorm 864718', 'rxnorm 864706'],
  hydrocodone: ['rxnorm 857391', 'rxnorm 857002', 'rxnorm 857005', 'rxnorm 856999'],
}
const patches = ['rxnorm 583490', 'rxnorm 245134', 'rxnorm 197696', 'rxnorm 245136']

const tablets = fc.integer({ min: 1, max: 32 }).map((quarters) => ({ value: quarters / 4, unit: 'tablet' }))
const code = fc.constantFrom(...Object.values(ladders).flat())
const every = fc.integer({ min: 1, max: 72 })
const known = fc.record({ code, amount: tablets, every })
const unknown: fc.Arbitrary<Medicine> = fc.constantFrom(
  { dosage: { text: 'as directed' } },
  { dosage: {} },
  { code: 'rxnorm 7804', text: 'oxycodone' },
  { code: 'rxnorm 197873' },
  { amount: { value: 30 } },
)
/** Sums of fractions differ in their last digit by their order. */
const rounding = 1e-9
/** In use today, for some days. */
const inUse = fc.record({
  code,
  amount: tablets,
  every,
  started: fc.integer({ min: 0, max: 5 }),
  days: fc.constant(10),
})

const total = async (given: Given) => {
  const range = await rangeOf('mme-per-day', given)
  if (!range) throw new Error('the dose has no bounds')
  return range
}
const drafting = (...medicines: Medicine[]) => total({ drafts: medicines.map(request) })
const holds = <Ts extends [unknown, ...unknown[]]>(property: fc.IAsyncProperty<Ts>, numRuns = 60) =>
  fc.assert(property, { numRuns })

const dispensed = ({ id, ...source }: ReturnType<typeof request>): FhirResource => ({
  resourceType: 'MedicationDispense',
  id: `${id}-dispensed`,
  status: 'completed',
  subject: source.subject,
  ...(source.medicationCodeableConcept
    ? { medicationCodeableConcept: source.medicationCodeableConcept }
    : {}),
  ...(source.authoredOn ? { whenHandedOver: source.authoredOn } : {}),
  ...(source.dosageInstruction ? { dosageInstruction: source.dosageInstruction } : {}),
  daysSupply: { value: 10, unit: 'd' },
})

describe('the daily dose grows with', () => {
  test('the amount each time', () =>
    holds(
      fc.asyncProperty(known, tablets, async (medicine, more) => {
        const larger = { ...medicine, amount: { ...more, value: medicine.amount.value + more.value } }
        expect((await drafting(larger)).low).toBeGreaterThan((await drafting(medicine)).low)
      }),
    ))

  test('the frequency', () =>
    holds(
      fc.asyncProperty(known, every, async (medicine, other) => {
        const [often, seldom] = [medicine.every, other].sort((a, b) => a - b)
        const [most, least] = [
          await drafting({ ...medicine, every: often }),
          await drafting({ ...medicine, every: seldom }),
        ]
        expect(most.low).toBeGreaterThanOrEqual(least.low - rounding)
      }),
    ))

  test('the strength of the product', () =>
    holds(
      fc.asyncProperty(
        fc.constantFrom(...Object.values(ladders), patches),
        known,
        async (ladder, medicine) => {
          const doses = []
          for (const step of ladder) doses.push((await drafting({ ...medicine, code: step })).low)
          expect(doses).toEqual([...new Set(doses)].sort((a, b) => a - b))
        },
      ),
    ))

  test('nothing but a known amount: twice the tablets are twice the dose', () =>
    holds(
      fc.asyncProperty(known, async (medicine) => {
        const twice = { ...medicine, amount: { ...medicine.amount, value: medicine.amount.value * 2 } }
        expect((await drafting(twice)).low).toBeCloseTo((await drafting(medicine)).low * 2, 6)
      }),
    ))
})

describe('the daily dose of several medicines', () => {
  test('is never lowered by one more, drafted or in use', () =>
    holds(
      fc.asyncProperty(
        fc.array(inUse, { maxLength: 3 }),
        known,
        fc.oneof(known, unknown),
        fc.boolean(),
        async (chart, draft, extra, isDrafted) => {
          const before = await total({ chart: chart.map(request), drafts: [request(draft)] })
          const after = await total({
            chart: [...chart, ...(isDrafted ? [] : [{ ...extra, started: 1, days: 10 }])].map(request),
            drafts: [draft, ...(isDrafted ? [extra] : [])].map(request),
          })
          expect(after.low).toBeGreaterThanOrEqual(before.low - rounding)
        },
      ),
    ))

  test('has no upper bound when one dose in it is unknown', () =>
    holds(
      fc.asyncProperty(fc.array(known, { maxLength: 3 }), unknown, fc.nat(), async (others, open, place) => {
        const at = place % (others.length + 1)
        const medicines = [...others.slice(0, at), open, ...others.slice(at)]
        expect((await drafting(...medicines)).high).toBe(Number.POSITIVE_INFINITY)
      }),
    ))

  test('has no upper bound when the prescriptions did not come', () =>
    holds(
      fc.asyncProperty(known, async (draft) => {
        const range = await total({ drafts: [request(draft)], missing: ['medicationRequests'] })
        expect(range.high).toBe(Number.POSITIVE_INFINITY)
        expect(range.low).toBe((await drafting(draft)).low)
      }),
    ))

  test('is the same in whatever order they stand', () =>
    holds(
      fc.asyncProperty(fc.array(inUse, { minLength: 2, maxLength: 4 }), async (chart) => {
        const forwards = await total({ chart: chart.map(request) })
        const backwards = await total({ chart: chart.map(request).reverse() })
        expect(backwards.low).toBeCloseTo(forwards.low, 6)
      }),
    ))
})

describe('a renewal', () => {
  test('of the same product at the same dose leaves the dose as it is, dispensed or not', () =>
    holds(
      fc.asyncProperty(inUse, fc.boolean(), async (medicine, isDispensed) => {
        const current = request(medicine)
        const chart = isDispensed ? [current, dispensed(current)] : [current]
        const renewed = await total({ chart, drafts: [request({ ...medicine, started: 0 })] })
        expect(renewed.low).toBeCloseTo(
          (await total({ drafts: [request({ ...medicine, started: 0 })] })).low,
          6,
        )
        expect(renewed.high).toBe(renewed.low)
      }),
    ))

  test('at another dose counts at the larger of both', () =>
    holds(
      fc.asyncProperty(inUse, tablets, async (medicine, amount) => {
        const draft = { ...medicine, amount, started: 0 }
        const both = await total({ chart: [request(medicine)], drafts: [request(draft)] })
        const each = [await drafting({ ...medicine, started: 0 }), await drafting(draft)]
        expect(both.low).toBeCloseTo(Math.max(...each.map(({ low }) => low)), 6)
      }),
    ))
})

describe('whatever a dosage holds', () => {
  const anything = fc.jsonValue({ maxDepth: 2 })
  const extreme = fc.constantFrom(0, -0, 1, -1, 24, 5e-324, 1e-9, 1e9, 1e300, 1.7e308, -1e300)
  const oddNumber = fc.oneof(
    { weight: 3, arbitrary: extreme },
    fc.double(),
    fc.constantFrom('1', '-1', 'NaN', '1e999', null),
  )
  const oddQuantity = fc.record({
    value: oddNumber,
    unit: fc.constantFrom('tablet', 'tablet', 'mg', 'mL', '', 'kg'),
  })
  const oddRepeat = fc.record(
    {
      frequency: oddNumber,
      frequencyMax: oddNumber,
      period: oddNumber,
      periodUnit: fc.constantFrom('h', 'd', 'wk', 'x'),
      timeOfDay: fc.array(fc.constant('10:00:00')),
    },
    { requiredKeys: ['period', 'periodUnit'] },
  )
  const oddDosage = fc.record(
    {
      timing: fc.oneof({ weight: 3, arbitrary: fc.record({ repeat: oddRepeat }) }, anything),
      doseAndRate: fc.oneof(
        { weight: 3, arbitrary: fc.array(fc.record({ doseQuantity: oddQuantity })) },
        anything,
      ),
      maxDosePerPeriod: fc.oneof(fc.record({ numerator: oddQuantity, denominator: oddQuantity }), anything),
      sequence: oddNumber,
    },
    { requiredKeys: ['timing', 'doseAndRate'] },
  )

  test('the lower bound is a finite number of at least zero, and no bound is below another', () =>
    holds(
      fc.asyncProperty(code, fc.array(oddDosage, { maxLength: 3 }), async (product, dosageInstruction) => {
        const draft = { ...request({ code: product }), dosageInstruction } as unknown as FhirResource
        const { low, high } = await total({ drafts: [draft] })
        expect(Number.isFinite(low) && low >= 0).toBe(true)
        expect(high >= low).toBe(true)
      }),
      300,
    ))

  test('the days of supply and the doses dispensed are unknown, or finite and not negative', () =>
    holds(
      fc.asyncProperty(
        fc.array(oddDosage, { maxLength: 2 }),
        oddQuantity,
        async (dosageInstruction, quantity) => {
          const draft = request({ quantity: quantity as Quantity })
          const drafts = [{ ...draft, dosageInstruction } as unknown as FhirResource]
          for (const fact of ['supply-days', 'units-dispensed']) {
            const range = await rangeOf(fact, { drafts })
            expect(range === undefined || (Number.isFinite(range.high) && range.low >= 0)).toBe(true)
          }
        },
      ),
      300,
    ))
})
