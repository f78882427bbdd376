/** How much one call reads: packed bodies, and the cap on what they unpack to. */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { condition } from '../record/support.ts'
import { conditions, development, page, procedures, send, serve, tryRead, typeOf } from './support.ts'

const body = JSON.stringify(page(undefined, condition('c1', { note: [{ text: 'ä€😀'.repeat(10_000) }] })))

describe('packed bodies', () => {
  test.each([
    ['gzip', gzipSync(body)],
    ['x-gzip', gzipSync(body)],
    ['GZIP', gzipSync(body)],
    ['deflate', deflateSync(body)],
    ['br', brotliCompressSync(body)],
    ['identity', Buffer.from(body)],
  ])('%s is read', async (encoding, packed) => {
    const ehr = await serve((_request, response) =>
      send(response, packed, 200, { 'content-encoding': encoding }),
    )
    const { reads, report } = await tryRead({ fhirServer: ehr.url }, [conditions], development)
    expect({ entry: reads.get('conditions')?.entries }).toEqual({ entry: JSON.parse(body).entry })
    expect(report.bytes).toBe(Buffer.byteLength(body))
  })

  test.each([
    ['half', gzipSync(body).subarray(0, 200)],
    ['none', Buffer.from('<html>')],
  ])('gzip that is %s is a failure', async (_what, packed) => {
    const ehr = await serve((_request, response) =>
      send(response, packed, 200, { 'content-encoding': 'gzip' }),
    )
    const { report } = await tryRead({ fhirServer: ehr.url }, [conditions], development)
    expect(report.keys).toEqual({ conditions: 'failed: unreadable' })
  })
})

describe('the cap', () => {
  const cap = { ...development, 'byte-cap': 200_000 }

  test('counts what a body unpacks to', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000, ' '))
    const ehr = await serve((_request, response) => send(response, bomb, 200, { 'content-encoding': 'gzip' }))
    const { report } = await tryRead({ fhirServer: ehr.url }, [conditions], cap)
    expect(report.keys).toEqual({ conditions: 'failed: byte-cap' })
    expect(report.bytes).toBeLessThan(300_000)
  })

  test('ends a body without end, and its connection', async () => {
    let closed = false
    const ehr = await serve((_request, response) => {
      const more = () => {
        while (!closed && response.write(' '.repeat(10_000)));
      }
      response.on('drain', more).on('close', () => {
        closed = true
      })
      more()
    })
    const { report } = await tryRead({ fhirServer: ehr.url }, [conditions], cap)
    expect(report.keys).toEqual({ conditions: 'failed: byte-cap' })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(closed).toBe(true)
  })

  test('is one for the call: pages that came before it are kept', async () => {
    const ehr = await serve((_request, response) => {
      send(response, page('?again', condition('c1', { note: [{ text: 'x'.repeat(60_000) }] })))
    })
    const { brief, report } = await tryRead({ fhirServer: ehr.url }, [conditions], cap)
    expect([brief, report.keys]).toEqual([
      { conditions: 'truncated 3' },
      { conditions: 'truncated: byte-cap' },
    ])
    expect(report.requests).toBe(4)
  })

  test('once reached, nothing more is asked for', async () => {
    const ehr = await serve((_request, response) => send(response, ' '.repeat(300_000)))
    const { report } = await tryRead({ fhirServer: ehr.url }, [conditions, procedures], {
      ...cap,
      parallel: 1,
    })
    expect([ehr.asked.length, report.keys]).toEqual([
      1,
      { conditions: 'failed: byte-cap', procedures: 'failed: byte-cap' },
    ])
  })

  test('does not count against a small answer', async () => {
    const ehr = await serve((request, response) => {
      send(response, page(undefined, { ...condition('x'), resourceType: typeOf(request) }))
    })
    const { brief } = await tryRead({ fhirServer: ehr.url }, [conditions, procedures], cap)
    expect(brief).toEqual({ conditions: 'given 1', procedures: 'given 1' })
  })
})
