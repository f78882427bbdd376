/** What only tokens and FHIR reads show: a small service that verifies its callers, and forgets one thing at a time. */
import { createServer } from 'node:http'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from '../../tests/support/evaluator.ts'
import { openCaller } from '../calls.ts'
import { checkDiscoveryWithToken, checkStillThere } from '../checks/discovery.ts'
import { checkFhir } from '../checks/fhir.ts'
import { checkSecurity } from '../checks/security.ts'
import { type Client, entriesIn, openClient } from '../client.ts'
import { Findings } from '../findings.ts'
import type { RequirementId } from '../requirements.ts'
import { type Issuer, openIssuer } from '../tokens.ts'
import { freePort, type Running, serve, small } from './support.ts'

/** What it does not look at. */
type Gap =
  | 'tokens'
  | 'form'
  | 'claims'
  | 'audience'
  | 'algorithm'
  | 'time'
  | 'signature'
  | 'replay'
  | 'jku'
  | 'words'

let issuer: Issuer
let iss: string
let keys: Parameters<typeof createLocalJWKSet>[0]
beforeAll(async () => {
  iss = `http://127.0.0.1:${await freePort()}/keys`
  issuer = await openIssuer(iss, undefined)
  keys = await (await fetch(iss)).json()
})
afterAll(() => issuer.close())

/** The status with which it refuses, or undefined. */
async function door(jwt: string | undefined, audience: string, gap: Gap | undefined, used: Set<string>) {
  if (gap === 'tokens') return undefined
  if (jwt === undefined) return 401
  try {
    const { alg, jku } = decodeProtectedHeader(jwt)
    if (gap === 'jku' && typeof jku === 'string') await fetch(jku)
    const claims = decodeJwt(jwt)
    const isUnsigned = gap === 'algorithm' && (alg === 'none' || alg === 'HS256')
    if (!isUnsigned && gap !== 'signature') {
      const known = createLocalJWKSet(keys)
      await jwtVerify(jwt, known, {
        issuer: iss,
        ...(gap === 'audience' ? {} : { audience }),
        ...(gap === 'time' ? { currentDate: new Date(((claims.exp ?? 2e9) - 60) * 1000) } : {}),
        ...(gap === 'claims' ? {} : { requiredClaims: ['iss', 'aud', 'exp', 'iat', 'jti'] }),
        maxTokenAge: gap === 'claims' || gap === 'time' ? '1y' : '1h',
      })
    }
    const { jti = '' } = claims
    if (gap !== 'replay' && used.has(jti)) return 401
    used.add(jti)
    return undefined
  } catch {
    return gap === 'form' ? undefined : 401
  }
}

interface Guarded extends Running {
  client: Client
}

async function guarded(gap: Gap | undefined, sign: Issuer | undefined = issuer): Promise<Guarded> {
  const made = small()
  const inner = await serve(made)
  const used = new Set<string>()
  const server = createServer(async (request, reply) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const audience = `http://${request.headers.host}${request.url}`
    const jwt = request.headers.authorization?.replace('Bearer ', '')
    const refused = request.url === '/cds-services' ? undefined : await door(jwt, audience, gap, used)
    if (refused !== undefined) return reply.writeHead(refused).end(gap === 'words' ? 'expired' : '')
    const headers = { 'content-type': request.headers['content-type'] ?? '' }
    const post = { method: 'POST', headers, body: Buffer.concat(chunks) }
    const answer = await fetch(inner.url + request.url, request.method === 'POST' ? post : {})
    reply.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    client: openClient(url, url, sign),
    close: () => {
      server.close()
      inner.close()
    },
  }
}

const caller = openCaller(root, '2026-11-21')
const [entry] = entriesIn(small().discovery)
if (!entry) throw new Error('the small service has no entry')

