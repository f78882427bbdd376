/** Where cues stand in a clause: words that say something of the phrases around them. */
import type { Cues } from './cues.ts'
import { type Occurrence, once, outermost, Phrases, wordsIn } from './phrases.ts'

/** What is said of a phrase. Only what is affirmed, suspected or past is about this patient. */
export type Certainty = 'affirmed' | 'suspected' | 'past' | 'not-said'

export type Cue =
  | 'negation'
  | 'not-negation'
  | 'denied-before'
  | 'family'
  | 'only-considered'
  | 'condition'
  | 'suspected'
  | 'past'
  | 'past-before'
  | 'answer'
  | 'normal'
  | 'name'

const cuePhrases = once((cues: Cues) => {
  const phrases = new Phrases<Cue>()
  const add = (list: readonly string[], cue: Cue) => {
    for (const each of list) phrases.add(each, cue)
  }
  add(cues.negations, 'negation')
  add(cues['not-negations'], 'not-negation')
  add(cues['denied-before'], 'denied-before')
  add(cues.family, 'family')
  add(cues['only-considered'], 'only-considered')
  add(cues.conditions, 'condition')
  add(cues.instructions, 'condition')
  add([...cues.suspected, '?'], 'suspected')
  add(cues.past, 'past')
  add(cues['past-before'], 'past-before')
  add(cues.denials, 'answer')
  add(cues.normals, 'normal')
  add(cues['in-names'], 'name')
  // "Previous note" puts nothing into the past: of which day it is, is read apart.
  add(cues.quoted, 'name')
  return phrases
})

export type CueAt = ReadonlyMap<number, Occurrence<Cue>>

export const wordSet = once((words: readonly string[]) => new Set(words))
/** Phrases as their words stand in a clause. */
export const phraseSet = once(
  (phrases: readonly string[]) => new Set(phrases.map((each) => wordsIn(each).join(' '))),
)

/**
 * Cues of a clause, each the longest of its place. A name ends where a cue that begins inside it goes on: "MRI negative" is
 * one, and "MRI negative for cauda equina" denies.
 */
export function cuesOf(clause: readonly string[], cues: Cues): Occurrence<Cue>[] {
  const found = cuePhrases(cues).find(clause, 'longest')
  const denies = wordSet(cues.denials)
  const whole = found.map((each, at): Occurrence<Cue> => {
    if (each.payload[0] !== 'name') return each
    // "Negative MRI for cauda equina".
    if (clause[each.end] === 'for' && each.payload.length === 1 && denies.has(clause[each.start] ?? ''))
      return { start: each.start, end: each.end + 1, payload: ['negation'] }
    const inside = found.slice(at + 1, at + 1 + longestName)
    const further = inside.find(({ start, end }) => start < each.end && end > each.end)
    return further ? { ...further, start: each.start } : each
  })
  return outermost(whole)
}
/** Words of a name. */
const longestName = 6
