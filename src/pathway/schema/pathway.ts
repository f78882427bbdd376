/** The pathway around its rules: numbers, orders, episode, queries, sources, words, medicines, code systems. */
import { z } from 'zod'
import {
  codeGroups,
  type OrderKind,
  orderKind,
  parameterRef,
  ruleCode,
  sentence,
  slug,
  sourceId,
} from '../../grammar.ts'

const parameter = z.strictObject({
  value: z.number(),
  unit: z.string(),
  meaning: sentence,
  cites: z.array(sourceId).min(1),
  'stated-by': z.string(),
  /** The range within which a site may set its own value. */
  bounds: z.strictObject({ 'at-least': z.number(), 'at-most': z.number() }).optional(),
})

export const pathwayFile = z.strictObject({
  id: slug,
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'is not a version such as 0.1.0'),
  title: sentence,
  status: z.enum(['draft', 'reviewed', 'retired']),
  scope: sentence,
  parameters: z.record(slug, parameter),
  'open-questions': z.array(
    z.strictObject({ question: sentence, chosen: sentence, 'raised-by': z.array(z.string()) }),
  ),
  'not-encoded': z.array(z.strictObject({ code: z.string(), what: sentence, because: sentence })),
  /** Codes of the cards that the front page of the pathway shows, the commonest first. */
  'front-page': z.array(ruleCode).max(12).default([]),
  history: z
    .array(z.strictObject({ version: z.string(), on: z.string(), impact: z.array(sentence).min(1) }))
    .min(1),
})

export const ordersFile = z.strictObject({
  'order-kinds': z.partialRecord(
    orderKind,
    z.strictObject({
      code: ruleCode,
      asks: sentence,
      resource: z.enum(['ServiceRequest', 'MedicationRequest']),
      /** Groups that bring an order into the pathway, each with how strong a trigger it is. */
      triggers: z.array(z.strictObject({ codes: codeGroups, strength: slug })).min(1),
      /** Value sets whose ingredient names are matched when no code is. */
      'by-name': z.array(slug).optional(),
      /** Imaging that only words name is read too (`meanings.yaml`). */
      'in-words': z.boolean().default(false),
      /** How strong it is where nobody can name the drafted medicine: it may be of this kind. */
      'not-read': slug.optional(),
      cites: z.array(sourceId).min(1),
      note: sentence.optional(),
    }),
  ),
})

/** Each code stands for all that begin with it. A reason is one of these if each of its words is in the list. */
const named = z.strictObject({
  codes: z.array(z.strictObject({ system: z.string().min(1), below: z.array(z.string().min(3)).min(1) })),
  words: slug,
})

/** How a bout of back pain is recognized and dated, and what ties an order to it. */
export const episodeFile = z.strictObject({
  'back-pain': codeGroups,
  /** Back pain whose site is not stated: counts only with a lumbar imaging order. */
  'site-unstated': codeGroups,
  chronic: codeGroups,
  /** Chronic pain of any site: counts when a back-pain code stands on the same encounter. */
  'chronic-pain-anywhere': codeGroups,
  sciatica: codeGroups,
  /** Red flags of the spine: an order for one of these is an order for this back … */
  'spine-flags': codeGroups.default({}),
  /** Red flags that stand elsewhere: as the reason of imaging they do not compete with back pain on record. */
  'other-flags': codeGroups.default({}),
  /** … and so is any order of this kind on a visit for, or soon after, one of these. */
  'emergency-flags': codeGroups.default({}),
  /** Reasons that name no place and no disease: they count as none … */
  'names-nothing': named,
  /** … and signs that may come from the back or from elsewhere: nothing is said against the order, a danger is told. */
  'may-be-the-back': named,
  'chronic-from': parameterRef,
  gap: parameterRef,
  'reason-lookback': z.strictObject({
    'lumbar-imaging': parameterRef,
    opioid: parameterRef,
    'chart-view': parameterRef,
  }),
  words: slug,
  'not-words': slug,
  cites: z.array(sourceId).min(1),
})

export const queriesFile = z.strictObject({
  queries: z.record(
    z.string(),
    z.strictObject({
      /** The prefetch key that we publish. */
      key: z.string().regex(/^[a-z][A-Za-z]*$/, 'is not a prefetch key such as medicationRequests'),
      /** Search part after the type; `{codes}` stands for the codes that the facts read. */
      search: z.string(),
      required: z.boolean().default(false),
      /** Elements with the date by which `_sort` asks for the newest first: they prove that it came so. */
      'dated-by': z.array(z.string()).default([]),
      /** URIs of the code systems whose codes name what is asked for, where the search holds `{codes}`. */
      'codes-of': z.array(z.string()).default([]),
      /** Groups of codes that facts look for here too, and that are not asked for. */
      'never-observed': z.array(z.strictObject({ codes: codeGroups, why: sentence })).default([]),
      /** Where it did not come, advice against an order is held back, whatever the facts say. */
      needed: z.boolean().default(false),
      /**
       * Clients that fill in dates (CDS Hooks 3.0) are asked for nothing older than any fact looks back. That leaves out
       * what bears no date: why it may.
       */
      'windowed-because': sentence.optional(),
      /** Many EHRs do not have it: that it did not come makes nothing unknown. */
      optional: z.boolean().default(false),
      why: sentence,
    }),
  ),
  /** By prefetch key: what drafts refer to, for clients that follow references (CDS Hooks 3.0). */
  'of-drafts': z
    .record(
      z.string().regex(/^[a-z][A-Za-z]*$/, 'is not a prefetch key such as draftMedicines'),
      z.strictObject({
        type: z.string(),
        /** The FHIRPath from the call to the ids that are asked for. */
        ids: z.string().regex(/^context\.draftOrders\./, 'does not begin at context.draftOrders'),
        why: sentence,
      }),
    )
    .default({}),
})

