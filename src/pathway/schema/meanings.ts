/** What words, coded answers and statuses mean, where a record says something without a code that we hold. */
import { z } from 'zod'
import { codeGroups, parameterRef, sentence, slug, wordGroup } from '../../grammar.ts'

const terms = z.array(z.string().min(1)).min(1)
const byWord = z.record(z.string(), terms)

export const meaningsFile = z.strictObject({
  /** Words of one kind; a term names them all: `<cannot> + <walk>`. A family may hold those that stand before it. */
  families: z.record(slug, terms).default({}),
  meanings: z
    .array(
      z.union([
        /** Groups of codes that these words stand for. */
        z.strictObject({ means: codeGroups, terms, why: sentence.optional() }),
        /**
         * Words that alone tell nothing for sure and are seldom written where nothing is wrong: a group that only words have
         * (`wordGroups`), which asks and never judges.
         */
        z.strictObject({ 'may-tell-of': wordGroup, terms, why: sentence.optional() }),
        /** Words that hold those of another entry and mean none of them. */
        z.strictObject({ nothing: sentence, terms, why: sentence.optional() }),
      ]),
    )
    .min(1),
  /** What a measurement is called where no code of ours says it: the whole name counts, but for a remark in brackets. */
  results: z.array(z.strictObject({ 'measured-as': codeGroups, names: terms })).default([]),
  /** Short forms of one word, each with its word. */
  'short-forms': z.record(z.string().min(2), z.string().min(2)).default({}),
  /** Short forms that mean something in capital letters only, each with its words. */
  capitals: z.record(z.string().regex(/^[A-Z]{2,6}$/), z.string().min(2)).default({}),
  /** Words that are one slip away from a word of ours, and right as they stand. */
  'spelled-right': terms.default([]),
  /** Texts that say nothing. */
  empty: terms,
  /** Imaging named in words: each word with the value of its column. */
  imaging: z.strictObject({
    /** The value set whose columns such a reading fills. */
    set: slug,
    modality: byWord,
    region: byWord,
    contrast: byWord,
    /** Words of another test or place. */
    not: terms,
  }),
})

const codesAndWords = z.strictObject({ codes: z.array(z.string()).min(1), words: terms })

export const answersFile = z.strictObject({
  /** Codes of answers, compared in lower case. */
  answers: z.strictObject({
    yes: z.array(z.string()).min(1),
    no: z.array(z.string()).min(1),
    unknown: z.array(z.string()).min(1),
  }),
  standing: z.strictObject({ past: codesAndWords, active: codesAndWords }),
  withdrawn: codesAndWords,
})

