/** The envelope of a call: what is required, what is forgiven, and what a refusal says. */
import { assert as check, constantFrom, property, record } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LumbarError } from '../../src/errors.ts'
import { parseCall, readBySchema } from '../../src/hooks/call.ts'
import { services } from '../../src/hooks/services.ts'
import { selectCall, signCall } from './support.ts'

const [select, sign] = services

function refusal(body: unknown, service = sign as (typeof services)[number]): LumbarError {
  try {
    parseCall(body, service)
  } catch (error) {
    if (error instanceof LumbarError) return error
    throw error
  }
  throw new Error('the call was accepted')
}

const missing: [what: string, body: unknown, place: string][] = [
  ['hook', signCall({}, { hook: undefined }), 'hook'],
  ['hookInstance', signCall({}, { hookInstance: undefined }), 'hookInstance'],
  ['a hookInstance with content', signCall({}, { hookInstance: ' ' }), 'hookInstance'],
  ['context', signCall({}, { context: undefined }), 'context'],
  ['a context that is an object', signCall({}, { context: [] }), 'context'],
  ['patientId', signCall({ patientId: undefined }), 'context.patientId'],
  ['a patientId with content', signCall({ patientId: '' }), 'context.patientId'],
  ['a patientId behind its type', signCall({ patientId: 'Patient/' }), 'context.patientId'],
  ['a patientId that is a text', signCall({ patientId: 12 }), 'context.patientId'],
  ['a patientId of at most 194 characters', signCall({ patientId: 'x'.repeat(195) }), 'context.patientId'],
  ['a patientId that is no endless row', signCall({ patientId: '/'.repeat(80_000) }), 'context.patientId'],
  ['a hookInstance of at most 255', signCall({}, { hookInstance: 'x'.repeat(256) }), 'hookInstance'],
  ['draftOrders', signCall({ draftOrders: undefined }), 'context.draftOrders'],
  ['draftOrders that are something', signCall({ draftOrders: null }), 'context.draftOrders'],
  ['draftOrders that are no text', signCall({ draftOrders: 'none' }), 'context.draftOrders'],
]

describe('what a call must bring', () => {
  test.each(missing)('REQ-1: a call without %s is refused and the place is named', (_what, body, place) => {
    const error = refusal(body)
    expect([error.code, error.places]).toEqual(['invalid-request', [place]])
    expect(error.message).toContain(place)
  })

  test.each([null, undefined, 'text', 3, true, [], [signCall()]])('REQ-1: %j is no call', (body) => {
    expect(refusal(body).code).toBe('invalid-request')
  })

  test('REQ-1: several gaps are named in one answer', () => {
    const error = refusal({ hook: 'order-sign', context: {} })
    expect(error.places).toEqual(['hookInstance', 'context.patientId', 'context.draftOrders'])
  })

  test('SEC-14: a refusal repeats nothing of what was sent', () => {
    const body = signCall({ patientId: { name: 'Doe' } }, { hook: 'order-sign', hookInstance: ['Doe'] })
    expect(JSON.stringify(refusal(body).message)).not.toContain('Doe')
  })

  test.each(['order-select', 'patient-view', 'medication-prescribe', 'Hook Name'])(
    'GEN-6: a call of %s to the order-sign service is told where to go, whatever else it lacks',
    (hook) => {
      expect(refusal(signCall({}, { hook })).code).toBe('wrong-hook')
      const error = refusal({ hook, context: {} })
      expect([error.code, error.places]).toEqual(['wrong-hook', ['hook']])
      expect(error.message).toContain('/cds-services/lumbar-order-select')
    },
  )
})

