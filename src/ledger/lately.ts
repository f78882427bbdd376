/**
 * Histories that were read from the store lately, so that the calls of one order, which come within a minute, read them
 * once. Only where one process alone writes, or what others write is heard of. Not for longer: what is forgotten by a
 * command is forgotten here too.
 */
import type { Feedback } from '../hooks/feedback.ts'
import { Room } from '../store/room.ts'
import type { History, Told } from './history.ts'

/** How long one counts, in ms. */
const fresh = 60_000
/** Patients, and cards of all of them. */
const mostPatients = 2000
const mostCards = 20_000

interface Read {
  history: History
  patient: string
  /** Whose history it is: whether they send feedback is theirs. */
  issuer: string | null
  tenant: string | null
  /** In ms since 1970. */
  at: number
}

export class Lately {
  readonly #now: () => number
  readonly #read = new Room<Read>(mostPatients)
  #cards = 0
  #swept = 0
  /** Counts feedback, which makes histories old that are just being read. */
  #heard = 0

  constructor(now: () => number) {
    this.#now = now
  }

  get size(): number {
    return this.#read.size
  }

  /** For this caller: another may send feedback where it does not. */
  get(key: string, issuer: string | null): History | undefined {
    const known = this.#read.get(key)
    return known && known.issuer === issuer && this.#now() - known.at < fresh ? known.history : undefined
  }

  /** To be asked for before a history is read: where feedback came meanwhile, it is not kept. */
  begin(): (key: string, read: Omit<Read, 'at'>) => void {
    const before = this.#heard
    return (key, read) => {
      if (before !== this.#heard) return
      const now = this.#now()
      if (now - this.#swept > fresh || this.#cards > mostCards) this.#sweep(now)
      this.#read.set(key, { ...read, at: now })
      this.#cards += read.history.told.length
    }
  }

  /** Cards that are shown now. */
  add(key: string, told: readonly Told[], most: number): void {
    const known = this.#read.get(key)
    if (!known) return
    const { history } = known
    // It stays as old as what was read of it.
    known.history = { ...history, told: [...told, ...history.told].slice(0, most) }
    this.#cards += told.length
  }

  /** What became of cards changes what is told about their patients, and whether this caller sends feedback. */
  hear(items: readonly Pick<Feedback, 'card'>[], issuer: string | null, tenant: string | null): void {
    this.#heard += 1
    const cards = new Set(items.map(({ card }) => card.toLowerCase()))
    this.#read.deleteIf(
      ({ history, ...of }) =>
        (!history.sendsFeedback && of.issuer === issuer && of.tenant === tenant) ||
        history.told.some(({ uuid }) => cards.has(uuid)),
    )
  }

  /** What others have told of these patients. */
  tell(patients: readonly string[]): void {
    this.#heard += 1
    const told = new Set(patients)
    this.#read.deleteIf(({ patient }) => told.has(patient))
  }

  /** The same from others, of whose caller nothing is known. */
  hearOthers(cards: readonly string[]): void {
    this.#heard += 1
    const heard = new Set(cards)
    this.#read.deleteIf(
      ({ history }) => !history.sendsFeedback || history.told.some(({ uuid }) => heard.has(uuid)),
    )
  }

  clear(): void {
    this.#heard += 1
    this.#read.clear()
    this.#cards = 0
  }

  #sweep(now: number): void {
    this.#swept = now
    let cards = 0
    this.#read.deleteIf(({ history: { told }, at }) => {
      const isOver = now - at >= fresh || cards + told.length > mostCards / 2
      if (!isOver) cards += told.length
      return isOver
    })
    this.#cards = cards
  }
}
