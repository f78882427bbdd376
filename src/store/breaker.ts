/**
 * Keeps calls from waiting for something that is away: after a failure everybody is refused at once, and it is tried
 * again by itself, less and less often, until it is back.
 */

/** What everybody is told meanwhile. */
export class Away extends Error {
  override name = 'Away'
}

export interface BreakerSettings {
  /** Asks for the least that shows that it is back; rejects while it is not. */
  probe: () => Promise<unknown>
  onAway: (error: unknown) => void
  onBack: () => void
  /** In ms. */
  firstPause?: number
  longestPause?: number
}

export class Breaker {
  readonly #settings: BreakerSettings
  #timer: NodeJS.Timeout | undefined
  #isAway = false
  #isClosed = false

  constructor(settings: BreakerSettings) {
    this.#settings = settings
  }

  /** Rejects with Away, or with what the work itself failed by; `isHarmless` says which failures do not mean away. */
  async run<T>(work: () => Promise<T>, isHarmless?: (error: unknown) => boolean): Promise<T> {
    if (this.#isAway) throw new Away()
    try {
      return await work()
    } catch (error) {
      if (!isHarmless?.(error)) this.#open(error)
      throw error
    }
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
  }

  #open(error: unknown): void {
    if (this.#isAway || this.#isClosed) return
    this.#isAway = true
    this.#settings.onAway(error)
    this.#tryAgainAfter(this.#settings.firstPause ?? 250)
  }

  #tryAgainAfter(pause: number): void {
    const { probe, onBack, longestPause = 5000 } = this.#settings
    this.#timer = setTimeout(async () => {
      try {
        await probe()
        this.#isAway = false
        onBack()
      } catch {
        if (!this.#isClosed) this.#tryAgainAfter(Math.min(pause * 2, longestPause))
      }
    }, pause)
    this.#timer.unref()
  }
}
