/** Takes a token apart without believing a word of it. */
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { type Claimed, NotTrusted } from './failures.ts'

/** What a token says of itself, before its signature is verified. */
export interface Token {
  /** As sent. Never to be logged. */
  compact: string
  alg: unknown
  kid: unknown
  jku: unknown
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
  return { compact, alg: header.alg, kid: header.kid, jku: header.jku, claims, claimed }
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
