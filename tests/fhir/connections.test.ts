/** FA-7: the address that was checked is the one connected to, each time anew. */
import { describe, expect, test } from 'vitest'
import type { Address, ResolveDns } from '../../src/net/addresses.ts'
import { createFhirReader } from '../../src/record/fhir/reader.ts'
import {
  access,
  conditions,
  development,
  page,
  patientKey,
  send,
  serve,
  settings,
  tryRead,
} from './support.ts'

const here: Address = { address: '127.0.0.1', family: 4 }

/** Answers one list after the other, and the last for ever. */
function dns(...answers: Address[][]): ResolveDns & { asked: string[] } {
  const asked: string[] = []
  const resolve = async (host: string) => {
    asked.push(host)
    return answers[Math.min(asked.length, answers.length) - 1] ?? []
  }
  return Object.assign(resolve, { asked })
}

describe('a name', () => {
  test('is resolved once for a connection, and connected to where that says', async () => {
    const ehr = await serve((_request, response) => send(response, page(undefined)))
    const resolveDns = dns([here])
    const fhirServer = `http://ehr.localhost:${ehr.port}/fhir`
    const { brief } = await tryRead({ fhirServer }, [conditions], development, { resolveDns })
    expect([brief, resolveDns.asked]).toEqual([{ conditions: 'empty 0' }, ['ehr.localhost']])
  })

  test('is resolved again only for a new connection, and is then checked again (DNS rebinding)', async () => {
    const ehr = await serve((_request, response) => send(response, page(undefined)))
    const resolveDns = dns([here], [{ address: '10.0.0.5', family: 4 }])
    const reader = createFhirReader({ settings: settings(development), resolveDns, now: Date.now })
    const about = access({ fhirServer: `http://localhost:${ehr.port}/fhir` })
    const read = async () => (await reader.readerFor(about)?.([conditions]))?.get('conditions')?.state

    expect([await read(), await read(), resolveDns.asked.length, ehr.connections]).toEqual([
      'empty',
      'empty',
      1,
      1,
    ])
    ehr.server.closeAllConnections()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect([await read(), resolveDns.asked.length, ehr.connections]).toEqual(['forbidden', 2, 1])
    reader.close()
  })

  test.each([
    ['10.0.0.5', 4],
    ['169.254.169.254', 4],
    ['127.0.0.1', 4],
    ['::1', 6],
    ['::ffff:127.0.0.1', 6],
    ['fe80::1', 6],
    ['0.0.0.0', 4],
  ])('that leads to %s is not connected to', async (address, family) => {
    const ehr = await serve((_request, response) => send(response, page(undefined)))
    const fhirServer = `https://ehr.example:${ehr.port}/fhir`
    const resolveDns = dns([
      { address: '93.184.216.34', family: 4 },
      { address, family },
    ])
    const { brief, report } = await tryRead({ fhirServer }, [conditions], {}, { resolveDns })
    expect(brief).toEqual({ conditions: 'forbidden 0' })
    expect([report.keys.conditions, report.isSuspicious]).toEqual(['forbidden: address-refused', true])
    expect(ehr.connections).toBe(0)
  })

  test('that leads to an opened range is connected to, with TLS', async () => {
    const ehr = await serve((_request, response) => send(response, page(undefined)))
    const fhirServer = `https://ehr.example:${ehr.port}/fhir`
    const opened = { 'allow-private': ['127.0.0.0/8'] }
    const { report } = await tryRead({ fhirServer }, [conditions], opened, { resolveDns: dns([here]) })
    // The server speaks plain HTTP, so that TLS fails: nothing was sent in the clear.
    expect(report.keys.conditions).toMatch(/^failed: (unreachable-E|connection-reset)/)
    expect([ehr.connections > 0, ehr.asked]).toEqual([true, []])
  })

  test('that does not resolve is a failure', async () => {
    const fails: ResolveDns = () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }))
    const { report } = await tryRead({}, [conditions], {}, { resolveDns: fails })
    expect(report.keys).toEqual({ conditions: 'failed: unreachable-ENOTFOUND' })
  })

  test('that resolves to nothing is refused', async () => {
    expect((await tryRead({}, [conditions], {}, { resolveDns: dns([]) })).brief).toEqual({
      conditions: 'forbidden 0',
    })
  })

  test('is tried at each of its addresses', async () => {
    const ehr = await serve((_request, response) => send(response, page(undefined)))
    const fhirServer = `http://localhost:${ehr.port}/fhir`
    const resolveDns = dns([{ address: '::1', family: 6 }, here])
    expect((await tryRead({ fhirServer }, [conditions], development, { resolveDns })).brief).toEqual({
      conditions: 'empty 0',
    })
  })
})

describe('connections', () => {
  test('are used again, with the token of the call and no other (FA-3)', async () => {
    const ehr = await serve((_request, response) => send(response, page(undefined)))
    const reader = createFhirReader({
      settings: settings({ ...development, 'without-token': true }),
      now: Date.now,
    })
    for (const accessToken of ['first', 'second', undefined]) {
      const authorization = accessToken === undefined ? undefined : { accessToken }
      await reader.readerFor(access({ fhirServer: ehr.url, authorization }))?.([conditions])
    }
    reader.close()
    expect(ehr.headers.map(({ authorization }) => authorization)).toEqual([
      'Bearer first',
      'Bearer second',
      undefined,
    ])
    expect(ehr.connections).toBe(1)
  })

  test('are used again after a refusal too', async () => {
    const ehr = await serve((_request, response) => send(response, 'x'.repeat(1000), 403))
    const reader = createFhirReader({ settings: settings({ ...development, parallel: 1 }), now: Date.now })
    await reader.readerFor(access({ fhirServer: ehr.url }))?.([conditions, patientKey])
    reader.close()
    expect([ehr.asked.length, ehr.connections]).toEqual([2, 1])
  })

  test('do not keep the process running', async () => {
    const ehr = await serve((_request, response) => send(response, page(undefined)))
    await tryRead({ fhirServer: ehr.url }, [conditions], development)
    const reader = createFhirReader({ settings: settings(development), now: Date.now })
    await reader.readerFor(access({ fhirServer: ehr.url }))?.([conditions])
    reader.close()
    await new Promise((resolve) => setTimeout(resolve, 50))
    const open = await new Promise((resolve) => ehr.server.getConnections((_error, count) => resolve(count)))
    // That of the first reader, which is closed with the test.
    expect(open).toBe(1)
  })
})
