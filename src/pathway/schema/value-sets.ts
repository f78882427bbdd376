/** How a value set is derived from the code systems: `pathway/codes/definitions.yaml`. */
import { z } from 'zod'
import { sentence, slug } from '../../grammar.ts'

const list = z.array(z.string().min(1)).min(1)
/**
 * A code with all below it; a range of codes of one length, both ends in; or the codes below one that end in these
 * characters: `S33.5`, `C00-C14`, `S32.0~DS`.
 */
const families = z
  .array(
    z
      .string()
      .regex(/^[A-Z0-9.]+([-~][A-Z0-9.]+)?$/, 'is not a code, a range A-B, or codes by their end A~DS'),
  )
  .min(1)

/**
 * One line of a list of decisions about the entries of a code system: the first line that fits an entry decides. Each
 * key narrows it; within a key any of the values will do. Words fit at the beginning of a word, in any case.
 */
const pick = z
  .strictObject({
    topics: list.optional(),
    ingredients: list.optional(),
    /** RxNorm term types: IN, PIN, MIN, BN, SCD, SBD, GPCK, BPCK, and `part` for components and dose forms. */
    kinds: list.optional(),
    routes: list.optional(),
    words: list.optional(),
    /** Words of which none may stand there. */
    without: list.optional(),
    codes: list.optional(),
    /** What stands in columns that only this set has. */
    columns: z.record(z.string(), z.string()).optional(),
    group: slug.optional(),
    because: sentence.optional(),
  })
  .refine(
    ({ group, because }) => (group === undefined) !== (because === undefined),
    'needs the group that it goes to, or the reason why it is left out, and not both',
  )
export type Pick = z.infer<typeof pick>

const valueSetGroup = z.strictObject({
  means: sentence,
  'icd-10-cm': families.optional(),
  /** ICD-9-CM codes that the mapping alone does not decide, or does not hold. */
  'icd-9-cm': families.optional(),
  /** Other groups of the set, whose ICD-10-CM codes are of this one where they end in a character of `ends`. */
  'later-encounters-of': list.optional(),
  ends: z
    .string()
    .regex(/^[DGKPQRS]+$/, 'is one or more of D, G, K, P, Q, R and S')
    .optional(),
})

const valueSet = z.strictObject({
  means: sentence,
  groups: z.record(slug, valueSetGroup),
  picks: z.record(slug, z.array(pick).min(1)).default({}),
  /** Code systems of which rows stand in the CSV as somebody put them there: why they cannot be derived. */
  listed: z.record(slug, sentence).default({}),
  'left-out': z
    .array(
      z.strictObject({
        'icd-10-cm': families.optional(),
        'icd-9-cm': families.optional(),
        because: sentence,
      }),
    )
    .default([]),
  /** Groups of which a code may be in one only. */
  'exclude-each-other': z.array(z.array(slug).min(2)).default([]),
  /** Sets in which a neighbour of these codes may stand instead. */
  beside: z.array(slug).default([]),
})

export const definitionsFile = z.strictObject({
  /** Where the entries of each code system come from: the file of the reference data, and its name and version in a row. */
  references: z.record(
    slug,
    z.strictObject({
      file: z.string(),
      source: sentence,
      'unread-topics': z.record(z.string(), sentence).default({}),
    }),
  ),
  'exclude-each-other': z.array(z.array(z.string()).min(2)).default([]),
  sets: z.record(slug, valueSet),
})
export type Definitions = z.infer<typeof definitionsFile>
export type ValueSet = z.infer<typeof valueSet>
