/** References inside what one call brought. */
import type { FhirResource } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { targetOf } from '../../src/record/reference.ts'
import { gather } from '../support/gather.ts'
import { bundle, call, condition, gatherPrefetch, queries, us } from './support.ts'

const drug = { resourceType: 'Medication', id: 'm.1-x' }
const inPrefetch = {
  medicationRequests: { resourceType: 'Bundle', entry: [{ fullUrl: 'urn:uuid:drug', resource: drug }] },
}

describe('what a reference names', () => {
  test.each([
    ['Medication/1', 'Medication', '1', undefined],
    ['/Medication/1', 'Medication', '1', undefined],
    ['https://ehr.example/fhir/Medication/1', 'Medication', '1', 'https://ehr.example/fhir'],
    ['Medication/1/_history/2', 'Medication', '1', undefined],
    ['https://ehr.example/Medication/a.b-c_d/_history/2', 'Medication', 'a.b-c_d', 'https://ehr.example'],
    [`Medication/${'a.-'.repeat(65)}`, 'Medication', 'a.-'.repeat(65), undefined],
  ])('FA-9: %s', (reference, type, id, base) => {
    expect(targetOf(reference)).toEqual({ base, type, id })
  })

  test.each([
    '',
    '/',
    '//',
    'f001',
    '#m',
    'urn:uuid:1',
    'urn:oid:1.2',
    'Medication/',
    '/1',
    'medication/1',
    '_history/1',
    '/_history',
    'Practitioner?identifier=http://x/Y/1',
  ])('FA-9: %j names no type and id', (reference) => {
    expect(targetOf(reference)).toBeUndefined()
  })
})

describe('resolving', () => {
  test.each([
    'Medication/m.1-x',
    'https://ehr.example/fhir/Medication/m.1-x',
    'Medication/m.1-x/_history/4',
    'urn:uuid:drug',
    'urn:uuid:m.1-x',
  ])('HK-OS-4: %s leads to the resource in the prefetch', async (reference) => {
    expect((await gatherPrefetch(inPrefetch)).resolve(reference)).toBe(drug)
  })

  test.each(['Medication/m.1-x', 'urn:uuid:drug'])(
    'HK-OS-4: %s leads to the resource that came with the draft orders',
    async (reference) => {
      const record = await gather(call({ draftOrders: inPrefetch.medicationRequests }), queries)
      expect(record.resolve(reference)).toBe(drug)
    },
  )

  test('HK-OS-4: # leads into the resource it stands in, and only there', async () => {
    const inner = { resourceType: 'Medication', id: 'm' }
    const from = condition('c1', { contained: [null, {}, inner] }) as unknown as FhirResource
    const { resolve } = await gatherPrefetch({})
    expect(resolve('#m', from)).toBe(inner)
    expect(resolve('#', from)).toBe(from)
    expect(resolve('#other', from)).toBeUndefined()
    expect(resolve('#m')).toBeUndefined()
    expect(resolve('#m', { ...from, contained: 'x' } as unknown as FhirResource)).toBeUndefined()
  })

  test.each(['', 'f001', 'Medication/2', 'Goal/m.1-x', 'urn:uuid:2', 'Medication?code=1', undefined])(
    'HK-OS-4: %j leads nowhere',
    async (reference) => {
      expect((await gatherPrefetch(inPrefetch)).resolve(reference)).toBeUndefined()
    },
  )

  test.each([null, 3, {}, []])('HK-OS-4: %j in place of a reference leads nowhere', async (reference) => {
    const { resolve } = await gatherPrefetch(inPrefetch)
    expect(resolve(reference as unknown as string)).toBeUndefined()
  })

  test("FA-9: no reference leads to somebody else's resource", async () => {
    const other = condition('c9', { subject: { reference: 'Patient/p9' } })
    const entry = [
      { fullUrl: 'urn:uuid:other', resource: other },
      { resource: condition('c1', { subject: us }) },
    ]
    const { resolve } = await gatherPrefetch({ conditions: { resourceType: 'Bundle', entry } })
    expect([resolve('Condition/c9'), resolve('urn:uuid:other'), resolve('urn:uuid:c9')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('reading what is missing', () => {
  test('PF-10: only keys that did not come are asked for, and their answers count like prefetch', async () => {
    const asked: string[][] = []
    const record = await gather(
      call({
        prefetch: { conditions: null, procedures: bundle(), patient: { resourceType: 'OperationOutcome' } },
      }),
      queries,
      async (missing) => {
        asked.push(missing.map(({ key }) => key))
        return new Map([['observations', { state: 'empty', entries: [] }]])
      },
    )
    expect(asked[0]).toContain('observations')
    expect(asked[0]).not.toEqual(expect.arrayContaining(['conditions']))
    for (const key of ['conditions', 'procedures', 'patient']) expect(asked[0]).not.toContain(key)
    expect([record.completeness('Observation'), record.completeness('Condition')]).toEqual([
      'complete',
      'complete',
    ])
    expect(record.states.get('coverage')).toBe('absent')
  })
})
