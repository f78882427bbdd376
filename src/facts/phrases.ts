/** Plain words of a text, and phrases of one or more words in it. Time grows with the length of the text alone. */

/** Short forms whose slash is a part of the word. */
const withSlash = new Set(['r/o', 'w/o', 'h/o', 's/p', 'c/o', 'f/u', 'r/i', 'w/', 'fh/o', 'l/s', 'b/l'])

/** Most texts are plain, and plain ones are cut several times as fast. */
const beyondAscii = /[^\0-\x7f]/

/** Of "38.9" the fraction becomes a word of its own ("`9"), and no number; the point ends nothing. */
export const withFractions = (text: string) => text.replace(/(?<=\d)\.(?=\d)/g, '`')

const inPlainLetters = /[a-z0-9/]+(?:'[a-z0-9/]+)*|`\d+|[,:?]/g

const inAnyLetters = (lower: string) =>
  lower
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replaceAll('’', "'")
    .match(/[\p{L}\p{N}/]+(?:'[\p{L}\p{N}/]+)*|`\d+|[,:?]/gu)

/** Lower case, accents away; a hyphen parts words, a slash does in most. A quotation mark is no part of a word. */
export function wordsIn(text: string): string[] {
  const lower = text.toLowerCase()
  const found = (beyondAscii.test(lower) ? inAnyLetters(lower) : lower.match(inPlainLetters)) ?? []
  if (!lower.includes('/') || !found.some((word) => word.length > 1 && word.includes('/'))) return found
  return found.flatMap((word) =>
    withSlash.has(word) || !word.includes('/') ? word : word.split('/').filter((each) => each !== ''),
  )
}

/** Phrases of one or more words, found in one walk over the words of a clause. */
export class Phrases<T> {
  readonly #first = new Map<string, Step<T>>()

  add(phrase: string, payload: T): void {
    let step: Step<T> | undefined
    for (const word of wordsIn(phrase)) {
      if (step) step.next ??= new Map()
      const beside: Map<string, Step<T>> = step?.next ?? this.#first
      let next = beside.get(word)
      if (!next) {
        next = { next: undefined, payload: undefined }
        beside.set(word, next)
      }
      step = next
    }
    if (!step) return
    if (!step.payload) step.payload = [payload]
    else if (!step.payload.includes(payload)) step.payload.push(payload)
  }

  /** At each word the longest phrase that begins there, or every one. */
  find(words: readonly string[], which: 'longest' | 'every'): Occurrence<T>[] {
    const found: Occurrence<T>[] = []
    for (let start = 0; start < words.length; start += 1) {
      let step = this.#first.get(words[start] ?? '')
      let best: Occurrence<T> | undefined
      for (let end = start + 1; step; end += 1) {
        if (step.payload) {
          best = { start, end, payload: step.payload }
          if (which === 'every') found.push(best)
        }
        step = step.next?.get(words[end] ?? '')
      }
      if (best && which === 'longest') found.push(best)
    }
    return found
  }
}

/** Most of tens of thousands are the last of their phrase, or the end of none: they hold nothing for the other. */
interface Step<T> {
  next: Map<string, Step<T>> | undefined
  payload: T[] | undefined
}

export interface Occurrence<T> {
  /** Place of its first word, and of the word after its last. */
  start: number
  end: number
  payload: readonly T[]
}

/** Places of words from one to before another. */
export const placesIn = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at)

/** For each word how many commas stand before it, and itself where it is one. */
export function commasIn(clause: readonly string[]): readonly number[] {
  let commas = 0
  return clause.map((word) => {
    if (word === ',') commas += 1
    return commas
  })
}

/** Without those that stand inside another. */
export function outermost<T>(found: readonly Occurrence<T>[]): Occurrence<T>[] {
  const kept: Occurrence<T>[] = []
  for (const each of found) if (each.start >= (kept.at(-1)?.end ?? 0)) kept.push(each)
  return kept
}

/** Lists of words are the content's and live as long as the service: each is made ready the first time. */
export function once<K extends object, T>(make: (key: K) => T): (key: K) => T {
  const made = new WeakMap<K, T>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const ready = make(key)
    made.set(key, ready)
    return ready
  }
}
