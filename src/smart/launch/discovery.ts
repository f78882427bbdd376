/** How an EHR's authorization server is spoken to: its `.well-known/smart-configuration`, remembered for a while (R6–R8, F3). */
import { z } from 'zod'
import { longest } from '../../bounds.ts'
import { type Ask, jsonIn, NotAnswered, upTo } from '../../net/asker.ts'
import { isSafeAddress } from '../../site/addresses.ts'
import { SmartFailure } from '../failures.ts'
import type { Ehr } from './ehrs.ts'

/** In ms. */
const patience = 5000
/** Bytes. */
const mostBytes = 262_144
/** Bytes: CapabilityStatements are long. */
const mostStatementBytes = 16_777_216
/** How long an answer is believed, and how long a failure, in ms. */
const freshness = { answer: 600_000, failure: 10_000 }

const address = z.string().max(longest.url)
const words = z.array(z.string()).optional().catch(undefined)

/** Unknown keys and words are legal (R8). */
export const configurationSchema = z.looseObject({
  authorization_endpoint: address,
  token_endpoint: address,
  issuer: address.optional().catch(undefined),
  jwks_uri: address.optional().catch(undefined),
  capabilities: z.array(z.string()).catch([]),
  authorization_response_iss_parameter_supported: z.boolean().catch(false),
  code_challenge_methods_supported: words,
  token_endpoint_auth_methods_supported: words,
  token_endpoint_auth_signing_alg_values_supported: words,
})

/** What a token endpoint is to be known by. */
export interface TokenConfiguration {
  tokenEndpoint: string
  capabilities: ReadonlySet<string>
  /** Undefined where the server does not say. */
  authMethods?: readonly string[]
  signingAlgorithms?: readonly string[]
}

export interface SmartConfiguration extends TokenConfiguration {
  authorizationEndpoint: string
  /** Of id_tokens. */
  issuer?: string
  jwksUri?: string
  /** Its answers say whose they are (RFC 9207). */
  namesItself: boolean
}

/** Of an EHR where people sign in, or of a server where a service does by itself. */
type Discovered = Pick<Ehr, 'iss' | 'endpoint-origins'> & Partial<Pick<Ehr, 'pkce'>>

/** Throws SmartFailure `ehr-not-reached` or `ehr-not-fit`. */
export type Discover = (ehr: Ehr) => Promise<SmartConfiguration>

interface Remembered {
  answer: Promise<SmartConfiguration>
  until: number
}

/** Asked once at a time and EHR. `now` in ms since 1970. */
export function createDiscovery({ ask, now }: { ask: Ask; now: () => number }): Discover {
  const remembered = new Map<string, Remembered>()
  return (ehr) => {
    const known = remembered.get(ehr.iss)
    if (known && now() < known.until) return known.answer
    const entry = { answer: discover(ask, ehr), until: now() + freshness.answer }
    remembered.set(ehr.iss, entry)
    entry.answer.catch(() => {
      entry.until = now() + freshness.failure
    })
    return entry.answer
  }
}

async function discover(ask: Ask, ehr: Ehr): Promise<SmartConfiguration> {
  const refuse = (detail: string) => new SmartFailure('ehr-not-fit', detail, ehr.iss)
  const parsed = configurationSchema.safeParse(await fetchDocument(ask, ehr))
  if (!parsed.success) throw refuse('incomplete-configuration')
  const found = parsed.data
  const methods = found.code_challenge_methods_supported
  // R10: a server that does not check the challenge makes a stolen code as good as a sign-in.
  if (ehr.pkce === 'required' && !methods?.includes('S256')) throw refuse('no-pkce')
  const place = (endpoint: string) => endpointOf(ehr, endpoint)
  const { issuer, jwks_uri: jwks } = found
  return {
    authorizationEndpoint: place(found.authorization_endpoint),
    ...tokenConfiguration(ehr, found),
    ...(issuer === undefined ? {} : { issuer }),
    ...(jwks === undefined ? {} : { jwksUri: place(jwks) }),
    namesItself: found.authorization_response_iss_parameter_supported,
  }
}

const backendSchema = configurationSchema.omit({ authorization_endpoint: true })

