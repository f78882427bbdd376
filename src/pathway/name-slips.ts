/**
 * Names of medicines as they were meant: one letter too many, too few, another one, or two changed about ("tramodol");
 * or the same name as it sounds, with other vowels ("fentynal", "suboxen"). A name that is right as it stands, such as
 * that of another medicine, is left alone; so is one that may be a slip of two different names.
 */

/** Shorter names are one letter away from too many words. */
const shortest = 7
const longest = 30
/** By its sound, too: "fentynal". */
const shortestSound = 7
const fewestConsonants = 4
/** "Somas": several of one. */
const shortestPlural = 5

export class NameSlips {
  readonly #names: ReadonlyMap<string, string>
  readonly #right: ReadonlySet<string>
  /** Names by what is left of them without one letter, and by themselves. */
  readonly #near = new Map<string, Set<string>>()
  readonly #sounds = new Map<string, Set<string>>()

  /**
   * Names with what they mean: two of one medicine ("naltrexone", "naltrexona") leave no doubt. `right` are words of longer
   * names ("magnesium salicylate").
   */
  constructor(names: ReadonlyMap<string, string>, right: ReadonlySet<string>) {
    this.#names = names
    this.#right = right
    for (const name of names.keys()) {
      if (!/^[a-z]+$/.test(name)) continue
      if (name.length >= shortest) for (const rest of [name, ...withoutOne(name)]) add(this.#near, rest, name)
      const sound = soundOf(name)
      if (sound !== undefined) add(this.#sounds, sound, name)
    }
  }

  /** The name that this word is a slip of; the word itself where it is right, or nobody can tell. */
  meant(word: string): string {
    if (
      word.length < shortestPlural ||
      word.length > longest ||
      this.#names.has(word) ||
      this.#right.has(word)
    )
      return word
    const one = word.endsWith('s') ? word.slice(0, -1) : word
    if (one !== word && this.#names.has(one)) return one
    if (word.length < shortestSound) return word
    return this.#nearest(word) ?? this.#onlyOne(this.#sounds.get(soundOf(word) ?? '')) ?? word
  }

  #nearest(word: string): string | undefined {
    if (word.length < shortest) return undefined
    const found = new Set<string>()
    // A slip hardly ever is in the first letter, where the eye begins.
    for (const rest of [word, ...withoutOne(word)])
      for (const name of this.#near.get(rest) ?? [])
        if (name[0] === word[0] && Math.abs(name.length - word.length) <= 1) found.add(name)
    return this.#onlyOne(found)
  }

  #onlyOne(names: ReadonlySet<string> | undefined): string | undefined {
    const meanings = new Set([...(names ?? [])].map((name) => this.#names.get(name)))
    return meanings.size === 1 ? [...(names ?? [])][0] : undefined
  }
}

function add(into: Map<string, Set<string>>, key: string, name: string) {
  const same = into.get(key)
  if (same) same.add(name)
  else into.set(key, new Set([name]))
}

function* withoutOne(word: string): Generator<string> {
  for (let at = 0; at < word.length; at += 1) yield word.slice(0, at) + word.slice(at + 1)
}

/** Its consonants, each once, with its first letter: of vowels only where they stand, and none at the end. */
function soundOf(word: string): string | undefined {
  if (word.length < shortestSound) return undefined
  const sound = [...word]
    .filter((letter, at) => letter !== word[at - 1])
    .join('')
    .replace(/[aeiouy]+/g, '-')
    .replace(/-$/, '')
  const consonants = sound.replaceAll('-', '').length
  return consonants < fewestConsonants ? undefined : `${word[0]}|${sound}`
}
