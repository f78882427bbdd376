/** Senders that are slow, broken or endless: each is told or dropped in time, and the others are answered meanwhile. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMetrics } from '../../src/metrics.ts'
import { harness, signCall, signUrl } from '../hooks/support.ts'
import { limits, speak } from './support.ts'

const sound = JSON.stringify(signCall())
const metrics = createMetrics({ withProcess: false })
const { app, log } = harness(undefined, {
  limits: limits({
    'headers-ms': 400,
    'request-ms': 800,
    'idle-ms': 5000,
    'body-bytes': 2048,
    // Another test's business: a machine that runs many tests is slow.
    'event-loop-delay-ms': 0,
  }),
  metrics,
})
let address = ''
beforeAll(async () => {
  address = await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => app.close())

const head = (length: number) =>
  `POST ${signUrl} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n`

describe('a sender', () => {
  test('BEST-1: that dribbles its head is told 408 and dropped, and others are answered meanwhile', async () => {
    const dribble = speak(address, head(10).split(''), 60)
    const others = await Promise.all(
      Array.from({ length: 20 }, () =>
        fetch(address + signUrl, {
          method: 'POST',
          body: sound,
          headers: { 'content-type': 'application/json' },
        }),
      ),
    )
    expect(others.map(({ status }) => status)).toEqual(Array(20).fill(200))
    const { text, ms } = await dribble
    expect(text).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
    expect(outcomeIn(text)).toBe('too-slow')
    expect(ms).toBeLessThan(5000)
  })

  test('BEST-1: that dribbles its body is dropped', async () => {
    const body = Array.from(sound).slice(0, 60)
    const { text, ms } = await speak(address, [`${head(sound.length)}\r\n`, ...body], 60)
    expect(text).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(ms).toBeLessThan(6000)
  })

  test('BEST-1: that says nothing is dropped', async () => {
    expect((await speak(address, [''])).ms).toBeLessThan(6000)
  })

  test('RSP-5: that sends no HTTP is told 400', async () => {
    const { text } = await speak(address, ['\x16\x03\x01 hello\r\n\r\n'])
    expect([text.split('\r\n')[0], outcomeIn(text)]).toEqual(['HTTP/1.1 400 Bad Request', 'malformed-http'])
  })

  test('RSP-5: that sends an endless head is told 431', async () => {
    const { text } = await speak(address, [`${head(2)}x: ${'y'.repeat(40_000)}`])
    expect([text.split('\r\n')[0], outcomeIn(text)]).toEqual([
      'HTTP/1.1 431 Request Header Fields Too Large',
      'head-too-large',
    ])
    expect(text).toContain("content-security-policy: default-src 'none'")
  })

  test('RSP-5: that announces more than the limit is told 413 before it has sent it', async () => {
    const { text } = await speak(address, [`${head(5000)}connection: close\r\n\r\n`])
    expect([text.split('\r\n')[0], outcomeIn(text)]).toEqual([
      'HTTP/1.1 413 Payload Too Large',
      'body-too-large',
    ])
  })

  test('RSP-5: that sends more than the limit in pieces is told 413', async () => {
    const piece = `400\r\n${'y'.repeat(1024)}\r\n`
    const open = `POST ${signUrl} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`
    const { text } = await speak(address, [open, piece, piece, piece])
    expect([text.split('\r\n')[0], outcomeIn(text)]).toEqual([
      'HTTP/1.1 413 Payload Too Large',
      'body-too-large',
    ])
  })

  test('SEC-15: leaves a line with the code alone', async () => {
    await speak(address, ['Zebulon hello\r\n\r\n'])
    expect(log.join('')).not.toContain('Zebulon')
    expect(log.map((line) => JSON.parse(line).outcome)).toEqual(
      expect.arrayContaining(['too-slow', 'malformed-http', 'head-too-large', 'body-too-large']),
    )
    expect(await metrics.text()).toContain('lumbar_failures_total{code="too-slow",status="408"}')
  })

  test('BEST-1: that goes away in the middle harms nobody', async () => {
    const gone = speak(address, [`${head(sound.length)}\r\n{`])
    await new Promise((resume) => setTimeout(resume, 100))
    expect((await fetch(`${address}/healthz`)).status).toBe(200)
    await gone
  })
})

function outcomeIn(text: string): string | undefined {
  const body = JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as {
    issue: { details: { coding: { code: string }[] } }[]
  }
  return body.issue[0]?.details.coding[0]?.code
}
