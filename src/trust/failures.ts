/** Every way in which a caller fails to be trusted: for the log. The caller is told none of it (SEC-11). */
const reasons = {
  'no-token': 'The call has no Authorization header. Switch on JWT authentication in the EHR.',
  'not-bearer': 'The Authorization header is not `Bearer` and a token.',
  'malformed-token': 'The token is no signed JWT of `typ` JWT.',
  'issuer-not-listed': 'The token is from an issuer that site.yaml does not list.',
  'algorithm-not-allowed':
    'The token is signed by an algorithm that site.yaml does not allow for its issuer.',
  'wrong-audience':
    'The token is for another address. Correct `aud` in the EHR or `public-url` in site.yaml, or list what the EHR sends under `audiences`.',
  'malformed-claims':
    'The token has no `exp` or `iat`, or one of its times or its tenant is of the wrong type.',
  expired: 'The token has expired.',
  'not-yet-valid': 'The token is not valid yet. Compare the clocks.',
  'issued-in-future': 'The token was issued in the future. Compare the clocks.',
  'lifetime-too-long': 'The token lives longer than `max-age-seconds`.',
  'tenant-not-listed': 'The token is from a tenant that site.yaml does not list for its issuer.',
  'no-key-id': 'The token does not name its key (`kid`).',
  'jku-not-listed': 'The token names an address of keys that site.yaml does not list for its issuer.',
  'keys-unavailable': 'The keys of the issuer could not be fetched, and none are remembered.',
  'unknown-key': 'The token names a key that its issuer does not publish.',
  'ambiguous-key': 'The issuer publishes several keys under the name of this one.',
  'unfit-key': 'The key that the token names is not one for its algorithm.',
  'weak-key': 'The key that the token names is an RSA key below 2048 bits.',
  'wrong-signature': 'The token is not signed with the key that it names.',
  'no-token-id': 'The token has no `jti`.',
  replayed: 'The token was used before. If the EHR repeats calls with one token, see `replay` in site.yaml.',
} as const

export type WhyNotTrusted = keyof typeof reasons

/** All that may be logged of a token. Claimed, and not yet proven. */
export interface Claimed {
  issuer?: string
  tenant?: string
  jti?: string
}

/** A caller that is not trusted. To be answered by a 401 that says nothing. */
export class NotTrusted extends Error {
  readonly code = 'not-trusted'
  readonly reason: WhyNotTrusted
  readonly claimed: Claimed

  /** Without a cause: errors of the JWT library carry the claims. */
  constructor(reason: WhyNotTrusted, claimed: Claimed = {}) {
    super(reasons[reason])
    this.name = 'NotTrusted'
    this.reason = reason
    this.claimed = claimed
  }
}

/**
 * Nobody can tell whether the token was used before. To be answered by a 503: an outage that somebody could bring
 * about must not switch a check off, and an EHR goes on without advice.
 */
export class ReplayStoreUnavailable extends Error {
  readonly code = 'replay-store-unavailable'

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ReplayStoreUnavailable'
  }
}
