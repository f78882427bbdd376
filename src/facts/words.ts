/** Is one of these terms in a text that people wrote, and is it said of this patient? */
import { Remembered } from '../bounds.ts'
import { certainties } from './certainty.ts'
import { beside, clausesOf } from './clauses.ts'
import type { Certainty } from './cue-phrases.ts'
import type { Cues } from './cues.ts'
import { once, Phrases, wordsIn } from './phrases.ts'
import { type ToldTime, timeIn } from './reading/told-time.ts'

/** One of these terms, as whole words, anywhere, whatever is said of it. */
export function saysOneOf(text: string, terms: readonly string[]): boolean {
  const plain = plainOf(text)
  return spaced(terms).some((term) => plain.includes(term))
}

/** The text begins or ends with one of these terms. */
export function opensOrCloses(text: string, terms: readonly string[]): boolean {
  const plain = plainOf(text)
  return spaced(terms).some((term) => plain.startsWith(term) || plain.endsWith(term))
}

/** The text begins with one of these terms. */
export const opensWith = (text: string, terms: readonly string[]) => {
  const plain = plainOf(text)
  return spaced(terms).some((term) => plain.startsWith(term))
}

/** Texts that come again and again, whoever the patient is; each of so many characters at most. */
const mostRemembered = 2000
const longestRemembered = 200

/** The words alone, with a blank before and behind each. */
function plainOf(text: string): string {
  const known = plainTexts.get(text)
  if (known !== undefined) return known
  const plain = ` ${wordsIn(text).join(' ')} `
  plainTexts.set(text, plain)
  return plain
}
const plainTexts = new Remembered<string>(mostRemembered, longestRemembered)

const spaced = once((terms: readonly string[]) => terms.map((term) => ` ${wordsIn(term).join(' ')} `))

/** Terms that are said of this patient, surely or as a suspicion or of the past, in the order of the list. */
export function affirmedTerms(text: string, terms: readonly string[], cues: Cues): readonly string[] {
  const remembered = affirmedBefore(cues)(terms)
  const known = remembered.get(text)
  if (known) return known
  const affirmed = affirmedIn(text, terms, cues)
  remembered.set(text, affirmed)
  return affirmed
}

const affirmedBefore = once((_cues: Cues) =>
  once((_terms: readonly string[]) => new Remembered<readonly string[]>(mostRemembered, longestRemembered)),
)

const affirmedIn = (text: string, terms: readonly string[], cues: Cues) =>
  termsOfWhich(text, terms, cues, () => true)

/** Of these the ones of which what is said, and of what time, counts. */
export function termsOfWhich(
  text: string,
  terms: readonly string[],
  cues: Cues,
  counts: (certainty: Certainty, time: ToldTime | undefined) => boolean,
): readonly string[] {
  const phrases = phrasesOf(terms)
  const said = new Set<number>()
  for (const clause of clausesIn(text, cues)) {
    const found = phrases.find(clause, 'every')
    if (found.length === 0) continue
    const { certaintyAt } = certainties(clause, cues)
    const timeAt = beside(clause, cues, timeIn)
    for (const { start, end, payload } of found) {
      const certainty = certaintyAt(start, end)
      if (certainty !== 'not-said' && counts(certainty, timeAt(start))) for (const at of payload) said.add(at)
    }
  }
  return terms.filter((_, at) => said.has(at))
}

/** Each list of terms is looked for in the same words of an order. */
function clausesIn(text: string, cues: Cues): readonly (readonly string[])[] {
  const before = clausesBefore(cues)
  const known = before.get(text)
  if (known) return known
  const clauses = clausesOf(text, cues)
  before.set(text, clauses)
  return clauses
}

const clausesBefore = once((_cues: Cues) => new Remembered<readonly string[][]>(mostCut, longestCut))
const mostCut = 200
const longestCut = 2000

const phrasesOf = once((terms: readonly string[]) => {
  const phrases = new Phrases<number>()
  for (const [at, term] of terms.entries()) phrases.add(term, at)
  return phrases
})

/** A remark in brackets at the end is taken away: "absent (left)" is "absent", "eGFR (CKD-EPI)" is "eGFR". */
export function withoutRemark(written: string): string {
  const at = written.lastIndexOf('(')
  const isRemark = at > 0 && written.endsWith(')') && written.length - at <= longestRemark
  return isRemark ? written.slice(0, at).trim() : written
}
const longestRemark = 42
