/** Whether the process runs, whether it should be sent calls, and how it goes away. */
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { harness, post, signCall, signUrl } from '../hooks/support.ts'
import { codeIn, type Running, startServer } from './support.ts'

const sound = JSON.stringify(signCall())

describe('GET /readyz', () => {
  test('BEST-2: says ready, and may not be kept', async () => {
    const answer = await harness(undefined, { ready: async () => [] }).app.inject('/readyz')
    expect([answer.statusCode, answer.json(), answer.headers['cache-control']]).toEqual([
      200,
      { status: 'ready' },
      'no-store',
    ])
  })

  test.each([
    ['what is missing, by code', async () => ['database-unreachable'], 'database-unreachable'],
    ['that the check failed', () => Promise.reject(new Error('Doe')), 'check-failed'],
    ['that the check took too long', () => new Promise<never>(() => undefined), 'check-took-too-long'],
  ])('BEST-2: says %s', async (_what, ready, reason) => {
    const answer = await harness(undefined, { ready }).app.inject('/readyz')
    expect([answer.statusCode, answer.json()]).toEqual([503, { status: 'not-ready', reasons: [reason] }])
  })

  test('BEST-2: asks once a second, however often it is asked', async () => {
    let asked = 0
    let time = 0
    const ready = async () => {
      asked += 1
      return []
    }
    const { app } = harness(undefined, { ready, elapsed: () => time })
    await Promise.all(Array.from({ length: 50 }, () => app.inject('/readyz')))
    expect(asked).toBe(1)
    time += 999
    await app.inject('/readyz')
    expect(asked).toBe(1)
    time += 1
    await app.inject('/readyz')
    expect(asked).toBe(2)
  })

  test('BEST-2: what is missing ends no call and no process', async () => {
    const { app } = harness(undefined, { ready: async () => ['database-unreachable'] })
    expect((await post(app, sound)).statusCode).toBe(200)
    expect((await app.inject('/healthz')).statusCode).toBe(200)
  })
})

describe('a service that is being stopped', () => {
  test('BEST-2: finishes what it began, and sends what comes then to another instance', async () => {
    const { promise: hold, resolve: release } = Promise.withResolvers<void>()
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
    const { app } = harness(async () => {
      begin()
      await hold
      return { cards: [], rules: [] }
    })
    await app.ready()
    const first = post(app, sound)
    await begun
    const closed = app.close()
    await new Promise((resume) => setTimeout(resume, 20))
    const late = await post(app, sound).catch(() => undefined)
    if (late) {
      expect([late.statusCode, codeIn(late), late.headers['retry-after']]).toEqual([503, 'stopping', '5'])
      expect(late.headers.connection).toBe('close')
    }
    release()
    expect((await first).statusCode).toBe(200)
    await closed
  })
})

describe('the server', () => {
  let running: Running | undefined
  afterEach(async () => {
    await running?.stop()
    running = undefined
  })

  test('BEST-2: answers, is ready, has its metrics on a port of their own, and ends when it is told to', async () => {
    running = await startServer({ METRICS_PORT: '0', LOG_LEVEL: 'info' })
    const { address } = running
    expect((await fetch(`${address}/readyz`)).status).toBe(200)
    expect((await fetch(`${address}/metrics`)).status).toBe(404)
    const [, metrics] = /"metrics-listening","url":"([^"]+)"/.exec(running.written()) ?? []
    expect(metrics).toBeDefined()
    const text = await (await fetch(`${metrics}/metrics`)).text()
    expect(text).toContain('process_resident_memory_bytes')
    expect((await fetch(`${metrics}/cds-services`)).status).toBe(404)
    await running.stop()
    expect([running.child.exitCode, running.child.signalCode]).toEqual([0, null])
  })

  test('BEST-2: is not held up by connections that say nothing', async () => {
    running = await startServer()
    const { hostname, port } = new URL(running.address)
    const socket = connect(Number(port), hostname).on('error', () => undefined)
    await once(socket, 'connect')
    const begun = performance.now()
    await running.stop()
    expect([running.child.exitCode, performance.now() - begun < 5000]).toEqual([0, true])
  })

  test('BEST-2: shows its metrics to whoever has the token, and to nobody else', async () => {
    const token = 'a-token-for-the-metrics'
    running = await startServer({ LOG_LEVEL: 'info', METRICS_TOKEN: token })
    const { address } = running
    const call = { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }
    await fetch(address + signUrl, call)
    const read = (headers: Record<string, string>) => fetch(`${address}/metrics`, { headers })
    const text = await (await read({ authorization: `Bearer ${token}` })).text()
    expect(text).toMatch(/lumbar_failures_total\{code="malformed-json",status="400"\} 1/)
    expect(text).toContain('nodejs_eventloop_lag_seconds')
    for (const authorization of ['', 'Bearer', 'Bearer another-token-of-size', token]) {
      expect((await read({ authorization })).status).toBe(404)
    }
  })

  test('SEC-2: hears nobody for whom a proxy on this machine asks, while no callers are set', async () => {
    running = await startServer()
    const { address } = running
    const ask = (headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve, reject) => {
        const options = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } }
        request(address + signUrl, options, (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        })
          .on('error', reject)
          .end('{')
      })
    expect(await ask({})).toBe(400)
    for (const headers of [
      { 'x-forwarded-for': '203.0.113.1' },
      { forwarded: 'for=203.0.113.1' },
      { via: '1.1 proxy' },
      { host: 'lumbar.hospital.example' },
      { host: '127.0.0.1.nip.example' },
    ]) {
      expect([headers, await ask(headers as Record<string, string>)]).toEqual([headers, 401])
    }
  })

  test('BEST-2: loses no call when it is told to stop while calls come over connections that are kept', {
    timeout: 60_000,
  }, async () => {
    running = await startServer({ DRAIN_SECONDS: '2' })
    const { address, child } = running
    const agent = new Agent({ keepAlive: true, maxSockets: 16 })
    const failures: string[] = []
    const statuses = new Map<number, number>()
    let isReady = true
    let lastConnection: string | undefined
    const call = () =>
      new Promise<void>((resolve) => {
        const options = { agent, method: 'POST', headers: { 'content-type': 'application/json' } }
        request(address + signUrl, options, (answer) => {
          const status = answer.statusCode ?? 0
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
          lastConnection = answer.headers.connection
          answer.resume().on('end', resolve)
        })
          .on('error', (error) => {
            failures.push(String(error))
            resolve()
          })
          .end(sound)
      })
    // As whoever balances the load: it looks ten times a second, and sends no more once it is told.
    const watching = (async () => {
      while (isReady) {
        isReady = (await fetch(`${address}/readyz`)).status === 200
        await new Promise((resume) => setTimeout(resume, 100))
      }
    })()
    const callers = Array.from({ length: 16 }, async () => {
      while (isReady) await call()
    })
    await new Promise((resume) => setTimeout(resume, 500))
    const before = statuses.get(200) ?? 0
    child.kill('SIGTERM')
    await Promise.all([watching, ...callers])
    await call()
    expect(failures).toEqual([])
    expect([...statuses.keys()]).toEqual([200])
    expect(statuses.get(200)).toBeGreaterThan(before)
    expect(lastConnection).toBe('close')
    if (child.exitCode === null) await once(child, 'exit')
    expect([child.exitCode, child.signalCode]).toEqual([0, null])
  })
})
