/** How the app says who it is at a token endpoint: the same for a code and for a refresh (R15–R17, R24). */
import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { SmartFailure } from '../failures.ts'
import type { TokenConfiguration } from './discovery.ts'
import type { TokenClient } from './ehrs.ts'
import { type KeyRing, keyFor } from './keys.ts'

export interface Authentication {
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

export async function authentication(
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
