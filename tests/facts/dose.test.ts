/** Morphine milligram equivalents by example: each factor of CDC 2022, and what must stay unknown. */
import { describe, expect, test } from 'vitest'
import { factorsIn } from '../../src/facts/dose.ts'
import { content, type Medicine, rangeOf, request } from './support.ts'

const mg = (value: number) => ({ value, unit: 'mg' })
const ml = (value: number) => ({ value, unit: 'mL' })
const mme = (...drafts: Medicine[]) => rangeOf('mme-per-day', { drafts: drafts.map(request) })
const exactly = (value: number) => ({ low: expect.closeTo(value, 6), high: expect.closeTo(value, 6) })
const atLeast = (value: number) => ({ low: expect.closeTo(value, 6), high: Number.POSITIVE_INFINITY })

describe('the factors of CDC 2022', () => {
  test.each([
    ['codeine 30 mg every 4 hours', { code: 'rxnorm 997287', every: 4 }, 27],
    ['a fentanyl patch of 25 mcg an hour', { code: 'rxnorm 245134', every: 72 }, 60],
    ['hydrocodone 5 mg with acetaminophen every 6 hours', { code: 'rxnorm 857002' }, 20],
    ['hydromorphone 2 mg every 6 hours', { code: 'rxnorm 897696' }, 40],
    ['methadone 10 mg every 8 hours', { code: 'rxnorm 864706', every: 8 }, 141],
    ['morphine 15 mg every 6 hours', { code: 'rxnorm 892582' }, 60],
    ['oxycodone 5 mg every 6 hours', { code: 'rxnorm 1049621' }, 30],
    ['oxymorphone 5 mg every 6 hours', { code: 'rxnorm 977939' }, 60],
    ['tapentadol 50 mg every 6 hours', { code: 'rxnorm 825411' }, 80],
    ['tramadol 50 mg every 6 hours', { code: 'rxnorm 835603' }, 40],
  ])('make of %s what CDC makes of it', async (_, medicine, expected) => {
    expect(await mme(medicine)).toEqual(exactly(expected))
  })

  test('are those ten, and buprenorphine converts to nothing', () => {
    const factors = factorsIn(content, 'c1-opioid-ingredients')
    expect(
      Object.fromEntries([...factors.values()].map(({ ingredient, factor }) => [ingredient, factor])),
    ).toEqual({
      buprenorphine: 0,
      codeine: 0.15,
      fentanyl: 2.4,
      hydrocodone: 1,
      hydromorphone: 5,
      methadone: 4.7,
      morphine: 1,
      oxycodone: 1.5,
      oxymorphone: 3,
      tapentadol: 0.4,
      tramadol: 0.2,
    })
  })
})

