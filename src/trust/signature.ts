/**
 * Whether a token was signed with a key. By OpenSSL on what was taken apart before: to have it all read and checked a second
 * time on another thread costs a call more than the signature. Which key fits which algorithm is settled by `key-store.ts`.
 */
import { constants, KeyObject, verify } from 'node:crypto'
import type { CryptoKey } from 'jose'
import type { Algorithm } from '../site/callers.ts'

interface Scheme {
  hash: string | undefined
  options: object
  /** Hundreds of microseconds, for which no other call shall wait: on another thread. */
  isSlow?: true
}

const pkcs1 = { padding: constants.RSA_PKCS1_PADDING }
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
const ecdsa = { dsaEncoding: 'ieee-p1363' }

/** RFC 7518 and 8037. */
const schemes: Readonly<Record<Algorithm, Scheme>> = {
  RS256: { hash: 'sha256', options: pkcs1 },
  RS384: { hash: 'sha384', options: pkcs1 },
  RS512: { hash: 'sha512', options: pkcs1 },
  PS256: { hash: 'sha256', options: pss },
  PS384: { hash: 'sha384', options: pss },
  PS512: { hash: 'sha512', options: pss },
  ES256: { hash: 'sha256', options: ecdsa },
  ES384: { hash: 'sha384', options: ecdsa, isSlow: true },
  ES512: { hash: 'sha512', options: ecdsa, isSlow: true },
  EdDSA: { hash: undefined, options: {} },
}

/** As OpenSSL takes it, once for each key. */
const keys = new WeakMap<CryptoKey, KeyObject>()

function keyOf(key: CryptoKey): KeyObject {
  const known = keys.get(key) ?? KeyObject.from(key)
  keys.set(key, known)
  return known
}

/** `signed` is the token up to its last dot, `signature` what stands behind it, decoded. */
export function isSignedWith(
  key: CryptoKey,
  alg: Algorithm,
  signed: string,
  signature: Uint8Array,
): boolean | Promise<boolean> {
  const { hash, options, isSlow } = schemes[alg]
  const data = Buffer.from(signed)
  const how = { ...options, key: keyOf(key) }
  if (!isSlow) return verify(hash, data, how, signature)
  return new Promise((resolve, reject) => {
    verify(hash, data, how, signature, (error, isSigned) => (error ? reject(error) : resolve(isSigned)))
  })
}
