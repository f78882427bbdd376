/** Deadline, second tries and how many at a time, with real servers on this machine. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { condition, patient } from '../record/support.ts'
import {
  conditions,
  development,
  page,
  patientKey,
  procedures,
  send,
  serve,
  tryRead,
  typeOf,
} from './support.ts'

/** Longer than any deadline here, shorter than patience. */
const slow = 5_000
const later = (answer: () => void, ms: number) => void setTimeout(answer, ms).unref()

function bodyFor(request: IncomingMessage) {
  return typeOf(request) === 'Patient' ? patient : page(undefined, condition('c1'))
}

async function timed<T>(work: Promise<T>): Promise<T & { took: number }> {
  const startedAt = performance.now()
  const done = await work
  return { ...done, took: performance.now() - startedAt }
}

describe('the deadline', () => {
  const soon = { ...development, 'deadline-ms': 1500 }

  test('BEST-1: is one for all reads; what came before it is there', async () => {
    const ehr = await serve((request, response) => {
      if (typeOf(request) === 'Patient') send(response, patient)
      else later(() => send(response, page(undefined)), slow)
    })
    const { brief, report, took } = await timed(
      tryRead({ fhirServer: ehr.url }, [patientKey, conditions, procedures], soon),
    )
    expect(brief).toEqual({ patient: 'given 1', conditions: 'late 0', procedures: 'late 0' })
    expect(report.keys.conditions).toBe('late: deadline')
    expect(took).toBeLessThan(slow)
  })

  test('cuts off a body that trickles in', async () => {
    const ehr = await serve((_request, response) => {
      response.writeHead(200)
      const trickle = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(trickle))
    })
    const { brief, took } = await timed(tryRead({ fhirServer: ehr.url }, [conditions], soon))
    expect([brief, took < slow]).toEqual([{ conditions: 'late 0' }, true])
  })

  test('cuts off an endless chain of pages and keeps those that came', async () => {
    const ehr = await serve((request, response) => {
      later(() => send(response, page('?again', condition(request.url))), 30)
    })
    const { reads, took } = await timed(
      tryRead({ fhirServer: ehr.url }, [conditions], { ...soon, 'page-cap': 1000 }),
    )
    expect(reads.get('conditions')?.state).toBe('truncated')
    expect(reads.get('conditions')?.entries.length).toBeGreaterThan(1)
    expect(took).toBeLessThan(slow)
  })

  test('cuts off a name that nobody resolves, and those in line behind it are not sent', async () => {
    const { brief, report, took } = await timed(
      tryRead(
        { fhirServer: 'https://ehr.example/fhir' },
        [patientKey, conditions, procedures],
        { 'deadline-ms': 100, parallel: 2 },
        { resolveDns: () => new Promise(() => {}) },
      ),
    )
    expect(brief).toEqual({ patient: 'late 0', conditions: 'late 0', procedures: 'late 0' })
    expect([report.requests, took < slow]).toEqual([2, true])
  })

  test('FA-4: ends what is under way, and leaves nothing open', async () => {
    let open = 0
    const ehr = await serve((_request, response) => {
      open += 1
      response.on('close', () => {
        open -= 1
      })
    })
    await tryRead({ fhirServer: ehr.url }, [patientKey, conditions, procedures], soon)
    await new Promise((resolve) => setTimeout(resolve, 50))
    const connections = await new Promise((resolve) =>
      ehr.server.getConnections((_error, count) => resolve(count)),
    )
    expect([ehr.asked.length, open, connections]).toEqual([3, 0, 0])
    expect(process.getActiveResourcesInfo().filter((kind) => /DNS|GetAddr/i.test(kind))).toEqual([])
  })
})

