/** What the simulator says of itself and of a launch: configuration, token response, id_token; and how each goes wrong. */
import { randomUUID } from 'node:crypto'
import type { CapabilityStatementRestSecurity } from 'fhir/r4.js'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose'
import type { Fault } from './faults.ts'
import type { Context, Grant } from './state.ts'

type Faults = ReadonlySet<Fault>

export interface Places {
  /** Of the FHIR server. */
  base: string
  /** Of the authorization server. */
  issuer: string
}

export const tokenUrl = ({ issuer }: Places) => `${issuer}/token`

/** R7, R8. */
export function configuration({ base, issuer }: Places, faults: Faults): Record<string, unknown> {
  const isV1 = faults.has('only-v1-scopes')
  const at = faults.has('relative-endpoints') ? new URL(issuer).pathname : issuer
  const elsewhere = new URL(issuer)
  elsewhere.hostname = elsewhere.hostname === 'localhost' ? '127.0.0.1' : 'localhost'
  const token = faults.has('insecure-endpoints')
    ? 'http://ehr.example.org/token'
    : faults.has('endpoint-elsewhere')
      ? `${elsewhere}/token`
      : `${at}/token`
  return {
    issuer,
    jwks_uri: `${issuer}/jwks`,
    authorization_endpoint: `${at}/authorize`,
    ...(faults.has('incomplete-discovery') ? {} : { token_endpoint: token }),
    token_endpoint_auth_methods_supported: faults.has('only-posted-secret')
      ? ['client_secret_post']
      : ['client_secret_basic', 'private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS384', 'ES384'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    scopes_supported: ['openid', 'fhirUser', 'launch', 'launch/patient', 'launch/encounter', 'online_access'],
    response_types_supported: ['code'],
    authorization_response_iss_parameter_supported: true,
    ...(faults.has('no-pkce-advertised') ? {} : { code_challenge_methods_supported: ['S256'] }),
    capabilities: [
      'launch-ehr',
      'launch-standalone',
      'client-public',
      'client-confidential-symmetric',
      'client-confidential-asymmetric',
      'sso-openid-connect',
      'context-banner',
      'context-ehr-patient',
      'context-ehr-encounter',
      'context-standalone-patient',
      'permission-offline',
      'permission-online',
      'permission-patient',
      'permission-user',
      isV1 ? 'permission-v1' : 'permission-v2',
    ],
    associated_endpoints: [{ url: base, capabilities: ['launch-ehr'] }],
  }
}

/** What SMART 1.0 had in the CapabilityStatement. */
export function security({ issuer }: Places): CapabilityStatementRestSecurity {
  return {
    extension: [
      {
        url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
        extension: [
          { url: 'authorize', valueUri: `${issuer}/authorize` },
          { url: 'token', valueUri: `${issuer}/token` },
        ],
      },
    ],
    service: [
      {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/restful-security-service', code: 'SMART-on-FHIR' },
        ],
      },
    ],
  }
}

export interface Keys {
  /** JSON Web Key Set. */
  published: { keys: JWK[] }
  sign: CryptoKey
  forge: CryptoKey
}

const alg = 'RS256'
const kid = 'sandbox'

export async function newKeys(): Promise<Keys> {
  const [own, other] = await Promise.all([generateKeyPair(alg), generateKeyPair(alg)])
  const jwk = await exportJWK(own.publicKey)
  return {
    published: { keys: [{ ...jwk, kid, alg, use: 'sig' }] },
    sign: own.privateKey,
    forge: other.privateKey,
  }
}

/** R19 and specification 1.5: the context beside the token. */
export function contextAnswer(context: Context, faults: Faults): Record<string, unknown> {
  const { user: _, appContext, patient, ...rest } = context
  return {
    ...rest,
    ...(patient === undefined || faults.has('no-patient') ? {} : { patient }),
    ...(appContext === undefined ? {} : { appContext: written(appContext, faults) }),
  }
}

function written(appContext: unknown, faults: Faults): unknown {
  if (faults.has('object-app-context')) {
    return typeof appContext === 'string' ? JSON.parse(appContext) : appContext
  }
  return typeof appContext === 'string' ? appContext : JSON.stringify(appContext)
}

/** R20, R21. Life in seconds. */
const idTokenLife = 300
const defaultUser = 'Practitioner/example-clinician'

export async function idToken(grant: Grant, places: Places, keys: Keys, faults: Faults, now: Date) {
  const seconds = Math.floor(now.getTime() / 1000) - (faults.has('expired-id-token') ? 3600 : 0)
  const user = `${faults.has('user-elsewhere') ? 'https://other.example.org/fhir' : places.base}/${grant.context.user ?? defaultUser}`
  const nonce = faults.has('other-nonce') ? randomUUID() : faults.has('no-nonce') ? undefined : grant.nonce
  const claims = {
    iss: faults.has('other-issuer') ? 'https://other.example.org' : places.issuer,
    aud: faults.has('other-audience') ? 'another-client' : grant.client,
    sub: 'sandbox-clinician',
    // A letter beyond ASCII, which some apps cannot read (F6).
    name: 'Zoë Sandbox',
    [faults.has('profile-claim') ? 'profile' : 'fhirUser']: user,
    iat: seconds,
    exp: seconds + idTokenLife,
    ...(nonce === undefined ? {} : { nonce }),
  }
  if (faults.has('unsigned-id-token')) return new UnsecuredJWT(claims).encode()
  const key = faults.has('forged-id-token') ? keys.forge : keys.sign
  return new SignJWT(claims).setProtectedHeader({ alg, kid, typ: 'JWT' }).sign(key)
}
