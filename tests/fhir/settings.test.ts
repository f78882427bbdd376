/** What a site may set about reading. */

import { describe, expect, test } from 'vitest'
import { addressRange } from '../../src/site/addresses.ts'
import { fhirSchema } from '../../src/site/limits.ts'

describe('settings of FHIR servers', () => {
  test('all have defaults, and the default opens nothing', () => {
    expect(fhirSchema.parse({})).toEqual({
      'deadline-ms': 400,
      'byte-cap': 16 * 1024 * 1024,
      'page-cap': 10,
      'page-size': 200,
      parallel: 6,
      'allow-private': [],
      'development-http': false,
      'without-token': false,
    })
  })

  test.each([
    'fhir.example.org',
    'ehr',
    'ehr-1.intern',
    '10.0.0.0/8',
    '10.1.2.3',
    'fd12::/32',
    '::1',
    '0.0.0.0/0',
  ])('a host or range may be opened: %s', (entry) => {
    expect(fhirSchema.safeParse({ 'allow-private': [entry] }).success).toBe(true)
  })

  test.each([
    'https://fhir.example.org',
    'fhir.example.org:8443',
    'FHIR.example.org',
    '10.0.0.0/33',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '10.0.0',
    'fd12::/129',
    'fd12::/x',
    '*.example.org',
    '',
  ])('what is neither is refused: %s', (entry) => {
    expect(fhirSchema.safeParse({ 'allow-private': [entry] }).success).toBe(false)
  })

  test('unknown settings are refused', () => {
    expect(fhirSchema.safeParse({ deadline: 5 }).success).toBe(false)
  })

  test('an address alone is a range of one', () => {
    expect([addressRange('10.1.2.3')?.prefix, addressRange('fd12::1')?.prefix]).toEqual([32, 128])
  })
})
