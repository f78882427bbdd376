/** Items of a list that stand for themselves, whatever opened the list: "hx melanoma, leg weakness progressive". */
import { wordSet } from './cue-phrases.ts'
import type { Cues } from './cues.ts'
import { type Occurrence, once, Phrases } from './phrases.ts'

/** First places of items between commas; the first item of a clause is none of them. */
export interface Items {
  /** They say what somebody does or cannot do, or for how long: "denies trauma, legs buckle", "… x 2 d". */
  own: ReadonlySet<number>
  /** They say that it is of these days: "h/o disc herniation, foot drop today". */
  ofNow: ReadonlySet<number>
  /** They name a day or an hour of these: "foot drop tonight"; what is "new" may be so in a list of what to watch for. */
  ofThisDay: ReadonlySet<number>
}

type Kind = keyof Items

const noItems: Items = { own: new Set(), ofNow: new Set(), ofThisDay: new Set() }

export function itemsOf(clause: readonly string[], cues: Cues): Items {
  if (!clause.includes(',')) return noItems
  const kinds: { [kind in Kind]: Set<number> } = {
    own: new Set(),
    ofNow: new Set(),
    ofThisDay: new Set(),
  }
  const told = new Map<number, Occurrence<Kind>>()
  for (const each of phrasesFor(cues).find(clause, 'longest')) told.set(each.start, each)
  const joins = wordSet(cues.joins)
  let first = 0
  let goesOn = false
  for (const [at, word] of clause.entries()) {
    if (word === ',') first = at + 1
    // "Denies fever, weakness or being unable to void" goes on denying.
    goesOn = first > 0 && word !== ',' && (goesOn || joins.has(word))
    if (first === 0 || goesOn) continue
    for (const kind of told.get(at)?.payload ?? []) kinds[kind].add(first)
    if (word === 'x' && /^\d{1,2}$/.test(clause[at + 1] ?? ''))
      for (const kind of ['own', 'ofThisDay'] as const) kinds[kind].add(first)
  }
  return kinds
}

/** Do these words say what somebody does or cannot do? */
export const isStatement = (words: readonly string[], cues: Cues) => says(words, 'own', cues)

/** Do they say that it is of these days? */
export const isOfNow = (words: readonly string[], cues: Cues) => says(words, 'ofNow', cues)

const says = (words: readonly string[], kind: Kind, cues: Cues) =>
  phrasesFor(cues)
    .find(words, 'longest')
    .some(({ payload }) => payload.includes(kind))

const phrasesFor = once((cues: Cues) => {
  const phrases = new Phrases<Kind>()
  for (const each of cues['own-statement']) phrases.add(each, 'own')
  for (const each of [...cues['new-again'], ...cues['of-now']]) phrases.add(each, 'ofNow')
  for (const each of cues['of-now']) phrases.add(each, 'ofThisDay')
  return phrases
})
