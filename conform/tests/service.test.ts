/** The client against the service itself, as CI runs it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Service, startService } from '../../tests/support/service.ts'
import { conform } from '../conform.ts'
import type { Verdict } from '../findings.ts'
import type { RequirementId } from '../requirements.ts'
import { freePort } from './support.ts'

interface Result {
  id: string
  verdict: Verdict
  findings: { says: string }[]
}

async function resultsOf(
  words: readonly string[],
): Promise<{ code: number; results: Result[]; text: string }> {
  let text = ''
  const code = await conform([...words, '--json'], (line) => {
    text += line
  })
  return { code, text, results: (JSON.parse(text) as { results: Result[] }).results }
}

describe('The service itself', () => {
  let service: Service
  let issuer: string
  let newer: string
  let fhirPort: number

  beforeAll(async () => {
    issuer = `http://127.0.0.1:${await freePort()}/keys`
    fhirPort = await freePort()
    newer = `http://127.0.0.1:${await freePort()}/keys`
    const fhirServers = [`http://127.0.0.1:${fhirPort}/fhir`]
    const port = await freePort()
    service = await startService(
      {
        callers: {
          'public-url': `http://127.0.0.1:${port}`,
          issuers: [
            { iss: issuer, 'jwks-url': issuer, 'fhir-servers': fhirServers },
            { iss: newer, 'jwks-url': newer, 'fhir-servers': fhirServers, 'cds-hooks': '3.0' },
          ],
        },
        fhir: { 'development-http': true, 'deadline-ms': 5000 },
        'browser-origins': ['https://ehr.example.org'],
      },
      { NODE_ENV: 'production', PORT: String(port) },
    )
  })
  afterAll(() => service.stop())

  test('breaks no requirement, and leaves open only what it does not offer', async () => {
    const options = [
      '--issuer',
      issuer,
      '--fhir-port',
      String(fhirPort),
      '--origin',
      'https://ehr.example.org',
    ]
    const { code, results, text } = await resultsOf([service.url, ...options])
    expect(results.filter(({ verdict }) => verdict === 'fail')).toEqual([])
    expect(results.filter(({ verdict }) => verdict === 'cannot tell').map(({ id }) => id)).toEqual([
      'DISC-10',
      'DISC-11',
      'DISC-16',
      'PF-4',
      'PF-7',
      'RSP-3',
      'LNK-2',
      'LNK-4',
      'SEC-1',
    ])
    expect(code).toBe(0)
    expect(text).not.toMatch(/eyJ[\w-]{10}/)
  })

  test('breaks none by 3.0-ballot either, at its own address', async () => {
    const words = ['--quick', '--issuer', newer, '--fhir-port', String(fhirPort)]
    const { code, results } = await resultsOf([`${service.url}/3.0`, ...words])
    expect(results.filter(({ verdict }) => verdict === 'fail')).toEqual([])
    expect(code).toBe(0)
    const passed = results.flatMap(({ id, verdict }) => (verdict === 'pass' ? [id] : []))
    expect(passed).toEqual(expect.arrayContaining(['DISC-10', 'DISC-11', 'PF-5', 'PF-7', 'PF-10', 'SEC-5']))
  })

  test('is told apart from one that refuses the issuer', async () => {
    const stranger = `http://127.0.0.1:${await freePort()}/keys`
    const { results } = await resultsOf([service.url, '--quick', '--issuer', stranger])
    const of = (id: RequirementId) => results.find((each) => each.id === id)
    expect(of('SEC-5')?.verdict).toBe('cannot tell')
    expect(of('SEC-2')?.verdict).toBe('pass')
  })
})
