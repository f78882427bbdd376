/** What a FHIR server may answer, and what it comes to. */
import nock from 'nock'
import { describe, expect, test } from 'vitest'
import { condition, patient } from '../record/support.ts'
import { base, conditions, page, patientKey, tryRead, watchNetwork } from './support.ts'

watchNetwork()
const ehr = () => nock('https://ehr.example')
const search = '/fhir/Condition?patient=p1'
const json = { 'content-type': 'application/fhir+json' }
const outcome = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception' }] }

const notSupported = {
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code: 'not-supported' }],
}
const noRight = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'forbidden' }] }

type Row = [what: string, status: number, body: nock.Body, state: string, reason: string | undefined]

describe('answers to a search', () => {
  const rows: Row[] = [
    ['resources', 200, page(undefined, condition('c1')), 'given 1', undefined],
    ['nothing found', 200, page(undefined), 'empty 0', undefined],
    ['nothing found, without entry', 200, { resourceType: 'Bundle', total: 0 }, 'empty 0', undefined],
    ['a byte order mark', 200, `\ufeff${JSON.stringify(page(undefined))}`, 'empty 0', undefined],
    ['more than it shows', 200, { resourceType: 'Bundle', total: 3 }, 'failed 0', 'incomplete'],
    ['an outcome', 200, outcome, 'failed 0', 'outcome'],
    ['one resource', 200, condition('c1'), 'failed 0', 'not-fhir'],
    ['JSON', 200, { conditions: [] }, 'failed 0', 'not-fhir'],
    ['a list', 200, [condition('c1')], 'failed 0', 'not-fhir'],
    ['null', 200, 'null', 'failed 0', 'not-fhir'],
    ['a text', 200, '"x"', 'failed 0', 'not-fhir'],
    ['a login page', 200, '<!doctype html><title>Log in</title>', 'failed 0', 'unreadable'],
    ['half of a body', 200, '{"resourceType":"Bundle","entry":[', 'failed 0', 'unreadable'],
    ['nothing at all', 200, '', 'failed 0', 'unreadable'],
    ['no content', 204, '', 'failed 0', 'http-204'],
    ['bad request', 400, outcome, 'failed 0', 'http-400'],
    ['unauthorized', 401, outcome, 'forbidden 0', 'http-401'],
    ['forbidden', 403, outcome, 'forbidden 0', 'http-403'],
    ['not found', 404, outcome, 'unsupported 0', 'http-404'],
    ['gone', 410, '', 'unsupported 0', 'http-410'],
    ['not allowed', 405, '', 'unsupported 0', 'http-405'],
    ['an outcome of a type that is not kept', 200, notSupported, 'unsupported 0', 'outcome-unsupported'],
    ['an outcome of a right that is missing', 200, noRight, 'forbidden 0', 'outcome-forbidden'],
    ['too long', 414, '', 'failed 0', 'http-414'],
    ['an error', 500, '<html>stack trace</html>', 'failed 0', 'http-500'],
    ['not implemented', 501, '', 'unsupported 0', 'http-501'],
  ]

  test.each(rows)('%s (%i)', async (_what, status, body, brief, reason) => {
    ehr().get(search).reply(status, body, json)
    const tried = await tryRead({})
    expect(tried.brief).toEqual({ conditions: brief })
    const state = brief.slice(0, -2)
    expect(tried.report.keys).toEqual({ conditions: reason === undefined ? state : `${state}: ${reason}` })
    expect([tried.report.requests, tried.report.isSuspicious]).toEqual([1, false])
  })

  test.each(['application/json', 'text/plain', 'text/html; charset=utf-8', ''])(
    'JSON is read as whatever it is declared: %s',
    async (type) => {
      ehr()
        .get(search)
        .reply(200, JSON.stringify(page(undefined, condition('c1'))), { 'content-type': type })
      expect((await tryRead({})).brief).toEqual({ conditions: 'given 1' })
    },
  )

  test('an encoding that we did not ask for is a failure', async () => {
    ehr().get(search).reply(200, 'x', { 'content-encoding': 'zstd' })
    expect((await tryRead({})).report.keys).toEqual({ conditions: 'failed: unreadable' })
  })

  test('a server that cannot be reached is a failure, named by its code', async () => {
    ehr()
      .get(search)
      .replyWithError(Object.assign(new Error('ehr.example'), { code: 'ENOTFOUND' }))
    expect((await tryRead({})).report.keys).toEqual({ conditions: 'failed: unreachable-ENOTFOUND' })
  })
})

describe('answers to a read', () => {
  test.each([
    ['the resource', 200, patient, 'given 1'],
    ['a Bundle', 200, page(undefined, patient), 'failed 0'],
    ['an outcome', 200, outcome, 'failed 0'],
    ['not found', 404, outcome, 'gone 0'],
  ] as const)('%s (%i)', async (_what, status, body, brief) => {
    ehr().get('/fhir/Patient/p1').reply(status, body, json)
    expect((await tryRead({}, [patientKey])).brief).toEqual({ patient: brief })
  })
})

describe('what is sent', () => {
  test('FA-2: the token, and what we accept', async () => {
    const scope = nock('https://ehr.example', {
      reqheaders: {
        authorization: 'Bearer secret-token',
        accept: 'application/fhir+json',
        'accept-encoding': /gzip/,
        'cache-control': 'no-cache',
      },
    })
    scope.get(search).reply(200, page(undefined))
    expect((await tryRead({})).brief).toEqual({ conditions: 'empty 0' })
  })

  test('nothing but absent keys that were asked for, each once', async () => {
    ehr().get(search).reply(200, page(undefined)).get('/fhir/Patient/p1').reply(200, patient)
    const { report } = await tryRead({}, [patientKey, conditions])
    expect([report.requests, nock.isDone()]).toEqual([2, true])
  })

  test('the encounter of the call is read by its id', async () => {
    ehr().get('/fhir/Encounter/e1').reply(200, { resourceType: 'Encounter', id: 'e1' })
    const { brief } = await tryRead({ encounterId: 'e1' }, [{ key: 'encounter', type: 'Encounter' }])
    expect(brief).toEqual({ encounter: 'given 1' })
  })

  test('a page size that the site sets', async () => {
    ehr().get(`${search}&_count=50`).reply(200, page(undefined))
    expect((await tryRead({}, [conditions], { 'page-size': 50 })).brief).toEqual({ conditions: 'empty 0' })
  })

  test('a type without a query is not read', async () => {
    const { brief, report } = await tryRead({}, [{ key: 'goals', type: 'Goal' }])
    expect([brief, report.requests]).toEqual([{ goals: 'failed 0' }, 0])
  })
})

describe('the report', () => {
  test('holds keys, states and measures, and nothing that was sent or came', async () => {
    const body = page(undefined, condition('c1', { code: { text: 'Low back pain' } }))
    ehr().get(search).reply(200, body)
    ehr().get('/fhir/Patient/p1').reply(500, 'Patient p1')
    const { report } = await tryRead({}, [patientKey, conditions])
    expect(report).toEqual({
      keys: { patient: 'failed: http-500', conditions: 'given' },
      isSuspicious: false,
      requests: 2,
      bytes: JSON.stringify(body).length,
      ms: expect.any(Number),
    })
    for (const word of ['p1', 'secret', base, 'ehr.example', 'pain']) {
      expect(JSON.stringify(report)).not.toContain(word)
    }
  })
})
