/**
 * Room for so many entries: when there are more, those that were put in first go. Many at a time, because to find the first
 * of a Map costs a look at every gap that was left before it, and whoever fills it must not make each of us pay for that.
 */
export class Room<V> {
  readonly #entries = new Map<string, V>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  get size(): number {
    return this.#entries.size
  }

  keys(): IterableIterator<string> {
    return this.#entries.keys()
  }

  get(key: string): V | undefined {
    return this.#entries.get(key)
  }

  /** What was there under the key is replaced, and counts as new. */
  set(key: string, value: V): void {
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size > this.#most) this.#makeRoom()
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }

  /** Looks at everything: not to be done at each call. */
  deleteIf(isOver: (value: V) => boolean): void {
    for (const [key, value] of this.#entries) if (isOver(value)) this.#entries.delete(key)
  }

  #makeRoom(): void {
    let left = Math.max(1, Math.floor(this.#most / 16))
    for (const key of this.#entries.keys()) {
      if (left === 0) return
      this.#entries.delete(key)
      left -= 1
    }
  }
}
