/** The keys by which an asymmetric client says who it is, and what is published of them (R17, R18). */

import { createPrivateKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { Route } from '../../http/places.ts'

// Where the public keys of Lumbar are, by which servers know it (R17, R18).

export const keysPath = '/smart/jwks.json'

/** How long others may keep our keys, in seconds: a new one is published for longer before it signs (R18). */
const keysAge = 3600

/** `published` is the key set, as JSON. */
export const keysRoute = (published: string): Route => ({
  method: 'GET',
  url: keysPath,
  handler: (_request, reply) =>
    reply.header('cache-control', `public, max-age=${keysAge}`).type('application/json').send(published),
})

const algorithms = ['ES384', 'RS384'] as const
type SigningAlgorithm = (typeof algorithms)[number]

interface SigningKey {
  kid: string
  alg: SigningAlgorithm
  secret: KeyObject
}

export interface KeyRing {
  /** The first that the server takes signs; those after it are published ahead of their time. */
  keys: readonly SigningKey[]
  /** A JSON Web Key Set without anything private. */
  published: string
}

/** What is wrong with the file of keys, in a sentence. */
export class UnfitKeys extends Error {
  override name = 'UnfitKeys'
}

const keySet = z.object({
  keys: z.array(z.looseObject({ kid: z.string().min(1), alg: z.enum(algorithms) })).min(1),
})

const publicParts = ['kty', 'crv', 'x', 'y', 'n', 'e'] as const
const leastRsaBits = 2048

/** `text` is a JSON Web Key Set of private keys. Throws UnfitKeys, which quotes nothing of it. */
export function readKeyRing(text: string): KeyRing {
  const parsed = keySet.safeParse(parse(text))
  if (!parsed.success) {
    throw new UnfitKeys(
      'is no key set {"keys": [...]} of private keys, each with "kid" and "alg" ES384 or RS384',
    )
  }
  const kids = parsed.data.keys.map(({ kid }) => kid)
  if (new Set(kids).size !== kids.length) throw new UnfitKeys('has two keys of one "kid"')
  const keys = parsed.data.keys.map((jwk) => ({ kid: jwk.kid, alg: jwk.alg, secret: secretOf(jwk) }))
  return { keys, published: JSON.stringify({ keys: parsed.data.keys.map(publicKey) }) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function secretOf(jwk: { kid: string; alg: SigningAlgorithm }): KeyObject {
  const { kid, alg } = jwk
  let secret: KeyObject
  try {
    secret = createPrivateKey({ key: jwk, format: 'jwk' })
  } catch {
    throw new UnfitKeys(`has a key "${kid}" that is no private key`)
  }
  const { namedCurve, modulusLength = 0 } = secret.asymmetricKeyDetails ?? {}
  const isFit = alg === 'ES384' ? namedCurve === 'secp384r1' : modulusLength >= leastRsaBits
  if (!isFit) throw new UnfitKeys(`has a key "${kid}" that does not fit its "alg" ${alg}`)
  return secret
}

function publicKey(jwk: Record<string, unknown>) {
  const parts = publicParts.flatMap((part) => (jwk[part] === undefined ? [] : [[part, jwk[part]]]))
  return { ...Object.fromEntries(parts), kid: jwk.kid, alg: jwk.alg, use: 'sig', key_ops: ['verify'] }
}

/** Undefined when the server takes none of ours. */
export function keyFor({ keys }: KeyRing, taken: readonly string[] | undefined): SigningKey | undefined {
  return taken === undefined ? keys[0] : keys.find(({ alg }) => taken.includes(alg))
}
