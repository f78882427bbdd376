/** Asking a real key server on this machine, of the good and the bad kind. */
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { fetchKeys, type KeysNotFetched } from '../../src/trust/key-store.ts'
import { hospital, letIn, newKey, outcome, published, token } from './support.ts'

const key = await newKey()
const running: Server[] = []

async function serve(
  listener: RequestListener,
  port = 0,
): Promise<{ url: string; port: number; stop: () => void }> {
  const server = createServer(listener).listen(port, '127.0.0.1')
  running.push(server)
  await once(server, 'listening')
  const address = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${address.port}/keys`, port: address.port, stop: () => stop(server) }
}

function stop(server: Server): void {
  server.closeAllConnections()
  server.close()
}

afterEach(() => {
  for (const server of running.splice(0)) stop(server)
})

const failure = async (url: string) =>
  fetchKeys(url).then(
    () => 'fetched',
    (error: KeysNotFetched) => error.code,
  )

const sound: RequestListener = (_request, response) => response.end(JSON.stringify(published(key)))

describe('fetching keys', () => {
  test('SEC-8: a key set is read, whatever its type is called', async () => {
    const { url } = await serve((_request, response) => {
      response.setHeader('content-type', 'text/html')
      response.end(JSON.stringify({ ...published(key), more: 1 }))
    })
    expect(await fetchKeys(url)).toMatchObject(published(key))
  })

  test.each([
    'http://keys.example.org/keys',
    'http://10.0.0.1/keys',
    'http://127.0.0.1.example.org/keys',
    'ftp://127.0.0.1/keys',
    'file:///etc/passwd',
    'https://user:word@keys.example.org/keys',
    'keys',
  ])('SEC-1: %s is not asked', async (url) => {
    expect(await failure(url)).toBe('unsafe-address')
  })

  test('SEC-7: a redirect is not followed', async () => {
    let followed = false
    const { url } = await serve((request, response) => {
      followed ||= request.url === '/elsewhere'
      response.writeHead(request.url === '/elsewhere' ? 200 : 302, { location: '/elsewhere' })
      response.end(JSON.stringify(published(key)))
    })
    expect([await failure(url), followed]).toEqual(['wrong-status', false])
  })

  test.each([404, 500, 204, 201])('SEC-10: an answer with status %i has no keys', async (status) => {
    const { url } = await serve((_request, response) => response.writeHead(status).end())
    expect(await failure(url)).toBe('wrong-status')
  })

  test.each([
    '',
    'keys',
    '[]',
    'null',
    '{}',
    '{"keys":{}}',
    '{"keys":[null]}',
    '{"keys":["x"]}',
    '{"keys":[[]]}',
  ])('SEC-10: %j is no key set', async (body) => {
    const { url } = await serve((_request, response) => response.end(body))
    expect(await failure(url)).toBe('no-key-set')
  })

  test('SEC-10: an answer of 256 KB is read, and a longer one is not read to its end', async () => {
    const of = (size: number) => {
      const empty = JSON.stringify({ keys: [], pad: '' }).length
      return JSON.stringify({ keys: [], pad: 'x'.repeat(size - empty) })
    }
    const limit = 262_144
    expect(await failure((await serve((_request, response) => response.end(of(limit)))).url)).toBe('fetched')
    const endless = await serve((request, response) => {
      const writing = setInterval(() => response.write('x'.repeat(65_536)), 1)
      request.on('close', () => clearInterval(writing))
    })
    expect(await failure(endless.url)).toBe('too-large')
    const bomb = await serve((_request, response) => {
      response.setHeader('content-encoding', 'gzip')
      response.end(gzipSync(of(limit + 1)))
    })
    expect(await failure(bomb.url)).toBe('too-large')
  })

  test('SEC-10: neither a silent server nor a slow one is waited for longer than two seconds', async () => {
    const silent = await serve(() => {})
    const slow = await serve((request, response) => {
      const writing = setInterval(() => response.write(' '), 100)
      request.on('close', () => clearInterval(writing))
    })
    const started = Date.now()
    expect(await Promise.all([failure(silent.url), failure(slow.url)])).toEqual(['no-answer', 'no-answer'])
    expect(Date.now() - started).toBeGreaterThan(1900)
    expect(Date.now() - started).toBeLessThan(3500)
  })
})

test('SEC-10: calls are let in while the key server is down, and with its new keys when it is back', async () => {
  const next = await newKey()
  const first = await serve(sound)
  const { verify, clock, log } = hospital([], { 'jwks-url': first.url }, { fetchKeys })
  expect(await outcome(verify, await token(key, clock))).toEqual(letIn)
  first.stop()
  clock.pass(1800)
  expect(await outcome(verify, await token(next, clock))).toBe('unknown-key')
  expect(await outcome(verify, await token(key, clock))).toEqual(letIn)
  expect(log).toMatchObject([{ outcome: 'keys-not-fetched', reason: 'no-answer' }])
  await serve((_request, response) => response.end(JSON.stringify(published(key, next))), first.port)
  clock.pass(60)
  expect(await outcome(verify, await token(next, clock))).toEqual(letIn)
})
