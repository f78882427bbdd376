/**
 * Words as they were meant. Short forms in full; and in a long word one letter too many, too few, another one, or two
 * changed about. A word that is right as it stands ("peroneal") is left alone; so is one that may be a slip of two
 * different words.
 */

import { stemOf } from './forms.ts'

/** Shorter words are one letter away from too many others. */
const shortest = 7
const longest = 40

export class Spelling {
  readonly #known: ReadonlySet<string>
  /** Another form of a known word is right, too: "crushed" is no slip of "crashed". */
  readonly #stems: ReadonlySet<string>
  /** Known words that may be meant by another, and the same by what is left of them: made for the first slip. */
  readonly #words: ReadonlySet<string>
  #near: ReadonlyMap<string, string> | undefined
  readonly #shortForms: ReadonlyMap<string, string>

  /** `right` are words that are one letter away from a known one, and words of their own. */
  constructor(
    known: Iterable<string>,
    right: Iterable<string>,
    shortForms: Readonly<Record<string, string>>,
  ) {
    this.#shortForms = new Map(Object.entries(shortForms))
    this.#words = new Set(known)
    this.#known = new Set([...this.#words, ...right])
    this.#stems = new Set([...this.#known].map(stemOf))
  }

  /** The same words in full, slips of the pen put right; the very list where there is nothing to do. */
  meant(words: readonly string[]): readonly string[] {
    let meant: string[] | undefined
    for (const [at, word] of words.entries()) {
      const right = this.#inFull(word)
      if (right === word) continue
      meant ??= [...words]
      meant[at] = right
    }
    return meant ?? words
  }

  #inFull(word: string): string {
    const whole = this.#shortForms.get(word)
    if (whole !== undefined) return whole
    if (word.length < shortest || word.length > longest || this.#known.has(word)) return word
    return this.#stems.has(stemOf(word)) ? word : (this.#nearest(word) ?? word)
  }

  #nearest(word: string): string | undefined {
    if (!/^[a-z]+$/.test(word)) return undefined
    this.#near ??= nearTo(this.#words)
    let found: string | undefined
    for (const rest of [word, ...withoutOne(word)])
      for (const known of this.#near.get(rest)?.split(' ') ?? []) {
        // A slip hardly ever is in the first letter, where the eye begins.
        if (known === found || known[0] !== word[0] || !isOneSlip(word, known)) continue
        if (found !== undefined) return undefined
        found = known
      }
    return found
  }
}

/**
 * Words by what is left of them without one letter, and by themselves. Several stand in one text: of a hundred thousand
 * keys nearly all have one word, and a list for each would take ten megabytes.
 */
function nearTo(words: Iterable<string>): ReadonlyMap<string, string> {
  const near = new Map<string, string>()
  for (const word of words) {
    if (word.length < shortest || !/^[a-z]+$/.test(word)) continue
    for (const rest of [word, ...withoutOne(word)]) {
      const same = near.get(rest)
      near.set(rest, same === undefined ? word : `${same} ${word}`)
    }
  }
  return near
}

function* withoutOne(word: string): Generator<string> {
  for (let at = 0; at < word.length; at += 1) yield word.slice(0, at) + word.slice(at + 1)
}

function isOneSlip(a: string, b: string): boolean {
  let start = 0
  while (start < a.length && a[start] === b[start]) start += 1
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end += 1
  const left = a.slice(start, a.length - end)
  const right = b.slice(start, b.length - end)
  if (left.length <= 1 && right.length <= 1) return true
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0]
}
