/** What a token must claim to be for us, now and from a tenant that we know. Each check gives the reason against it. */
import { type CryptoKey, decodeJwt, decodeProtectedHeader } from 'jose'
import type { Callers, Issuer } from '../site/callers.ts'
import { type Claimed, NotTrusted, type WhyNotTrusted } from './failures.ts'
import { type FindKey, keySet, type PublishedKeys } from './key-store.ts'

// Takes a token apart without believing a word of it.

/** What a token says of itself, before its signature is verified. */
export interface Token {
  /** As sent. Never to be logged. */
  compact: string
  alg: unknown
  kid: unknown
  jku: unknown
  /** Names of what a reader must understand. */
  crit: unknown
  claims: Readonly<Record<string, unknown>>
  claimed: Claimed
}

/** Throws NotTrusted. */
export function readToken(authorization: string | undefined): Token {
  if (authorization === undefined || authorization === '') throw new NotTrusted('no-token')
  const compact = /^bearer +(\S+)$/i.exec(authorization)?.[1]
  if (compact === undefined) throw new NotTrusted('not-bearer')
  const { header, claims } = decode(compact)
  const claimed = claimedBy(claims)
  if (typeof header.typ !== 'string' || header.typ.toUpperCase() !== 'JWT') {
    throw new NotTrusted('malformed-token', claimed)
  }
  const { alg, kid, jku, crit } = header
  return { compact, alg, kid, jku, crit, claims, claimed }
}

function decode(compact: string): Record<'header' | 'claims', Readonly<Record<string, unknown>>> {
  try {
    return { header: { ...decodeProtectedHeader(compact) }, claims: decodeJwt(compact) }
  } catch {
    throw new NotTrusted('malformed-token')
  }
}

/** A log line is no place for 16 KB of a stranger's words. */
const longest = 200

function claimedBy({ iss, tenant, jti }: Token['claims']): Claimed {
  return {
    ...(typeof iss === 'string' ? { issuer: iss.slice(0, longest) } : {}),
    ...(typeof tenant === 'string' ? { tenant: tenant.slice(0, longest) } : {}),
    ...(typeof jti === 'string' ? { jti: jti.slice(0, longest) } : {}),
  }
}

// The issuers that a hospital trusts, each with its keys and with what its tokens may say.

export interface TrustedIssuer {
  settings: Issuer
  /** The key that the token names, or why there is none. */
  findKey: (token: Token, alg: string) => Promise<CryptoKey | WhyNotTrusted>
}

/** `keysAt` gives the keys behind an address; issuers that share one share what is remembered of it. */
export function trustedIssuers(
  { issuers }: Callers,
  keysAt: (url: string) => FindKey,
): ReadonlyMap<string, TrustedIssuer> {
  return new Map(issuers.map((settings) => [settings.iss, trustedIssuer(settings, keysAt)]))
}

function trustedIssuer(settings: Issuer, keysAt: (url: string) => FindKey): TrustedIssuer {
  const home = settings['jwks-url']
  const remote = new Map(
    [...(home === undefined ? [] : [home]), ...settings.jku].map((url) => [url, keysAt(url)]),
  )
  const inline = settings.jwks ? keySet(settings.jwks satisfies PublishedKeys) : undefined
  const findKey: TrustedIssuer['findKey'] = async ({ kid, jku }, alg) => {
    if (typeof kid !== 'string' || kid === '') return 'no-key-id'
    // SEC-7: a jku that is not listed could be anybody's: it is not even passed over, and never asked.
    const named = jku === undefined ? home : remoteName(jku, remote)
    if (jku !== undefined && named === undefined) return 'jku-not-listed'
    const key = inline ? await inline(alg, kid) : 'unknown-key'
    if (key !== 'unknown-key' || named === undefined) return key
    return remote.get(named)?.(alg, kid) ?? 'unknown-key'
  }
  return { settings, findKey }
}

function remoteName(jku: unknown, remote: ReadonlyMap<string, FindKey>): string | undefined {
  return typeof jku === 'string' && remote.has(jku) ? jku : undefined
}

type Claims = Readonly<Record<string, unknown>>

/** `addresses` are those of the endpoint invoked and what else the issuer may send (SEC-5). */
export function audienceProblem({ aud }: Claims, addresses: ReadonlySet<string>): WhyNotTrusted | undefined {
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  const ours = audiences.some((each) => typeof each === 'string' && addresses.has(withoutSlash(each)))
  return ours ? undefined : 'wrong-audience'
}

/** Nothing else about an address is made alike: no host, port or escape. */
export function withoutSlash(address: string): string {
  return address.endsWith('/') ? address.slice(0, -1) : address
}

/** Seconds since 1970. */
export interface Times {
  exp: number
  iat: number
  nbf?: number
}

export function timesOf({ exp, iat, nbf }: Claims): Times | undefined {
  if (!isTime(exp) || !isTime(iat)) return undefined
  if (nbf === undefined) return { exp, iat }
  return isTime(nbf) ? { exp, iat, nbf } : undefined
}

function isTime(value: unknown): value is number {
  return Number.isFinite(value)
}

/** `now` in seconds since 1970. */
export function timeProblem(times: Times, issuer: Issuer, now: number): WhyNotTrusted | undefined {
  const skew = issuer['clock-skew-seconds']
  const maxAge = issuer['max-age-seconds']
  if (times.exp + skew <= now) return 'expired'
  if (times.nbf !== undefined && times.nbf - skew > now) return 'not-yet-valid'
  if (times.iat - skew > now) return 'issued-in-future'
  // SEC-9: a `jti` is remembered until its token expires, which must not be for ever. What has not expired and may
  // not live longer was not issued longer ago either.
  return times.exp - times.iat > maxAge ? 'lifetime-too-long' : undefined
}

export function tenantProblem({ tenant }: Claims, { tenants }: Issuer): WhyNotTrusted | undefined {
  if (tenant !== undefined && typeof tenant !== 'string') return 'malformed-claims'
  if (tenants === undefined) return undefined
  return tenant !== undefined && tenants.includes(tenant) ? undefined : 'tenant-not-listed'
}
