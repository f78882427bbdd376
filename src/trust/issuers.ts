/** The issuers that a hospital trusts, each with its keys and with what its tokens may say. */
import type { CryptoKey } from 'jose'
import type { Callers, Issuer } from '../site/callers.ts'
import type { WhyNotTrusted } from './failures.ts'
import type { FindKey, PublishedKeys } from './key-set.ts'
import { keySet } from './key-set.ts'
import type { Token } from './token.ts'

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