describe('what a call may bring in its own way', () => {
  test.each([
    ['p1', 'p1'],
    ['Patient/p1', 'p1'],
    ['https://ehr.example/fhir/Patient/p1', 'p1'],
    ['Patient/p1/_history/2', 'p1'],
    ['MyPatient/p1', 'MyPatient/p1'],
    [` p1 `, 'p1'],
  ])('REQ-1: patientId %j is patient %j', (patientId, id) => {
    expect(parseCall(signCall({ patientId }), sign).patientId).toBe(id)
  })

  test.each([
    ['e1', 'e1'],
    ['Encounter/e1', 'e1'],
    ['Encounter/', undefined],
    ['', undefined],
    [null, undefined],
    [7, undefined],
    [undefined, undefined],
  ])('HK-1: encounterId %j is encounter %j', (encounterId, id) => {
    expect(parseCall(signCall({ encounterId }), sign).encounterId).toBe(id)
  })

  test.each([
    ['Practitioner/1', 'Practitioner/1'],
    ['PractitionerRole/1', 'PractitionerRole/1'],
    ['1', '1'],
    [undefined, undefined],
    [{}, undefined],
  ])('HK-1: userId %j is %j', (userId, id) => {
    expect(parseCall(signCall({ userId }), sign).userId).toBe(id)
  })

  test.each(['123', 'rec08-p02-5', 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea'])(
    'REQ-1: hookInstance %s is opaque',
    (hookInstance) => {
      expect(parseCall(signCall({}, { hookInstance }), sign).hookInstance).toBe(hookInstance)
    },
  )

  test('GEN-6: unknown and outdated fields are ignored at every level', () => {
    const body = signCall(
      { colour: 'red' },
      { user: 'x', patient: 'other', redirect: 'y', extension: { a: 1 } },
    )
    expect(parseCall(body, sign)).toMatchObject({ patientId: 'p1', extension: { a: 1 } })
  })

  test.each([[], {}, [{ resourceType: 'ServiceRequest' }], { entry: 3 }])(
    'HK-OS-2: draftOrders of the shape %j are read later',
    (draftOrders) => {
      expect(parseCall(signCall({ draftOrders }), sign).draftOrders).toBe(draftOrders)
    },
  )

  test.each([null, 'text', 4, [], undefined])('REQ-1: prefetch %j is no prefetch', (prefetch) => {
    expect(parseCall(signCall({}, { prefetch }), sign).prefetch).toBeUndefined()
  })

  test('GEN-6: prefetch is passed on untouched', () => {
    const prefetch = { patient: null, '-user': 'x' }
    expect(parseCall(signCall({}, { prefetch }), sign).prefetch).toBe(prefetch)
  })
})

describe('selections', () => {
  test.each([
    [
      ['ServiceRequest/1', 'MedicationRequest/2'],
      ['ServiceRequest/1', 'MedicationRequest/2'],
    ],
    [['ServiceRequest/1', null, 3, ''], ['ServiceRequest/1']],
    [[], undefined],
    [[null], undefined],
    ['ServiceRequest/1', undefined],
    [undefined, undefined],
  ])('HK-OS-1: selections %j are %j', (selections, named) => {
    expect(parseCall(selectCall({ selections }), select).selections).toEqual(named)
  })
})

describe('access to the FHIR server', () => {
  const token = {
    access_token: 'secret',
    token_type: 'Bearer',
    expires_in: 300,
    scope: 'user/*.rs',
    subject: 'us',
  }

  test('FA-1: server and token are taken together', () => {
    const call = parseCall(
      signCall({}, { fhirServer: 'https://ehr.example/fhir/', fhirAuthorization: token }),
      sign,
    )
    expect(call.fhirServer).toBe('https://ehr.example/fhir')
    expect(call.fhirAuthorization).toEqual({ accessToken: 'secret', scope: 'user/*.rs', patient: undefined })
  })

  test('REQ-2: a token without a server is ignored', () => {
    expect(parseCall(signCall({}, { fhirAuthorization: token }), sign).fhirAuthorization).toBeUndefined()
  })

  test.each([null, 'text', [], {}, { access_token: '' }, { token_type: 'Bearer' }])(
    'FA-1: fhirAuthorization %j is none',
    (fhirAuthorization) => {
      const call = parseCall(signCall({}, { fhirServer: 'https://ehr.example', fhirAuthorization }), sign)
      expect(call.fhirAuthorization).toBeUndefined()
    },
  )

  test.each([null, '', 'ehr.example', 'ftp://ehr.example', 'https:///x', 5])(
    'FA-7: fhirServer %j is none',
    (fhirServer) => {
      expect(parseCall(signCall({}, { fhirServer }), sign).fhirServer).toBeUndefined()
    },
  )
})

describe('BEST-1: what is longer than it can be', () => {
  const slashes = '/'.repeat(1_000_000)

  test('is as good as absent where it is not required, and is looked at no further', () => {
    const started = performance.now()
    const call = parseCall(
      signCall(
        { encounterId: `Encounter/${slashes}`, userId: `Practitioner/${'1'.repeat(3000)}` },
        {
          fhirServer: `https://ehr.example/${slashes}b`,
          fhirAuthorization: { access_token: 'x'.repeat(20_000) },
        },
      ),
      sign as (typeof services)[number],
    )
    expect(performance.now() - started).toBeLessThan(50)
    expect([call.encounterId, call.userId, call.fhirServer, call.fhirAuthorization]).toEqual(
      new Array(4).fill(undefined),
    )
  })

  test('is not the longest id of Epic, nor an address with many slashes at its end', () => {
    const id = 'e'.repeat(194)
    const fhirServer = `https://ehr.example/fhir${'/'.repeat(1000)}`
    const call = parseCall(
      signCall({ patientId: `Patient/${id}`, encounterId: id }, { fhirServer }),
      sign as (typeof services)[number],
    )
    expect([call.patientId, call.encounterId, call.fhirServer]).toEqual([id, id, 'https://ehr.example/fhir'])
  })
})

describe('A call that is sound as it stands', () => {
  const odd = constantFrom<unknown>(
    ...[
      'id-1',
      ' id-1',
      'Patient/id-1',
      'Encounter/id-1/_history/2',
      '',
      ' ',
      'x'.repeat(300),
      'x'.repeat(3000),
    ],
    ...[
      'https://ehr.example/fhir/',
      'http:///x',
      'HTTPS://a',
      'ftp://a',
      '\u00a0id',
      'order-sign',
      'order-select',
    ],
    ...[null, 0, true, [], ['a', '', 1], {}, { resourceType: 'Bundle' }, { access_token: 't', scope: 's' }],
    ...[{ access_token: '' }, { access_token: 't', patient: 7 }, undefined],
  )
  const sound = {
    hook: 'order-sign',
    hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
    prefetch: { patient: { resourceType: 'Patient', id: 'id-1' } },
    fhirServer: 'https://ehr.example/fhir',
    fhirAuthorization: { access_token: 't' },
    extension: { a: 1 },
  }
  const context = { patientId: 'id-1', userId: 'Practitioner/1', draftOrders: { resourceType: 'Bundle' } }
  const bent = record({
    outside: record(Object.fromEntries(Object.keys(sound).map((name) => [name, odd])), { requiredKeys: [] }),
    inside: record(
      Object.fromEntries([...Object.keys(context), 'encounterId', 'selections'].map((name) => [name, odd])),
      { requiredKeys: [] },
    ),
  })
  const outcome = (read: () => unknown) => {
    try {
      return { call: read() }
    } catch (error) {
      return { refused: (error as LumbarError).code, message: (error as Error).message }
    }
  }

  test.each(services.map((service) => [service.hook, service] as const))(
    'of %s is read as the schema reads it, whatever is bent of it',
    (hook, service) => {
      check(
        property(bent, ({ outside, inside }) => {
          const body = { ...sound, hook, ...outside, context: { ...context, ...inside } }
          expect(outcome(() => parseCall(body, service))).toEqual(outcome(() => readBySchema(body, service)))
        }),
        { numRuns: 1500 },
      )
    },
  )
})