export const sourcesFile = z.strictObject({
  sources: z.record(
    sourceId,
    z.strictObject({
      /** Its number in the bibliography of the research draft, from before sources had names: to join the two. */
      bibliography: z
        .string()
        .regex(/^S\d{2}$/, 'is not a number of the bibliography such as S12')
        .optional(),
      title: sentence,
      label: sentence,
      year: z.string(),
      url: z.url().optional(),
      /** V read, P partly read, R recalled and not re-read. */
      status: z.enum(['V', 'P', 'R']),
      'url-recalled': z.boolean().default(false),
      /** A rule of this state alone: cards elsewhere do not name it. */
      state: z.enum(['WA']).optional(),
    }),
  ),
})

const told = z.strictObject({ codes: z.array(z.string()), words: z.array(z.string()) })

const ways = z.record(
  slug,
  z.strictObject({ words: z.array(z.string()).min(1), codes: z.array(z.string()).default([]) }),
)

export const medicinesFile = z.strictObject({
  /** An open entry of which nothing was said for so many days neither counts nor clears. */
  'stale-after': parameterRef,
  /** How long a prescription may be filled: what was ordered so long before a window may reach into it. */
  'prescription-life': parameterRef,
  /** What a status says, by code or by words. */
  status: z.strictObject({
    never: told,
    stopped: told,
    finished: told,
    unsure: told,
    /** Words before the time at which it was taken last. */
    last: z.array(z.string()).default([]),
  }),
  /** Categories of what is given in a hospital, and of what is taken at home. */
  settings: z.strictObject({ hospital: z.array(z.string()), home: z.array(z.string()) }),
  /** Words that name no medicine. */
  nameless: z.array(z.string()).min(1),
  /** Words that say that there is none. */
  none: z.array(z.string()).min(1),
  allergies: z.strictObject({
    /** Words that name no substance. */
    nameless: z.array(z.string()).min(1),
    /** Words that say that there is none. */
    none: z.array(z.string()).min(1),
    /** Words that deny one, or say that it was tolerated. */
    denied: z.array(z.string()).min(1),
    /** Categories that are about no medicine. */
    'other-categories': z.array(z.string()),
  }),
  /** Medicines that problems and orders name in their words. */
  told: z
    .strictObject({
      groups: codeGroups,
      /** Of these sets one is ordered now: a name with a dosage may be that. */
      'ordered-now': z.array(slug),
      /** Words that say that it is taken. */
      taken: z.array(z.string()).min(1),
      /** Words of a dosage or a supply, which say so of names that are other words too. */
      dosage: z.array(z.string()).min(1),
      /** Words that say that it was. */
      stopped: z.array(z.string()).min(1),
      /** Words beside it that say that it is not: offered, an allergy, somebody's work. */
      'not-taken': z.array(z.string()).min(1),
      /** They say so behind a comma, too: "…, pt declined". */
      refused: z.array(z.string()).min(1),
      /** Names that are other words too. */
      'other-words': z.array(z.string()),
    })
    .optional(),
  /** Words of products that act for many hours. */
  'long-acting': z.array(z.string()).min(1),
  /** Ways into the body. */
  routes: ways,
  /** Forms of a product; the first that fits counts. */
  forms: ways,
})

export const systemsFile = z.strictObject({
  systems: z.record(
    z.string(),
    z.strictObject({
      uri: z.string(),
      aliases: z.array(z.string()).default([]),
      /** How Epic names it in suggestions, where it wants another name (specification, section 13). */
      epic: z.string().optional(),
      match: z.enum(['exact', 'prefix']).default('exact'),
      /** What a whole code looks like, as a regular expression. */
      form: z.string().optional(),
      /** Letters and digits that every name of the system holds. */
      named: z.array(z.string().regex(/^[a-z0-9]+$/, 'is not lower-case letters and digits')).optional(),
      /** What may stand around a code. */
      around: z.enum(['dots', 'expression', 'modifiers', 'dashes']).optional(),
      /** Its codes stand for codes of another system, by a map in `pathway/codes/maps`. */
      through: z.strictObject({ system: z.string(), map: z.string() }).optional(),
      /** Value sets can hold a part of it only. */
      partly: z.boolean().optional(),
      /** Systems, by a name, whose codes are often sent under this one's. */
      'mistaken-for': z.array(z.string()).optional(),
    }),
  ),
})
export type PathwayFile = z.infer<typeof pathwayFile>
export type Parameter = z.infer<typeof parameter>
export type Source = z.infer<typeof sourcesFile>['sources'][string]
export type OrderKindDeclaration = NonNullable<z.infer<typeof ordersFile>['order-kinds'][OrderKind]>
export type EpisodeDeclaration = z.infer<typeof episodeFile>
export type Query = z.infer<typeof queriesFile>['queries'][string]
export type OfDrafts = z.infer<typeof queriesFile>['of-drafts']
export type MedicinesDeclaration = z.infer<typeof medicinesFile>
