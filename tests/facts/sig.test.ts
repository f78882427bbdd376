/** Dosage instructions in the shapes that EHRs send them, and what they come to in a day. */
import { describe, expect, test } from 'vitest'
import { amountADay, sigsOf } from '../../src/facts/sig.ts'
import { daily, dose, of, onceADay } from './daily.ts'

describe('an amount', () => {
  test.each([
    ['of tablets', of(2, 'tablet'), { value: 2, unit: 'each' }],
    ['of tablets by their UCUM annotation', of(2, 'tablet', '{tbl}'), { value: 2, unit: 'each' }],
    ['of pills by an annotation and no word', of(2, undefined, '{pill}'), { value: 2, unit: 'each' }],
    ['of tablets by the form of HL7', of(1, 'TAB', 'TAB'), { value: 1, unit: 'each' }],
    ['of half a tablet', of(0.5, 'tablet(s)'), { value: 0.5, unit: 'each' }],
    ['of tablets whose code is of SNOMED', of(1, 'tablet', '428673006'), { value: 1, unit: 'each' }],
    ['of patches', of(1, 'patch', '{patch}'), { value: 1, unit: 'each' }],
    ['of films', of(1, 'film'), { value: 1, unit: 'each' }],
    ['of a bare one, as all Synthea opioids', of(1), { value: 1, unit: 'each' }],
    ['of UCUM ones', of(3, undefined, '1'), { value: 3, unit: 'each' }],
    ['of milligrams', of(5, 'mg', 'mg'), { value: 5, unit: 'mg' }],
    ['of micrograms', of(200, 'mcg'), { value: 0.2, unit: 'mg' }],
    ['of grams', of(1, 'g', 'g'), { value: 1000, unit: 'mg' }],
    ['of millilitres', of(10, 'mL', 'mL'), { value: 10, unit: 'ml' }],
    ['of millilitres in braces, which are not pieces', of(10, 'mL', '{mL}'), { value: 10, unit: 'ml' }],
    ['written as text', { value: '2', unit: 'tablet' }, { value: 2, unit: 'each' }],
  ])('%s is read', (_, quantity, expected) => {
    expect(daily({ ...dose(quantity), ...onceADay })).toEqual(expected)
  })

  test.each([
    ['a bare thirty may be milligrams', of(30)],
    ['milligrams for each kilogram need a weight', of(1, 'mg/kg', 'mg/kg')],
    ['micrograms an hour are a rate', of(25, 'mcg/h', 'ug/h')],
    ['drops are no millilitres', of(10, 'drop', 'drop')],
    ['a negative amount is a mistake', of(-1, 'tablet')],
    ['no value is no amount', { unit: 'tablet' }],
    ['no number is no amount', { value: 'two', unit: 'tablet' }],
  ])('stays unknown: %s', (_, quantity) => {
    expect(daily({ ...dose(quantity), ...onceADay })).toBeUndefined()
  })

  test('counts at the upper end of its range', () => {
    const range = { doseRange: { low: of(1, 'tablet'), high: of(2, 'tablet') } }
    expect(daily({ doseAndRate: [range], ...onceADay })).toEqual({ value: 2, unit: 'each' })
  })

  test('may stand straight on the instruction, as in older versions of FHIR', () => {
    expect(daily({ doseQuantity: of(2, 'tablet'), ...onceADay })).toEqual({ value: 2, unit: 'each' })
  })
})

describe('one dose said several ways, as Epic does,', () => {
  const way = (code: string, doseQuantity: object) => ({ type: { coding: [{ code }] }, doseQuantity })
  const ways = [
    way('calculated', of(10, 'mg', 'mg')),
    way('admin-amount', of(2, 'tablet', '{tbl}')),
    way('ordered', of(5, 'mg', 'mg')),
  ]

  test('is the ordered one and no sum', () => {
    expect(daily({ doseAndRate: ways, ...onceADay })).toEqual({ value: 5, unit: 'mg' })
  })

  test('is the one in the unit asked for, where that matters', () => {
    const sigs = sigsOf({ dosageInstruction: [{ doseAndRate: ways, ...onceADay }] })
    expect(amountADay(sigs, ['each'])).toEqual({ value: 2, unit: 'each' })
    expect(amountADay(sigs, ['ml'])).toBeUndefined()
  })
})

