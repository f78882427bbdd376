/** Strengths read from product names: RxNorm's, those of EHRs, and every opioid product of the value set. */
import { describe, expect, test } from 'vitest'
import { factorsIn, strengthOf } from '../../src/facts/dose.ts'
import { realContent } from '../support/evaluator.ts'

const content = realContent()
const factors = factorsIn(content, 'c1-opioid-ingredients')

const piece = (mg: number, alone = true) => ({ mg, per: 'piece', alone })
const ml = (mg: number, alone = true) => ({ mg, per: 'ml', alone })
const hour = (mg: number) => ({ mg, per: 'hour', alone: true })

describe('a name in the manner of RxNorm', () => {
  test.each([
    ['oxycodone hydrochloride 5 MG Oral Tablet', 'oxycodone', piece(5)],
    [
      'acetaminophen 325 MG / hydrocodone bitartrate 7.5 MG Oral Tablet [Norco]',
      'hydrocodone',
      piece(7.5, false),
    ],
    [
      'aspirin 325 MG / oxycodone hydrochloride 4.5 MG / oxycodone terephthalate 0.38 MG Oral Tablet',
      'oxycodone',
      piece(4.88, false),
    ],
    ['hydrocodone bitartrate 7.5 MG / ibuprofen 200 MG Oral Tablet', 'hydrocodone', piece(7.5, false)],
    ['12 HR oxycodone hydrochloride 20 MG Extended Release Oral Tablet [OxyContin]', 'oxycodone', piece(20)],
    [
      'Abuse-Deterrent 24 HR hydrocodone bitartrate 120 MG Extended Release Oral Tablet',
      'hydrocodone',
      piece(120),
    ],
    [
      'Abuse-Deterrent morphine sulfate 100 MG / naltrexone hydrochloride 4 MG Extended Release Oral Capsule',
      'morphine',
      piece(100, false),
    ],
    [
      'Matrix Delivery 24 HR tramadol hydrochloride 300 MG Extended Release Oral Tablet',
      'tramadol',
      piece(300),
    ],
    ['morphine sulfate 15 MG Rectal Suppository', 'morphine', piece(15)],
    ['fentanyl 0.2 MG Oral Lozenge [Actiq]', 'fentanyl', piece(0.2)],
    [
      'acetaminophen 21.7 MG/ML / hydrocodone bitartrate 0.67 MG/ML Oral Solution',
      'hydrocodone',
      ml(0.67, false),
    ],
    ['morphine sulfate 20 MG/ML Oral Solution', 'morphine', ml(20)],
    ['10 ML morphine sulfate 0.5 MG/ML Injection [Duramorph]', 'morphine', ml(0.5)],
    ['72 HR fentanyl 0.025 MG/HR Transdermal System [Duragesic]', 'fentanyl', hour(0.025)],
  ])('says how strong it is: %s', (name, ingredient, strength) => {
    expect(strengthOf(name, ingredient)).toEqual(strength)
  })
})

describe('a name in the manner of an EHR', () => {
  test.each([
    ['oxyCODONE 5 mg tablet', 'oxycodone', piece(5)],
    ['oxycodone (ROXICODONE) 10 MG immediate release tablet', 'oxycodone', piece(10)],
    ['traMADol 50mg tab', 'tramadol', piece(50)],
    ['HYDROcodone-acetaminophen (NORCO) 5-325 mg per tablet', 'hydrocodone', piece(5, false)],
    ['oxycodone-acetaminophen 7.5-325 MG Tabs', 'oxycodone', piece(7.5, false)],
    ['oxycodone/acetaminophen 5 mg/325 mg tablet', 'oxycodone', piece(5, false)],
    ['acetaminophen-HYDROcodone 325 mg-5 mg oral tablet', 'hydrocodone', piece(5, false)],
    ['acetaminophen-codeine (TYLENOL #3) 300-30 mg per tablet', 'codeine', piece(30, false)],
    ['acetaminophen with codeine 300 mg-30 mg tablet', 'codeine', piece(30, false)],
    ['morphine 10 mg/5 mL oral solution', 'morphine', ml(2)],
    ['morphine concentrate 100 mg/5 mL (20 mg/mL) solution', 'morphine', ml(20)],
    ['HYDROcodone-acetaminophen 7.5-325 mg/15 mL solution', 'hydrocodone', ml(0.5, false)],
    ['fentaNYL 25 mcg/hr patch', 'fentanyl', hour(0.025)],
    ['fentanyl 12 mcg/hour 72 hr patch', 'fentanyl', hour(0.012)],
  ])('says how strong it is: %s', (name, ingredient, strength) => {
    const read = strengthOf(name, ingredient)
    expect(read && { ...read, mg: Math.round(read.mg * 1e6) / 1e6 }).toEqual(strength)
  })

  test.each([
    ['it names no strength', 'oxycodone tablet', 'oxycodone'],
    ['it names another medicine', 'morphine sulfate 15 MG Oral Tablet', 'oxycodone'],
    ['dihydrocodeine is not codeine', 'dihydrocodeine bitartrate 30 MG Oral Tablet', 'codeine'],
    [
      'benzhydrocodone is not hydrocodone',
      'acetaminophen 325 MG / benzhydrocodone 6.12 MG Oral Tablet',
      'hydrocodone',
    ],
    ['it counts sprays', 'fentanyl 0.4 MG/ACTUAT Mucosal Spray [Subsys]', 'fentanyl'],
    ['two strengths stand for one name', 'hydrocodone 5-325 mg tablet', 'hydrocodone'],
    ['three strengths stand for two names', 'oxycodone-acetaminophen 5-10-325 mg', 'oxycodone'],
    ['there is nothing', '', 'oxycodone'],
    ['only the number of an hour stands', 'fentanyl 72 hr patch', 'fentanyl'],
  ])('says nothing where %s', (_, name, ingredient) => {
    expect(strengthOf(name, ingredient)).toBeUndefined()
  })
})

