/**
 * Parts of terms that are no words but kinds of words: `38..42` is a number from 38 to 42, `*mab` a word that ends so, as
 * the names of one class of medicines do.
 */
import type { Occurrence } from '../phrases.ts'

interface Numbers<T> {
  least: number
  most: number
  payload: T
}

/** A word is longer than its ending by so much at least. */
const shortestStem = 3
const endings = { shortest: 3, longest: 10 }

export class Shapes<T> {
  readonly #numbers: Numbers<T>[] = []
  readonly #endings = new Map<string, T[]>()

  /** False where it is plain words. */
  add(written: string, payload: T): boolean {
    const [, least, most] = /^(\d{1,5})\.\.(\d{1,5})$/.exec(written) ?? []
    if (least && most) {
      this.#numbers.push({ least: Number(least), most: Number(most), payload })
      return true
    }
    const [, ending] = /^\*([a-z]{3,10})$/.exec(written) ?? []
    if (!ending) return false
    const same = this.#endings.get(ending)
    if (same) same.push(payload)
    else this.#endings.set(ending, [payload])
    return true
  }

  /** In the order of the words. */
  find(words: readonly string[]): Occurrence<T>[] {
    const found: Occurrence<T>[] = []
    for (const [start, word] of words.entries()) {
      const [, digits] = /^(\d{1,5})(?:k|cc|ml)?$/.exec(word) ?? []
      const payload = digits ? this.#ofNumber(Number(digits)) : this.#ofWord(word)
      if (payload.length > 0) found.push({ start, end: start + 1, payload })
    }
    return found
  }

  #ofNumber(value: number): T[] {
    return this.#numbers.flatMap(({ least, most, payload }) =>
      value >= least && value <= most ? [payload] : [],
    )
  }

  /** "Lymphomas" is of "lymphoma"; "tacrolimus" is of no "tacrolimu". */
  #ofWord(written: string): readonly T[] {
    const whole = this.#ending(written)
    return whole.length > 0 || !written.endsWith('s') ? whole : this.#ending(written.slice(0, -1))
  }

  #ending(word: string): readonly T[] {
    const longest = Math.min(endings.longest, word.length - shortestStem)
    for (let length = longest; length >= endings.shortest; length -= 1) {
      const payload = this.#endings.get(word.slice(-length))
      if (payload) return payload
    }
    return []
  }
}
