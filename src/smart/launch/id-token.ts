/** Who is signed in: the id_token, believed only when its signature and every claim hold (R20, R21, F5, F6). */

import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify } from 'jose'
import { isFhirId, longest, Remembered, withoutClosingSlashes } from '../../bounds.ts'
import { type Ask, jsonIn, NotAnswered } from '../../net/asker.ts'
import { isSafeAddress, sameAddress } from '../../site/addresses.ts'
import { SmartFailure } from '../failures.ts'
import { isAllowed, type SmartConfiguration } from './discovery.ts'
import type { Ehr } from './ehrs.ts'

/** With a shared secret, or none, anybody could be anybody. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']
/** How far the clock of the EHR may be off, and how old a fresh id_token may be, in seconds. */
const tolerance = 60
const mostAge = 600

export interface User {
  /** `Practitioner/123` on the EHR's own server; otherwise absolute, and not to be fetched with its token (R21). */
  reference: string
  type: 'Practitioner' | 'PractitionerRole' | 'Patient' | 'RelatedPerson' | 'Person'
}

interface Identity {
  ehr: Ehr
  configuration: SmartConfiguration
  idToken: string
  nonce: string
}

/** Undefined for a user without a FHIR resource. Throws SmartFailure `identity-not-proven`. */
export type Identify = (identity: Identity) => Promise<User | undefined>

const mostKeySets = 200

type KeySet = ReturnType<typeof createRemoteJWKSet>

export function identifier({ ask, now }: { ask: Ask; now: () => Date }): Identify {
  // An EHR may name another address each time.
  const sets = new Remembered<KeySet>(mostKeySets, longest.url)
  const keysAt = (url: string) => {
    const known = sets.get(url) ?? createRemoteJWKSet(new URL(url), { [customFetch]: fetchBy(ask) })
    sets.set(url, known)
    return known
  }
  return async ({ ehr, configuration, idToken, nonce }) => {
    const refuse = (detail: string) => new SmartFailure('identity-not-proven', detail, ehr.iss)
    const issuer = configuration.issuer ?? ehr.iss
    try {
      const keys = keysAt(configuration.jwksUri ?? (await keysOfIssuer(ask, ehr, issuer)))
      const { payload } = await jwtVerify(idToken, keys, {
        algorithms,
        issuer: [issuer, `${sameAddress(issuer)}/`, sameAddress(issuer)],
        audience: ehr.client.id,
        currentDate: now(),
        clockTolerance: tolerance,
        maxTokenAge: mostAge,
        requiredClaims: ['exp', 'iat', 'sub'],
      })
      if (payload.nonce !== nonce) throw refuse('nonce')
      if (payload.azp !== undefined && payload.azp !== ehr.client.id) throw refuse('azp')
      return userIn(payload, ehr)
    } catch (error) {
      if (error instanceof SmartFailure) throw error
      throw refuse(reasonOf(error))
    }
  }
}

/** jose's message may quote a claim; its code and the name of the claim do not. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired)
    return error.claim
  if (error instanceof errors.JOSEError) return error.code
  return error instanceof NotAnswered ? error.reason : 'unexpected'
}

/** OpenID Connect Discovery, for a server whose SMART configuration names no keys. */
async function keysOfIssuer(ask: Ask, ehr: Ehr, issuer: string): Promise<string> {
  const refuse = (detail: string) => new SmartFailure('identity-not-proven', detail, ehr.iss)
  const url = URL.parse(`${withoutClosingSlashes(issuer)}/.well-known/openid-configuration`)
  if (!url || !isSafeAddress(url.href) || !isAllowed(url, ehr)) throw refuse('unsafe-issuer')
  const { jwks_uri: jwks } = jsonIn(await ask(url.href)) as { jwks_uri?: unknown }
  const place = typeof jwks === 'string' && jwks.length <= longest.url ? URL.parse(jwks) : null
  if (!place || !isSafeAddress(place.href) || !isAllowed(place, ehr)) throw refuse('no-keys')
  return place.href
}

function fetchBy(ask: Ask) {
  return async (url: string) => {
    const { status, text } = await ask(url)
    return new Response(text, { status })
  }
}

const userTypes = ['Practitioner', 'PractitionerRole', 'Patient', 'RelatedPerson', 'Person'] as const

/** `profile` is what SMART 1.0 called it. */
function userIn({ fhirUser, profile }: JWTPayload, { iss }: Ehr): User | undefined {
  const named = [fhirUser, profile].find((each) => typeof each === 'string')
  if (typeof named !== 'string') return undefined
  const url = named.length > longest.url ? null : URL.parse(named, `${iss}/`)
  const [type, id = ''] = url?.pathname.split('/').slice(-2) ?? []
  const known = userTypes.find((each) => each === type)
  if (
    !url ||
    !known ||
    !isFhirId(id) ||
    url.search !== '' ||
    url.hash !== '' ||
    !/^https?:$/.test(url.protocol)
  )
    return undefined
  const isHere = url.href === `${iss}/${known}/${id}`
  return { type: known, reference: isHere ? `${known}/${id}` : url.href }
}
