/** Facts: a few closed kinds of evidence, each with its codes, look-back and statuses that count. */
import { z } from 'zod'
import { codeGroups, comparison, orderKind, parameterRef, sentence, slug } from '../../grammar.ts'
import { absentMeans, factBase, findingPlace } from './fact-parts.ts'

/** Of what is written as "suspected" or "rule out" nobody knows whether it is there; `counts` takes it for there. */
const doubt = { suspected: z.enum(['counts', 'unknown']).default('unknown') }

/** A later entry of these groups ends it, whatever its own status says. */
const ending = { 'ended-by': codeGroups.optional() }

const draftOrderFact = z.strictObject({
  kind: z.literal('draft-order'),
  ...factBase,
  /** Read from the value set row that the order's code matched … */
  codes: z.array(slug).optional(),
  column: z.string().optional(),
  /** … or from an element of the order itself … */
  element: z.string().optional(),
  /** … or true when an order of this kind is drafted in the same call, selected or not. */
  beside: orderKind.optional(),
  /** … or the form of the drafted medicine, by route, form and words: the first that fits of `forms` in `medicines.yaml`. */
  form: z.boolean().default(false),
  words: z.record(slug, z.array(z.union([z.string(), z.boolean()]))),
  /** Where the column says none of these words: this one, where the order's name holds a word of that list of `medicines.yaml`. */
  named: z.record(slug, z.literal('long-acting')).optional(),
  /** The word when the element is absent or holds something else. */
  otherwise: slug.optional(),
})

const conditionFact = z.strictObject({
  kind: z.literal('condition'),
  ...factBase,
  ...absentMeans,
  ...doubt,
  codes: codeGroups,
  'except-codes': z.array(z.string()).optional(),
  'only-codes': z.array(z.string()).optional(),
  /** Of the rows of these groups, only those whose display holds one of these words. */
  'only-named': z.array(z.string()).optional(),
  in: z.array(findingPlace).default(['Condition']),
  /** A problem counts where it is charted as an observation too, unless that has a fact of its own. */
  observed: z.boolean().default(true),
  /** `active` counts a missing status; `past` is resolved, inactive or in remission. */
  status: z.enum(['any', 'active', 'past']).default('any'),
  /** Days before today within which it began (or, for a procedure, was done). */
  within: parameterRef.optional(),
  /** The same, when it is still active. */
  'within-if-active': parameterRef.optional(),
  /** Still active counts whatever the date. */
  'or-active': z.boolean().default(false),
  /** Days before today before which it must have happened. */
  beyond: parameterRef.optional(),
  /** Measured from its end, not from its beginning. */
  'from-abatement': z.boolean().default(false),
  /** Recorded on, or linked to, the encounter of this call also counts. */
  'or-this-encounter': z.boolean().default(false),
  /**
   * A finding that is not known to be over and has no date: counts, cannot be told, or is the only kind that counts. For
   * `only` a date that reaches from `within` to long before it is none.
   */
  undated: z.enum(['counts', 'unknown', 'only']).default('unknown'),
  /** One of these words must stand in its text or display. */
  'with-words': z.array(z.string()).optional(),
  /** Not if first recorded more than this many days before the episode began. */
  'not-older-than-episode': parameterRef.optional(),
  ...ending,
})

const observationFact = z.strictObject({
  kind: z.literal('observation'),
  ...factBase,
  ...absentMeans,
  codes: codeGroups,
  within: parameterRef.optional(),
  value: comparison.optional(),
  unit: z.string().optional(),
  /** Fall in per cent from the highest to the latest value within the window. */
  'fall-in-percent': parameterRef.optional(),
  /** A day as its value that is not past, and no more than so many days ahead. */
  'day-ahead': parameterRef.optional(),
  ...ending,
  /** Only the newest counts, as for a score that is taken again. */
  latest: z.boolean().default(false),
  /** Coded answers that count, by code. */
  answers: z.array(z.string()).optional(),
  /** The same in words; a denial before them turns them round. */
  'answers-in-words': z.array(z.string()).optional(),
  /** Words of an answer that say no: "not applicable". */
  'answers-no-in-words': z.array(z.string()).min(1).optional(),
  /** Coded answers that say no; any other answer cannot be told. */
  'answers-no': z.array(z.string()).optional(),
  /** The laboratory's own word comes before our number: its interpretation by code, then the upper end of its range. */
  'laboratory-says': z
    .strictObject({ high: z.array(z.string()), 'not-high': z.array(z.string()) })
    .optional(),
})