/** Of a server that lets a service in by itself: nobody signs in, so that it may have no place for that. Throws alike. */
export async function discoverBackend(
  ask: Ask,
  server: Omit<Discovered, 'pkce'>,
): Promise<TokenConfiguration> {
  const parsed = backendSchema.safeParse(await fetchDocument(ask, server))
  if (!parsed.success) throw new SmartFailure('ehr-not-fit', 'incomplete-configuration', server.iss)
  return tokenConfiguration(server, parsed.data)
}

function tokenConfiguration(ehr: Discovered, found: z.infer<typeof backendSchema>): TokenConfiguration {
  return {
    tokenEndpoint: endpointOf(ehr, found.token_endpoint),
    capabilities: new Set(found.capabilities),
    ...optional('authMethods', found.token_endpoint_auth_methods_supported),
    ...optional('signingAlgorithms', found.token_endpoint_auth_signing_alg_values_supported),
  }
}

function endpointOf(ehr: Discovered, endpoint: string): string {
  const refuse = (detail: string) => new SmartFailure('ehr-not-fit', detail, ehr.iss)
  // R6: relative ones are of legacy servers.
  const url = URL.parse(endpoint, `${ehr.iss}/`)
  if (!url || !isSafeAddress(url.href)) throw refuse('unsafe-endpoint')
  if (!isAllowed(url, ehr)) throw refuse('endpoint-elsewhere')
  return url.href
}

function optional<K extends string, T>(key: K, value: T | undefined): { [key in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]?: T })
}

/** Any origin where the site pins none: authorization servers often have a host of their own. */
export function isAllowed({ origin }: URL, ehr: Pick<Ehr, 'iss' | 'endpoint-origins'>): boolean {
  const pinned = ehr['endpoint-origins']
  return pinned.length === 0 || origin === new URL(ehr.iss).origin || pinned.includes(origin)
}

async function fetchDocument(ask: Ask, ehr: Discovered): Promise<unknown> {
  const refuse = (detail: string) => new SmartFailure('ehr-not-reached', detail, ehr.iss)
  try {
    const reply = await ask(`${ehr.iss}/.well-known/smart-configuration`, {
      patience,
      allowance: upTo(mostBytes),
    })
    if (reply.status === 200) return jsonIn(reply)
    const isOld = reply.status === 404 && ehr.pkce === 'send-unadvertised'
    const found = isOld ? await oldDocument(ask, ehr) : undefined
    if (!found) throw refuse(`http-${reply.status}`)
    return found
  } catch (error) {
    throw error instanceof NotAnswered ? refuse(error.reason) : error
  }
}

async function oldDocument(ask: Ask, ehr: Discovered): Promise<Record<string, unknown> | undefined> {
  const headers = { accept: 'application/fhir+json' }
  const reply = await ask(`${ehr.iss}/metadata`, { headers, patience, allowance: upTo(mostStatementBytes) })
  return reply.status === 200 ? configurationIn(jsonIn(reply)) : undefined
}

/** Where servers of SMART 1.0 say how to sign in: an extension of their CapabilityStatement (specification 1.10). */
const oauthUris = 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris'

const extension = z.looseObject({ url: z.string(), valueUri: z.string().optional() })

const statement = z.looseObject({
  rest: z.array(
    z.looseObject({
      security: z
        .looseObject({
          extension: z.array(extension.extend({ extension: z.array(extension).optional() })).optional(),
        })
        .optional(),
    }),
  ),
})

/** In the words of a SMART configuration; undefined where the statement says nothing of it. */
function configurationIn(capabilityStatement: unknown): Record<string, unknown> | undefined {
  const { data } = statement.safeParse(capabilityStatement)
  const found = data?.rest
    .flatMap(({ security }) => security?.extension ?? [])
    .find(({ url }) => url === oauthUris)
  const named = (name: string) => found?.extension?.find(({ url }) => url === name)?.valueUri
  const [authorize, token] = [named('authorize'), named('token')]
  if (authorize === undefined || token === undefined) return undefined
  // Such servers know the scopes of their time.
  return { authorization_endpoint: authorize, token_endpoint: token, capabilities: ['permission-v1'] }
}
