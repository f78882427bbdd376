/** Cards: what is said, offered and answered back. */
import { z } from 'zod'
import { sentence, slug, subject, when } from '../../grammar.ts'

/** What a card may say about a case, filled in by `render`. */
export const placeholders = [
  'found',
  'pain',
  'mme',
  'supply',
  'age',
  'unchecked',
  'missing',
  'order',
  'wait-weeks',
] as const

export const cardFront = z.strictObject({
  /** One plain sentence of at most 90 characters, with the finding and the action. Headlines have one. */
  summary: z.string().min(10).max(90).optional(),
  /** The same advice as a line on another card. */
  line: sentence.optional(),
})
export type Card = z.infer<typeof cardFront> & { detail: string }

const concept = z.strictObject({
  system: z.string(),
  code: z.string(),
  display: z.string(),
  source: sentence,
})
export const suggestionsFile = z.strictObject({
  suggestions: z.record(
    slug,
    z.strictObject({
      label: z.string().min(3).max(80),
      actions: z
        .array(
          z.union([
            z.strictObject({ delete: z.literal('draft-order'), description: sentence }),
            z.strictObject({ create: slug, description: sentence }),
            z.strictObject({
              update: z.strictObject({ priority: z.enum(['urgent', 'stat']) }),
              description: sentence,
            }),
          ]),
        )
        .min(1),
      /** Offered only when a line or an offer rule that `offers` this key holds. */
      'needs-offer': z.boolean().default(false),
      /** Not offered on a card that offers one of these. */
      'unless-offered': z.array(slug).default([]),
      /** Offers with the same word here are one offer about the patient, made once for the whole answer. */
      once: slug.optional(),
      /** Takes the place of this suggestion, or is added, when a line that offers it holds. */
      'instead-of': slug.optional(),
      /** Offered only for an order for which this holds: what it fits. */
      'only-when': when.optional(),
      /** Offered only where this is known to hold: its own safety. */
      'safe-when': when.optional(),
      /** What to look at first, where nobody can tell whether it may be offered: "chiropractic care: anticoagulants". */
      check: sentence.optional(),
      /** What the card says where it fits and is known to be unsafe, with what was found: "MRI, because of {{found}}: ask radiology". */
      unsafe: sentence.optional(),
      /** Comes before the others, ticked beforehand for the clinician. */
      'recommended-when': when.optional(),
    }),
  ),
  orders: z.record(
    slug,
    z.strictObject({
      resource: z.enum(['ServiceRequest', 'MedicationRequest']),
      text: sentence,
      code: concept.optional(),
      category: concept.optional(),
      priority: z.enum(['routine', 'urgent', 'asap', 'stat']).optional(),
    }),
  ),
})

/** The sentences around a card's own text, with `{{placeholders}}` that `render` fills. */
const phraseNames = {
  about: ['order', 'lead'],
  'and-more': ['list', 'left'],
  'pain-for': ['for', 'date'],
  'pain-recorded': ['for', 'date'],
  'pain-today': ['date'],
  'pain-recorded-today': ['date'],
  'pain-vague': ['for', 'date'],
  'pain-by-age': ['for'],
  'pain-answered': ['for', 'at'],
  'pain-chronic': [],
  'pain-unknown': [],
  'one-day': [],
  days: ['count'],
  'one-week': [],
  weeks: ['count'],
  'one-month': [],
  months: ['count'],
  'about-years': ['count'],
  'about-from-to-years': ['from', 'to'],
  over: ['for'],
  'over-a-year': [],
  'from-to': ['from', 'to'],
  'at-least': ['for'],
  'less-than': ['for'],
  'not-dated': [],
  'read-by-code': ['what'],
  'read-by-element': ['what'],
  'read-by-alias': ['what'],
  'read-by-local': ['what'],
  'read-by-not-read': ['what'],
  'read-by-name': ['what'],
  'read-by-words': ['what'],
  dated: ['what', 'date'],
  undated: ['what'],
  measured: ['what', 'amount'],
  'on-order': ['what'],
  'answered-yes': ['noun', 'at'],
  'answered-no': ['noun', 'at'],
  age: ['years'],
  'supply-of': ['for'],
  'dose-sum': ['total'],
  'dose-of-draft': ['total'],
  'dose-made-of': ['total', 'list'],
  'part-of-dose': ['what', 'amount'],
  'part-unknown': ['what'],
  draft: [],
  checked: ['count'],
  'checked-one': [],
  'checked-others': ['count'],
  'checked-other': [],
  'checked-answered': ['count', 'at'],
  unchecked: ['list'],
  unread: ['list'],
  'unread-in': ['count', 'records'],
  'unread-named': ['count', 'records', 'list'],
  'unread-as': ['what', 'form'],
  'unread-of-day': ['what', 'date'],
  'make-sure': ['list', 'came'],
  'came-back-to': ['records', 'date'],
  'came-not': ['records'],
  'not-safe': ['list'],
  'check-first': ['list'],
  strength: ['strength'],
  'passed-over': ['judged', 'all'],
  'shown-before': ['at'],
  where: ['action', 'list'],
  'remove-named': ['action', 'order'],
  'draft-changed': ['order', 'change'],
  'remove-unchanged': ['order'],
  chosen: ['meaning', 'value', 'unit', 'usually'],
  'open-why': [],
  'open-handout': [],
  'open-checklist': [],
  'open-rule': [],
} as const
type PhraseName = keyof typeof phraseNames
export const phrasesFile = z.strictObject({
  phrases: z.strictObject(
    Object.fromEntries(Object.keys(phraseNames).map((name) => [name, z.string().min(2)])) as Record<
      PhraseName,
      z.ZodString
    >,
  ),
  /** How the words of a report came that were not read. */
  'unread-forms': z.strictObject({
    pdf: z.string(),
    rtf: z.string(),
    link: z.string(),
    'too-long': z.string(),
    other: z.string(),
  }),
  /** What people call the FHIR resource types. */
  records: z.record(z.string(), z.string()),
  /** What SNOMED CT writes in brackets behind a name. */
  'semantic-tags': z.array(z.string()),
  /** In plain words: how strong a recommendation is, by what the rules say in the words of their sources. */
  strengths: z.record(z.string(), sentence),
})

export const overrideReasonsFile = z.strictObject({
  system: z.string(),
  /** The code system that CDS Hooks 3.0 suggests, with the codes that are used of it. */
  standard: z
    .strictObject({ system: z.url(), source: sentence, displays: z.record(slug, sentence) })
    .optional(),
  /** By code. Codes are stable: EHRs map them, and they are counted over years. */
  reasons: z.record(
    slug,
    z.strictObject({
      display: sentence,
      /** Does a guideline support this reason? Kept apart so that quality work can tell. */
      'guideline-supported': z.boolean(),
      because: sentence,
      /** The code of `standard` that says it, for clients of CDS Hooks 3.0; without one they get ours. */
      standard: slug.optional(),
      /** It speaks of these orders, and makes no sense on a card about others. */
      'only-for': subject.optional(),
    }),
  ),
  /** Which reasons a card brings: those of the family that names its rule, else of the one that names its topic. */
  families: z
    .array(
      z.strictObject({
        family: slug,
        rules: z.array(slug).default([]),
        topics: z.array(slug).default([]),
        /** More than five are not read. */
        reasons: z.array(slug).min(1).max(5),
      }),
    )
    .min(1),
})
export type Suggestions = z.infer<typeof suggestionsFile>
export type Suggestion = Suggestions['suggestions'][string]
export type Phrases = z.infer<typeof phrasesFile>
export type OverrideReasons = z.infer<typeof overrideReasonsFile>