const medicationFact = z.strictObject({
  kind: z.literal('medication'),
  ...factBase,
  ...absentMeans,
  codes: codeGroups,
  'except-codes': z.array(z.string()).optional(),
  /** Of the rows of these groups, only those whose display holds one of these names. */
  'only-named': z.array(z.string()).optional(),
  /** Exposure must touch the last so many days. */
  within: parameterRef.optional(),
  /**
   * In use now: a supply that reaches to today, an open order younger than so many days, or an active home medicine.
   * An older open order without a supply cannot be told.
   */
  'in-use': parameterRef.optional(),
  /** Only by these routes (`medicines.yaml`). An unknown route is unknown. */
  route: z.union([slug, z.array(slug).min(1)]).optional(),
  /** Not by these routes; an unknown route is none of them. */
  'not-by-route': z.array(slug).min(1).optional(),
  /** Not where it stands in a combination with a medicine of another value set. */
  alone: z.boolean().default(false),
  /** Ordered for a reason among these, or for none that is stated. */
  'reason-among': codeGroups.optional(),
  /** What is given in a hospital or clinic, and not taken home. */
  'given-in-hospital': z.enum(['counts', 'ignored']).default('counts'),
  /** At least so many days of supply … */
  supply: parameterRef.optional(),
  /** … without a gap longer than `gap-days`. */
  'without-gap': parameterRef.optional(),
  /** First ordered at least so many days ago. */
  'started-at-least': parameterRef.optional(),
  'in-episode': z.boolean().default(false),
  /** Other draft orders of this call count too. */
  'co-drafted': z.boolean().default(false),
})

const allergyFact = z.strictObject({
  kind: z.literal('allergy'),
  ...factBase,
  ...absentMeans,
  /** Medicines, their classes, and codes that say that somebody is allergic to them. */
  codes: codeGroups,
  /** Codes that say that there is no allergy. */
  none: codeGroups.optional(),
})

/** What was done, and what tells of it. */
const deeds = ['Procedure', 'ServiceRequest', 'Encounter'] as const
const findings = ['DiagnosticReport', 'ImagingStudy', 'Condition', 'Observation'] as const

const serviceFact = z.strictObject({
  kind: z.literal('service'),
  ...factBase,
  ...absentMeans,
  ...doubt,
  codes: codeGroups,
  'except-codes': z.array(z.string()).optional(),
  /** Keep only rows whose column holds one of these: `{ modality: [MR, CT] }`. */
  where: z.record(z.string(), z.array(z.string())).optional(),
  in: z.array(z.enum([...deeds, ...findings])).min(1),
  /** `done` wants it performed or completed; `ordered` also an active order. */
  progress: z.enum(['done', 'ordered', 'refused']).default('done'),
  within: parameterRef.optional(),
  'in-episode': z.boolean().default(false),
  'started-at-least': parameterRef.optional(),
  /** It is heard where it is there; that its list did not come, or was not read, is no doubt. */
  'adds-only': z.boolean().default(false),
  /**
   * Reports about these of which the words could not be read: one of this episode may say it, so that nobody can tell; an
   * older one is only named.
   */
  'unread-reports': codeGroups.optional(),
  /** Words that narrow an unspecific code ("Procedure refused"): one must stand in its text, reason or note. */
  'with-words': z.array(z.string()).optional(),
  /** … or nothing but the code's own words is said, as in a refusal that names no treatment. */
  'or-unspecified': z.boolean().default(false),
})

const personFact = z.strictObject({
  kind: z.literal('person'),
  ...factBase,
  ...absentMeans,
  read: z.enum(['age', 'sex', 'deceased']),
  /** With a comparison the answer is yes or no instead of a number. */
  value: comparison.optional(),
})

