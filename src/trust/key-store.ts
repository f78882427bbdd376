/**
 * Keys by address: remembered, renewed, and kept through an outage of the key server (SEC-10). jose's own remote set
 * does none of the last: it takes the system's clock, drops keys of ten minutes when it cannot renew them, asks without
 * pause while the server fails, and reads answers of any size.
 */
import { type CryptoKey, createLocalJWKSet, errors } from 'jose'
import { ask, jsonIn, NotAnswered, upTo } from '../net/asker.ts'
import { isSafeAddress } from '../site/addresses.ts'
import type { Log } from '../store/database.ts'
import type { WhyNotTrusted } from './failures.ts'

// Finds the one key of a set that a token names.

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

// Fetches the published keys of an issuer: briefly, little, and from nowhere else than was asked.

/** In ms, for the whole answer. */
const timeLimit = 2000
/** Bytes, after decompression. The longest sets seen have some ten keys and 30 KB. */
const sizeLimit = 262_144

const failures = {
  'unsafe-address': 'Keys are fetched over https only.',
  'no-answer': 'The key server did not answer in time, or could not be reached.',
  'wrong-status': 'The key server did not answer 200. Redirects are not followed.',
  'too-large': 'The answer of the key server is too large for a key set.',
  'no-key-set': 'The answer of the key server is no JSON Web Key Set.',
} as const

const codes: Partial<Record<NotAnswered['reason'], keyof typeof failures>> = {
  'too-large': 'too-large',
  'no-json': 'no-key-set',
}

export class KeysNotFetched extends Error {
  readonly code: keyof typeof failures

  constructor(code: keyof typeof failures, options?: ErrorOptions) {
    super(failures[code], options)
    this.name = 'KeysNotFetched'
    this.code = code
  }
}

export type FetchKeys = (url: string) => Promise<PublishedKeys>

/** Throws KeysNotFetched. */
export async function fetchKeys(url: string): Promise<PublishedKeys> {
  if (!isSafeAddress(url)) throw new KeysNotFetched('unsafe-address')
  const keys = await answerOf(url)
  if (!isKeySet(keys)) throw new KeysNotFetched('no-key-set')
  return keys
}

async function answerOf(url: string): Promise<unknown> {
  try {
    const reply = await ask(url, {
      headers: { accept: 'application/jwk-set+json, application/json' },
      patience: timeLimit,
      allowance: upTo(sizeLimit),
      redirects: 'show',
      keeps: (status) => status === 200,
    })
    if (reply.status !== 200) throw new KeysNotFetched('wrong-status')
    return jsonIn(reply)
  } catch (error) {
    if (!(error instanceof NotAnswered)) throw error
    throw new KeysNotFetched(codes[error.reason] ?? 'no-answer', { cause: error })
  }
}

function isKeySet(value: unknown): value is PublishedKeys {
  if (typeof value !== 'object' || value === null) return false
  const { keys } = value as { keys?: unknown }
  return (
    Array.isArray(keys) && keys.every((key) => typeof key === 'object' && key !== null && !Array.isArray(key))
  )
}

/** In ms. */
interface KeyTimes {
  /** The shortest time between two questions to one server, however many unknown keys are named. */
  cooldown: number
  /** Older keys are renewed while they serve. */
  renewAfter: number
  /** Still older ones, after a quiet night, are renewed before they serve: one may have been withdrawn. */
  renewFirstAfter: number
  /** How long they serve while their server cannot be reached. */
  keepFor: number
  /** The longest pause between questions to a server that fails; the pauses before it double. */
  longestPause: number
}

const keyTimes: KeyTimes = {
  cooldown: 30_000,
  renewAfter: 600_000,
  renewFirstAfter: 3_600_000,
  keepFor: 86_400_000,
  longestPause: 60_000,
}

/** The first pause, in ms, while there are no keys at all and nobody can be let in. */
const firstPause = 1000
/** How many calls wait for one answer; more are refused at once. Calls with a known key never wait. */
const mostWaiting = 1000

interface KeyStoreSettings {
  url: string
  fetchKeys: FetchKeys
  /** Milliseconds from any beginning, by a clock that nobody sets. */
  elapsed: () => number
  log: Log
  times?: KeyTimes
}

export function createKeyStore(settings: KeyStoreSettings): FindKey {
  const { times = keyTimes } = settings
  const server = new KeyServer(settings, times)
  return async (alg, kid) => {
    const age = server.age()
    if (age >= times.keepFor) server.forget()
    if (age >= times.renewFirstAfter && server.answers()) await server.ask()
    else if (age >= times.renewAfter) void server.ask()
    if (!server.find) await server.ask()
    const key = (await server.find?.(alg, kid)) ?? 'keys-unavailable'
    if (key !== 'unknown-key') return key
    await server.ask()
    return server.find?.(alg, kid) ?? 'keys-unavailable'
  }
}

class KeyServer {
  find: FindKey | undefined
  readonly #settings: KeyStoreSettings
  readonly #times: KeyTimes
  #renewed = Number.NEGATIVE_INFINITY
  #asked = Number.NEGATIVE_INFINITY
  #failures = 0
  #waiting = 0
  #answer: Promise<void> | undefined

  constructor(settings: KeyStoreSettings, times: KeyTimes) {
    this.#settings = settings
    this.#times = times
  }

  age(): number {
    return this.#now() - this.#renewed
  }

  answers(): boolean {
    return this.#failures === 0
  }

  forget(): void {
    this.find = undefined
  }

  /** Asks for the keys, or waits with others for the answer; comes back at once when it is too early to ask again. */
  async ask(): Promise<void> {
    if (!this.#answer && this.#now() - this.#asked < this.#pause()) return
    if (this.#waiting >= mostWaiting) return
    this.#waiting += 1
    this.#answer ??= this.#renew().finally(() => {
      this.#answer = undefined
    })
    await this.#answer
    this.#waiting -= 1
  }

  /** Never fails: what is remembered goes on serving. */
  async #renew(): Promise<void> {
    const { url, fetchKeys, log } = this.#settings
    this.#asked = this.#now()
    try {
      this.find = keySet(await fetchKeys(url))
      this.#renewed = this.#now()
      if (!this.answers()) log.info({ outcome: 'keys-fetched-again', url })
      this.#failures = 0
    } catch (error) {
      this.#failures += 1
      log.warn({ outcome: 'keys-not-fetched', url, reason: codeOf(error), failures: this.#failures })
    }
  }

  #pause(): number {
    const { cooldown, longestPause } = this.#times
    if (this.answers()) return cooldown
    return Math.min(longestPause, (this.find ? cooldown : firstPause) * 2 ** (this.#failures - 1))
  }

  #now(): number {
    return this.#settings.elapsed()
  }
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : 'no-key-set'
}
