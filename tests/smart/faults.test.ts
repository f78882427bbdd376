/** Everything that the simulator can do wrong: each ends in a safe page and one line of codes, and none reads a chart. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { security } from '../../sandbox/smart/answers.ts'
import { type Fault, faults } from '../../sandbox/smart/faults.ts'
import { ask } from '../../src/net/asker.ts'
import { type Hospital, openHospital, refusalIn } from './support.ts'

/** What each fault comes to: the status and the reason in the log, or that the chart opens all the same. */
const outcomes: Record<Fault, [status: number, reason: string] | 'opens'> = {
  'slow-discovery': [502, 'ehr-not-reached too-slow'],
  'oversized-discovery': [502, 'ehr-not-reached too-large'],
  'redirecting-discovery': [502, 'ehr-not-reached redirected'],
  'failing-discovery': [502, 'ehr-not-reached http-500'],
  'broken-discovery': [502, 'ehr-not-reached no-json'],
  'no-discovery': [502, 'ehr-not-reached http-404'],
  'incomplete-discovery': [502, 'ehr-not-fit incomplete-configuration'],
  'relative-endpoints': 'opens',
  'insecure-endpoints': [502, 'ehr-not-fit unsafe-endpoint'],
  'endpoint-elsewhere': [502, 'ehr-not-fit endpoint-elsewhere'],
  'no-pkce-advertised': [502, 'ehr-not-fit no-pkce'],
  'only-v1-scopes': 'opens',
  'only-posted-secret': 'opens',
  'wrong-state': [400, 'unknown-state unknown'],
  'other-response-issuer': [400, 'unknown-state other-issuer'],
  'no-response-issuer': [400, 'unknown-state no-issuer'],
  'error-callback': [403, 'access-refused access_denied'],
  'hostile-callback': [403, 'access-refused other'],
  'no-code': [400, 'bad-callback no-code'],
  'refused-token': [502, 'token-refused invalid_grant'],
  'slow-token': [502, 'ehr-not-reached too-slow'],
  'oversized-token': [502, 'ehr-not-reached too-large'],
  'redirecting-token': [502, 'ehr-not-reached redirected'],
  'broken-token': [502, 'ehr-not-reached no-json'],
  'no-access-token': [502, 'token-not-fit incomplete-token'],
  'other-token-type': [502, 'token-not-fit incomplete-token'],
  'lower-case-bearer': 'opens',
  'no-expires-in': 'opens',
  'expired-token': [403, 'launch-ended expired'],
  'revoked-token': [403, 'launch-ended http-401'],
  'no-scope': 'opens',
  'fewer-scopes': 'opens',
  'no-patient': [400, 'no-patient'],
  'no-id-token': 'opens',
  'unsigned-id-token': [502, 'identity-not-proven ERR_JOSE_ALG_NOT_ALLOWED'],
  'forged-id-token': [502, 'identity-not-proven ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
  'other-issuer': [502, 'identity-not-proven iss'],
  'other-audience': [502, 'identity-not-proven aud'],
  'other-nonce': [502, 'identity-not-proven nonce'],
  'no-nonce': [502, 'identity-not-proven nonce'],
  'expired-id-token': [502, 'identity-not-proven exp'],
  'profile-claim': 'opens',
  'user-elsewhere': 'opens',
  'object-app-context': 'opens',
}

/** Waits a second for what is slow on purpose; a busy machine may be slow without. */
const hastily: typeof ask = (url, question) => {
  const isSlow = [...hospital.simulator.faults].some((fault) => fault.startsWith('slow-'))
  return ask(url, isSlow ? { ...question, patience: 1000 } : question)
}

let hospital: Hospital
const open = async () =>
  openHospital({
    setup: { ask: hastily },
    // Its own authorization server only, so that another is noticed.
    ehr: { 'endpoint-origins': ['https://login.example.org'] },
  })

describe('an EHR that goes wrong', () => {
  // A new app each time: what it learnt of the EHR is remembered.
  beforeEach(async () => {
    hospital = await open()
    return () => hospital.close()
  })

  test.each(Object.entries(outcomes))('R14: %s', async (fault, outcome) => {
    hospital.fail(fault as Fault)
    const page = await hospital.launch()
    if (outcome === 'opens') {
      expect([page.status, page.text]).toEqual([200, expect.stringContaining('Ada Alpha')])
      return
    }
    const [status, reason] = outcome
    expect([page.status, refusalIn(hospital.log)]).toEqual([status, reason])
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.text).not.toContain('Ada Alpha')
    expect(page.text).not.toMatch(/alert|onerror|<script/)
    if (fault !== 'revoked-token') expect(hospital.asked).toEqual([])
  })
})

