/** FA-1 to FA-9: when nothing is read, and where the token does not go. */
import nock from 'nock'
import { describe, expect, test } from 'vitest'
import { type Access, createFhirReader } from '../../src/record/fhir/reader.ts'
import { fhirSchema } from '../../src/site/limits.ts'
import { condition } from '../record/support.ts'
import { access, base, conditions, page, patientKey, procedures, tryRead, watchNetwork } from './support.ts'

const strays = watchNetwork()
const ehr = () => nock('https://ehr.example')
const search = '/fhir/Condition?patient=p1'

describe('a call that brings no way to read', () => {
  const reader = createFhirReader({ settings: fhirSchema.parse({}), now: Date.now })

  test('has no reader', () => {
    expect(reader.readerFor({ ...access(), fhirServer: undefined })).toBeUndefined()
    expect(reader.readerFor(access({ authorization: undefined }))).toBeUndefined()
  })

  test('without a token has one where the site says that its servers need none', async () => {
    nock('https://ehr.example', { badheaders: ['authorization'] })
      .get(search)
      .reply(200, page(undefined))
    const { brief } = await tryRead({ authorization: undefined }, [conditions], { 'without-token': true })
    expect(brief).toEqual({ conditions: 'empty 0' })
  })
})

test('a request that nobody prepared is noticed', async () => {
  await tryRead({})
  expect(strays).toEqual([`${base}/Condition?patient=p1`])
})

describe('nothing is sent', () => {
  const refused: [what: string, about: Partial<Access>, reason: string, suspicious: boolean][] = [
    [
      'FA-7: to a server of another caller',
      { allowedServers: ['https://b.example'] },
      'server-not-allowed',
      true,
    ],
    ['FA-7: when the caller has no server', { allowedServers: [] }, 'server-not-allowed', true],
    [
      'FA-7: to a path beside',
      { fhirServer: `${base}/x`, allowedServers: [base] },
      'server-not-allowed',
      true,
    ],
    ['SEC-1: over plain http', { fhirServer: 'http://ehr.example/fhir' }, 'not-https', true],
    ['FA-7: to metadata', { fhirServer: 'https://169.254.169.254/fhir' }, 'address-refused', true],
    [
      'FA-8: for another patient',
      { authorization: { accessToken: 't', patient: 'p2' } },
      'patient-mismatch',
      true,
    ],
    ['with a broken token', { authorization: { accessToken: 'a\r\nx: y' } }, 'token-unusable', false],
    ['with a token in two words', { authorization: { accessToken: 'a b' } }, 'token-unusable', false],
    [
      'FA-5: out of scope',
      { authorization: { accessToken: 't', scope: 'user/Observation.read' } },
      'out-of-scope',
      false,
    ],
  ]

  test.each(refused)('%s', async (_what, about, reason, isSuspicious) => {
    const { brief, report } = await tryRead(about, [conditions, patientKey])
    expect(brief).toEqual({ conditions: 'forbidden 0', patient: 'forbidden 0' })
    expect(report).toMatchObject({
      keys: { conditions: `forbidden: ${reason}`, patient: `forbidden: ${reason}` },
      requests: 0,
      isSuspicious,
    })
    expect(strays).toEqual([])
  })

  test.each(['p1', 'Patient/p1'])('FA-8: but a token for the same patient reads (%s)', async (patient) => {
    ehr().get(search).reply(200, page(undefined))
    expect((await tryRead({ authorization: { accessToken: 't', patient } })).brief).toEqual({
      conditions: 'empty 0',
    })
  })
})

describe('scopes', () => {
  const authorization = (scope: string) => ({ authorization: { accessToken: 't', scope } })

  test('FA-5: only what they permit is read', async () => {
    ehr().get(search).reply(200, page(undefined))
    const { brief } = await tryRead(authorization('launch user/Condition.rs user/Patient.s'), [
      conditions,
      procedures,
      patientKey,
    ])
    expect(brief).toEqual({ conditions: 'empty 0', procedures: 'forbidden 0', patient: 'forbidden 0' })
  })

  test('with a filter they leave a list incomplete', async () => {
    const scope = 'user/Condition.rs?category=health-concern user/Procedure.rs?category=x user/Patient.r?x=y'
    ehr()
      .get(search)
      .reply(200, page(undefined, condition('c1')))
    ehr().get('/fhir/Procedure?patient=p1').reply(200, page(undefined))
    ehr().get('/fhir/Patient/p1').reply(200, { resourceType: 'Patient', id: 'p1' })
    const { brief, report } = await tryRead(authorization(scope), [conditions, procedures, patientKey])
    expect(brief).toEqual({ conditions: 'truncated 1', procedures: 'forbidden 0', patient: 'given 1' })
    expect(report.keys.conditions).toBe('truncated: partly-in-scope')
  })
})

describe('redirects', () => {
  const to = (location: string) => ({ location })

  test.each([301, 302, 303, 307, 308])('on the server are followed, with the token (%i)', async (status) => {
    ehr().get(search).reply(status, '', to('/fhir/Condition/_search?patient=p1'))
    nock('https://ehr.example', { reqheaders: { authorization: 'Bearer secret-token' } })
      .get('/fhir/Condition/_search?patient=p1')
      .reply(200, page(undefined, condition('c1')))
    expect((await tryRead({})).brief).toEqual({ conditions: 'given 1' })
  })

  test('are followed twice and not three times', async () => {
    ehr().get(search).reply(302, '', to('/fhir/1'))
    ehr().get('/fhir/1').reply(302, '', to('/fhir/2'))
    ehr().get('/fhir/2').reply(302, '', to('/fhir/3'))
    const { report } = await tryRead({})
    expect(report).toMatchObject({ keys: { conditions: 'failed: too-many-redirects' }, requests: 3 })
    expect(strays).toEqual([])
  })

  test.each([
    'https://evil.example/fhir/Condition?patient=p1',
    'http://ehr.example/fhir/Condition?patient=p1',
    'https://ehr.example:8443/fhir/Condition?patient=p1',
    'https://ehr.example/login',
    '//evil.example/fhir/Condition',
    'http://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
  ])('FA-7: to elsewhere are not followed, so that the token goes nowhere: %s', async (location) => {
    ehr().get(search).reply(302, '', to(location))
    const { report, brief } = await tryRead({})
    expect(brief).toEqual({ conditions: 'failed 0' })
    expect(report).toMatchObject({
      keys: { conditions: 'failed: redirect-elsewhere' },
      requests: 1,
      isSuspicious: true,
    })
    expect(strays).toEqual([])
  })

  test('without a place are failures', async () => {
    ehr().get(search).reply(302, '')
    expect((await tryRead({})).report.keys).toEqual({ conditions: 'failed: http-302' })
  })
})