test('a name of a million digits is read no slower', () => {
  const started = performance.now()
  expect(strengthOf(`oxycodone ${'1'.repeat(1_000_000)}`, 'oxycodone')).toBeUndefined()
  expect(performance.now() - started).toBeLessThan(200)
})

test.each(['1 -', '1 -1 ', '1-', '1 - ', '(', ' ', '1.', 'mg /', ' and '])(
  'BEST-1: "%s" over and over can be read in one way only, and so at once',
  (piece) => {
    const started = performance.now()
    expect(strengthOf(`oxycodone ${piece.repeat(300)}`, 'oxycodone')).toBeUndefined()
    expect(performance.now() - started).toBeLessThan(50)
  },
)

describe('every opioid product of the value set that has a factor', () => {
  const products = content.codes.rows.flatMap((row) => {
    const { ingredient, tty } = row.columns
    // Brands, components and dose forms have no strength, or no form.
    if (tty === 'BN' || tty === 'part') return []
    if (row.set !== 'c2-opioid-clinical-drugs' || !ingredient || !factors.get(ingredient)?.factor) return []
    return [{ code: row.code, ingredient, group: row.group, name: row.display }]
  })
  /** A dose by the spray is not milligrams a day, and fentanyl counts as a patch only. */
  const spray = /ACTUAT|Mucosal Spray/

  test('are most of it', () => {
    expect(products.length).toBeGreaterThan(600)
  })

  test('has a strength, sprays aside', () => {
    const unread = products.filter(({ name, ingredient }) => !strengthOf(name, ingredient))
    expect(unread.filter(({ name }) => !spray.test(name))).toEqual([])
    expect(new Set(unread.map(({ ingredient }) => ingredient))).toEqual(new Set(['fentanyl']))
    expect(unread.filter(({ group }) => group === 'analgesic').map(({ code }) => code)).toEqual([
      '1666831',
      '1666837',
    ])
  })

  test('has it by the hour exactly where it is a patch', () => {
    const byTheHour = products.filter(({ name, ingredient }) => strengthOf(name, ingredient)?.per === 'hour')
    expect(byTheHour.filter(({ name }) => !/Transdermal System/.test(name))).toEqual([])
    expect(new Set(byTheHour.map(({ ingredient }) => ingredient))).toEqual(new Set(['fentanyl']))
  })

  test('has it by the millilitre exactly where it is a liquid', () => {
    const wrong = products.filter(({ name, ingredient }) => {
      const strength = strengthOf(name, ingredient)
      return strength !== undefined && (strength.per === 'ml') !== /MG\/ML/.test(name)
    })
    expect(wrong).toEqual([])
  })

  test('has a strength that a patient could be given', () => {
    const odd = products.filter(({ name, ingredient }) => {
      const { mg, per } = strengthOf(name, ingredient) ?? { mg: 1, per: 'piece' }
      return mg <= 0 || mg > (per === 'piece' ? 400 : per === 'ml' ? 60 : 0.1)
    })
    expect(odd).toEqual([])
  })
})