const encounterFact = z.strictObject({
  kind: z.literal('encounter'),
  ...factBase,
  /** Class codes that say yes; compared without case. */
  classes: z.array(z.string()).min(1),
  /** Class codes that say no. */
  'other-classes': z.array(z.string()).default([]),
  /** The same in words of the class, for codes of a hospital's own. */
  words: z.array(z.string()).default([]),
  'other-words': z.array(z.string()).default([]),
  /** Words of the visit's type that speak for an admission: then an unknown class stays unknown. */
  'admission-words': z.array(z.string()).default([]),
  /** Of unknown class and shorter than this: no. */
  'shorter-than': parameterRef.optional(),
})

const episodeFact = z.strictObject({
  kind: z.literal('episode'),
  ...factBase,
  read: z.enum(['onset-days', 'onset-basis', 'reason', 'reason-names', 'back-pain', 'sciatica']),
  words: z.array(slug).optional(),
})

const groupFact = z.strictObject({
  kind: z.literal('group'),
  ...factBase,
  'any-of': z.array(slug).min(1).optional(),
  'all-of': z.array(slug).min(1).optional(),
})

const placedFact = z.strictObject({
  kind: z.literal('placed'),
  ...factBase,
  /** True when this number is known well enough to stand on one side of the threshold. */
  fact: slug,
  at: parameterRef,
})

const wordsFact = z.strictObject({
  kind: z.literal('words'),
  ...factBase,
  /** A list in `words.yaml`, searched in the order's own reason and note, negation-aware. */
  list: slug.optional(),
  /** Also what stands in `meanings.yaml` for one of these groups, said to be so, suspected or past. */
  codes: codeGroups.optional(),
  /** Only what is said to be so now; or nothing past and nothing that the words say began longer ago: of these, of all. */
  'of-now': z.boolean().default(false),
  'unless-older': z.array(z.strictObject({ codes: codeGroups, than: parameterRef })).default([]),
  within: parameterRef.optional(),
  'of-before': z.boolean().default(false),
  /** `of-before`: only what is said to be past. What the words date further back than this does not count ("in 2011"); what began then and lasts does ("for 5 years"). */
  'told-within': parameterRef.optional(),
})

const reasonFact = z.strictObject({
  kind: z.literal('reason'),
  ...factBase,
  codes: codeGroups,
  /** Turned round: the order gives a reason, and none of its reasons is among these codes or back-pain words. */
  outside: z.boolean().default(false),
  /** At least one of its reasons is beyond these codes and back-pain words … */
  'some-outside': z.boolean().default(false),
  /** … or somebody wrote a note on the order. */
  'or-note': z.boolean().default(false),
})

const doseFact = z.strictObject({
  kind: z.literal('dose'),
  ...factBase,
  /** Morphine milligram equivalents a day of all medicines in use, or the order's own days or units of supply. */
  read: z.enum(['mme-per-day', 'dose-not-read', 'supply-days', 'units']),
  /** A medicine counts while it is in use: see the same word of a medication. */
  'in-use': parameterRef.optional(),
  /** Medicines that count towards the daily dose. */
  codes: codeGroups.optional(),
  /** Medicines whose dose no factor converts: while one is in use the sum is known only from below. */
  unconverted: codeGroups.optional(),
  /** Value set of ingredients whose column `mme_factor_cdc2022` converts. */
  factors: slug.optional(),
})

const functionFact = z.strictObject({
  kind: z.literal('function'),
  ...factBase,
  because: sentence,
  /** Nothing, where the answer never comes from the record. */
  reads: z.array(z.string()),
})

export const factDeclaration = z.discriminatedUnion('kind', [
  draftOrderFact,
  conditionFact,
  observationFact,
  medicationFact,
  allergyFact,
  serviceFact,
  personFact,
  encounterFact,
  episodeFact,
  groupFact,
  placedFact,
  wordsFact,
  reasonFact,
  doseFact,
  functionFact,
])
export type FactDeclaration = z.infer<typeof factDeclaration>
export type FactOf<K extends FactDeclaration['kind']> = Extract<FactDeclaration, { kind: K }>
export const factsFile = z.strictObject({ facts: z.record(slug, factDeclaration) })
