/** Dosage instructions in words alone, in English and Spanish, and what they come to in a day. */
import { describe, expect, test } from 'vitest'
import { amountADay, saidDays, sigsOf } from '../../src/facts/sig.ts'
import { daily, dose, of, onceADay } from './daily.ts'

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