export const wordsFile = z.strictObject({
  /** English back-pain terms that make a reason in words count, and lists for `words` facts. */
  lists: z.record(slug, z.strictObject({ why: sentence, terms: z.array(z.string().min(2)).min(1) })),
  /** Words that deny what follows. */
  negations: terms,
  /** Nothing is wrong with what stands beside them, up to the next comma; a fault that is named there stays one. */
  normals: terms.default([]),
  /** They begin like a denial and are none. */
  'not-negations': terms,
  /** Names with a word that would deny. */
  'in-names': terms.default([]),
  /** Words that deny what stands before them. */
  'denied-before': terms,
  /** Denied, they are no sign and in no list of signs, so that none goes on behind their comma. */
  'denied-alone': terms.default([]),
  /** The same, where one more item follows; they stand in lists of signs, too. */
  'denied-apart': terms.default([]),
  /** What follows them is a list, whatever it begins with. */
  'denies-lists': terms.default([]),
  /** A list goes on. */
  joins: terms.default([]),
  /** They lead on what was said before: "who", "that". */
  'leads-on': terms.default([]),
  /** Whoever writes is not the patient: "my". */
  'writers-own': terms.default([]),
  /** They reach back over no comma. */
  'within-item': terms.default([]),
  'answers-all': terms.default([]),
  'answers-several': terms.default([]),
  are: terms.default([]),
  'never-last': terms.default([]),
  /** Of others is only what stands behind them in their item. */
  'acts-of-others': terms.default([]),
  /** What a list of signs is called: "ROS neg:" answers for all of it. */
  'list-names': terms.default([]),
  /** Behind "ruled out": how or when, and nothing that is denied. */
  'after-denied': terms.default([]),
  /** Somebody else's. */
  family: terms,
  /** Words before a relative who tells of the patient, and words behind one. */
  'told-by': terms.default([]),
  'tells-that': terms.default([]),
  /** Behind these what is a friend's is what the patient takes. */
  'takes-of-others': terms.default([]),
  /** They may stand between: "by her sister". */
  possessives: terms.default([]),
  /** Behind a relative they begin a sentence of the relative's own. */
  'relatives-verbs': terms.default([]),
  /** The patient again, behind "and", where a relative tells of another one. */
  'the-patient': terms.default([]),
  /** What every visit asks: in a denied list it is denied, too, with "history of" before it. */
  'asked-in-lists': terms.default([]),
  /** Short forms whose point ends no clause. */
  'short-with-point': terms.default([]),
  /** What they open is said of a day to come, up to a word of contrast or a comma with a new beginning. */
  conditions: terms.default([]),
  /** The same, up to the next comma, unless a list of what to watch for is opened before it. */
  instructions: terms.default([]),
  /** Behind an instruction they open such a list. */
  'opens-lists': terms.default([]),
  /** They lead from an instruction to what is there: "because". */
  'gives-reason': terms.default([]),
  contrasts: terms.default([]),
  /** What stands beside them began long ago, with what may stand between, but where a word says that it is new again. */
  'long-standing': terms.default([]),
  /** That long ago at least, and of which groups it is heard: pain that is chronic has readings of its own. */
  'long-standing-after': parameterRef.optional(),
  'long-standing-of': codeGroups.default({}),
  'beside-a-sign': terms.default([]),
  'new-again': terms.default([]),
  /** Beside them what has lasted for years may have changed: nobody can tell since when. */
  'grows-worse': terms.default([]),
  /** Between commas they say something of their own, whatever is denied or past before them. */
  'own-statement': terms.default([]),
  /** Words that may tell of something say no more beside a sign of these sets that is understood. */
  'unless-told': z.partialRecord(wordGroup, z.array(slug)).default({}),
  /**
   * Words beside a code tell of what the code does not say. Sets whose codes say all within their set; sets whose codes
   * say so little that words count which only may tell of something.
   */
  'beside-codes': z
    .strictObject({ 'tell-all': z.array(slug).default([]), 'tell-little': z.array(slug).default([]) })
    .default({ 'tell-all': [], 'tell-little': [] }),
  /** What stands with them between commas is of these days. */
  'of-now': terms.default([]),
  /** Named, and not said to be there. */
  'only-considered': terms,
  suspected: terms,
  /** What follows is past. */
  past: terms,
  /** What stands before is past. */
  'past-before': terms,
  /**
   * What the body does: there it is well, lost it is a sign. Answers are written out as the two words by which the other
   * lists know them. A name with a fault in it ("loss of tone") is a sign; graded are those of which a number is of five.
   */
  functions: z
    .strictObject({
      named: terms,
      faults: terms,
      graded: terms,
      there: terms,
      lost: terms,
      'written-there': z.string(),
      'written-lost': z.string(),
    })
    .default({
      named: [],
      faults: [],
      graded: [],
      there: [],
      lost: [],
      'written-there': '',
      'written-lost': '',
    }),
  /** Headings of a whole report, in lower case: below the first it concludes; behind the others nothing is found. */
  'report-headings': z
    .strictObject({ concludes: terms, before: terms })
    .default({ concludes: [], before: [] }),
  /** Answers that mean that a sign is not there, that it is, or that nobody knows. */
  denials: terms,
  affirmations: terms,
  unknowns: terms,
  /** Notes that are quoted tell of another day; those of the second list where a date stands beside them. */
  quoted: terms.default([]),
  'quoted-with-date': terms.default([]),
  'quoted-of': codeGroups.default({}),
  /** Scans, what may stand between them and what they found, and words for nothing: so a suspicion is answered. */
  scans: terms.default([]),
  scanned: terms.default([]),
  'finds-nothing': terms.default([]),
  'answered-by-scans': codeGroups.default({}),
  /** A heading speaks of the lines below it: words that say nothing in one, and headings that affirm. */
  'heading-fillers': terms.default([]),
  'heading-affirms': terms.default([]),
  /** Behind them "4/5" is a day, and no strength. */
  'leads-to-date': terms.default([]),
  /** In a dosage they say that a medicine is taken for something else than back pain. */
  'taken-for-elsewhere': terms.default([]),
  /** Words that end the reach of a denial. */
  'negation-ends': terms,
})

export type WordLists = z.infer<typeof wordsFile>
export type Functions = WordLists['functions']
export type ReportHeadings = WordLists['report-headings']
export type Meanings = z.infer<typeof meaningsFile>
export type AnswerCodes = z.infer<typeof answersFile>
