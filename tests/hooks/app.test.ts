/** The HTTP side: routes, bodies, failures and the log, with a fake evaluation. */
import { describe, expect, test } from 'vitest'
import { LumbarError } from '../../src/errors.ts'
import { harness, post, selectCall, selectUrl, signCall, signUrl } from './support.ts'

const sound = JSON.stringify(signCall())

describe('a call that is answered', () => {
  test('RSP-1: has cards and nothing that is ours alone', async () => {
    const { app, calls } = harness(async () => ({ cards: [{ summary: 'x' }], rules: ['IM01'] }))
    const answer = await post(app, sound)
    expect([answer.statusCode, answer.json()]).toEqual([200, { cards: [{ summary: 'x' }] }])
    expect(calls[0]?.patientId).toBe('p1')
  })

  test('RSP-2: has an empty list when there is nothing to say', async () => {
    expect((await post(harness().app, sound)).json()).toEqual({ cards: [] })
  })

  test('RSP-6: may not be kept', async () => {
    expect((await post(harness().app, sound)).headers['cache-control']).toBe('no-store')
  })

  test('DISC-7: each service answers at its own address', async () => {
    const { app, calls } = harness()
    await post(app, JSON.stringify(selectCall()), {}, selectUrl)
    await post(app, sound, {}, `${signUrl}/`)
    expect(calls.map(({ hook }) => hook)).toEqual(['order-select', 'order-sign'])
  })

  test('REQ-5: the same hookInstance twice gets two full answers', async () => {
    const { app, calls } = harness()
    await post(app, sound)
    await post(app, sound)
    expect(calls).toHaveLength(2)
  })
})

describe('bodies', () => {
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=ISO-8859-1',
    'APPLICATION/JSON',
    'application/fhir+json',
    'application/fhir+json; fhirVersion=4.0',
    'application/json+fhir',
  ])('GEN-7: %s is read', async (type) => {
    expect((await post(harness().app, sound, { 'content-type': type })).statusCode).toBe(200)
  })

  test('GEN-7: JSON without a type is read', async () => {
    const answer = await harness().app.inject({ method: 'POST', url: signUrl, payload: Buffer.from(sound) })
    expect(answer.statusCode).toBe(200)
  })

  test('GEN-1: a byte order mark is passed over', async () => {
    expect((await post(harness().app, `\uFEFF${sound}`)).statusCode).toBe(200)
  })

  test('GEN-1: of two equal keys the last one counts', async () => {
    const { app, calls } = harness()
    await post(app, sound.replace('"patientId":"p1"', '"patientId":"p0","patientId":"p2"'))
    expect(calls[0]?.patientId).toBe('p2')
  })

  test('GEN-6: a key named constructor alone is no attack', async () => {
    expect((await post(harness().app, sound.replace('{', '{"constructor":"Acme",'))).statusCode).toBe(200)
  })

  test('GEN-1: text outside of ASCII arrives as it was sent', async () => {
    const { app, calls } = harness()
    await post(app, JSON.stringify(signCall({ userId: 'Practitioner/Ærø-雪' })))
    expect(calls[0]?.userId).toBe('Practitioner/Ærø-雪')
  })
})

const deep = `${'{"a":['.repeat(100_000)}1${']}'.repeat(100_000)}`

describe('failures', () => {
  test.each([
    ['malformed JSON', '{', {}, 400, 'malformed-json'],
    ['an additional brace', `${sound}}`, {}, 400, 'malformed-json'],
    ['a trailing comma', '{"hook":"order-sign",}', {}, 400, 'malformed-json'],
    ['a comment', `// call\n${sound}`, {}, 400, 'malformed-json'],
    ['an empty body', '', {}, 400, 'malformed-json'],
    ['a poisoned prototype', sound.replace('{', '{"__proto__":{"a":1},'), {}, 400, 'malformed-json'],
    [
      'a poisoned prototype in escapes',
      sound.replace('{', '{"\\u005f_proto__":{"a":1},'),
      {},
      400,
      'malformed-json',
    ],
    [
      'a poisoned constructor',
      sound.replace('{', '{"constructor":{"prototype":{}},'),
      {},
      400,
      'malformed-json',
    ],
    ['a body longer than announced', sound, { 'content-length': '10' }, 400, 'malformed-json'],
    ['JSON that is null', 'null', {}, 400, 'invalid-request'],
    ['an empty object', '{}', {}, 400, 'invalid-request'],
    ['another hook', JSON.stringify(selectCall()), {}, 400, 'wrong-hook'],
    ['plain text', sound, { 'content-type': 'text/plain' }, 415, 'not-json'],
    ['XML', '<a/>', { 'content-type': 'application/fhir+xml' }, 415, 'not-json'],
    ['a form', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'not-json'],
    ['nothing but depth', deep, {}, 400, 'invalid-request'],
  ])('RSP-5: %s is told in an OperationOutcome', async (_what, payload, headers, status, code) => {
    const { app, calls } = harness()
    const answer = await post(app, payload, headers as Record<string, string>)
    expect([answer.statusCode, answer.json().issue[0].details.coding[0].code]).toEqual([status, code])
    expect(answer.json().resourceType).toBe('OperationOutcome')
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(calls).toEqual([])
  })

  test('RSP-5: a body over the limit is refused with 413', async () => {
    const { app } = harness(undefined, { bodyLimit: 50 })
    expect((await post(app, sound)).statusCode).toBe(413)
  })

  test('RSP-5: depth inside the prefetch or an order ends neither the call nor the process', async () => {
    const { app, log } = harness(async (call) => ({ cards: [call.draftOrders], rules: [] }))
    const bomb = JSON.stringify(signCall({ draftOrders: 0 })).replace(
      '"draftOrders":0',
      `"draftOrders":${deep}`,
    )
    expect((await post(app, bomb)).statusCode).toBe(400)
    // It is the caller's mistake and foreseen: nobody is woken by it.
    expect(log.join('')).not.toContain('RangeError')
    const inPrefetch = sound.replace('{', `{"prefetch":${deep},`)
    expect((await post(app, inPrefetch)).statusCode).toBe(200)
  })

  test('PF-12: data that is required and not there is told with 412', async () => {
    const { app } = harness(async () => {
      throw new LumbarError('data-unavailable', 'Send the patient.', ['prefetch.patient'])
    })
    const answer = await post(app, sound)
    expect([answer.statusCode, answer.json().issue[0].expression]).toEqual([412, ['prefetch.patient']])
  })

  test('RSP-5: the unforeseen is a 500 that tells the caller nothing and the log where', async () => {
    const { app, log } = harness(async () => {
      throw new TypeError('Doe is not a function')
    })
    const answer = await post(app, sound)
    expect([answer.statusCode, answer.json().issue[0].details.coding[0].code]).toEqual([
      500,
      'internal-error',
    ])
    expect(answer.body + log.join('')).not.toContain('Doe')
    expect(JSON.parse(log.at(-1) ?? '')).toMatchObject({
      level: 50,
      error: 'TypeError',
      outcome: 'internal-error',
    })
    expect(log.at(-1)).toContain('app.test.ts')
  })

  test.each(['a text', undefined, null, 7])('RSP-5: even a thrown %j is a 500', async (thrown) => {
    const { app } = harness(() => Promise.reject(thrown))
    const answer = await post(app, sound)
    expect([answer.statusCode, answer.json().resourceType]).toEqual([500, 'OperationOutcome'])
  })
})

