/** What a vignette may say of a patient's chart: one kind of entry a line, in the words of a clinician. */
import { z } from 'zod'
import { code, codes } from './code.ts'
import { ago } from './when.ts'

const words = z.string().min(2)

const named = { code: codes.optional(), text: words.optional() }
const hasName = (item: { code?: unknown; text?: unknown }) =>
  item.code !== undefined || item.text !== undefined
const needsName = 'needs a code or a text'

const days = z.int().min(1)
/**
 * `1 every 6 hours`, `2 a day`, `1 twice a day as needed`, `1 to 2 every 4 to 6 hours`, `5 mg BID`, `10 mL every 4 hours`.
 * Pieces (tablets) where no unit is said; `BID` goes out as a code and not as numbers.
 */
export const taking =
  /^(?<low>\d+(?:\.\d+)?)(?: to (?<high>\d+(?:\.\d+)?))?(?: (?<unit>mg|mcg|mcg\/h|mL))? (?:every (?<hours>\d+)(?: to (?<longest>\d+))? hours|(?<often>a|once a|twice a|three times a|four times a) day|a (?<week>week)|(?<code>QD|BID|TID|QID|Q\d+H))(?<prn> as needed)?$/
const take = z
  .string()
  .regex(taking, 'is not a dose such as "1 every 6 hours", "1 twice a day as needed", "5 mg BID"')
/** `4 a day`: a ceiling for 24 hours, in pieces where no unit is said. */
export const ceiling = /^(?<most>\d+)(?: (?<unit>mg|mL))? a day$/
/** `120 mL`; a bare number counts tablets, `30 without unit` leaves it to the reader. */
export const supplied = /^(?<count>\d+) (?<unit>mL|patch|without unit)$/
const quantity = z.union([
  z.int().min(1),
  z.string().regex(supplied, 'is not a quantity such as 30 or "120 mL"'),
])
/** Adds the same entry again, forwards in time: `5 times every 30 days`. */
export const repeating = /^(\d+) times every (\d+) days$/
const repeat = z.string().regex(repeating, 'is not a repeat such as "5 times every 30 days"').optional()

const problem = z
  .strictObject({
    ...named,
    onset: ago.optional(),
    'onset-age': z.int().min(0).optional(),
    recorded: ago.optional(),
    ended: ago.optional(),
    /** Linked to the encounter of this call, as its diagnosis. Otherwise it stands on the problem list. */
    at: z.literal('this visit').optional(),
    status: z
      .enum(['active', 'recurrence', 'relapse', 'inactive', 'remission', 'resolved', 'not stated'])
      .optional(),
    certainty: z
      .enum([
        'confirmed',
        'unconfirmed',
        'provisional',
        'differential',
        'refuted',
        'entered-in-error',
        'not stated',
      ])
      .default('confirmed'),
    note: words.optional(),
  })
  .refine(hasName, needsName)

const encounterClass = z.enum(['AMB', 'EMER', 'VR', 'HH', 'IMP', 'ACUTE', 'NONAC', 'OBSENC', 'SS'])
const visit = z.strictObject({
  reason: codes.optional(),
  text: words.optional(),
  type: code.optional(),
  class: encounterClass.default('AMB'),
  on: ago,
  status: z.enum(['finished', 'in-progress', 'planned', 'cancelled']).default('finished'),
})

const drug = {
  ...named,
  take: take.optional(),
  'at-most': z.string().regex(ceiling, 'is not a ceiling such as "4 a day"').optional(),
  /** The dose stands in words only, as a clinician typed it. */
  'in-words-only': words.optional(),
  /** `in three ways`: calculated, as administered and as ordered, as Epic sends it; the ordered one is in milligrams. */
  'dose-sent': z.enum(['without unit', 'in three ways']).optional(),
  route: words.optional(),
  quantity: quantity.optional(),
  days: days.optional(),
  reason: codes.optional(),
  /** Where the medicine is written: as a code, or in a Medication inside the order or (drafts) beside it. */
  as: z.enum(['code', 'contained', 'beside']).default('code'),
}
const requestStatus = z.enum([
  'active',
  'completed',
  'stopped',
  'cancelled',
  'on-hold',
  'entered-in-error',
  'draft',
  'unknown',
])
const medicine = z
  .strictObject({
    ...drug,
    started: ago.optional(),
    status: requestStatus.default('active'),
    intent: z.enum(['order', 'plan', 'proposal']).default('order'),
    /** Told by the patient, as home medicines are. */
    reported: z.boolean().optional(),
    refills: days.optional(),
    repeat,
  })
  .refine(hasName, needsName)
