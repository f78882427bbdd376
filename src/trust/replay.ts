/** Remembers which tokens were used, so that none is good twice (SEC-9, SEC-12). */
import { createHash } from 'node:crypto'
import { ReplayStoreUnavailable } from './failures.ts'

export interface ReplayStore {
  /**
   * Whether `key` was used before; if not, it is from now on, until `until`. Of two that ask at once, one is first.
   * When `request` is given, the same request as the first is none before it.
   * Throws ReplayStoreUnavailable when nobody can tell.
   */
  seen(key: string, until: Date, request?: string): Promise<boolean>
}

/** Stores keep no word of what they are given, and equally little of the long as of the short. */
export function fingerprint(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

const minute = 60_000

/** For one instance. Several that share callers share PostgreSQL. */
export class MemoryReplay implements ReplayStore {
  readonly #now: () => Date
  readonly #capacity: number
  /** Fingerprint of the request by that of the key. */
  readonly #used = new Map<string, string>()
  /** What to forget after which minute. */
  readonly #expiring = new Map<number, string[]>()
  #cleanedIn = Number.NEGATIVE_INFINITY

  /** 200,000 tokens are 220 calls a second with tokens of fifteen minutes, and take about 30 MB. */
  constructor(now: () => Date, capacity = 200_000) {
    this.#now = now
    this.#capacity = capacity
  }

  get size(): number {
    return this.#used.size
  }

  async seen(key: string, until: Date, request?: string): Promise<boolean> {
    this.#forgetExpired()
    const name = fingerprint(key).toString('base64url')
    const use = request === undefined ? '' : fingerprint(request).toString('base64url')
    const first = this.#used.get(name)
    if (first !== undefined) return request === undefined || first !== use
    // To make room by forgetting a token that is still good would let it in again, and only somebody whose tokens
    // are signed by a trusted issuer can fill this. So it is refused, loudly, until tokens expire.
    if (this.#used.size >= this.#capacity) {
      throw new ReplayStoreUnavailable(
        'More tokens are in use than can be remembered. Share PostgreSQL instead.',
      )
    }
    this.#used.set(name, use)
    this.#forgetAfter(Math.floor(until.getTime() / minute), name)
    return false
  }

  #forgetAfter(last: number, name: string): void {
    const names = this.#expiring.get(last)
    if (names) names.push(name)
    else this.#expiring.set(last, [name])
  }

  #forgetExpired(): void {
    const current = Math.floor(this.#now().getTime() / minute)
    if (current <= this.#cleanedIn) return
    this.#cleanedIn = current
    for (const [last, names] of this.#expiring) {
      if (last >= current) continue
      for (const name of names) this.#used.delete(name)
      this.#expiring.delete(last)
    }
  }
}
