/** The issuer in whose name the calls are made: signs tokens, sound and unsound, and publishes its key where it can. */
import { createHmac, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  SignJWT,
} from 'jose'
import { isLocal } from './settings.ts'

export interface Issuer {
  /** Sound for this address, but for what is given: claims and header; undefined leaves one out. */
  sign(audience: string | readonly string[], changed?: Changed): Promise<string>
  /** The same claims without a signature, and with an HMAC keyed by the public key as everybody can read it. */
  unsigned(audience: string): string
  withSecret(audience: string): string
  /** Sound, but signed with a key that nobody published, under the name of the one that is. */
  forge(audience: string): Promise<string>
  close(): void
}

interface Changed {
  claims?: Record<string, unknown>
  header?: Record<string, unknown>
}

/** `iss` is also where the key can be fetched, unless a private key is brought whose public half the service knows. */
export async function openIssuer(iss: string, keyFile: string | undefined): Promise<Issuer> {
  const { secret, jwk, alg } = keyFile === undefined ? await newKey() : await readKey(keyFile)
  const kid = jwk.kid ?? (await calculateJwkThumbprint(jwk))
  const published = { ...jwk, kid, alg, use: 'sig' }
  const server = keyFile === undefined && isLocal(iss) ? await serve(iss, { keys: [published] }) : undefined
  const stranger = await generateKeyPair(alg)

  const claimsFor = (audience: string | readonly string[]) => {
    const now = Math.floor(Date.now() / 1000)
    return {
      iss,
      aud: typeof audience === 'string' ? audience : [...audience],
      iat: now,
      exp: now + 300,
      jti: randomUUID(),
    }
  }
  const signWith = (key: CryptoKey, audience: string | readonly string[], { claims, header }: Changed = {}) =>
    new SignJWT(defined({ ...claimsFor(audience), ...claims }))
      .setProtectedHeader({ alg, kid, typ: 'JWT', ...header })
      .sign(key)
  const by = (alg: string, audience: string, mac: (text: string) => string) => {
    const text = [{ alg, kid, typ: 'JWT' }, claimsFor(audience)].map(encoded).join('.')
    return `${text}.${mac(text)}`
  }
  return {
    sign: (audience, changed) => signWith(secret, audience, changed),
    unsigned: (audience) => by('none', audience, () => ''),
    withSecret: (audience) =>
      by('HS256', audience, (text) =>
        createHmac('sha256', JSON.stringify(published)).update(text).digest('base64url'),
      ),
    forge: (audience) => signWith(stranger.privateKey, audience),
    close: () => void server?.close(),
  }
}

interface Key {
  secret: CryptoKey
  /** The public half. */
  jwk: JWK
  alg: string
}

async function newKey(): Promise<Key> {
  const alg = 'ES384'
  const { publicKey, privateKey } = await generateKeyPair(alg)
  return { secret: privateKey, jwk: await exportJWK(publicKey), alg }
}

/** Throws a plain Error in words. */
async function readKey(file: string): Promise<Key> {
  const whole = JSON.parse(readFileSync(file, 'utf8')) as JWK
  const { d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...jwk } = whole
  const alg = jwk.alg ?? (jwk.kty === 'RSA' ? 'RS384' : 'ES384')
  if (d === undefined) throw new Error(`${file} holds no private key: a JWK with "d" is needed to sign`)
  const secret = await importJWK(whole, alg)
  if (secret instanceof Uint8Array)
    throw new Error(`${file} holds a symmetric key, which no service may accept`)
  return { secret, jwk, alg }
}

function serve(iss: string, keys: object): Promise<Server> {
  const { port, hostname } = new URL(iss)
  const server = createServer((_, reply) =>
    reply.setHeader('content-type', 'application/json').end(JSON.stringify(keys)),
  )
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new Error(`cannot publish keys at ${iss}: ${error.message}`)))
    server.listen(Number(port || 80), hostname.replace(/^\[|\]$/g, ''), () => resolve(server))
  })
}

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
const defined = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
