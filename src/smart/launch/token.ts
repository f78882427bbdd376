/**
 * Codes and refresh tokens for access tokens (R15, R19, R24). Not by fhirclient: it puts the code into the form as it
 * came, follows redirects with code and secret, waits and reads without end, knows no refresh with an assertion, and
 * chokes on tokens that look like a JWT and are none.
 */
import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { z } from 'zod'
import { longest } from '../../bounds.ts'
import { type Ask, jsonIn, NotAnswered } from '../../net/asker.ts'
import { SmartFailure } from '../failures.ts'
import type { TokenConfiguration } from './discovery.ts'
import type { TokenClient } from './ehrs.ts'
import { type KeyRing, keyFor } from './keys.ts'

// How the app says who it is at a token endpoint: the same for a code and for a refresh (R15–R17, R24).

interface Authentication {
  headers: Record<string, string>
  /** Of the form. */
  fields: Record<string, string>
}

export interface OwnKeys {
  ring: KeyRing
  /** Where they are published, as registered; undefined where nobody knows. */
  url: () => string | undefined
}

/** Life of an assertion, in seconds; SMART allows five minutes. */
const assertionLife = 120
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

async function authentication(
  ehr: TokenClient,
  configuration: TokenConfiguration,
  keys: OwnKeys | undefined,
  now: Date,
): Promise<Authentication> {
  const { id, type } = ehr.client
  if (type === 'public') return { headers: {}, fields: { client_id: id } }
  if (type === 'symmetric') return secretly(id, ehr.secret ?? '', configuration)
  const key = keys && keyFor(keys.ring, configuration.signingAlgorithms)
  if (!key) throw new SmartFailure('ehr-not-fit', 'no-common-algorithm', ehr.iss)
  const jku = keys.url()
  const assertion = await new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT', ...(jku === undefined ? {} : { jku }) })
    .setIssuer(id)
    .setSubject(id)
    .setAudience(configuration.tokenEndpoint)
    .setIssuedAt(now)
    .setExpirationTime(Math.floor(now.getTime() / 1000) + assertionLife)
    .sign(key.secret)
  return { headers: {}, fields: { client_assertion_type: assertionType, client_assertion: assertion } }
}

/** In the body only where the server takes it no other way (R16). */
function secretly(id: string, secret: string, { authMethods }: TokenConfiguration): Authentication {
  const onlyPosted =
    authMethods?.includes('client_secret_post') && !authMethods.includes('client_secret_basic')
  if (onlyPosted) return { headers: {}, fields: { client_id: id, client_secret: secret } }
  const basic = Buffer.from(`${id}:${secret}`).toString('base64')
  return { headers: { authorization: `Basic ${basic}` }, fields: {} }
}

const text = z.string().min(1).max(longest.token)
const optionalText = text.optional().catch(undefined)

/** Beside these stand the context of the launch and whatever else a server adds. */
export const responseSchema = z.looseObject({
  access_token: text,
  token_type: text.refine((type) => type.toLowerCase() === 'bearer'),
  expires_in: z.coerce.number().positive().optional().catch(undefined),
  scope: z.string().max(longest.token).optional().catch(undefined),
  refresh_token: optionalText,
  id_token: optionalText,
})

/** Life of a token whose server does not say, in seconds (R19). */
const shortLife = 300

export interface Token {
  access: string
  refresh?: string
  /** As granted, which may differ from what was asked (R13). */
  scope: string
  /** In ms since 1970. */
  expiresAt: number
  idToken?: string
  /** The whole answer, for the context. */
  response: Readonly<Record<string, unknown>>
}

interface TokenRequest {
  ehr: TokenClient
  configuration: TokenConfiguration
  /** `grant_type` and what goes with it. */
  grant: Readonly<Record<string, string>>
  /** Of what was asked: what it means when the server names no scope (RFC 6749, 5.1). */
  asked: string
}

/** Throws SmartFailure `token-refused`, `token-not-fit` or `ehr-not-reached`. */
export type RequestToken = (request: TokenRequest) => Promise<Token>

interface TokenSettings {
  ask: Ask
  keys: OwnKeys | undefined
  now: () => Date
}

export function tokenRequester({ ask, keys, now }: TokenSettings): RequestToken {
  return async ({ ehr, configuration, grant, asked }) => {
    const proof = await authentication(ehr, configuration, keys, now())
    const begun = now().getTime()
    const found = await answerOf(ask, ehr, configuration.tokenEndpoint, {
      headers: { ...proof.headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ ...grant, ...proof.fields }).toString(),
    })
    return {
      access: found.access_token,
      ...(found.refresh_token === undefined ? {} : { refresh: found.refresh_token }),
      scope: found.scope ?? asked,
      expiresAt: begun + (found.expires_in ?? shortLife) * 1000,
      ...(found.id_token === undefined ? {} : { idToken: found.id_token }),
      response: found,
    }
  }
}

async function answerOf(
  ask: Ask,
  ehr: TokenClient,
  endpoint: string,
  form: { headers: Record<string, string>; body: string },
) {
  const refuse = (code: 'token-refused' | 'token-not-fit' | 'ehr-not-reached', detail: string) =>
    new SmartFailure(code, detail, ehr.iss)
  try {
    const reply = await ask(endpoint, { method: 'POST', ...form })
    if (reply.status !== 200) throw refuse('token-refused', errorIn(reply.text) ?? `http-${reply.status}`)
    const parsed = responseSchema.safeParse(jsonIn(reply))
    if (!parsed.success) throw refuse('token-not-fit', 'incomplete-token')
    return parsed.data
  } catch (error) {
    throw error instanceof NotAnswered ? refuse('ehr-not-reached', error.reason) : error
  }
}

/** RFC 6749 and OpenID Connect. Only these reach the log: any other word is the server's own. */
const oauthErrors = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'unsupported_response_type',
  'invalid_scope',
  'access_denied',
  'server_error',
  'temporarily_unavailable',
  'interaction_required',
  'login_required',
  'account_selection_required',
  'consent_required',
])

export function knownError(code: string | undefined): string | undefined {
  return code !== undefined && oauthErrors.has(code) ? code : undefined
}

function errorIn(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: unknown }
    return typeof error === 'string' ? knownError(error) : undefined
  } catch {
    return undefined
  }
}
