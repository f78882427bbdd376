/** A hospital's EHR for tests to bend: fresh keys, a sound token, a verifier, and a clock that stands still. */
import { randomUUID } from 'node:crypto'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { expect } from 'vitest'
import type { z } from 'zod'
import { callersSchema } from '../../src/site/callers.ts'
import { NotTrusted } from '../../src/trust/failures.ts'
import type { PublishedKeys } from '../../src/trust/key-store.ts'
import { MemoryReplay } from '../../src/trust/replay.ts'
import { type Caller, createVerifier, type VerifierSettings, type Verify } from '../../src/trust/verify.ts'

export const publicUrl = 'https://cds.example.org/lumbar'
export const sign = '/cds-services/lumbar-order-sign'
export const jwksUrl = 'https://ehr.example.org/keys'
export const iss = 'https://ehr.example.org'

/** Milliseconds since 1970, and since a beginning that nobody sets; tests move both. */
export class Clock {
  time = Date.parse('2026-03-02T10:00:00Z')
  #ran = 0
  readonly elapsed = () => this.#ran
  readonly now = () => new Date(this.time)
  readonly seconds = () => Math.floor(this.time / 1000)
  pass(seconds: number): void {
    this.time += seconds * 1000
    this.#ran += seconds * 1000
  }
  /** Somebody sets it: no time goes by. */
  set(seconds: number): void {
    this.time += seconds * 1000
  }
}

export interface Key {
  alg: string
  kid: string
  secret: CryptoKey
  /** As published. */
  shown: JWK
}

export async function newKey(alg = 'ES384', kid: string = randomUUID()): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair(alg)
  return { alg, kid, secret: privateKey, shown: { ...(await exportJWK(publicKey)), kid } }
}

export const published = (...keys: Key[]): PublishedKeys => ({ keys: keys.map(({ shown }) => shown) })

export type Words = Record<string, unknown>

/** Sound for the order-sign service; a claim given as undefined is left out. */
export function token(key: Key, clock: Clock, claims: Words = {}, header: Words = {}): Promise<string> {
  const now = clock.seconds()
  return new SignJWT({
    iss,
    aud: publicUrl + sign,
    iat: now,
    exp: now + 300,
    jti: randomUUID(),
    ...claims,
  })
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT', ...header })
    .sign(key.secret)
}

export type IssuerInput = z.input<typeof callersSchema>['issuers'][number]

export function callersOf(...issuers: Partial<IssuerInput>[]) {
  return callersSchema.parse({
    'public-url': publicUrl,
    issuers: issuers.map((each) => ({
      iss,
      ...('jwks' in each ? {} : { 'jwks-url': jwksUrl }),
      ...each,
    })),
  })
}

interface Hospital {
  verify: Verify
  clock: Clock
  /** Addresses asked for keys. */
  asked: string[]
  log: object[]
}

/** One issuer, whose address publishes `keys`. */
export function hospital(
  keys: readonly Key[],
  issuer: Partial<IssuerInput> = {},
  more: Partial<VerifierSettings> = {},
): Hospital {
  const clock = new Clock()
  const asked: string[] = []
  const log: object[] = []
  const verify = createVerifier({
    callers: callersOf(issuer),
    publicUrl,
    now: clock.now,
    elapsed: clock.elapsed,
    fetchKeys: async (url) => {
      asked.push(url)
      return published(...keys)
    },
    replay: new MemoryReplay(clock),
    log: { info: (line) => log.push(line), warn: (line) => log.push(line) },
    ...more,
  })
  return { verify, clock, asked, log }
}

/** The call with this token: who called, or the reason why nobody trusted did. */
export async function outcome(verify: Verify, jwt: string, url = sign): Promise<Caller | string> {
  return outcomeOf(verify, `Bearer ${jwt}`, url)
}

export async function outcomeOf(
  verify: Verify,
  authorization: string | undefined,
  url = sign,
): Promise<Caller | string> {
  try {
    return await verify({ authorization, url })
  } catch (error) {
    if (error instanceof NotTrusted) return error.reason
    throw error
  }
}

/** What `outcome` gives for a caller who is let in. */
export const letIn = expect.objectContaining({ issuer: iss })
