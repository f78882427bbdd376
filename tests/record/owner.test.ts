/** Two patients are never mixed. */
import { describe, expect, test } from 'vitest'
import { bundle, condition, gatherPrefetch, ids, patient, us } from './support.ts'

const uuid = 'urn:uuid:5d64e8e6-0dbd-44c9-9fff-8c14f2fd9ac9'

const subjects: [what: string, subject: unknown, ours: boolean][] = [
  ['a relative reference', us, true],
  ['an absolute reference', { reference: 'https://ehr.example/fhir/Patient/p1' }, true],
  ['a versioned reference', { reference: 'Patient/p1/_history/2' }, true],
  ['an absolute, versioned reference', { reference: 'https://ehr.example/fhir/Patient/p1/_history/2' }, true],
  ['a bare id', { reference: 'p1' }, true],
  ['a urn that holds the id', { reference: 'urn:uuid:p1' }, true],
  ['no subject', undefined, true],
  ['a subject that is null', null, true],
  ['a subject that is a text', 'Patient/p9', true],
  ['a display only', { display: 'Doe' }, true],
  ['an identifier only', { identifier: { value: '9' } }, true],
  ['an empty reference', { reference: '' }, true],
  ['a contained patient', { reference: '#p' }, true],
  ['a conditional reference', { reference: 'Patient?identifier=x|9' }, true],
  ['a group', { reference: 'Group/p9' }, true],
  ['another patient', { reference: 'Patient/p9' }, false],
  ['another patient whose id begins alike', { reference: 'Patient/p10' }, false],
  ['another patient, absolute', { reference: 'https://ehr.example/fhir/Patient/p9' }, false],
  ['another patient, versioned', { reference: 'Patient/p9/_history/1' }, false],
  ['another bare id', { reference: 'p9' }, false],
  ['a urn that leads nowhere', { reference: uuid }, false],
]

describe('whose resource it is', () => {
  test.each(subjects)('FA-9: %s', async (_what, subject, ours) => {
    const record = await gatherPrefetch({ conditions: bundle(condition('c1', { subject })) })
    expect([ids(record, 'Condition'), record.ignored]).toEqual([ours ? ['c1'] : [], ours ? 0 : 1])
  })

  test.each(['subject', 'patient', 'beneficiary'])('FA-9: the owner is read from %s', async (element) => {
    const coverage = { resourceType: 'Coverage', id: 'x', [element]: { reference: 'Patient/p9' } }
    const record = await gatherPrefetch({ coverage })
    expect([record.ignored, record.completeness('Coverage')]).toEqual([1, 'missing'])
  })

  test('FA-9: a urn that leads to the patient of the call is this patient', async () => {
    const entry = [
      { fullUrl: uuid, resource: patient },
      { resource: condition('c1', { subject: { reference: uuid } }) },
    ]
    const record = await gatherPrefetch({ item1: { resourceType: 'Bundle', entry } })
    expect([ids(record, 'Condition'), record.ignored]).toEqual([['c1'], 0])
  })

  test('FA-9: a urn that leads to another patient is another patient', async () => {
    const entry = [
      { fullUrl: uuid, resource: { resourceType: 'Patient', id: 'p9' } },
      { resource: condition('c1', { subject: { reference: uuid } }) },
    ]
    const record = await gatherPrefetch({ item1: { resourceType: 'Bundle', entry } })
    expect([ids(record, 'Condition'), record.patient, record.ignored]).toEqual([[], undefined, 2])
  })
})

describe('the patient', () => {
  test('FA-9: one with another id is not read, and none is known', async () => {
    const record = await gatherPrefetch({ patient: { resourceType: 'Patient', id: 'p9' } })
    expect([record.patient, record.states.get('patient'), record.ignored]).toEqual([undefined, 'unusable', 1])
  })

  test('FA-9: one without an id is taken', async () => {
    const record = await gatherPrefetch({ patient: { resourceType: 'Patient', gender: 'female' } })
    expect(record.patient?.gender).toBe('female')
  })

  test('PF-12: known to be nobody, and not known, are told apart', async () => {
    expect((await gatherPrefetch({ patient: null })).states.get('patient')).toBe('empty')
    expect((await gatherPrefetch({})).states.get('patient')).toBe('absent')
  })

  test('PF-10: one under any key is the patient', async () => {
    expect((await gatherPrefetch({ item1: patient })).patient?.id).toBe('p1')
  })
})