async function verdicts(gap: Gap | undefined): Promise<Record<string, RequirementId[]>> {
  const service = await guarded(gap)
  const findings = new Findings()
  await checkSecurity(service.client, caller, entry as NonNullable<typeof entry>, findings)
  await checkDiscoveryWithToken(service.client, findings)
  service.close()
  const rows = findings.rows()
  const of = (verdict: string) => rows.flatMap((row) => (row.verdict === verdict ? [row.id] : []))
  return { fail: of('fail'), pass: of('pass') }
}

describe('A service that verifies its callers', () => {
  test('passes', async () => {
    expect(await verdicts(undefined)).toEqual({
      fail: [],
      pass: ['DISC-15', 'SEC-2', 'SEC-3', 'SEC-4', 'SEC-5', 'SEC-6', 'SEC-7', 'SEC-9', 'SEC-11', 'SEC-12'],
    })
  })

  const gaps: [Gap, RequirementId][] = [
    ['tokens', 'SEC-2'],
    ['form', 'SEC-3'],
    ['claims', 'SEC-4'],
    ['audience', 'SEC-5'],
    ['algorithm', 'SEC-6'],
    ['jku', 'SEC-7'],
    ['time', 'SEC-9'],
    ['signature', 'SEC-9'],
    ['words', 'SEC-11'],
    ['replay', 'SEC-12'],
  ]
  test.each(gaps)('and forgets %s fails %s', async (gap, id) => {
    expect((await verdicts(gap)).fail).toContain(id)
  })

  test('and refuses a sound token on discovery fails DISC-15', async () => {
    const server = createServer((request, reply) =>
      reply.writeHead(request.headers.authorization ? 401 : 200).end(),
    )
    const port = await freePort()
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${port}`
    const findings = new Findings()
    await checkDiscoveryWithToken(openClient(url, url, issuer), findings)
    server.close()
    expect(findings.rows().find(({ id }) => id === 'DISC-15')?.verdict).toBe('fail')
  })

  test('and is gone in the end fails DISC-1, and in nothing else for that', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`
    const client = openClient(nobody, nobody, issuer)
    const findings = new Findings()
    await checkDiscoveryWithToken(client, findings)
    await checkStillThere(client, entry ? [entry] : [], findings)
    expect(findings.rows().flatMap(({ id, verdict }) => (verdict === 'fail' ? [id] : []))).toEqual(['DISC-1'])
  })
})

describe('A service that reads from a FHIR server', () => {
  type Reads = 'nothing' | 'without the token' | 'as it should'

  async function read(reads: Reads) {
    const made = small()
    made.refuse = ({ request }) => (request.method === 'POST' ? undefined : 405)
    const inner = await serve(made)
    const server = createServer(async (request, reply) => {
      let text = ''
      for await (const chunk of request) text += String(chunk)
      const { fhirServer, fhirAuthorization } = JSON.parse(text)
      const authorization = `Bearer ${fhirAuthorization.access_token}`
      if (reads !== 'nothing')
        await fetch(
          `${fhirServer}/Patient/acute-week-two`,
          reads === 'as it should' ? { headers: { authorization } } : {},
        )
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(inner.url + request.url, { method: 'POST', headers, body: text })
      reply.writeHead(answer.status, headers).end(await answer.text())
    })
    const port = await freePort()
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${port}`
    const findings = new Findings()
    await checkFhir(openClient(url, url, undefined), caller, entry ? [entry] : [], await freePort(), findings)
    server.close()
    inner.close()
    return findings
      .rows()
      .flatMap(({ id, verdict }) => (verdict === 'cannot tell' ? [] : [`${id} ${verdict}`]))
  }

  test('is seen to do it with the token, and to be willing to read anywhere', async () => {
    expect(await read('as it should')).toEqual(['PF-10 pass', 'FA-2 pass', 'FA-7 fail'])
  })
  test('is seen to do it without', async () => {
    expect(await read('without the token')).toEqual(['PF-10 pass', 'FA-2 fail', 'FA-7 fail'])
  })
  test('is seen not to do it, and to answer as if there were nothing', async () => {
    expect(await read('nothing')).toEqual(['PF-10 fail', 'FA-7 pass'])
  })
})
