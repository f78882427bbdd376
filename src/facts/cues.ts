/** Words around a phrase that change what is said of it. */

/** Lists of `words.yaml`. */
export interface Cues {
  /** "no", "denies": they reach forward. */
  negations: readonly string[]
  /** "no better": begins like a denial and is none. */
  'not-negations': readonly string[]
  /** "ruled out", "negative": they reach back. */
  'denied-before': readonly string[]
  /** "clinically", "by": how or when it was denied, and nothing that is denied. */
  'after-denied': readonly string[]
  /** "no", "negative": an answer, which denies what stands before it where nothing stands behind it. */
  denials: readonly string[]
  /** "cancer", "trauma": asked together at every visit, and said of nobody in particular. */
  'asked-in-lists': readonly string[]
  /** "hx.", "neg.": short forms whose point ends nothing. */
  'short-with-point': readonly string[]
  /** "but", ".": where the reach of a negation ends. */
  'negation-ends': readonly string[]
  /** "mother", "family history of": somebody else's. */
  family: readonly string[]
  /** "per", "by": the relative behind them tells of the patient. */
  'told-by': readonly string[]
  /** "states", "noticed": the relative before them tells of the patient. */
  'tells-that': readonly string[]
  /** "her": between "by" and "sister". */
  possessives: readonly string[]
  /** "if", "return precautions": what follows is of a day to come, up to a word of contrast. */
  conditions: readonly string[]
  /** "but", "now". */
  contrasts: readonly string[]
  /** "screening for", "risk of": nothing is said to be there. */
  'only-considered': readonly string[]
  /** "rule out", "possible". */
  suspected: readonly string[]
  /** "history of": reaches forward. */
  past: readonly string[]
  /** "in remission", "years ago": reaches back. */
  'past-before': readonly string[]
}