describe('specification 1.10: a server of SMART 1.0', () => {
  const old = { pkce: 'send-unadvertised' as const }
  const opened = async (metadata?: object) => {
    const places = { base: '', issuer: '' }
    const hospital = await openHospital({
      ehr: old,
      fhir: (request, reply) => {
        reply.type('application/fhir+json')
        if (request.url.endsWith('/metadata'))
          return reply.send(metadata ?? { rest: [{ security: security(places) }] })
        return reply.send({ resourceType: 'Patient', id: 'p1', name: [{ text: 'Ada Alpha' }] })
      },
    })
    Object.assign(places, hospital.simulator.places())
    return hospital
  }

  test('is launched from when the site says so, with PKCE all the same', async () => {
    const hospital = await openHospital({ ehr: old })
    hospital.fail('no-pkce-advertised')
    const page = await hospital.launch()
    expect([page.status, page.way[1]?.searchParams.get('code_challenge_method')]).toEqual([200, 'S256'])
    await hospital.close()
  })

  test('may say in its CapabilityStatement how to sign in', async () => {
    const hospital = await opened()
    hospital.fail('no-discovery', 'no-id-token')
    const page = await hospital.launch()
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Ada Alpha')])
    expect(page.way[1]?.searchParams.get('scope')).toContain('patient/Condition.read')
    await hospital.close()
  })

  test.each([{}, { rest: [{}] }, { rest: [{ security: { extension: [{ url: 'other' }] } }] }])(
    'that says nothing of it is not launched from: %j',
    async (metadata) => {
      const hospital = await opened(metadata)
      hospital.fail('no-discovery')
      expect([(await hospital.launch()).status, refusalIn(hospital.log)]).toEqual([
        502,
        'ehr-not-reached http-404',
      ])
      await hospital.close()
    },
  )
})

test('every fault is in the table', () => {
  expect(Object.keys(outcomes)).toEqual(Object.keys(faults))
})

describe('what an EHR may leave out or say otherwise', () => {
  let hospital: Hospital
  beforeAll(async () => {
    hospital = await openHospital()
  })
  afterAll(() => hospital.close())
  beforeEach(() => hospital.simulator.faults.clear())

  test('R21: a user on another server is named and not asked for', async () => {
    hospital.fail('user-elsewhere')
    const page = await hospital.launch({ patient: 'p1', user: 'Practitioner/d1' })
    expect(page.text).toContain('https://other.example.org/fhir/Practitioner/d1')
    expect(hospital.asked.map(({ what }) => what)).toEqual(['GET Patient/p1'])
  })

  test('R21: a user in the claim of SMART 1.0 is the same user', async () => {
    hospital.fail('profile-claim')
    const page = await hospital.launch({ patient: 'p1', user: 'Practitioner/d1' })
    expect(page.text).toContain('Practitioner/d1')
  })

  test('R20: without an id_token nobody is named', async () => {
    hospital.fail('no-id-token')
    const page = await hospital.launch({ patient: 'p1', user: 'Practitioner/d1' })
    expect([page.status, page.text.includes('Opened by')]).toEqual([200, false])
  })

  test.each([
    [undefined, true],
    [true, true],
    [false, false],
  ])('specification 1.5: need_patient_banner %s shows the banner: %s', async (flag, isShown) => {
    const page = await hospital.launch({
      patient: 'p1',
      ...(flag === undefined ? {} : { need_patient_banner: flag }),
    })
    expect(page.text.includes('1980-01-02')).toBe(isShown)
  })
})
