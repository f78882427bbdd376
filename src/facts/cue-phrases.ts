/** Where cues stand in a clause: words that say something of the phrases around them. */
import type { Cues } from './cues.ts'
import { type Occurrence, once, Phrases, wordsIn } from './phrases.ts'

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

export const cuePhrases = once((cues: Cues) => {
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
  add([...cues.suspected, '?'], 'suspected')
  add(cues.past, 'past')
  add(cues['past-before'], 'past-before')
  add(cues.denials, 'answer')
  add(cues.normals, 'normal')
  add(cues['in-names'], 'name')
  return phrases
})

export type CueAt = ReadonlyMap<number, Occurrence<Cue>>

export const wordSet = once((words: readonly string[]) => new Set(words))
/** Phrases as their words stand in a clause. */
export const phraseSet = once(
  (phrases: readonly string[]) => new Set(phrases.map((each) => wordsIn(each).join(' '))),
)