describe('a second try', () => {
  /** Fails first, then answers. */
  function flaky(fail: (response: ServerResponse) => void) {
    let asked = 0
    return serve((request, response) => {
      asked += 1
      if (asked === 1) fail(response)
      else send(response, bodyFor(request))
    })
  }

  test.each([429, 502, 503, 504])('is made after %i', async (status) => {
    const ehr = await flaky((response) => send(response, '', status))
    const { brief } = await tryRead({ fhirServer: ehr.url }, [conditions], development)
    expect([brief, ehr.asked.length]).toEqual([{ conditions: 'given 1' }, 2])
  })

  test.each([400, 401, 403, 404, 500])('is not made after %i', async (status) => {
    const ehr = await flaky((response) => send(response, '', status))
    await tryRead({ fhirServer: ehr.url }, [conditions], development)
    expect(ehr.asked.length).toBe(1)
  })

  test('is not followed by a third', async () => {
    const ehr = await serve((_request, response) => send(response, '', 503))
    const { brief } = await tryRead({ fhirServer: ehr.url }, [conditions], development)
    expect([brief, ehr.asked.length]).toEqual([{ conditions: 'failed 0' }, 2])
  })

  test('is made after a connection was reset', async () => {
    const ehr = await flaky((response) => response.socket?.resetAndDestroy())
    const { brief } = await tryRead({ fhirServer: ehr.url }, [conditions], development)
    expect([brief, ehr.asked.length]).toEqual([{ conditions: 'given 1' }, 2])
  })

  test('is made after a body broke off', async () => {
    const ehr = await flaky((response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('{', () => response.socket?.destroy())
    })
    const { brief } = await tryRead({ fhirServer: ehr.url }, [conditions], development)
    expect([brief, ehr.asked.length]).toEqual([{ conditions: 'given 1' }, 2])
  })

  test('waits as long as the server says', async () => {
    const ehr = await flaky((response) => send(response, '', 503, { 'retry-after': '1' }))
    const { brief, took } = await timed(tryRead({ fhirServer: ehr.url }, [conditions], { ...development }))
    expect(brief).toEqual({ conditions: 'given 1' })
    expect(took).toBeGreaterThan(990)
  })

  test('waits until the date that the server names', async () => {
    const now = () => Date.parse('2026-11-21T12:00:00Z')
    const ehr = await flaky((response) =>
      send(response, '', 429, { 'retry-after': 'Sat, 21 Nov 2026 12:00:01 GMT' }),
    )
    const { brief, took } = await timed(
      tryRead({ fhirServer: ehr.url }, [conditions], { ...development }, { now }),
    )
    expect(brief).toEqual({ conditions: 'given 1' })
    expect(took).toBeGreaterThan(990)
  })

  test.each(['1', '3600', 'Fri, 31 Dec 2100 23:59:59 GMT', '99999999999999999999'])(
    'is not made when it would come too late (Retry-After: %s)',
    async (pause) => {
      const ehr = await serve((_request, response) => send(response, '', 503, { 'retry-after': pause }))
      const { report, took } = await timed(
        tryRead({ fhirServer: ehr.url }, [conditions], { ...development, 'deadline-ms': 1000 }),
      )
      expect([report.keys, ehr.asked.length]).toEqual([{ conditions: 'failed: http-503' }, 1])
      expect(took).toBeLessThan(1000)
    },
  )
})

describe('at a time', () => {
  test.each([1, 2, 6])('at most %i requests are under way', async (parallel) => {
    let [open, most] = [0, 0]
    const ehr = await serve((request, response) => {
      open += 1
      most = Math.max(most, open)
      later(
        () => {
          open -= 1
          send(response, typeOf(request) === 'Patient' ? patient : page(undefined))
          // On a busy machine the others that may be under way come later.
        },
        open < parallel ? 150 : 10,
      )
    })
    const missing = Array.from({ length: 12 }, (_, at) => ({ ...conditions, key: `key${at}` }))
    const { brief } = await tryRead({ fhirServer: ehr.url }, missing, {
      ...development,
      parallel,
    })
    expect([new Set(Object.values(brief)), most]).toEqual([new Set(['empty 0']), parallel])
  })
})
