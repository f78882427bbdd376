/** Whether a medicine is taken, in every spelling of its status; and how old an open entry may be. */
import type { FhirResource } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { ago, factsOf } from './support.ts'

const order = (more: object) =>
  ({
    resourceType: 'MedicationRequest',
    id: 'm1',
    status: 'active',
    intent: 'order',
    subject: { reference: 'Patient/p1' },
    authoredOn: ago(20),
    medicationCodeableConcept: { text: 'alprazolam 0.5 mg tablet' },
    ...more,
  }) as unknown as FhirResource
const statement = (more: object) =>
  order({ resourceType: 'MedicationStatement', intent: undefined, effectiveDateTime: ago(20), ...more })
const known = async (...chart: FhirResource[]) => (await factsOf({ chart })).get('benzodiazepine')

describe('a sedative is in use', () => {
  test.each([
    ['active', {}],
    ['active in capitals', { status: 'ACTIVE' }],
    ['on hold', { status: 'on-hold' }],
    ['on hold with a blank', { status: 'On Hold' }],
    ['without a date', { authoredOn: undefined }],
    ['with a date of next year', { authoredOn: ago(-300) }],
    [
      'completed, and its supply reaches to today',
      { status: 'completed', dispenseRequest: { expectedSupplyDuration: { value: 30, unit: 'd' } } },
    ],
    ['as an old home medicine', { intent: 'plan', reportedBoolean: true, authoredOn: ago(700) }],
  ])('%s', async (_, more) => {
    expect((await known(order(more)))?.value).toBe(true)
  })

  test('as a statement of today on a start long ago', async () => {
    const long = { effectiveDateTime: undefined, effectivePeriod: { start: ago(3000) }, dateAsserted: ago(5) }
    expect((await known(statement(long)))?.value).toBe(true)
  })
})

describe('a sedative is not in use', () => {
  test.each([
    ['stopped', { status: 'stopped' }],
    [
      'stopped, whatever its supply',
      { status: 'Stopped', dispenseRequest: { expectedSupplyDuration: { value: 30, unit: 'd' } } },
    ],
    ['ended, as R5 says', { status: 'ended' }],
    ['discontinued', { status: 'Discontinued' }],
    ['discontinued in its name', { medicationCodeableConcept: { text: 'alprazolam 0.5 mg (discontinued)' } }],
    ['discontinued in its reason', { statusReason: { text: 'Patient no longer taking' } }],
    ['completed', { status: 'completed' }],
    ['cancelled', { status: 'CANCELLED' }],
    ['forbidden', { doNotPerform: 'true' }],
    ['out of supply', { dispenseRequest: { expectedSupplyDuration: { value: 10, unit: 'd' } } }],
    ['out of supply by its words', { dosageInstruction: [{ text: '1 tablet daily for 5 days' }] }],
    ['given in a hospital', { category: [{ coding: [{ code: 'inpatient' }] }] }],
    ['only proposed', { intent: 'proposal' }],
  ])('%s', async (_, more) => {
    expect((await known(order(more)))?.value).toBe(false)
  })

  test.each([
    ['not taken, as R4 says', { status: 'not-taken' }],
    ['not taken, as STU3 says', { taken: 'n' }],
    ['not taken, as DSTU2 says', { wasNotTaken: true }],
    [
      'not taking, as R5 says',
      { status: 'recorded', adherence: { code: { coding: [{ code: 'not-taking' }] } } },
    ],
  ])('%s', async (_, more) => {
    expect((await known(statement(more)))?.value).toBe(false)
  })
})

describe('nobody can tell of a sedative', () => {
  test.each([
    ['open for more than 90 days without a supply', { authoredOn: ago(120) }],
    ['planned, and nobody says that it was reported', { intent: 'plan' }],
    ['of an unknown status', { status: 'unknown' }],
  ])('%s', async (_, more) => {
    const fact = await known(order(more))
    expect(fact?.value).toBeUndefined()
    expect(fact?.evidence).toHaveLength(1)
  })

  test('that is open since 2013: it is told as old', async () => {
    const fact = await known(order({ authoredOn: '2013-05-01' }))
    expect(fact?.value).toBeUndefined()
    expect(fact?.evidence[0]?.isOld).toBe(true)
  })
})
