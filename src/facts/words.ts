/** Is one of these terms in a text that people wrote, and is it said of this patient? */
import { certainties } from './certainty.ts'
import { clausesOf } from './clauses.ts'
import type { Cues } from './cues.ts'
import { once, Phrases, wordsIn } from './phrases.ts'

/** One of these terms, as whole words, anywhere, whatever is said of it. */
export function saysOneOf(text: string, terms: readonly string[]): boolean {
  const plain = ` ${wordsIn(text).join(' ')} `
  return spaced(terms).some((term) => plain.includes(term))
}

/** The text begins or ends with one of these terms. */
export function opensOrCloses(text: string, terms: readonly string[]): boolean {
  const plain = ` ${wordsIn(text).join(' ')} `
  return spaced(terms).some((term) => plain.startsWith(term) || plain.endsWith(term))
}

/** The text begins with one of these terms. */
export const opensWith = (text: string, terms: readonly string[]) => {
  const plain = ` ${wordsIn(text).join(' ')} `
  return spaced(terms).some((term) => plain.startsWith(term))
}

const spaced = once((terms: readonly string[]) => terms.map((term) => ` ${wordsIn(term).join(' ')} `))

/** Terms that are said of this patient, surely or as a suspicion or of the past, in the order of the list. */
export function affirmedTerms(text: string, terms: readonly string[], cues: Cues): string[] {
  const phrases = phrasesOf(terms)
  const said = new Set<number>()
  for (const clause of clausesOf(text, cues)) {
    const certaintyAt = certainties(clause, cues)
    for (const { start, end, payload } of phrases.find(clause, 'every')) {
      if (certaintyAt(start, end) !== 'not-said') for (const at of payload) said.add(at)
    }
  }
  return terms.filter((_, at) => said.has(at))
}

const phrasesOf = once((terms: readonly string[]) => {
  const phrases = new Phrases<number>()
  for (const [at, term] of terms.entries()) phrases.add(term, at)
  return phrases
})
