/** Traces: loaded where a collector is set, and holding nothing that a caller wrote. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { guardedExporter } from '../../src/tracing.ts'
import { signCall, signUrl } from '../hooks/support.ts'
import { type Running, startServer } from './support.ts'

const secret = 'Zebulon'

describe('a server with a collector', () => {
  const received: string[] = []
  const collector = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    received.push(`${request.url} ${Buffer.concat(chunks).toString('latin1')}`)
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  let running: Running

  beforeAll(async () => {
    await once(collector.listen(0, '127.0.0.1'), 'listening')
    const { port } = collector.address() as AddressInfo
    running = await startServer({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_SERVICE_NAME: 'lumbar-of-this-test',
      LOG_LEVEL: 'trace',
    })
  }, 60_000)
  afterAll(() => collector.close())

  test('SEC-15: sends a span for each request, with the route and the status, and without a word of the call', async () => {
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${secret}`,
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      tracestate: `vendor=${secret}`,
    }
    const post = (url: string, body: string) =>
      fetch(running.address + url, { method: 'POST', headers, body })
    const sound = JSON.stringify(signCall({ patientId: secret, userId: secret }))
    expect((await post(`${signUrl}?patient=${secret}`, sound)).status).toBe(200)
    await post(signUrl, `{"${secret}"`)
    await post(`/cds-services/${secret}`, sound)
    // What is left is sent before the end.
    await running.stop()
    const spans = received.join('\n')
    expect(spans).toContain('/v1/traces')
    for (const word of ['lumbar-of-this-test', '/cds-services/:id', '0af7651916cd43dd8448eb211c80319c']) {
      expect(spans).toContain(word)
    }
    expect(spans + running.written()).not.toContain(secret)
  })
})

test('SEC-15: whatever a span holds, only listed attributes are exported', () => {
  const exported: ReadableSpan[] = []
  const inner: SpanExporter = {
    export: (spans, done) => {
      exported.push(...spans)
      done({ code: 0 })
    },
    shutdown: async () => undefined,
  }
  const span = {
    name: 'request',
    attributes: { 'http.route': '/cds-services/:id', 'url.path': secret, 'exception.message': secret },
    events: [{ name: secret }],
    links: [{ attributes: { secret } }],
    status: { code: 2, message: secret },
    spanContext: () => ({ traceId: 't', spanId: 's', traceFlags: 1, traceState: secret }),
  } as unknown as ReadableSpan
  guardedExporter(inner).export([span], () => undefined)
  const [out] = exported
  expect([out?.name, out?.attributes, out?.status]).toEqual([
    'request',
    { 'http.route': '/cds-services/:id' },
    { code: 2 },
  ])
  expect([out?.events, out?.links, out?.spanContext().traceState]).toEqual([[], [], undefined])
})

test('BEST-1: without a collector the libraries are not loaded', async () => {
  const hook = `import{registerHooks}from'node:module';registerHooks({resolve(s,c,n){console.log('wants:'+s);return(n(s,c))}})`
  const running = await startServer({ NODE_OPTIONS: `--import=data:text/javascript,${hook}` })
  await running.stop()
  const wanted = [...running.written().matchAll(/^wants:(.*)$/gm)].map(([, name]) => name)
  expect(wanted).toContain('fastify')
  expect(wanted.filter((name) => /@fastify\/otel|opentelemetry\/sdk/.test(name ?? ''))).toEqual([])
})
