/** Says who is calling, or that nobody trusted is: the checks of CDS Hooks in their order (SEC-9). */
import { base64url, type CryptoKey } from 'jose'
import type { Algorithm, Callers, Issuer } from '../site/callers.ts'
import type { Log } from '../store/database.ts'
import {
  audienceProblem,
  readToken,
  type Times,
  type Token,
  type TrustedIssuer,
  tenantProblem,
  timeProblem,
  timesOf,
  trustedIssuers,
  withoutSlash,
} from './claims.ts'
import { NotTrusted, ReplayStoreUnavailable, type WhyNotTrusted } from './failures.ts'
import { createKeyStore, type FetchKeys, type FindKey } from './key-store.ts'
import type { ReplayStore } from './replay.ts'
import { isSignedWith } from './signature.ts'

export interface Caller {
  issuer: string
  tenant?: string
  jti: string
  /** Base addresses of the FHIR servers that this issuer may name (FA-7). */
  fhirServers: readonly string[]
  profile?: NonNullable<Issuer['profile']>
  /** Newest version of CDS Hooks that it speaks, where it is not the site's. */
  cdsHooks?: NonNullable<Issuer['cds-hooks']>
  actionSelection?: true
  coverageInformation?: NonNullable<Issuer['coverage-information']>
}

export interface VerifierSettings {
  callers: Callers
  /** The address before `/cds-services` as callers see it. */
  publicUrl: string
  now: () => Date
  /** Milliseconds from any beginning, by a clock that nobody sets. */
  elapsed: () => number
  fetchKeys: FetchKeys
  replay: ReplayStore
  /** For what befalls key servers. Who is refused is for the log line of the call: see `refuse`. */
  log: Log
}

interface Attempt {
  authorization: string | undefined
  /** Path of the endpoint invoked, such as `/cds-services/lumbar-order-sign`. */
  url: string
}

/**
 * Throws NotTrusted, or ReplayStoreUnavailable. `admit` hears of a caller whose token is genuine before it is used up, and
 * may throw: who is sent away for another reason may come again with it.
 */
export type Verify = (attempt: Attempt, admit?: Admit) => Promise<Caller>

/** Gives back what undoes it, for a token that was used before. */
export type Admit = (caller: Caller) => (() => void) | undefined

export function createVerifier(settings: VerifierSettings): Verify {
  const { callers, publicUrl, now, replay } = settings
  const issuers = trustedIssuers(callers, rememberedKeys(settings))
  return async ({ authorization, url }, admit) => {
    const token = readToken(authorization)
    const path = withoutSlash(url.split('?', 1)[0] ?? '')
    const time = now()
    const { issuer, alg, times } = examine(token, issuers, withoutSlash(publicUrl) + path, time)
    const key = await issuer.findKey(token, alg)
    if (typeof key === 'string') throw new NotTrusted(key, token.claimed)
    await checkSignature(token, key, alg)
    const caller = callerOf(token, idOf(token), issuer.settings)
    const undo = admit?.(caller)
    if (await wasUsed(token, caller, times, issuer.settings, replay, path)) {
      undo?.()
      throw new NotTrusted('replayed', token.claimed)
    }
    return caller
  }
}

function rememberedKeys({ fetchKeys, elapsed, log }: VerifierSettings): (url: string) => FindKey {
  const stores = new Map<string, FindKey>()
  return (url) => {
    const store = stores.get(url) ?? createKeyStore({ url, fetchKeys, elapsed, log })
    stores.set(url, store)
    return store
  }
}

interface Admitted {
  issuer: TrustedIssuer
  alg: Algorithm
  times: Times
}

/** All that can be refused by looking at the token alone, so that no stranger makes us fetch keys. */
function examine(
  token: Token,
  issuers: ReadonlyMap<string, TrustedIssuer>,
  address: string,
  now: Date,
): Admitted {
  const refuse = (reason: WhyNotTrusted) => new NotTrusted(reason, token.claimed)
  const { claims } = token
  const issuer = typeof claims.iss === 'string' ? issuers.get(claims.iss) : undefined
  if (!issuer) throw refuse('issuer-not-listed')
  const { settings } = issuer
  const alg = settings.algorithms.find((allowed) => allowed === token.alg)
  if (alg === undefined) throw refuse('algorithm-not-allowed')
  const misdirected = audienceProblem(claims, new Set([address, ...settings.audiences.map(withoutSlash)]))
  if (misdirected) throw refuse(misdirected)
  const times = timesOf(claims)
  if (!times) throw refuse('malformed-claims')
  const problem =
    timeProblem(times, settings, Math.floor(now.getTime() / 1000)) ?? tenantProblem(claims, settings)
  if (problem) throw refuse(problem)
  return { issuer, alg, times }
}

async function checkSignature({ compact, crit, claimed }: Token, key: CryptoKey, alg: Algorithm) {
  const end = compact.lastIndexOf('.')
  const signature = crit === undefined ? decoded(compact.slice(end + 1)) : undefined
  // RFC 7515: what must be understood and is not makes a token invalid, and we understand none of it.
  if (!signature) throw new NotTrusted('malformed-token', claimed)
  if (!(await isSigned(key, alg, compact.slice(0, end), signature)))
    throw new NotTrusted('wrong-signature', claimed)
}

/** A signature that OpenSSL cannot even read is none. */
async function isSigned(...[key, alg, signed, signature]: Parameters<typeof isSignedWith>): Promise<boolean> {
  try {
    return await isSignedWith(key, alg, signed, signature)
  } catch {
    return false
  }
}

function decoded(signature: string): Uint8Array | undefined {
  try {
    return base64url.decode(signature)
  } catch {
    return undefined
  }
}

function idOf({ claims: { jti }, claimed }: Token): string {
  if (typeof jti === 'string' && jti !== '') return jti
  throw new NotTrusted('no-token-id', claimed)
}

/** Only a token that is genuine is remembered: a forger cannot use up the jti of another. */
async function wasUsed(
  token: Token,
  { issuer: name, jti }: Caller,
  { exp }: Times,
  issuer: Issuer,
  replay: ReplayStore,
  path: string,
): Promise<boolean> {
  const until = new Date((exp + issuer['clock-skew-seconds']) * 1000)
  // The body is not part of it: it is not read before the caller is known.
  const request = issuer.replay === 'refuse' ? undefined : JSON.stringify([path, token.compact])
  try {
    return await replay.seen({ issuer: name, jti, until, request })
  } catch (error) {
    if (error instanceof ReplayStoreUnavailable) throw error
    throw new ReplayStoreUnavailable('The memory of used tokens failed.', { cause: error })
  }
}

function callerOf({ claims: { tenant } }: Token, jti: string, issuer: Issuer): Caller {
  return {
    issuer: issuer.iss,
    ...(typeof tenant === 'string' ? { tenant } : {}),
    jti,
    fhirServers: issuer['fhir-servers'],
    ...(issuer.profile ? { profile: issuer.profile } : {}),
    ...(issuer['cds-hooks'] ? { cdsHooks: issuer['cds-hooks'] } : {}),
    ...(issuer['action-selection'] ? { actionSelection: true } : {}),
    ...(issuer['coverage-information'] ? { coverageInformation: issuer['coverage-information'] } : {}),
  }
}
