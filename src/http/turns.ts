/**
 * Counts turns by a key, so many in a minute: by a clock that nobody sets, and so that one that came to nothing can be
 * given back. The counts themselves take room for so many keys and no more.
 */
import { isIPv6 } from 'node:net'
import { Room } from '../store/room.ts'

const window = 60_000
const mostKeys = 10_000

interface Count {
  taken: number
  /** When the minute began. */
  since: number
}

export class Turns {
  readonly #most: number
  readonly #elapsed: () => number
  readonly #counts = new Room<Count>(mostKeys)

  /** `elapsed` gives milliseconds from any beginning. */
  constructor(most: number, elapsed: () => number) {
    this.#most = most
    this.#elapsed = elapsed
  }

  /** Undefined when there was one to take; otherwise the seconds until there is. */
  take(key: string): number | undefined {
    const now = this.#elapsed()
    const known = this.#counts.get(key)
    if (known && now - known.since < window) {
      if (known.taken >= this.#most) return Math.ceil((known.since + window - now) / 1000)
      known.taken += 1
      return undefined
    }
    this.#counts.set(key, { taken: 1, since: now })
    return undefined
  }

  giveBack(key: string): void {
    const known = this.#counts.get(key)
    if (known && known.taken > 0) known.taken -= 1
  }
}

/** Whose an address is: an IPv4 address, or the network of 64 bits that one household or attacker has of IPv6. */
export function networkOf(ip: string): string {
  if (!isIPv6(ip)) return ip
  const mapped = /^::ffff:([\d.]+)$/i.exec(ip)?.[1]
  if (mapped !== undefined) return mapped
  const [before = '', after = ''] = (ip.split('%', 1)[0] ?? '').toLowerCase().split('::')
  const [first, last] = [before, after].map((half) => (half === '' ? [] : half.split(':')))
  const zeros = new Array<string>(Math.max(0, 8 - (first?.length ?? 0) - (last?.length ?? 0))).fill('0')
  const groups = [...(first ?? []), ...zeros, ...(last ?? [])]
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
