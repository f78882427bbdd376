/** Too much to do: callers are sent away in time, and what watches over the service is answered all the same. */
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMetrics } from '../../src/metrics.ts'
import { NotTrusted } from '../../src/trust/failures.ts'
import { harness, post, signCall, signUrl } from '../hooks/support.ts'
import { codeIn, limits } from './support.ts'

const sound = JSON.stringify(signCall())

describe('under pressure', () => {
  // So little memory is always taken, so this service is always under pressure.
  const { app, calls, log } = harness(undefined, {
    limits: limits({ 'heap-percent': 0.001 }),
    metrics: createMetrics({ withProcess: false }),
    metricsToken: 'a-token-for-the-metrics',
  })
  beforeAll(async () => {
    await app.ready()
    await wait(700)
  })
  afterAll(() => app.close())

  test('BEST-1: a call is sent away at once, to come again later, and nothing is told of the process', async () => {
    const answer = await post(app, sound)
    expect([answer.statusCode, codeIn(answer), answer.headers['retry-after']]).toEqual([
      503,
      'under-pressure',
      '5',
    ])
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
    expect(answer.body).not.toMatch(/heap|memory|delay|event/i)
    expect(calls).toEqual([])
    expect(JSON.parse(log.at(-1) ?? '')).toMatchObject({ outcome: 'under-pressure', level: 40 })
  })

  test.each(['/healthz', '/metrics'])('BEST-2: %s is answered all the same', async (url) => {
    const headers = { authorization: 'Bearer a-token-for-the-metrics' }
    expect((await app.inject({ url, headers })).statusCode).toBe(200)
  })

  test('BEST-2: the service says that it is not ready, and why', async () => {
    const answer = await app.inject('/readyz')
    expect([answer.statusCode, answer.json()]).toEqual([
      503,
      { status: 'not-ready', reasons: ['under-pressure'] },
    ])
  })
})

test('BEST-1: a blocked event loop is noticed, and forgiven when it runs again', async () => {
  const { app } = harness(undefined, { limits: limits({ 'event-loop-delay-ms': 50 }) })
  await app.ready()
  await wait(600)
  expect((await post(app, sound)).statusCode).toBe(200)
  const afterBlocking = async () => {
    const until = performance.now() + 900
    while (performance.now() < until);
    await wait(50)
    return (await post(app, sound)).statusCode
  }
  // A machine may be too busy to look at the loop within those milliseconds, and is not so again and again.
  await expect.poll(afterBlocking).toBe(503)
  // Other tests run beside this one, on as many processors as there are.
  await expect.poll(async () => (await post(app, sound)).statusCode, { timeout: 10_000 }).toBe(200)
  await app.close()
})

