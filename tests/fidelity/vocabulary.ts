/** The trial's own clinical vocabulary, read from `vocabulary/*.yaml`: independent of the pathway's value sets on purpose. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Random } from '../support/random.ts'

const code = z.string().optional()
const concept = z.object({
  icd10: code,
  icd9: code,
  snomed: code,
  cpt: code,
  loinc: code,
  rxnorm: code,
  words: z.array(z.string()).min(1),
  es: z.string().optional(),
  /** Recorded as an observation too: a sign that is present or absent, or a measured number. */
  observed: z.union([z.literal(true), z.enum(['temperature', 'weight', 't-score', 'pregnancy'])]).optional(),
  procedure: z.boolean().optional(),
  leg: z.boolean().optional(),
  /** Words that the service was not shown when it learned to read (more-words.yaml). */
  unlisted: z.boolean().optional(),
})
export type Concept = z.infer<typeof concept>

export const levels = ['nothing', 'either', 'justified', 'maybe-emergency', 'emergency'] as const
const level = z.enum(levels)
export type Level = z.infer<typeof level>
/** Until this many days old; `later` for all that is older. */
const worth = z.record(z.string(), level)

const flag = z.strictObject({
  flag: z.string(),
  about: z.string(),
  best: z.enum(['mri', 'xray', 'other', 'any']),
  wrong: z.array(z.enum(['mri', 'ct', 'xray'])).default([]),
  opioid: z.enum(['no-first-line', 'either', 'excluded', 'first-line-or-safety']).default('either'),
  safety: z.array(z.string()).default([]),
  ages: z.tuple([z.number(), z.number()]).optional(),
  sex: z.enum(['female', 'male']).optional(),
  worth: z.object({ active: worth, past: worth.default({ later: 'nothing' }) }),
  concepts: z.array(concept),
})
export type Flag = z.infer<typeof flag>

const nearMiss = concept.extend({
  name: z.string(),
  status: z.string().optional(),
  sex: z.enum(['female', 'male']).optional(),
  ages: z.tuple([z.number(), z.number()]).optional(),
  'age-of-entry': z.tuple([z.number(), z.number()]).optional(),
})

const exclusion = z.object({
  name: z.string(),
  for: z.array(z.enum(['imaging', 'opioid'])),
  how: z.string(),
  active: z.boolean().optional(),
  concepts: z.array(concept).default([]),
})
export type Exclusion = z.infer<typeof exclusion>

const medicine = z.object({
  name: z.string(),
  class: z.string(),
  scd: code,
  sbd: code,
  in: code,
  ndc: code,
  words: z.array(z.string()),
  brand: z.array(z.string()).optional(),
  sig: z.string(),
  daily: z.number(),
})
export type Medicine = z.infer<typeof medicine>

const draftProduct = medicine.omit({ class: true, sig: true, daily: true, name: true }).extend({
  name: z.string().default('draft'),
  strength: z.number().default(1),
  factor: z.number().default(0),
  release: z.enum(['immediate', 'long-acting', 'fast-fentanyl']).default('immediate'),
  patch: z.boolean().default(false),
  reason: concept.optional(),
})
export type DraftProduct = z.infer<typeof draftProduct>
const sig = z.object({
  name: z.string().default('patch'),
  units: z.number(),
  times: z.number(),
  period: z.tuple([z.number(), z.string()]),
  words: z.array(z.string()),
})
export type Sig = z.infer<typeof sig>

const study = concept.extend({
  name: z.string(),
  modality: z.enum(['mri', 'ct', 'xray']).default('mri'),
  contrast: z.enum(['with', 'without', 'unknown']).default('unknown'),
  pain: z.number().optional(),
})
export type Study = z.infer<typeof study>

const named = concept.extend({
  name: z.string(),
  kind: z.string().default('condition'),
  class: z.string().optional(),
  recent: z.boolean().optional(),
  safety: z.string().optional(),
  words: z.array(z.string()).default([]),
})
export type Named = z.infer<typeof named>

export const folder = join(import.meta.dirname, 'vocabulary')
const read = <T extends z.ZodType>(file: string, shape: T): z.infer<T> =>
  shape.parse(parse(readFileSync(join(folder, file), 'utf8')))

const flagFile = z.object({ flags: z.array(flag) })

export const flags: readonly Flag[] = ['flags.yaml', 'flags-2.yaml'].flatMap(
  (file) => read(file, flagFile).flags,
)

const backPainInWords = read('back-pain.yaml', z.object({ 'back-pain': z.array(concept) }))['back-pain']

const moreCodes = read('more-codes.yaml', z.record(z.string(), z.record(z.string(), z.string())))

const moreWords = read('more-words.yaml', z.record(z.string(), z.array(z.string())))

/** The concepts of a flag as people say it, as often one code of the whole list, and as often other words. */
const sourcesOf = (concepts: readonly Concept[], name: string): readonly (readonly Concept[])[] =>
  [
    concepts,
    Object.entries(moreCodes[name] ?? {}).map(([icd10, words]) => ({ icd10, words: [words] })),
    (moreWords[name] ?? []).map((words) => ({ words: [words], unlisted: true })),
  ].filter((source) => source.length > 0)
export const conceptsOf = ({ flag: name, concepts }: Flag) => sourcesOf(concepts, name)
export const backPain = sourcesOf(backPainInWords, 'back-pain')
const hasCode = ({ icd10, icd9, snomed, cpt, loinc }: Concept) =>
  [icd10, icd9, snomed, cpt, loinc].some((code) => code !== undefined)

/** Coded charts hold what has a code. */
export function conceptFor(
  sources: readonly (readonly Concept[])[],
  style: 'coded' | 'rough',
  random: Random,
): Concept {
  const usable = sources
    .map((source) => (style === 'coded' ? source.filter(hasCode) : source))
    .filter((source) => source.length > 0)
  return random.pick(random.pick(usable))
}

export const nearMisses = read(
  'near-misses.yaml',
  z.object({
    'near-misses': z.array(nearMiss),
    'medicine-near-misses': z.array(z.string()),
    denials: z.array(z.string()),
  }),
)

export const exclusions = read(
  'exclusions.yaml',
  z.object({ exclusions: z.array(exclusion), 'other-pains': z.array(concept) }),
)

export const medicines = read('medicines.yaml', z.object({ medicines: z.array(medicine) })).medicines

export const opioidOrders = read(
  'opioid-orders.yaml',
  z.object({
    products: z.array(draftProduct),
    sigs: z.array(sig),
    'patch-sig': sig,
    supplies: z.object({ short: z.array(z.number()), long: z.array(z.number()) }),
    'oud-medicines': z.array(draftProduct),
    'cough-opioids': z.array(draftProduct),
  }),
)

export const imagingOrders = read(
  'imaging-orders.yaml',
  z.object({ orders: z.array(study), others: z.array(study), modifiers: z.array(z.string()) }),
)

export const care = read(
  'care.yaml',
  z.object({
    care: z.array(named),
    'not-care': z.array(named),
    'nsaid-dangers': z.array(named),
    'opioid-risks': z.array(named),
  }),
)
