/** Pages for patients: what is in them, which sentences may never be lost, who is given which part, and how that is recorded and shared. */
import { z } from 'zod'
import { codeGroups, sentence, slug, sourceId, when } from '../../grammar.ts'

const language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/, 'is not a language tag such as es or zh-Hans')
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'is not a date such as 2026-11-22')
/** A whole page, or a section of it: `exercises` or `exercises/walking`. */
const part = z
  .string()
  .regex(
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*(\/[a-z][a-z0-9]*(-[a-z0-9]+)*)?$/,
    'is not a page such as exercises, nor a section such as exercises/walking',
  )

/** How a section is set apart: act now, act today, mind this. */
const levels = ['emergency', 'same-day', 'caution'] as const
export type Level = (typeof levels)[number]

const section = z.strictObject({
  cites: z.array(sourceId).min(1),
  level: z.enum(levels).optional(),
  /** For reviewers; never shown to patients. */
  note: sentence.optional(),
})

/** Shown together, when this holds of the patient. */
const choice = z.strictObject({
  show: z.array(part).min(1),
  /** Always, when left out. */
  when: when.optional(),
  'if-unknown': z.enum(['show', 'leave-out']).default('leave-out'),
  /** Never by itself: a clinician may add it. */
  'by-hand': z.literal(true).optional(),
  /** Its turn for the words of the short handout, 1 first; without it only a clinician adds what fits. */
  rank: z.number().int().min(1).optional(),
  because: sentence,
})

/** A sentence, marked `{!name}` or `{?name}` in its section, that is said only to patients of whom this holds. */
const conditional = z.strictObject({
  say: slug,
  in: part,
  when,
  'if-unknown': z.enum(['show', 'leave-out']),
  because: sentence,
})

/** Instead of everything else, when this holds. */
const exception = z.strictObject({ when, show: z.array(part).min(1), because: sentence })

export const handoutsFile = z.strictObject({
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'is not a version such as 0.1.0'),
  languages: z.record(
    language,
    z.strictObject({
      name: z.string().min(2),
      direction: z.enum(['ltr', 'rtl']),
      /** Holds every page; other languages hold what could be done well so far. */
      complete: z.boolean(),
      /** False where the fonts that we embed have no letters for it. */
      pdf: z.boolean(),
    }),
  ),
  handouts: z.record(
    slug,
    z.strictObject({
      /** The number of the outline: H1 to H9. */
      code: z.string().regex(/^H\d+$/, 'is not a number of the outline such as H7'),
      sections: z.record(slug, section),
    }),
  ),
  /** Sentences without which a page would do harm, marked `{!name}` where they stand. */
  safety: z.record(
    slug,
    z.strictObject({
      in: part,
      /** Words that the sentence must hold, by language. */
      holds: z.record(language, z.array(z.string().min(1)).min(1)),
    }),
  ),
  /** Most words on the paper of a handout that nobody has chosen. */
  'most-words': z.number().int().min(100).default(500),
  choices: z.strictObject({
    /** The first that holds decides. */
    exceptions: z.array(exception),
    /** In the order in which the parts stand on the page. */
    usual: z.array(choice).min(1),
    /** Places of the site's directory that are named only to patients of whom this is known to hold. */
    places: z.array(z.strictObject({ for: slug, when, because: sentence })).default([]),
    sentences: z.array(conditional).default([]),
  }),
  /** Codes for which an infobutton finds pages. */
  infobutton: z.array(z.strictObject({ codes: codeGroups, show: z.array(slug).min(1) })),
  /** What the outline says and the pages do not, and why. */
  'not-said': z.array(z.strictObject({ what: sentence, because: sentence })),
})
export type HandoutsFile = z.infer<typeof handoutsFile>