describe('a dose', () => {
  test.each([
    ['in milligrams of a single ingredient', { code: 'rxnorm 892589', amount: mg(10) }, 40],
    ['in millilitres of a solution', { code: 'rxnorm 892589', amount: ml(5) }, 40],
    ['in millilitres of a combination', { code: 'rxnorm 856940', amount: ml(15) }, 30],
    ['of two patches', { code: 'rxnorm 245134', amount: { value: 2, unit: 'patch' }, every: 72 }, 120],
    ['of a patch without a word on its use', { code: 'rxnorm 245134', dosage: {} }, 60],
    ['of an ingredient, in milligrams', { code: 'rxnorm 7804', text: 'oxycodone', amount: mg(5) }, 30],
    [
      'of an ingredient whose strength stands in the name',
      { code: 'rxnorm 7804', text: 'oxyCODONE 5 mg tablet' },
      30,
    ],
    [
      'of a combination in the words of an EHR',
      { text: 'HYDROcodone-acetaminophen 5-325 mg per tablet' },
      20,
    ],
    [
      'of a combination by its ATC code and its words',
      { code: 'atc N02AJ17', text: 'oxycodone/acetaminophen 5 mg/325 mg tablet' },
      30,
    ],
  ])('%s is converted', async (_, medicine, expected) => {
    expect(await mme(medicine)).toEqual(exactly(expected))
  })

  test('is not doubled by a name that is said twice', async () => {
    const draft = request({ code: 'rxnorm 7804' })
    const coding = ['[Percocet]', '[Endocet]'].map((brand) => ({
      system: 'urn:example:catalog',
      code: brand,
      display: `acetaminophen 325 MG / oxycodone hydrochloride 5 MG Oral Tablet ${brand}`,
    }))
    const concept = draft.medicationCodeableConcept
    const twice = {
      ...draft,
      medicationCodeableConcept: { ...concept, coding: [...(concept?.coding ?? []), ...coding] },
    }
    expect(await rangeOf('mme-per-day', { drafts: [twice] })).toEqual(exactly(30))
  })

  test('of a combination may be ordered in milligrams where the tablets are said too', async () => {
    const way = (code: string, doseQuantity: object) => ({ type: { coding: [{ code }] }, doseQuantity })
    const dosage = {
      timing: { repeat: { frequency: 1, period: 6, periodUnit: 'h' as const } },
      doseAndRate: [way('ordered', mg(5)), way('admin-amount', { value: 1, unit: 'tablet' })],
    }
    expect(await mme({ code: 'rxnorm 857002', dosage })).toEqual(exactly(20))
  })

  test.each([
    ['milligrams of a combination may mean either part', { code: 'rxnorm 857002', amount: mg(330) }],
    ['tablets of an ingredient have no strength', { code: 'rxnorm 7804', text: 'oxycodone' }],
    ['millilitres of a tablet are a mistake', { code: 'rxnorm 1049621', amount: ml(5) }],
    ['it stands in words that nobody can read', { code: 'rxnorm 1049621', dosage: { text: 'as directed' } }],
    ['fentanyl by its ingredient may be a patch or not', { code: 'rxnorm 4337', amount: mg(1) }],
    ['levorphanol has no factor', { code: 'rxnorm 197873' }],
    ['meperidine has no factor', { code: 'rxnorm 861467' }],
    ['dihydrocodeine has no factor, and is no codeine', { code: 'rxnorm 1236182' }],
    ['benzhydrocodone has no factor, and is no hydrocodone', { code: 'rxnorm 2118728' }],
  ])('is known from below only where %s', async (_, medicine) => {
    expect(await mme(medicine)).toEqual(atLeast(0))
    expect(await mme({ code: 'rxnorm 1049621' }, medicine)).toMatchObject({ high: Number.POSITIVE_INFINITY })
  })

  test('of a buprenorphine patch adds nothing, and leaves the rest known', async () => {
    expect(await mme({ code: 'rxnorm 1432969', every: 168 })).toEqual(exactly(0))
    expect(await mme({ code: 'atc N02AE01', dosage: {} }, { code: 'rxnorm 1049621' })).toEqual(exactly(30))
  })
})

describe('the doses that an order dispenses', () => {
  const units = (medicine: Medicine) => rangeOf('units-dispensed', { drafts: [request(medicine)] })

  test('are its tablets', async () => {
    expect(await units({ quantity: { value: 42, unit: 'tablet' } })).toEqual({ low: 42, high: 42 })
  })

  test('are its bare number where one takes tablets', async () => {
    expect(await units({ quantity: { value: 42 } })).toEqual({ low: 42, high: 42 })
  })

  test('are a solution by the millilitres of each dose', async () => {
    const solution = { code: 'rxnorm 856940', amount: ml(15), quantity: ml(480) }
    expect(await units(solution)).toEqual({ low: 32, high: 32 })
  })

  test('are unknown for a solution whose dose is unknown', async () => {
    expect(
      await units({ code: 'rxnorm 856940', dosage: { text: 'one spoon' }, quantity: ml(480) }),
    ).toBeUndefined()
  })

  test('are unknown where no quantity is stated', async () => {
    expect(await units({ days: 7 })).toBeUndefined()
  })
})