describe('calls without end', () => {
  const few = { limits: limits({ 'calls-per-minute': 3 }) }
  const times = async (count: number, call: () => Promise<{ statusCode: number }>) => {
    const statuses: number[] = []
    for (let n = 0; n < count; n += 1) statuses.push((await call()).statusCode)
    return statuses
  }

  test('BEST-1: of one address are refused beyond the limit, with the time to wait', async () => {
    const { app, calls } = harness(undefined, few)
    expect(await times(4, () => post(app, sound))).toEqual([200, 200, 200, 429])
    const answer = await post(app, sound)
    expect([codeIn(answer), Number(answer.headers['retry-after']) > 0]).toEqual(['too-many-calls', true])
    expect(calls).toHaveLength(3)
    expect((await app.inject('/healthz')).statusCode).toBe(200)
  })

  test('BEST-1: of another address are none of these', async () => {
    const { app } = harness(undefined, few)
    const from = (remoteAddress: string) =>
      app.inject({
        method: 'POST',
        url: signUrl,
        payload: sound,
        headers: { 'content-type': 'application/json' },
        remoteAddress,
      })
    expect(await times(4, () => from('10.0.0.1'))).toEqual([200, 200, 200, 429])
    expect((await from('10.0.0.2')).statusCode).toBe(200)
    // One household or attacker has a whole /64.
    expect(await times(3, () => from('2001:db8::1'))).toEqual([200, 200, 200])
    expect((await from('2001:db8::2')).statusCode).toBe(429)
  })

  test('BEST-1: behind a trusted proxy the address is the one that it names; others are not believed', async () => {
    const trusting = harness(undefined, { ...few, trustProxy: ['127.0.0.1'] }).app
    const named = (app: typeof trusting, address: string) => post(app, sound, { 'x-forwarded-for': address })
    expect(await times(4, () => named(trusting, '203.0.113.1'))).toEqual([200, 200, 200, 429])
    expect((await named(trusting, '203.0.113.2')).statusCode).toBe(200)
    const { app } = harness(undefined, few)
    await times(3, () => named(app, '203.0.113.1'))
    expect((await named(app, '203.0.113.2')).statusCode).toBe(429)
  })

  const guarded = () =>
    harness(undefined, {
      ...few,
      guard: async (request, admit) => {
        const { issuer, jti = 'j' } = request.headers
        if (typeof issuer !== 'string') throw new NotTrusted('no-token')
        const caller = { issuer, jti: String(jti), fhirServers: [] }
        const undo = admit?.(caller)
        if (jti === 'used') {
          undo?.()
          throw new NotTrusted('replayed')
        }
        used.push(caller.jti)
        request.caller = caller
      },
    })
  const used: string[] = []

  test('SEC-3: of a verified issuer are counted for it, wherever they come from', async () => {
    const { app } = guarded()
    expect(await times(4, () => post(app, sound, { issuer: 'a' }))).toEqual([200, 200, 200, 429])
    expect((await post(app, sound, { issuer: 'b' })).statusCode).toBe(200)
  })

  test('SEC-9: of an issuer that has no turn left use up no token, and tokens used before take no turn', async () => {
    const { app } = guarded()
    expect(await times(3, () => post(app, sound, { issuer: 'a', jti: 'used' }))).toEqual([401, 401, 401])
    expect(await times(4, () => post(app, sound, { issuer: 'a', jti: 'first' }))).toEqual([
      200, 200, 200, 429,
    ])
    used.length = 0
    expect((await post(app, sound, { issuer: 'a', jti: 'second' })).statusCode).toBe(429)
    expect(used).toEqual([])
  })

  test('SEC-11: with tokens that are refused are counted by address, and lock no issuer out', async () => {
    const { app } = guarded()
    expect(await times(4, () => post(app, sound))).toEqual([401, 401, 401, 429])
    expect((await post(app, sound, { issuer: 'a' })).statusCode).toBe(200)
  })

  test('SEC-11: a refused caller gets a 401 without a word, and its body is not read', async () => {
    const { app, calls, log } = guarded()
    const answer = await post(app, '{')
    expect([answer.statusCode, answer.body, answer.headers['www-authenticate']]).toEqual([401, '', 'Bearer'])
    expect(calls).toEqual([])
    expect(log.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ outcome: 'not-trusted', reason: 'no-token', service: 'lumbar-order-sign' }),
    ])
  })

  test.each(['/', '/cds-services', '/a-page', '/a-part'])(
    'BEST-1: of %s, which needs no token, are refused beyond the limit of an address',
    async (url) => {
      const { app } = harness(undefined, {
        ...few,
        pages: [{ method: 'GET', url: '/a-page', handler: async () => 'page' }],
        parts: [async (part) => void part.get('/a-part', async () => 'part')],
      })
      const get = (remoteAddress = '10.0.0.1') => app.inject({ url, remoteAddress })
      expect(await times(4, get)).toEqual([200, 200, 200, 429])
      expect(Number((await get()).headers['retry-after'])).toBeGreaterThan(0)
      expect((await get('10.0.0.2')).statusCode).toBe(200)
      expect((await app.inject({ url: '/readyz', remoteAddress: '10.0.0.1' })).statusCode).toBe(200)
    },
  )

  test('BEST-1: are not counted where the limit is 0', async () => {
    const { app } = harness(undefined, { limits: limits({ 'calls-per-minute': 0 }) })
    expect(new Set(await times(20, () => post(app, sound)))).toEqual(new Set([200]))
  })
})