const dispense = z
  .strictObject({
    ...drug,
    on: ago,
    status: z.enum(['completed', 'in-progress', 'cancelled', 'declined']).default('completed'),
    repeat,
  })
  .refine(hasName, needsName)

const procedure = z
  .strictObject({
    ...named,
    on: ago.optional(),
    status: z
      .enum(['completed', 'in-progress', 'not-done', 'preparation', 'entered-in-error'])
      .default('completed'),
    reason: codes.optional(),
    note: words.optional(),
    repeat,
  })
  .refine(hasName, needsName)
const referral = z
  .strictObject({
    ...named,
    on: ago,
    status: z
      .enum(['active', 'completed', 'revoked', 'on-hold', 'draft', 'entered-in-error'])
      .default('active'),
    reason: codes.optional(),
    note: words.optional(),
  })
  .refine(hasName, needsName)
const observation = z
  .strictObject({
    ...named,
    value: z.number().optional(),
    unit: z.string().optional(),
    answer: z.union([z.boolean(), code, words]).optional(),
    /** A day as its value. */
    day: ago.optional(),
    /** The laboratory's own word, by its v3 code such as H or N, and the upper end of its range. */
    flag: z.string().optional(),
    'range-to': z.number().optional(),
    on: ago.optional(),
    status: z.enum(['final', 'amended', 'preliminary', 'entered-in-error', 'cancelled']).default('final'),
  })
  .refine(hasName, needsName)
const report = z.strictObject({
  code: codes,
  on: ago,
  status: z.enum(['final', 'registered', 'cancelled', 'entered-in-error']).default('final'),
  conclusion: words.optional(),
  /** The whole report as a text or a page that is attached to it, or as the text of the entry; or in a form that is not read. */
  attached: z
    .strictObject({ as: z.enum(['text', 'page', 'narrative', 'pdf', 'rtf', 'link']), says: words })
    .optional(),
})
const study = z.strictObject({ code: codes, modality: z.enum(['MR', 'CT', 'DX']), on: ago })
const familyHistory = z.strictObject({ code: codes, of: z.enum(['mother', 'father', 'sister', 'brother']) })
const coverage = z.strictObject({ payer: words })
const allergy = z.strictObject(named).refine(hasName, needsName)

export const chartItem = z
  .strictObject({
    problem,
    /** The same, resolved unless said otherwise. */
    'past-problem': problem,
    visit,
    medicine,
    dispense,
    procedure,
    referral,
    observation,
    report,
    study,
    'family-history': familyHistory,
    coverage,
    allergy,
  })
  .partial()
  .refine((item) => Object.keys(item).length === 1, 'holds one kind of entry: start a new line for the next')
export type ChartItem = z.infer<typeof chartItem>
export type ChartEntry<K extends keyof ChartItem> = NonNullable<ChartItem[K]>
export type Drug = Pick<ChartEntry<'dispense'>, keyof typeof drug>

const draftBase = {
  reason: codes.optional(),
  'reason-text': words.optional(),
  'second-reason': codes.optional(),
  /** The reason is an entry of the chart, by its place there (the first is 1). */
  'reason-is-entry': z.int().min(1).optional(),
  note: words.optional(),
  'do-not-perform': z.boolean().optional(),
  intent: z.enum(['order', 'proposal', 'plan', 'option', 'original-order']).default('order'),
  /** For order-select: was it chosen just now? */
  selected: z.boolean().default(true),
}
const imaging = z.strictObject({
  ...named,
  ...draftBase,
  status: z
    .enum(['draft', 'active', 'on-hold', 'revoked', 'completed', 'entered-in-error', 'unknown'])
    .default('draft'),
  priority: z.enum(['routine', 'urgent', 'asap', 'stat']).optional(),
})
const medicineOrder = z.strictObject({
  ...drug,
  ...draftBase,
  status: requestStatus.default('draft'),
  refills: days.optional(),
  setting: z.enum(['outpatient', 'inpatient', 'community', 'discharge']).optional(),
})
export const draft = z
  .strictObject({
    imaging: imaging.refine(hasName, needsName),
    medicine: medicineOrder.refine(hasName, needsName),
  })
  .partial()
  .refine((item) => Object.keys(item).length === 1, 'holds one order: start a new line for the next')
export type Draft = z.infer<typeof draft>

export const thisEncounter = z.strictObject({
  class: encounterClass.or(z.literal('not stated')).default('AMB'),
  reason: codes.optional(),
  text: words.optional(),
  type: code.optional(),
  on: ago.default('today'),
})
