/**
 * Questions about what was told before that the store has not answered yet. Calls about the same patient share one, and
 * when more wait than can be answered in time no other is put: a slow store would answer all of them, long after anybody
 * waits, and be slower for it.
 */
import { LedgerFailure } from './failure.ts'
import type { History } from './history.ts'

/** What four connections answer within a call's patience, at some 4 ms each. */
const usualMost = 200

export class Asking {
  readonly #most: number
  readonly #open = new Map<string, Promise<History>>()
  #count = 0

  constructor(most = usualMost) {
    this.#most = most
  }

  /** Rejects with LedgerFailure when too many wait, and with what `question` fails by. */
  share(key: string, question: () => Promise<History>): Promise<History> {
    const open = this.#open.get(key)
    if (open) return open
    if (this.#count >= this.#most)
      return Promise.reject(new LedgerFailure('away', 'TOO-MANY-WAIT', 'too many questions wait'))
    this.#count += 1
    const asked = question().finally(() => {
      this.#count -= 1
      if (this.#open.get(key) === asked) this.#open.delete(key)
    })
    this.#open.set(key, asked)
    return asked
  }

  /** Something has changed: whoever asks from now on is not told what was asked before. */
  renew(): void {
    this.#open.clear()
  }
}