describe('a frequency', () => {
  const often = (timing: object) => daily({ ...dose(of(1, 'tablet')), timing })?.value
  const repeat = (more: object) => often({ repeat: more })

  test.each([
    ['every six hours', { frequency: 1, period: 6, periodUnit: 'h' }, 4],
    ['twice a day', { frequency: 2, period: 1, periodUnit: 'd' }, 2],
    ['every other day', { frequency: 1, period: 2, periodUnit: 'd' }, 0.5],
    ['once a week', { frequency: 1, period: 1, periodUnit: 'wk' }, 1 / 7],
    [
      'every four to six hours counts as every four',
      { frequency: 1, period: 4, periodMax: 6, periodUnit: 'h' },
      6,
    ],
    [
      'two to four times a day counts as four',
      { frequency: 2, frequencyMax: 4, period: 1, periodUnit: 'd' },
      4,
    ],
    ['four times a day at most', { frequencyMax: 4, period: 1, periodUnit: 'd' }, 4],
    ['every 90 minutes', { period: 90, periodUnit: 'min' }, 16],
    ['at two times of day', { timeOfDay: ['10:00:00', '22:00:00'] }, 2],
    ['morning, noon and evening', { when: ['MORN', 'NOON', 'EVE'] }, 3],
    ['morning and evening of each day', { when: ['MORN', 'EVE'], period: 1, periodUnit: 'd' }, 2],
    ['once a day, in the morning', { when: ['MORN'], frequency: 1, period: 1, periodUnit: 'd' }, 1],
  ])('in numbers: %s', (_, timing, times) => {
    expect(repeat(timing)).toBeCloseTo(times, 10)
  })

  test.each([
    ['BID', { coding: [{ code: 'BID' }] }, 2],
    ['TID', { coding: [{ code: 'TID' }] }, 3],
    ['Q4H', { coding: [{ code: 'Q4H' }] }, 6],
    ['QHS in words', { text: 'qhs' }, 1],
    ['Q6H PRN in words, as Epic writes it', { text: 'Q6H PRN' }, 4],
    ['BID as needed', { text: 'BID as needed' }, 2],
  ])('by abbreviation: %s', (_, code, times) => {
    expect(often({ code })).toBe(times)
  })

  test('in numbers wins over its abbreviation', () => {
    const timing = { repeat: { frequency: 1, period: 6, periodUnit: 'h' }, code: { text: 'BID' } }
    expect(often(timing)).toBe(4)
  })

  test.each([
    ['no timing', undefined],
    ['a span of time only', { repeat: { boundsPeriod: { start: '2026-11-01' } } }],
    ['a number of times in all', { repeat: { count: 10 } }],
    ['a clock time of the house', { code: { text: '0900 & 1800' } }],
    ['words', { code: { text: 'with meals' } }],
    ['a period of zero', { repeat: { frequency: 1, period: 0, periodUnit: 'd' } }],
    ['a period too small for any number', { repeat: { frequency: 1, period: 5e-324, periodUnit: 'h' } }],
    ['a frequency of zero', { repeat: { frequency: 0, period: 1, periodUnit: 'd' } }],
    ['a frequency below zero', { repeat: { frequency: -3, period: 1, periodUnit: 'd' } }],
    ['a period in an unknown unit', { repeat: { frequency: 1, period: 1, periodUnit: 'fortnight' } }],
    ['the unit of DSTU2', { repeat: { frequency: 1, period: 1, periodUnits: 'd' } }],
    ['single events', { event: ['2026-11-21'] }],
  ])('stays unknown: %s', (_, timing) => {
    expect(daily({ ...dose(of(1, 'tablet')), ...(timing ? { timing } : {}) })).toBeUndefined()
  })
})

describe('a ceiling', () => {
  const most = (value: number, unit: string, per = 1) => ({
    numerator: of(value, unit),
    denominator: of(per, 'day', 'd'),
  })
  const six = { ...dose(of(1, 'tablet')), timing: { repeat: { frequency: 6, period: 1, periodUnit: 'd' } } }

  test('for a day holds the dose down', () => {
    expect(daily({ ...six, maxDosePerPeriod: most(4, 'tablet') })?.value).toBe(4)
  })

  test('of several days is shared out', () => {
    expect(daily({ ...six, maxDosePerPeriod: most(6, 'tablet', 2) })?.value).toBe(3)
  })

  test('above the dose changes nothing', () => {
    expect(daily({ ...six, maxDosePerPeriod: most(8, 'tablet') })?.value).toBe(6)
  })

  test('in another unit changes nothing', () => {
    expect(daily({ ...six, maxDosePerPeriod: most(1, 'mg') })).toEqual({ value: 6, unit: 'each' })
  })

  test('is the dose where no other is stated', () => {
    expect(daily({ text: 'as needed', maxDosePerPeriod: most(4, 'tablet') })?.value).toBe(4)
  })

  test('may be a list, as in FHIR R5', () => {
    expect(daily({ ...six, maxDosePerPeriod: [most(4, 'tablet')] })?.value).toBe(4)
  })
})

describe('several instructions', () => {
  const tablets = (value: number, more: object = {}) => ({
    ...dose(of(value, 'tablet')),
    ...onceADay,
    ...more,
  })

  test('add up where they hold at the same time', () => {
    expect(daily(tablets(1), tablets(2))?.value).toBe(3)
  })

  test('count at the largest where they follow one another', () => {
    expect(
      daily(tablets(1, { sequence: 1 }), tablets(3, { sequence: 2 }), tablets(2, { sequence: 3 }))?.value,
    ).toBe(3)
  })

  test('of one place in a sequence add up', () => {
    const [first, beside, next] = [
      tablets(1, { sequence: 1 }),
      tablets(1, { sequence: 1 }),
      tablets(1.5, { sequence: 2 }),
    ]
    expect(daily(first, beside, next)?.value).toBe(2)
  })

  test('yield nothing where one of them cannot be told', () => {
    expect(daily(tablets(1), { text: 'and some at night' })).toBeUndefined()
    expect(daily({ text: 'some at night' }, tablets(1))).toBeUndefined()
  })

  test('yield nothing where their units differ', () => {
    expect(daily(tablets(1), { ...dose(of(5, 'mg')), ...onceADay })).toBeUndefined()
  })

  test('are read from a statement too, and none yields nothing', () => {
    expect(amountADay(sigsOf({ dosage: [tablets(2)] }))?.value).toBe(2)
    expect(amountADay(sigsOf({}))).toBeUndefined()
  })

  test('may come as one where a list belongs', () => {
    expect(amountADay(sigsOf({ dosageInstruction: tablets(2) }))?.value).toBe(2)
  })
})
