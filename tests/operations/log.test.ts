/** The log lets through what is on its list, whoever writes. */
import pino from 'pino'
import { describe, expect, test } from 'vitest'
import { guardedLogger, loggedFields } from '../../src/http/log.ts'
import { harness, post, signCall } from '../hooks/support.ts'
import { evaluatorWith } from '../support/evaluator.ts'

function written(write: (log: pino.Logger) => void): Record<string, unknown>[] {
  const lines: string[] = []
  const { stream: _, ...options } = guardedLogger({ level: 'trace' })
  write(pino(options as pino.LoggerOptions, { write: (line: string) => void lines.push(line) }))
  return lines.map((line) => {
    const { level: _level, time: _time, pid: _pid, hostname: _hostname, ...rest } = JSON.parse(line)
    return rest
  })
}

const secret = 'Zebulon'

describe('a line', () => {
  test('SEC-15: keeps fields that are listed, and no other', () => {
    expect(written((log) => log.info({ outcome: 'answered', patient: secret, rules: ['IM01'] }))).toEqual([
      { outcome: 'answered', rules: ['IM01'] },
    ])
  })

  test('SEC-15: of a library keeps neither words nor objects', () => {
    const lines = written((log) => {
      log.info(`Route POST:/${secret} not found`)
      log.warn({ req: { url: secret }, res: secret }, secret)
      log.error(new TypeError(secret))
      log.error({ err: new RangeError(secret) }, 'failed')
      log.trace('%s %j', secret, { secret })
      log.child({ reqId: 'req-1' }).debug({ err: secret, body: secret })
    })
    expect(JSON.stringify(lines)).not.toContain(secret)
    expect(lines.map(({ outcome }) => outcome)).toEqual(Array(6).fill('library'))
    expect(lines.map(({ error }) => error)).toEqual([
      'string',
      'object',
      'TypeError',
      'RangeError',
      'string',
      'string',
    ])
  })

  test('SEC-15: bounds what a token may claim', () => {
    const [line] = written((log) => log.warn({ outcome: 'not-trusted', issuer: 'x'.repeat(5000) }))
    expect(line?.issuer).toHaveLength(200)
  })

  test('BEST-2: says where the service listens', () => {
    const msg = 'Server listening at http://127.0.0.1:3000'
    expect(written((log) => log.info(msg))).toEqual([{ msg }])
  })
})

test('SEC-15: an answered call is one line, and says what it came to', async () => {
  const { app, log } = harness(undefined, {
    ...evaluatorWith({}, { stopwatch: () => 0 }),
    guard: async (request) => {
      request.caller = { issuer: 'https://ehr.example.org', tenant: 't1', jti: 'j', fhirServers: [] }
    },
  })
  const prefetch = {
    patient: { resourceType: 'Patient', id: 'p1', birthDate: '1980-01-01' },
    conditions: { resourceType: 'OperationOutcome', issue: [] },
    procedures: null,
  }
  const answer = await post(app, JSON.stringify(signCall({}, { prefetch })))
  expect(log).toHaveLength(1)
  const line = JSON.parse(log[0] ?? '')
  expect(line).toMatchObject({
    outcome: 'answered',
    service: 'lumbar-order-sign',
    issuer: 'https://ehr.example.org',
    tenant: 't1',
    version: '1.2.3',
    rules: [],
    cards: 0,
    answerBytes: answer.body.length,
    prefetch: { given: 1, failed: 1, empty: 1 },
  })
  expect(line.lacking).toContain('conditions')
  const own = new Set<string>([...Object.keys(loggedFields), 'level', 'time', 'pid', 'hostname', 'reqId'])
  expect(Object.keys(line).filter((field) => !own.has(field))).toEqual([])
})

test('PF-12: a call that lacks data leaves a line with the keys', async () => {
  const { app, log } = harness(undefined, evaluatorWith())
  const order = {
    resourceType: 'ServiceRequest',
    id: 'o1',
    code: { coding: [{ system: 'http://www.ama-assn.org/go/cpt', code: '72148' }] },
  }
  const call = signCall({ draftOrders: { resourceType: 'Bundle', entry: [{ resource: order }] } })
  expect((await post(app, JSON.stringify(call))).statusCode).toBe(412)
  expect(JSON.parse(log[0] ?? '')).toMatchObject({
    outcome: 'data-unavailable',
    lacking: ['prefetch.patient'],
  })
})
