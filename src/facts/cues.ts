/** Words around a phrase that change what is said of it. */

/** Lists of `words.yaml`. */
export interface Cues {
  /** "no", "denies": they reach forward. */
  negations: readonly string[]
  /** "no better": begins like a denial and is none. */
  'not-negations': readonly string[]
  /** "ruled out", "negative": they reach back. */
  'denied-before': readonly string[]
  /** "ROS", "red flags": what a list is called whose answer stands before its colon. */
  'list-names': readonly string[]
  /** "pacemaker", "prior MRI": denied, they are no sign and in no list of signs, so that none goes on behind their comma. */
  'denied-alone': readonly string[]
  /** "surgery", "smoker": the same, where one more item follows; they stand in lists of signs, too. */
  'denied-apart': readonly string[]
  /** "denies": what follows is a list, whatever it begins with. */
  'denies-lists': readonly string[]
  /** "or", "and": a list goes on. */
  joins: readonly string[]
  /** "who", "that": they lead on what was said before. */
  'leads-on': readonly string[]
  /** "my": whoever writes is not the patient. */
  'writers-own': readonly string[]
  /** "precautions given", "on keto": they reach back to no comma before them. */
  'within-item': readonly string[]
  /** "lifting a patient", "dog": of others is only what stands behind them in their item. */
  'acts-of-others': readonly string[]
  /** "clinically", "by": how or when it was denied, and nothing that is denied. */
  'after-denied': readonly string[]
  /** "no", "negative": an answer, which denies what stands before it where nothing stands behind it. */
  denials: readonly string[]
  /** "all denied": at the end of a list they answer all of it. */
  'answers-all': readonly string[]
  /** "denied": they answer several items, where a colon or "are" stands before them. */
  'answers-several': readonly string[]
  /** "are": words between the items and such an answer. */
  are: readonly string[]
  /** "with", "of": no sentence ends with them, and so no line. */
  'never-last': readonly string[]
  /** "intact", "normal": nothing is wrong with what stands beside them, between two commas. They take back no fault. */
  normals: readonly string[]
  /** "non-Hodgkin": a word of a name, and no cue. */
  'in-names': readonly string[]
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
  /** "snorts", "borrowed": behind them what is a friend's ("his roommate's Adderall") is what the patient takes. */
  'takes-of-others': readonly string[]
  /** "states", "noticed": the relative before them tells of the patient. */
  'tells-that': readonly string[]
  /** "her": between "by" and "sister". */
  possessives: readonly string[]
  /** "had", "died": behind a relative they begin a sentence of the relative's own. */
  'relatives-verbs': readonly string[]
  /** "he", "patient": behind "and" again the patient, where a relative tells of another one. */
  'the-patient': readonly string[]
  /** "if", "return precautions": what follows is of a day to come, up to a word of contrast. */
  conditions: readonly string[]
  /** "told to", "will recheck": the same, up to the next comma, unless a list of what to watch for is opened before it. */
  instructions: readonly string[]
  /** "for", "signs": behind an instruction they open such a list. */
  'opens-lists': readonly string[]
  /** "because": it leads from an instruction to what is there. */
  'gives-reason': readonly string[]
  /** "chronic", "for years": what stands beside it began long ago. */
  'long-standing': readonly string[]
  /** "left", "urinary": they may stand between that and the sign. */
  'beside-a-sign': readonly string[]
  /** "acute", "worse": it is new again. */
  'new-again': readonly string[]
  /** "worse": what is old may have changed. */
  'grows-worse': readonly string[]
  /** "cannot", "buckles": between commas they say something of their own, whatever is denied or past before them. */
  'own-statement': readonly string[]
  /** "tonight", "since monday": what stands with them between commas is of these days. */
  'of-now': readonly string[]
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
  /** "previous note": what is quoted of it is of another day. */
  quoted: readonly string[]
  /** "note", "visit": the same, where a date stands beside them. */
  'quoted-with-date': readonly string[]
  /** "MRI": it answers a suspicion that stands before it, where it found nothing. */
  scans: readonly string[]
  /** "lumbar", "was": they may stand between the scan and what it found. */
  scanned: readonly string[]
  /** "negative": what a scan says that found nothing. */
  'finds-nothing': readonly string[]
  /** "any of the following": in a heading they say nothing of their own. */
  'heading-fillers': readonly string[]
  /** "endorses": a heading that affirms what stands below it. */
  'heading-affirms': readonly string[]
  /** "since": behind it "4/5" is a day, and no strength. */
  'leads-to-date': readonly string[]
  /** "yes", "present": answers that a sign is there. */
  affirmations: readonly string[]
}
