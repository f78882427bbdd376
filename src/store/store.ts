/** What is kept by a key until a time: in this process, or in a database that replicas share. */
import { Room } from './room.ts'

export interface Store {
  /** Replaces what was there. `until` in ms since 1970. */
  put(id: string, text: string, until: number): Promise<void>
  get(id: string): Promise<string | undefined>
  /** Gives it once: whoever comes second gets nothing. */
  take(id: string): Promise<string | undefined>
  /** Refused while somebody else holds it. */
  claim(id: string, until: number): Promise<boolean>
}

export interface Stores {
  /** States of sign-ins that came back. */
  used: Store
  launches: Store
  /** What outlasts a launch: answers of clinicians, handouts given, links to print. */
  kept: Store
}

/** The database is away. */
export class StoreUnavailable extends Error {
  readonly code = 'store-unavailable'
  /** Of the system or of PostgreSQL. */
  readonly detail: string

  constructor(detail: string) {
    super(`The database of DATABASE_URL cannot be asked (${detail}).`)
    this.name = 'StoreUnavailable'
    this.detail = detail
  }
}

// The keyed store in the memory of this process: bounded, and gone when it ends.

interface Entry {
  text: string
  until: number
}

/** Beyond these the oldest go: of states nobody misses one, and launches and what is kept are of people who signed in. */
const most = { used: 20_000, launches: 10_000, kept: 100_000 }

/** `now` in ms since 1970. */
export function memoryStores(now: () => number, limits: Partial<typeof most> = {}): Stores {
  const { used, launches, kept } = { ...most, ...limits }
  return {
    used: memoryStore(now, used),
    launches: memoryStore(now, launches),
    kept: memoryStore(now, kept),
  }
}

/** How often what has ended is looked for, in ms. */
const cleaningInterval = 60_000

function memoryStore(now: () => number, most: number): Store {
  const entries = new Room<Entry>(most)
  let cleaned = Number.NEGATIVE_INFINITY
  const live = (id: string) => {
    const entry = entries.get(id)
    return entry && now() < entry.until ? entry.text : undefined
  }
  const put = (id: string, text: string, until: number) => {
    entries.set(id, { text, until })
    if (Math.abs(now() - cleaned) < cleaningInterval) return
    cleaned = now()
    entries.deleteIf((entry) => cleaned >= entry.until)
  }
  return {
    put: async (id, text, until) => put(id, text, until),
    get: async (id) => live(id),
    take: async (id) => {
      const text = live(id)
      entries.delete(id)
      return text
    },
    claim: async (id, until) => {
      if (live(id) !== undefined) return false
      put(id, '', until)
      return true
    },
  }
}
