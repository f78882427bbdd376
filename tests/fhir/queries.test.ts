/** Queries as they go over the wire. */
import { describe, expect, test } from 'vitest'
import { writeQuery } from '../../src/record/fhir/server.ts'
import { queries } from '../record/support.ts'

const server = { origin: 'https://ehr.example', path: '/fhir' }
const values = {
  patientId: 'p1',
  encounterId: undefined,
  observationCodes: ['http://loinc.org|8310-5', 'http://loinc.org|29463-7'],
  pageSize: 0,
}

function write(type: string, search: string, more: Partial<typeof values> | { encounterId: string } = {}) {
  const query = writeQuery(server, type, search, { ...values, ...more })
  return query && `${query.interaction} ${query.url.href}`
}

describe('queries', () => {
  test('a read and a search', () => {
    expect(write('Patient', '/{{context.patientId}}')).toBe('read https://ehr.example/fhir/Patient/p1')
    expect(write('Condition', '?patient={{context.patientId}}')).toBe(
      'search https://ehr.example/fhir/Condition?patient=p1',
    )
  })

  test('codes are escaped, and their list is not', () => {
    expect(write('Observation', '?patient={{context.patientId}}&code={codes}')).toBe(
      'search https://ehr.example/fhir/Observation?patient=p1&code=http%3A%2F%2Floinc.org%7C8310-5,http%3A%2F%2Floinc.org%7C29463-7',
    )
  })

  test('without codes the parameter is left out', () => {
    expect(
      write('Observation', '?patient={{context.patientId}}&code={codes}', { observationCodes: [] }),
    ).toBe('search https://ehr.example/fhir/Observation?patient=p1')
  })

  test('each published query can be written, without a bare bar', () => {
    for (const [type, { search }] of Object.entries(queries)) {
      expect(write(type, search)).toMatch(/^(read|search) https:\/\/ehr\.example\/fhir\/[A-Z][^|{}]+$/)
    }
  })

  test('the size of a page is asked for in searches only', () => {
    expect(write('Condition', '?patient={{context.patientId}}', { pageSize: 50 })).toMatch(
      /patient=p1&_count=50$/,
    )
    expect(write('Condition', '?patient={{context.patientId}}&_count=100', { pageSize: 50 })).toMatch(
      /patient=p1&_count=50$/,
    )
    expect(write('Condition', '?patient={{context.patientId}}&_count=100')).toMatch(/patient=p1&_count=100$/)
    expect(write('Patient', '/{{context.patientId}}', { pageSize: 50 })).toMatch(/Patient\/p1$/)
  })

  test('an id stays an id', () => {
    expect(write('Patient', '/{{context.patientId}}', { patientId: 'a/b?c#d' })).toMatch(
      /Patient\/a%2Fb%3Fc%23d$/,
    )
    expect(write('Condition', '?patient={{context.patientId}}', { patientId: '1&_include=*' })).toMatch(
      /patient=1%26_include%3D\*$/,
    )
  })

  test.each(['.', '..', '\ud800', ''])('an id that leads elsewhere is not sent: %j', (patientId) => {
    expect(write('Patient', '/{{context.patientId}}', { patientId })).toBeUndefined()
  })

  test('a search without its patient is not sent: it would be for everybody', () => {
    expect(write('Condition', '?patient={{context.patientId}}', { patientId: '' })).toBeUndefined()
  })

  test('a value that the call has not leaves the query out', () => {
    expect(write('Encounter', '/{{context.encounterId}}')).toBeUndefined()
    expect(write('Encounter', '/{{ context.encounterId }}', { encounterId: 'e1' })).toMatch(/Encounter\/e1$/)
    expect(write('Condition', '?patient={{context.userId}}')).toBeUndefined()
  })
})
