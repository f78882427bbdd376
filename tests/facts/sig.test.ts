/** Dosage instructions in the shapes that EHRs send them, and what they come to in a day. */
import { describe, expect, test } from 'vitest'
import { amountADay, saidDays, sigsOf } from '../../src/facts/sig.ts'

const daily = (...dosageInstruction: object[]) => amountADay(sigsOf({ dosageInstruction }))

const onceADay = { timing: { repeat: { frequency: 1, period: 1, periodUnit: 'd' } } }
const ucum = 'http://unitsofmeasure.org'
const of = (value: number, unit?: string, code?: string) => ({
  value,
  ...(unit === undefined ? {} : { unit }),
  ...(code === undefined ? {} : { code, system: ucum }),
})
const dose = (doseQuantity: object) => ({ doseAndRate: [{ doseQuantity }] })

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

describe('in words only', () => {
  const each = (value: number) => ({ value: expect.closeTo(value, 6), unit: 'each' })
  const mg = (value: number) => ({ value, unit: 'mg' })
  const ml = (value: number) => ({ value, unit: 'ml' })

  test.each([
    ['2 tablets every 4 hours', each(12)],
    ['take 1-2 tabs by mouth q4-6h prn, max 6/day', each(6)],
    ['1 tab TID', each(3)],
    ['1 tablet b.i.d.', each(2)],
    ['1 cap q.i.d. with food', each(4)],
    ['1 tab qhs', each(1)],
    ['1 tablet every night', each(1)],
    ['one tablet twice daily', each(2)],
    ['TAKE ONE TO TWO TABLETS BY MOUTH EVERY FOUR TO SIX HOURS AS NEEDED FOR PAIN', each(12)],
    ['Take 1 tablet by mouth every 4 (four) hours as needed. Max Daily Amount: 4 tablets', each(4)],
    ['Take 1 Tab by mouth every six (6) hours as needed for Pain.', each(4)],
    ['Take 1 tablet every 6 hours for severe pain (7-10)', each(4)],
    ['1 every 6 hours as needed, up to 3 times a day', each(3)],
    ['1 tab PO Q6H PRN MDD 2', each(2)],
    ['1/2 tab bid', each(1)],
    ['one and one-half tablets daily', each(1.5)],
    ['1-2 tab(s) PO q4-6hr PRN, not to exceed 8 tablets in 24 hours', each(8)],
    ['1 tab q6h prn, no more than 4 g acetaminophen a day', each(4)],
    ['1 tab in the morning and 2 tabs at bedtime', each(3)],
    ['1 tab with breakfast and dinner', each(2)],
    ['1 tab po tid-qid', each(4)],
    ['1 tablet q6h for 3 days then 1 tablet bid for 4 days', each(4)],
    ['2 tablets now, then 1 tablet every 6 hours', each(4)],
    ['1 tablet every 6 hours or 2 tablets every 8 hours', each(6)],
    ['1 patch every 72 hours', each(1 / 3)],
    ['1 10mg tablet, every 12 hours, #60, 2 refills', each(2)],
    ['10 mg every 12 hours', mg(20)],
    ['5 mL bid', ml(10)],
    ['1 teaspoon every 6 hours', ml(20)],
    ['tome 1 tableta cada 8 horas', each(3)],
    ['tomar una o dos tabletas por vía oral cada 4 a 6 horas, máximo 8 al día', each(8)],
    ['media tableta dos veces al día', each(1)],
  ])('%s', (text, expected) => {
    expect(daily({ text })).toEqual(expected)
  })

  test.each([
    'as directed',
    'take as needed',
    'sliding scale',
    'take 2 tablets',
    'every 6 hours',
    '20 units three times daily',
    '1 tab q4h, may repeat in 1 hour',
    '5 mg/kg every 6 hours',
    '1 tablet on days 1-14 of each cycle',
    '5-325 mg every 6 hours',
    `1 tab ${'daily '.repeat(200)}`,
    '',
  ])('stays unknown: %s', (text) => {
    expect(daily({ text })).toBeUndefined()
  })

  test('fills up what the numbers leave open', () => {
    expect(daily({ ...dose(of(2, 'tablet')), text: 'every 4 hours' })?.value).toBe(12)
    expect(daily({ ...onceADay, text: 'take 2 tablets' })?.value).toBe(2)
    expect(daily({ ...dose(of(2, 'tablet')), timing: { code: { text: 'every 6 hours' } } })?.value).toBe(8)
  })

  test('does not speak against the numbers, but holds them down by its ceiling', () => {
    const whole = { ...dose(of(2, 'tablet')), ...onceADay }
    expect(daily({ ...whole, text: '1 tablet 3 times daily' })?.value).toBe(2)
    const often = { repeat: { frequency: 6, period: 1, periodUnit: 'd' } }
    expect(daily({ ...whole, timing: often, text: 'max 8 a day' })?.value).toBe(8)
    expect(daily({ ...whole, timing: often, additionalInstruction: [{ text: 'Max 4/day' }] })?.value).toBe(4)
  })

  test('may stand beside the instructions, as in R5', () => {
    expect(amountADay(sigsOf({ renderedDosageInstruction: '1 tablet every 6 hours' }))?.value).toBe(4)
  })

  test('says for how many days', () => {
    expect(saidDays({ dosageInstruction: [{ text: '5 mL bid x 10 days' }] })).toBe(10)
    expect(saidDays({ dosageInstruction: [{ text: '1 qid for 3 days then 1 bid for 4 days' }] })).toBe(7)
    expect(saidDays({ dosageInstruction: [{ text: '1 tablet daily' }] })).toBeUndefined()
  })

  test('costs a time that grows with its length, whatever it says', () => {
    const started = performance.now()
    for (const piece of [
      '1 ',
      '1-',
      'q',
      'max ',
      'take 1 tab ',
      'pain ',
      '(',
      'b.i.d',
      '1/2 ',
      'for 1 ',
      '½',
    ])
      for (const length of [100, 600, 100_000]) daily({ text: piece.repeat(length / piece.length) })
    expect(performance.now() - started).toBeLessThan(500)
  })
})
