/** What a token must claim to be for us, now and from a tenant that we know. Each check gives the reason against it. */
import type { Issuer } from '../site/callers.ts'
import type { WhyNotTrusted } from './failures.ts'

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
