/** An EHR on this machine that a backend service may read: a token endpoint that checks assertions, and the embedded FHIR server behind it. */
import { randomUUID } from 'node:crypto'
import formbody from '@fastify/formbody'
import Fastify, { type FastifyRequest } from 'fastify'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { createFaults, type Faults } from '../../sandbox/fhir/faults.ts'
import { fhirRoutes } from '../../sandbox/fhir/routes.ts'
import { createFhirStore, type FhirStore } from '../../sandbox/fhir/store.ts'
import type { KeyRing } from '../../src/smart/launch/keys.ts'
import { newKeyRing } from '../smart/support.ts'

export const clientId = 'lumbar-backend'

export interface Ehr {
  /** Base address of its FHIR server. */
  base: string
  store: FhirStore
  faults: Faults
  /** Of the service. */
  keys: KeyRing
  /** Addresses below the base that were asked, and how often tokens were. */
  asked: string[]
  tokens: number
  /** Why assertions were refused. */
  refused: string[]
  /** What it says of itself, and what it grants; to be bent. */
  configuration: Record<string, unknown>
  grants: (scope: string) => string
  /** Beside and instead of what a token answer holds. */
  answers: object
  /** Tokens that were given are good for nothing from now on. */
  revoke(): void
  /** False: no bearer token is good any more. */
  trusts?: boolean
  close(): Promise<void>
}

export async function openEhr({ now, alg }: { now: () => number; alg?: 'ES384' | 'RS384' }): Promise<Ehr> {
  const keys = await newKeyRing(alg)
  const known = createLocalJWKSet(JSON.parse(keys.published))
  const store = createFhirStore([], { now: () => new Date(now()) })
  const used = new Set<string>()
  const good = new Map<string, { scopes: string; until: number }>()
  const app = Fastify()
  const ehr: Ehr = {
    base: '',
    store,
    faults: createFaults(),
    keys,
    asked: [],
    tokens: 0,
    refused: [],
    configuration: {},
    grants: (scope) => scope,
    answers: {},
    revoke: () => good.clear(),
    close: () => app.close(),
  }

  /** RFC 7523 and SMART Backend Services: who, for whom, until when, and only once. */
  async function authenticate(form: Record<string, string>, tokenUrl: string): Promise<void> {
    if (form.client_assertion_type !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
      throw new Error('no assertion')
    const { payload, protectedHeader } = await jwtVerify(form.client_assertion ?? '', known, {
      issuer: clientId,
      subject: clientId,
      audience: tokenUrl,
      algorithms: ['ES384', 'RS384'],
      typ: 'JWT',
      requiredClaims: ['exp', 'jti'],
      currentDate: new Date(now()),
    })
    if (!protectedHeader.kid) throw new Error('no kid')
    if ((payload.exp ?? 0) - now() / 1000 > 300) throw new Error('lives too long')
    if (used.has(payload.jti ?? '')) throw new Error('used before')
    used.add(payload.jti ?? '')
  }

  await app.register(formbody)
  app.get('/fhir/.well-known/smart-configuration', async () => ({
    token_endpoint: `${ehr.base.replace('/fhir', '')}/token`,
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS384', 'ES384'],
    grant_types_supported: ['client_credentials'],
    capabilities: ['client-confidential-asymmetric', 'permission-v2'],
    ...ehr.configuration,
  }))
  app.post('/token', async (request, reply) => {
    const form = request.body as Record<string, string>
    ehr.tokens += 1
    if (form.grant_type !== 'client_credentials')
      return reply.code(400).send({ error: 'unsupported_grant_type' })
    try {
      await authenticate(form, `${ehr.base.replace('/fhir', '')}/token`)
    } catch (error) {
      ehr.refused.push(String((error as Error).message))
      return reply.code(400).send({ error: 'invalid_client' })
    }
    const scopes = ehr.grants(form.scope ?? '')
    const token = randomUUID()
    good.set(token, { scopes, until: now() + 300_000 })
    return { access_token: token, token_type: 'bearer', expires_in: 300, scope: scopes, ...ehr.answers }
  })
  const authorize = ({ url, headers }: FastifyRequest) => {
    ehr.asked.push(decodeURIComponent(url.replace('/fhir/', '')))
    const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? ''
    const found = good.get(token)
    if (ehr.trusts === false || !found || found.until <= now()) return undefined
    return { scopes: found.scopes }
  }
  await app.register(
    fhirRoutes(store, { base: '/fhir', authorize, faults: ehr.faults, since: new Date(now()).toISOString() }),
  )
  ehr.base = `${await app.listen({ host: '127.0.0.1', port: 0 })}/fhir`
  return ehr
}
