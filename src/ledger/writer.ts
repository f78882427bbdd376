/**
 * Writes evaluations in groups, off the way of calls: many in one commit, one commit at a time, and no more waiting than
 * fits into memory. While the store is away they wait, then the newest are lost and counted; calls are answered all along.
 */
import type { Log } from '../store/database.ts'
import { LedgerFailure } from './failure.ts'

interface Entry {
  /** Of a draft. */
  json: string
  /** Beside an evaluation, and not counted as one. */
  isAside?: boolean
  /** Hears that it is written. */
  onWritten?: (() => void) | undefined
}

interface WriterSettings {
  write: (drafts: readonly string[]) => Promise<void>
  /** The least that shows that the store is there. */
  ask: () => Promise<unknown>
  log: Log
  onWritten?: ((count: number) => void) | undefined
  onLost?: ((reason: 'full' | 'row' | 'ended', count: number) => void) | undefined
  /** Entries that may wait, and characters of all of them. */
  most?: number
  mostCharacters?: number
  /** In ms. */
  firstPause?: number
}

const usualMost = 20_000
const usualMostCharacters = 100_000_000
/** In one commit. */
const mostAtOnce = 500
/** How long the first of a group waits for more, in ms: a message to the thread that writes costs more than an entry. */
const gathering = 100
const longestPause = 5000

export class Writer {
  readonly #settings: WriterSettings
  #waiting: Entry[] = []
  #characters = 0
  #writing: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #pause = 0
  #isAway = false
  #isClosed = false

  constructor(settings: WriterSettings) {
    this.#settings = settings
  }

  get isAway(): boolean {
    return this.#isAway
  }

  get waiting(): number {
    return this.#waiting.length
  }

  add(entry: Entry): void {
    const { most = usualMost, mostCharacters = usualMostCharacters, onLost } = this.#settings
    const isFull = this.#waiting.length >= most || this.#characters + entry.json.length > mostCharacters
    if (this.#isClosed || isFull) {
      onLost?.(this.#isClosed ? 'ended' : 'full', entry.isAside ? 0 : 1)
      return
    }
    this.#waiting.push(entry)
    this.#characters += entry.json.length
    if (this.#writing || this.#isAway) return
    if (this.#waiting.length >= mostAtOnce) this.#start()
    else this.#timer ??= setTimeout(() => this.#start(), gathering)
  }

  /** Whether the store is there; while it is not, it is asked again by itself. */
  async probe(): Promise<void> {
    try {
      await this.#settings.ask()
      this.#back()
    } catch (error) {
      this.#away(error)
      if (this.#isClosed || this.#timer || this.#writing) return
      this.#timer = setTimeout(() => {
        this.#timer = undefined
        if (this.#waiting.length > 0) void this.#start()
        else void this.probe()
      }, this.#pause).unref()
    }
  }

  /** Resolves when all that was added before is written; rejects when the store is away. */
  async flush(): Promise<void> {
    while (this.#writing || this.#waiting.length > 0) {
      await (this.#writing ?? this.#start())
      if (this.#isAway) throw new LedgerFailure('away', 'waiting', 'the ledger cannot be written')
    }
  }

  /** Writes what waits, within `patience` ms; what is left is lost, and counted. */
  async close(patience: number): Promise<void> {
    this.#isClosed = true
    const late = new Promise<void>((resolve) => setTimeout(resolve, patience).unref())
    if (this.#isAway) await (this.#writing ?? this.#start())
    await Promise.race([this.flush().catch(() => undefined), late])
    clearTimeout(this.#timer)
    if (this.#waiting.length > 0) this.#settings.onLost?.('ended', this.#waiting.length)
    this.#waiting = []
    this.#characters = 0
  }

  #start(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#writing ??= this.#writeGroup().finally(() => {
      this.#writing = undefined
      if (this.#waiting.length === 0 || this.#timer) return
      this.#timer = setTimeout(() => this.#start(), this.#isAway ? this.#pause : 0)
      if (this.#isAway || this.#isClosed) this.#timer.unref()
    })
    return this.#writing
  }

  async #writeGroup(): Promise<void> {
    const group = this.#waiting.slice(0, mostAtOnce)
    if (group.length === 0) return
    try {
      await this.#write(group)
      this.#waiting = this.#waiting.slice(group.length)
      for (const { json } of group) this.#characters -= json.length
      this.#back()
    } catch (error) {
      this.#away(error)
    }
  }

  #back(): void {
    if (this.#isAway) this.#settings.log.info({ outcome: 'ledger-back' })
    this.#isAway = false
    this.#pause = 0
  }

  #away(error: unknown): void {
    const { log, firstPause = 250 } = this.#settings
    if (!this.#isAway) log.warn({ outcome: 'ledger-away', reason: reasonOf(error) })
    this.#isAway = true
    this.#pause = Math.min(Math.max(this.#pause * 2, firstPause), longestPause)
  }

  /** What cannot be written by itself is left out, so that it does not keep the others from being written. */
  async #write(group: readonly Entry[]): Promise<void> {
    const { write, onWritten, onLost, log } = this.#settings
    try {
      await write(group.map(({ json }) => json))
      onWritten?.(group.filter(({ isAside }) => !isAside).length)
      for (const entry of group) entry.onWritten?.()
    } catch (error) {
      if (!(error instanceof LedgerFailure) || error.kind !== 'row') throw error
      if (group.length === 1) {
        log.warn({ outcome: 'ledger-row-refused', reason: error.code })
        return onLost?.('row', 1)
      }
      const middle = Math.ceil(group.length / 2)
      await this.#write(group.slice(0, middle))
      await this.#write(group.slice(middle))
    }
  }
}

export const reasonOf = (error: unknown): string =>
  error instanceof LedgerFailure ? error.code : error instanceof Error ? error.name : 'unknown'