export const handoutFront = z.strictObject({
  title: sentence,
  /** One line for lists of pages. */
  about: sentence,
  written: day,
  status: z.union([
    z.literal('draft'),
    z.strictObject({ reviewed: z.strictObject({ by: sentence, on: day, again: day }) }),
  ]),
  /** Where it is not the original: who put it into this language. */
  translation: z
    .union([
      z.literal('machine-drafted'),
      z.strictObject({ reviewed: z.strictObject({ by: sentence, on: day }) }),
    ])
    .optional(),
})
export type HandoutFront = z.infer<typeof handoutFront>

/** The words around the pages, with `{{placeholders}}`. */
export const handoutPhraseNames = {
  'all-pages': [],
  'all-pages-about': [],
  'your-pages': [],
  skip: [],
  languages: [],
  pages: [],
  emergency: [],
  'same-day': [],
  caution: [],
  'teach-back': [],
  draft: [],
  reviewed: ['by', 'date'],
  'machine-drafted': [],
  'translation-reviewed': ['by', 'date'],
  untranslated: [],
  version: ['version', 'date'],
  'look-again': ['date'],
  sources: ['list'],
  places: [],
  programmes: [],
  call: ['phone'],
  clinic: ['phone'],
  interpreter: ['phone'],
  scan: [],
  'qr-code': ['address'],
  pdf: [],
  'no-pdf': [],
  'for-patient': ['name'],
  'given-on': ['date'],
  missing: [],
  page: ['number', 'count'],
} as const
export type HandoutPhraseName = keyof typeof handoutPhraseNames
export const handoutWordsFile = z.strictObject({
  phrases: z.strictObject(
    Object.fromEntries(Object.keys(handoutPhraseNames).map((name) => [name, z.string().min(2)])) as Record<
      HandoutPhraseName,
      z.ZodString
    >,
  ),
  /** What referrals are called, by the key of the order in cards/orders.yaml. */
  places: z.record(slug, z.string().min(2)),
  /** Sources as patients read them; the whole label where there is none. */
  sources: z.record(sourceId, z.string().min(2)).default({}),
})
export type HandoutWords = z.infer<typeof handoutWordsFile>

const coding = z.strictObject({ system: z.string(), code: z.string(), display: sentence, source: sentence })

/** By which codes the chart says that education was given. */
export const recordingFile = z.strictObject({
  /** The facts that hold from then on. */
  facts: z.array(slug).min(1),
  document: z.strictObject({ type: coding, category: coding }),
  communication: z.strictObject({ category: coding }),
  procedure: z.strictObject({ category: coding, code: coding }),
})

export type Recording = z.infer<typeof recordingFile>
export type RecordingCoding = z.infer<typeof coding>

/** A section of a page, such as `opioids/risks`. */
const sectionOfPage = z
  .string()
  .regex(/^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/, 'is not a section such as opioids/risks')

/** What health plans and employers are given to send: of which sentences of the pages it may be made. */
export const shareFile = z.strictObject({
  /** Sections that not every patient is given, and what must stand beside a sentence of each. */
  also: z.array(
    z.strictObject({ show: sectionOfPage, with: z.array(sectionOfPage).default([]), because: sentence }),
  ),
  /** Sentences that stand in no page, marked `{=name}`. */
  own: z.record(
    slug,
    z.strictObject({
      cites: z.array(sourceId).min(1),
      /** Said only at sites of this state. */
      state: z.literal('WA').optional(),
      because: sentence,
      /** Words that the sentence must hold, by language. */
      holds: z.record(z.string(), z.array(z.string().min(1)).min(1)),
    }),
  ),
})
export type ShareFile = z.infer<typeof shareFile>

const word = z.string().min(2)
/** The words around the text and the page that are shared. */
export const shareWordsFile = z.strictObject({
  title: word,
  about: sentence,
  /** Of the link that leads here. */
  link: word,
  newsletter: word,
  infographic: word,
  text: word,
  svg: word,
  letter: word,
  a4: word,
  /** Said of the picture to who cannot see it. */
  picture: word,
})
export type ShareWords = z.infer<typeof shareWordsFile>
