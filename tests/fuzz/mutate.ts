/** Changes of an input, as text and, where it is JSON, in its structure. */

import type { Random } from '../support/random.ts'
import { mutate as mutateCall } from './mutations.ts'

/** Characters: longer ones take their time and find little more; growth has tests of its own. */
const longest = 60_000

type Change = (text: string, random: Random, others: readonly string[]) => string

const at = (text: string, random: Random) => random.below(text.length + 1)

const insert: Change = (text, random, others) => {
  const place = at(text, random)
  return text.slice(0, place) + random.pick(others) + text.slice(place)
}
const remove: Change = (text, random) => {
  const place = at(text, random)
  return text.slice(0, place) + text.slice(place + 1 + random.below(8))
}
const repeat: Change = (text, random) => {
  const place = at(text, random)
  const piece = text.slice(place, place + 1 + random.below(12))
  return text.slice(0, place) + piece.repeat(random.pick([2, 3, 40, 2000])) + text.slice(place)
}
const flip: Change = (text, random) => {
  const place = at(text, random)
  return text.slice(0, place) + String.fromCharCode(random.below(256)) + text.slice(place + 1)
}
const swapTail: Change = (text, random, others) => {
  const other = random.pick(others)
  return text.slice(0, at(text, random)) + other.slice(at(other, random))
}
const changes: readonly Change[] = [insert, insert, remove, repeat, flip, flip, swapTail]

/** `words` are what the target's language is made of; `corpus` what was found worth keeping. */
export function mutated(
  text: string,
  random: Random,
  { words, corpus }: { words: readonly string[]; corpus: readonly string[] },
): string {
  const structured = random.chance(0.7) ? inStructure(text, random) : undefined
  if (structured !== undefined) return structured.slice(0, longest)
  let changed = text
  for (let times = random.pick([1, 1, 2, 4]); times > 0; times -= 1) {
    const change = random.pick(changes)
    changed = change(changed, random, random.chance(0.7) ? words : corpus)
  }
  return changed.slice(0, longest)
}

/** Undefined for what is no object, and for what became too deep to be written down. */
function inStructure(text: string, random: Random): string | undefined {
  if (!text.startsWith('{')) return undefined
  try {
    return mutateCall(JSON.parse(text), random, longest)
  } catch {
    return undefined
  }
}
