/** The whole service in this process, as hospitals run it, with a key server and a FHIR server that say what they are told. */
import { generateKeyPairSync, randomUUID, sign as signBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK, SignJWT } from 'jose'
import { openContent } from '../../src/pathway/compiled.ts'
import { start } from '../../src/server.ts'
import { callersSchema } from '../../src/site/callers.ts'
import { readConfig } from '../../src/site/environment.ts'
import { smartSchema } from '../../src/site/smart.ts'
import { root } from '../support/evaluator.ts'

const issuer = 'https://ehr.example.org'

export interface Hospital {
  url: string
  fhirServer: string
  /** A token that is good for one call of this path. */
  token(path: string): Promise<string>
  /** By the same key, over anything. */
  signature(text: string): string
  /** What the FHIR server answers from now on. */
  answersWith(body: string): void
}

export async function openHospital(): Promise<Hospital> {
  let fhirAnswer = '{}'
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'fuzz', alg: 'ES256' }] })
  const keyServer = await serve((_, reply) => reply.setHeader('content-type', 'application/json').end(keys))
  const fhir = await serve((_, reply) =>
    reply.setHeader('content-type', 'application/fhir+json').end(fhirAnswer),
  )
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const { content, how } = await openContent(root)
  const { site } = content
  const callers = callersSchema.parse({
    'public-url': url,
    issuers: [
      {
        iss: issuer,
        'jwks-url': `${keyServer}/keys`,
        algorithms: ['ES256'],
        'fhir-servers': [`${fhir}/fhir`],
      },
    ],
  })
  const smart = smartSchema.parse({
    'public-url': url,
    ehrs: [{ iss: `${fhir}/fhir`, name: 'Hospital', client: { id: 'lumbar', type: 'public' } }],
  })
  const folder = mkdtempSync(join(tmpdir(), 'lumbar-fuzz-'))
  const config = readConfig({
    NODE_ENV: 'test',
    PORT: String(port),
    LOG_LEVEL: 'info',
    LEDGER_FILE: join(folder, 'ledger.sqlite'),
    LEDGER_KEY: Buffer.alloc(32, 7).toString('base64url'),
  })
  const limits = { ...site.limits, 'calls-per-minute': 0, 'event-loop-delay-ms': 0 }
  const fhirSettings = { ...site.fhir, 'development-http': true, 'deadline-ms': 2000 }
  await start({
    config,
    opened: { how, content: { ...content, site: { ...site, limits, callers, smart, fhir: fhirSettings } } },
  })
  return {
    url,
    fhirServer: `${fhir}/fhir`,
    token: (path) =>
      new SignJWT({ iss: issuer, aud: url + path, jti: randomUUID() })
        .setProtectedHeader({ alg: 'ES256', kid: 'fuzz', typ: 'JWT' })
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(privateKey),
    signature: (text) =>
      signBytes('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString(
        'base64url',
      ),
    answersWith: (body) => {
      fhirAnswer = body
    },
  }
}

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
