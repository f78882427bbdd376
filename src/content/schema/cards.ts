/** Cards: what is said, offered and answered back. */
import { z } from 'zod'
import { sentence, slug, when } from './basics.ts'
import { topic } from './rules.ts'

/** What a card may say about a case, filled in by `render`. */
export const placeholders = ['days', 'wait-weeks', 'found', 'unchecked'] as const

export const cardFront = z.strictObject({
  /** One plain sentence under 140 characters (CDS Hooks RSP, Card.summary). Headlines have one. */
  summary: z.string().min(10).max(139).optional(),
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
      /** What the card says where it fits and is known to be unsafe: "MRI: an implant is on record". */
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
export const phraseNames = {
  order: ['orders'],
  'onset-known': ['date', 'days', 'week', 'what'],
  'onset-recorded': ['date', 'days', 'week', 'what', 'wait'],
  'onset-term': ['what'],
  'onset-imprecise': ['what', 'wait'],
  'onset-unknown': [],
  found: ['list'],
  'not-found': ['list'],
  unchecked: ['list'],
  'did-not-come': ['list'],
  lines: [],
  'wrong-when': [],
  where: ['list'],
  'site-choice': ['list'],
  chosen: ['meaning', 'value', 'unit', 'usually'],
  source: ['list', 'strength'],
  'by-name': ['what'],
  'in-words': ['what'],
  dated: ['what', 'date'],
  answered: ['list'],
  'answered-yes': ['at'],
  'answered-no': ['at'],
  differs: ['list'],
  'check-first': ['list'],
  'not-safe': ['list'],
  'open-handout': [],
  'open-checklist': [],
} as const
export type PhraseName = keyof typeof phraseNames
export const phrasesFile = z.strictObject({
  phrases: z.strictObject(
    Object.fromEntries(Object.keys(phraseNames).map((name) => [name, z.string().min(2)])) as Record<
      PhraseName,
      z.ZodString
    >,
  ),
  /** What people call the FHIR resource types. */
  records: z.record(z.string(), z.string()),
})

export const overrideReasonsFile = z.strictObject({
  system: z.string(),
  /** By code. Codes are stable: EHRs map them, and they are counted over years. */
  reasons: z.record(
    slug,
    z.strictObject({
      display: sentence,
      /** Does a guideline support this reason? Kept apart so that quality work can tell. */
      'guideline-supported': z.boolean(),
      because: sentence,
    }),
  ),
  /** Which reasons a card brings: those of the family that names its rule, else of the one that names its topic. */
  families: z
    .array(
      z.strictObject({
        family: slug,
        rules: z.array(slug).default([]),
        topics: z.array(topic).default([]),
        /** More than five are not read. */
        reasons: z.array(slug).min(1).max(5),
      }),
    )
    .min(1),
})
export type Suggestions = z.infer<typeof suggestionsFile>
export type Phrases = z.infer<typeof phrasesFile>
export type OverrideReasons = z.infer<typeof overrideReasonsFile>
