/** What facts once got wrong, and, marked `.fails`, what they still do: take the mark off when it is mended. */
import type { Condition } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { concept } from '../language/code.ts'
import { ago, factsOf, rangeOf, request } from './support.ts'

const problem = (code: string, status: string): Condition => ({
  resourceType: 'Condition',
  id: 'problem',
  subject: { reference: 'Patient/p1' },
  code: concept(code),
  clinicalStatus: { coding: [{ code: status }] },
  onsetDateTime: ago(300),
})

describe('the daily dose', () => {
  test('counts a prescription once that was renewed two days before the last ran out', async () => {
    const chart = [
      request({ every: 12, started: 29, days: 30 }),
      request({ every: 12, started: 2, days: 30 }),
    ]
    expect(await rangeOf('mme-per-day', { chart, drafts: [request({ every: 12, days: 30 })] })).toMatchObject(
      { low: 15 },
    )
  })

  test('counts a draft that was begun ten days ago and holds five days of supply', async () => {
    expect(await rangeOf('mme-per-day', { drafts: [request({ started: 10, days: 5 })] })).toMatchObject({
      low: 30,
    })
  })

  test('has no upper bound while an opioid is injected or a fentanyl lozenge is drafted', async () => {
    const injected = await rangeOf('mme-per-day', { chart: [request({ code: 'rxnorm 1731998' })] })
    expect(injected?.high).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('an opioid use disorder', () => {
  test('is told by an overdose that is over, as every overdose on record is', async () => {
    const facts = await factsOf({ chart: [problem('snomed 1148649003', 'resolved')] })
    expect(facts.get('opioid-use-disorder')?.value).toBe(true)
  })

  test('is in remission where its status says so, and not only its code', async () => {
    const facts = await factsOf({ chart: [problem('icd10 F11.20', 'remission')] })
    expect(facts.get('opioid-use-disorder-remission')?.value).toBe(true)
  })
})

test.fails('tablets last as long where the dose is in milligrams and the product says how strong they are', async () => {
  const draft = request({ amount: { value: 5, unit: 'mg' }, quantity: { value: 30, unit: 'tablet' } })
  expect(await rangeOf('supply-days', { drafts: [draft] })).toEqual({ low: 7.5, high: 7.5 })
})

test('a refused lung test is no refusal of physical therapy', async () => {
  const facts = await factsOf({
    chart: [
      {
        resourceType: 'Procedure',
        id: 'refused',
        status: 'completed',
        subject: { reference: 'Patient/p1' },
        code: concept('snomed 183944003', 'Spirometry refused'),
        performedDateTime: ago(5),
      },
    ],
  })
  expect(facts.get('physical-therapy-refused')?.value).toBe(false)
})

describe('words beside a code', () => {
  const written = (text: string): Condition => ({
    ...problem('icd10 G83.4', 'active'),
    onsetDateTime: ago(2),
    code: { ...concept('icd10 G83.4'), text },
  })

  test.each([
    'Cauda equina syndrome - ruled out',
    'No evidence of cauda equina syndrome',
    'cauda equina excluded',
  ])('take it back: %s', async (text) => {
    const facts = await factsOf({ chart: [written(text)] })
    expect(facts.get('cauda-equina-sign')?.value).not.toBe(true)
  })

  test.each([
    'Cauda equina syndrome',
    'cauda equina cannot be ruled out',
    'cauda equina, fracture ruled out',
    'CES, seen by NSGY',
  ])('leave it: %s', async (text) => {
    const facts = await factsOf({ chart: [written(text)] })
    expect(facts.get('cauda-equina-sign')?.value).toBe(true)
  })
})
