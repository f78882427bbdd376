/** Remembers which tokens were used, so that none is good twice (SEC-9, SEC-12). */
import { hash } from 'node:crypto'
import { ReplayStoreUnavailable } from './failures.ts'

/** One use of a token that is genuine. */
export interface Use {
  issuer: string
  jti: string
  /** When the token expires. */
  until: Date
  /** When it is given, the same request as the first is none before it. */
  request?: string | undefined
}

export interface ReplayStore {
  /**
   * Whether the token was used before; if not, it is from now on. Of two that ask at once, one is first.
   * Throws ReplayStoreUnavailable when nobody can tell.
   */
  seen(use: Use): Promise<boolean>
}

/** Stores keep no word of what they are given, and equally little of the long as of the short. */
export function fingerprint(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}

/** What a token is kept under: two issuers may use the same id. */
export const nameOf = ({ issuer, jti }: Use): Buffer => fingerprint(JSON.stringify([issuer, jti]))

const minute = 60_000

interface MemorySettings {
  now: () => Date
  /** Milliseconds from any beginning, by a clock that nobody sets. */
  elapsed: () => number
  /**
   * Tokens of one issuer: none can take the room of another. 200,000 are 220 calls a second with tokens of fifteen
   * minutes, and take about 30 MB.
   */
  room?: number
}

/** For one instance. Several that share callers share PostgreSQL. */
export class MemoryReplay implements ReplayStore {
  readonly #settings: MemorySettings
  readonly #issuers = new Map<string, Used>()

  constructor(settings: MemorySettings) {
    this.#settings = settings
  }

  get size(): number {
    return [...this.#issuers.values()].reduce((sum, { size }) => sum + size, 0)
  }

  async seen(use: Use): Promise<boolean> {
    const used = this.#issuers.get(use.issuer) ?? new Used(this.#settings)
    this.#issuers.set(use.issuer, used)
    return used.seen(use)
  }
}

/** What is forgotten together: no sooner than the last of it has expired, by whichever clock that is later. */
interface Batch {
  names: string[]
  until: number
}

/** The tokens of one issuer. */
class Used {
  readonly #settings: MemorySettings
  /** Fingerprint of the request by that of the token. */
  readonly #requests = new Map<string, string>()
  /** By the minute of the clock that nobody sets after which a token should have expired. */
  readonly #batches = new Map<number, Batch>()
  #cleanedIn = Number.NEGATIVE_INFINITY

  constructor(settings: MemorySettings) {
    this.#settings = settings
  }

  get size(): number {
    return this.#requests.size
  }

  seen(use: Use): boolean {
    const { room = 200_000 } = this.#settings
    this.#forgetExpired()
    const name = nameOf(use).toString('base64url')
    const request = use.request === undefined ? '' : fingerprint(use.request).toString('base64url')
    const first = this.#requests.get(name)
    if (first !== undefined) return use.request === undefined || first !== request
    // To make room by forgetting a token that is still good would let it in again, and only somebody whose tokens
    // are signed by this issuer can fill this. So it is refused, loudly, until tokens expire.
    if (this.#requests.size >= room) {
      throw new ReplayStoreUnavailable(
        'More tokens are in use than can be remembered. Share PostgreSQL instead.',
      )
    }
    this.#requests.set(name, request)
    this.#forgetAfter(use.until.getTime(), name)
    return false
  }

  #forgetAfter(until: number, name: string): void {
    const { now, elapsed } = this.#settings
    const last = Math.floor((elapsed() + until - now().getTime()) / minute)
    const batch = this.#batches.get(last) ?? { names: [], until }
    batch.names.push(name)
    batch.until = Math.max(batch.until, until)
    this.#batches.set(last, batch)
  }

  #forgetExpired(): void {
    const { now, elapsed } = this.#settings
    const current = Math.floor(elapsed() / minute)
    if (current <= this.#cleanedIn) return
    this.#cleanedIn = current
    const time = now().getTime()
    for (const [last, { names, until }] of this.#batches) {
      if (last >= current || until > time) continue
      for (const name of names) this.#requests.delete(name)
      this.#batches.delete(last)
    }
  }
}
