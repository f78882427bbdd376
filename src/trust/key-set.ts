/** Finds the one key of a set that a token names. */
import { type CryptoKey, createLocalJWKSet, errors } from 'jose'
import type { WhyNotTrusted } from './failures.ts'

/** JSON Web Keys, not yet looked at. */
export interface PublishedKeys {
  keys: readonly object[]
}

/** The key, or why there is none. */
export type FindKey = (alg: string, kid: string) => Promise<CryptoKey | WhyNotTrusted>

/** Throws when it is no key set. Which key fits which algorithm, curve and use is the library's to know (SEC-6). */
export function keySet({ keys }: PublishedKeys): FindKey {
  const select = createLocalJWKSet({ keys: keys.map((key) => ({ ...key })) })
  const names = new Set(keys.map((key) => (key as { kid?: unknown }).kid))
  return async (alg, kid) => {
    if (!names.has(kid)) return 'unknown-key'
    try {
      const key = await select({ alg, kid })
      return isWeak(key) ? 'weak-key' : key
    } catch (error) {
      return error instanceof errors.JWKSMultipleMatchingKeys ? 'ambiguous-key' : 'unfit-key'
    }
  }
}

function isWeak({ algorithm }: CryptoKey): boolean {
  return 'modulusLength' in algorithm && Number(algorithm.modulusLength) < 2048
}
