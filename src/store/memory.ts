/** The keyed store in the memory of this process: bounded, and gone when it ends. */
import { Room } from './room.ts'
import type { Store, Stores } from './store.ts'

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