describe('addresses', () => {
  test('DISC-14: an unknown service is a 404 that lists the known ones', async () => {
    const { app } = harness()
    for (const method of ['POST', 'GET'] as const) {
      const answer = await app.inject({ method, url: '/cds-services/other', payload: '{}' })
      expect([answer.statusCode, answer.json().issue[0].details.coding[0].code]).toEqual([
        404,
        'unknown-service',
      ])
      expect(answer.json().issue[0].details.text).toContain('lumbar-order-select and lumbar-order-sign')
    }
  })

  test.each([
    '/nowhere',
    '/cds-services/lumbar-order-sign/more',
    '/cds-services/%zz',
    `/cds-services/${'x'.repeat(500)}`,
    '/constructor',
  ])('DISC-14: %s is a 404', async (url) => {
    const answer = await harness().app.inject({ method: 'POST', url, payload: '{' })
    expect([answer.statusCode, answer.json().resourceType]).toEqual([404, 'OperationOutcome'])
  })

  test.each([
    ['GET', signUrl, 'POST'],
    ['PUT', signUrl, 'POST'],
    ['GET', `${selectUrl}/?a=1`, 'POST'],
    ['POST', '/cds-services', 'GET, HEAD'],
    ['DELETE', '/healthz', 'GET, HEAD'],
    ['OPTIONS', '/', 'GET, HEAD'],
  ] as const)('DISC-14: %s %s is a 405 that allows %s', async (method, url, allow) => {
    const answer = await harness().app.inject({ method, url })
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, allow])
    expect(answer.json().issue[0].details.coding[0].code).toBe('method-not-allowed')
  })

  test('DISC-14: a wrong method is told before the body is looked at', async () => {
    const answer = await harness().app.inject({
      method: 'POST',
      url: '/cds-services',
      payload: '{',
      headers: { 'content-type': 'text/plain' },
    })
    expect(answer.statusCode).toBe(405)
  })

  test('GEN-7: whatever the client accepts, it gets JSON', async () => {
    expect((await post(harness().app, sound, { accept: 'text/html' })).statusCode).toBe(200)
  })

  test('BEST-2: the service says that it runs, and of which pathway', async () => {
    expect((await harness().app.inject('/healthz')).json()).toEqual({
      status: 'ok',
      pathway: 'a-pathway',
      version: '1.2.3',
      digest: '0123456789abcdef',
    })
  })

  test('BEST-5: a person at the door is told what to try', async () => {
    const answer = await harness().app.inject('/')
    expect(answer.headers['content-type']).toContain('text/plain')
    expect(answer.body).toContain(`POST ${signUrl}`)
  })
})

describe('the log', () => {
  test('SEC-15: an answered call is one line of ids, numbers and codes', async () => {
    const { app, log } = harness()
    await post(app, sound)
    expect(log).toHaveLength(1)
    expect(JSON.parse(log[0] ?? '')).toMatchObject({
      service: 'lumbar-order-sign',
      outcome: 'answered',
      bytes: Buffer.byteLength(sound),
      ms: expect.any(Number),
      rules: ['IM01'],
    })
  })

  test('SEC-15: a refused call is one line with the code of the failure', async () => {
    const { app, log } = harness()
    await post(app, '{"hook":"order-sign"}')
    expect(log).toHaveLength(1)
    expect(JSON.parse(log[0] ?? '')).toMatchObject({
      service: 'lumbar-order-sign',
      outcome: 'invalid-request',
    })
  })

  test('SEC-15: no line holds anything of the body, the address or the token', async () => {
    const { app, log } = harness()
    const secret = 'Zebulon'
    const token = { access_token: secret }
    await post(
      app,
      JSON.stringify(signCall({ patientId: secret }, { fhirServer: 'https://x', fhirAuthorization: token })),
    )
    await post(app, `{"patient":"${secret}"`, { authorization: `Bearer ${secret}` })
    await app.inject({ method: 'POST', url: `/cds-services/${secret}?patient=${secret}`, payload: '{}' })
    expect(log).toHaveLength(3)
    expect(log.join('')).not.toContain(secret)
  })
})
