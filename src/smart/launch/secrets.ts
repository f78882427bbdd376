/** What nobody can guess: states, verifiers, ids and the values of cookies; and comparing them without telling how far they agree. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 bits: twice what SMART asks of a state (R11), and a verifier of 43 unreserved characters (R10). */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** 128 bits, short enough for an address. */
export const newLaunchId = (): string => randomBytes(16).toString('base64url')

export const isLaunchId = (text: string): boolean => /^[\w-]{22}$/.test(text)

export const digest = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** S256 (RFC 7636). */
export const challengeOf = digest

export function isSame(one: string, other: string): boolean {
  return timingSafeEqual(
    createHash('sha256').update(one).digest(),
    createHash('sha256').update(other).digest(),
  )
}
