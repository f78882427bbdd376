/** How much of what comes from elsewhere is taken, and how it is cut in one pass however long it is. */

/** Characters. */
export const longest = {
  /** An address that somebody names: what every browser and proxy lets through. */
  url: 2048,
  /** A link of a FHIR server to its next page, which may repeat the whole query: what servers take as one line. */
  link: 8192,
  /** An id. FHIR allows 64; Epic's have up to 194. */
  id: 194,
  /** An id with its type and perhaps its server before it. */
  reference: 2048 + 64 + 194,
  /** A call's own name: a uuid, and whatever else a client makes up. */
  name: 255,
  /** A token or a list of scopes: what fits into the head of a request. */
  token: 16_384,
} as const

const slash = 47

/** An address without the slashes at its end. Not by an expression: those look at each slash of a row anew. */
export function withoutClosingSlashes(address: string): string {
  let end = address.length
  while (end > 0 && address.charCodeAt(end - 1) === slash) end -= 1
  return end === address.length ? address : address.slice(0, end)
}

export const isFhirId = (text: string): boolean => text.length <= longest.id && /^[A-Za-z0-9\-.]+$/.test(text)

/**
 * What was read of texts that come again and again, by text. Bounded, and never full of what somebody sent once: when the
 * newer half is full the older one goes, and what is asked for again moves into the newer.
 */
export class Remembered<T> {
  #newer = new Map<string, T>()
  #older = new Map<string, T>()
  readonly #most: number
  readonly #longest: number

  /** @param most entries kept @param longest characters of a text that is kept */
  constructor(most: number, longest: number) {
    this.#most = most
    this.#longest = longest
  }

  get size(): number {
    return this.#newer.size + this.#older.size
  }

  get(text: string): T | undefined {
    const known = this.#newer.get(text)
    if (known !== undefined) return known
    const before = this.#older.get(text)
    if (before !== undefined) this.set(text, before)
    return before
  }

  set(text: string, read: T): void {
    if (text.length > this.#longest) return
    if (this.#newer.size >= this.#most / 2) {
      this.#older = this.#newer
      this.#newer = new Map()
    }
    this.#newer.set(text, read)
  }
}
