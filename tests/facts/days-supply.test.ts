/** How long a supply lasts: as stated, by its quantity, or by the bounds of the course. */
import { describe, expect, test } from 'vitest'
import { daysByQuantityWithRefills, daysOfOneFill, statedDays } from '../../src/facts/supply.ts'

const tablets = (value: number) => ({ value, unit: 'tablet' })
const sig = (amount: object, frequency: number, bounds: object = {}) => ({
  timing: { repeat: { frequency, period: 1, periodUnit: 'd', ...bounds } },
  doseAndRate: [{ doseQuantity: amount }],
})
const order = (dispenseRequest: object, ...dosageInstruction: object[]) => ({
  dispenseRequest,
  dosageInstruction,
})

describe('one fill', () => {
  test.each([
    ['as stated in days', order({ expectedSupplyDuration: { value: 7, unit: 'days', code: 'd' } }), 7],
    ['as stated in weeks', order({ expectedSupplyDuration: { value: 2, code: 'wk' } }), 14],
    ['as stated with a unit in words', order({ expectedSupplyDuration: { value: 1, unit: 'Month' } }), 30],
    ['as stated without a unit', order({ expectedSupplyDuration: { value: 5 } }), 5],
    [
      'stated in hours, counted up to whole days',
      order({ expectedSupplyDuration: { value: 180, unit: 'h' } }),
      8,
    ],
    ['by thirty tablets at four a day', order({ quantity: tablets(30) }, sig(tablets(1), 4)), 7.5],
    ['by a bare thirty at four a day', order({ quantity: { value: 30 } }, sig(tablets(1), 4)), 7.5],
    [
      'by a bare thirty where the dose is bare too',
      order({ quantity: { value: 30 } }, sig({ value: 1 }, 4)),
      7.5,
    ],
    ['by millilitres', order({ quantity: { value: 120, unit: 'mL' } }, sig({ value: 10, unit: 'mL' }, 3)), 4],
    ['by tablets without one a day', order({ quantity: tablets(30) }), undefined],
    ['by tablets of which none is taken', order({ quantity: tablets(30) }, sig(tablets(0), 4)), undefined],
    [
      'by tablets where the dose is in milligrams',
      order({ quantity: tablets(30) }, sig({ value: 5, unit: 'mg' }, 4)),
      undefined,
    ],
    [
      'by the length of the course',
      order({}, sig(tablets(1), 4, { boundsDuration: { value: 5, unit: 'd' } })),
      5,
    ],
    [
      'by its first and last day',
      order({}, sig(tablets(1), 4, { boundsPeriod: { start: '2026-11-01', end: '2026-11-10' } })),
      10,
    ],
    [
      'by a first day alone',
      order({}, sig(tablets(1), 4, { boundsPeriod: { start: '2026-11-01' } })),
      undefined,
    ],
    [
      'by a last day before the first',
      order({}, sig(tablets(1), 4, { boundsPeriod: { start: '2026-11-10', end: '2026-11-01' } })),
      undefined,
    ],
    ['by nothing at all', {}, undefined],
  ])('%s', (_, source, days) => {
    expect(daysOfOneFill(source)).toBe(days)
  })

  test('is not lengthened by refills', () => {
    const stated = order({ expectedSupplyDuration: { value: 7, unit: 'd' }, numberOfRepeatsAllowed: 3 })
    expect(daysOfOneFill(stated)).toBe(7)
  })
})

describe('a whole order', () => {
  const refills = (numberOfRepeatsAllowed: unknown) =>
    order({ expectedSupplyDuration: { value: 30, unit: 'd' }, numberOfRepeatsAllowed })

  test.each([
    ['two refills', 2, 90],
    ['none', 0, 30],
    ['a refill and a half', 1.5, 60],
    ['fewer than none', -2, 30],
    ['words', 'as needed', 30],
  ])('with refills lasts so much longer: %s', (_, given, days) => {
    expect(statedDays(refills(given))).toBe(days)
  })

  test('with refills by its quantity ends on a whole day', () => {
    const byQuantity = order({ quantity: tablets(30), numberOfRepeatsAllowed: 1 }, sig(tablets(1), 4))
    expect(statedDays(byQuantity)).toBeUndefined()
    expect(daysByQuantityWithRefills(byQuantity)).toBe(15)
  })

  test('whose course has bounds ends with it, whatever may be refilled', () => {
    const course = sig(tablets(1), 4, { boundsDuration: { value: 10, unit: 'd' } })
    expect(statedDays(order({ numberOfRepeatsAllowed: 2 }, course))).toBe(10)
  })
})

test('a dispense states its own days', () => {
  expect(statedDays({ daysSupply: { value: 5, unit: 'days' }, quantity: tablets(60) })).toBe(5)
  expect(daysByQuantityWithRefills({ quantity: tablets(20), dosageInstruction: [sig(tablets(1), 4)] })).toBe(
    5,
  )
})
