/** Allergies to NSAIDs in the shapes that records bring, and what is none. */
import type { FhirResource } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { concept } from '../language/code.ts'
import { factsOf } from './support.ts'

const rxnorm = 'http://www.nlm.nih.gov/research/umls/rxnorm'
const sct = 'http://snomed.info/sct'
const allergy = (more: object) =>
  ({
    resourceType: 'AllergyIntolerance',
    id: 'a1',
    clinicalStatus: { coding: [{ code: 'active' }] },
    patient: { reference: 'Patient/p1' },
    ...more,
  }) as unknown as FhirResource
const known = async (...chart: FhirResource[]) => (await factsOf({ chart })).get('nsaid-allergy')
const text = (said: string) => ({ code: { text: said } })
const coding = (system: string | undefined, code: string, display?: string) => ({
  code: { coding: [{ ...(system ? { system } : {}), code, ...(display ? { display } : {}) }] },
})

describe('an allergy to an NSAID', () => {
  test.each([
    ['by ingredient', coding(rxnorm, '5640')],
    ['by ingredient without a system, where the words agree', coding(undefined, '5640', 'ibuprofen')],
    ['by product', coding(rxnorm, '310965', 'ibuprofen 200 MG Oral Tablet')],
    ['by substance in SNOMED CT', coding(sct, '387207008')],
    ['by finding in SNOMED CT', coding(sct, '293610009')],
    ['by class in NDF-RT', coding('http://hl7.org/fhir/ndfrt', 'N0000175722')],
    [
      'by class in an unknown system, with words',
      coding('urn:x', '77', 'Nonsteroidal Anti-inflammatory Drug'),
    ],
    ['by brand in words', text('Motrin - anaphylaxis')],
    ['by class in words', text('NSAIDs')],
    ['by class, spelled out', text('Non-Steroidal Anti-Inflammatory Drugs')],
    ['to aspirin', text('Aspirin allergy')],
    ['by abbreviation', text('ASA')],
    ['in Spanish', text('AINE')],
    ['in Spanish by substance', text('alergia a ibuprofeno')],
    ['by local code with words', coding('urn:oid:1.2.3', '4711', 'NSAIDS')],
    ['in its reaction', { reaction: [{ substance: { coding: [{ system: rxnorm, code: '5640' }] } }] }],
    ['in its reaction, in words', { reaction: [{ substance: { text: 'naproxen' } }] }],
    ['in a note on a local code', { ...coding('urn:x', '1'), note: [{ text: 'hives with Aleve' }] }],
    ['as an intolerance that nobody confirmed', { type: 'intolerance', ...text('ibuprofen') }],
    [
      'whose status is in words',
      { ...text('ibuprofen'), clinicalStatus: { text: 'Active' }, verificationStatus: { text: 'Confirmed' } },
    ],
    ['without a status', { ...text('ibuprofen'), clinicalStatus: undefined }],
  ])('is read %s', async (_, more) => {
    expect((await known(allergy(more)))?.value).toBe(true)
  })

  test.each([
    ['a code of the problem list', concept('icd10 Z88.6')],
    ['words of the problem list', concept(undefined, 'Allergy to NSAID')],
  ])('is read from %s', async (_, code) => {
    const problem = { resourceType: 'Condition', id: 'c1', subject: { reference: 'Patient/p1' }, code }
    expect((await known(problem as FhirResource))?.value).toBe(true)
  })
})

describe('there is none where', () => {
  test.each([
    ['it is to something else', text('penicillin')],
    ['it is to something else by code', coding(rxnorm, '7980')],
    ['it is to a food, by a code that nobody knows', { category: ['food'], ...coding('urn:x', '4') }],
    ['nothing is known', text('NKDA')],
    ['nothing is known, in words', text('No Known Allergies')],
    ['nothing is known, by code', coding(sct, '716186003')],
    ['nothing is known, in Spanish', text('Sin alergias conocidas')],
    ['it is resolved', { ...text('ibuprofen'), clinicalStatus: { coding: [{ code: 'Resolved' }] } }],
    ['it is inactive, in words', { ...text('ibuprofen'), clinicalStatus: { text: 'Inactive' } }],
    ['it was refuted', { ...text('ibuprofen'), verificationStatus: { coding: [{ code: 'REFUTED' }] } }],
    [
      'it was an error',
      { ...text('NSAIDs'), verificationStatus: { coding: [{ code: 'entered-in-error' }] } },
    ],
  ])('%s', async (_, more) => {
    expect((await known(allergy(more)))?.value).toBe(false)
  })

  test('the list is empty', async () => {
    expect((await known())?.value).toBe(false)
  })
})

describe('nobody can tell where', () => {
  test.each([
    ['a code is of no system that we hold', coding('urn:oid:1.2.3', '4711')],
    ['a substance is a SNOMED CT code that we do not hold', coding(sct, '111088007')],
    ['words name nothing', text('medication allergy, see note')],
    ['nothing stands there', {}],
    ['it is denied', text('Denies allergy to ibuprofen')],
    ['it was tolerated', text('Penicillin. Tolerates ibuprofen')],
  ])('%s', async (_, more) => {
    const fact = await known(allergy(more))
    expect(fact?.value).toBeUndefined()
    expect(fact?.evidence).toHaveLength(1)
  })

  test('allergies did not come', async () => {
    const facts = await factsOf({ missing: ['allergies'] })
    expect(facts.get('nsaid-allergy')?.value).toBeUndefined()
  })
})
