/** The words that every part of the content language uses: names, codes, numbers by name, conditions. */
import { z } from 'zod'

export const slug = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'is not a slug: lower-case words joined by hyphens')
export const ruleCode = z
  .string()
  .regex(/^[A-Z]{1,3}\d{2}[a-z0-9]*$/, 'is not a rule code such as IM01 or RF04a')
/** A source of `sources.yaml`, by the name that a clinician knows it by. */
export const sourceId = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'is not the name of a source such as acr-2021')
/** A named number from `pathway.yaml`, written `$imaging-wait-days`. Clinical numbers stand nowhere else. */
export const parameterRef = z
  .string()
  .regex(/^\$[a-z][a-z0-9-]*$/, 'is not a parameter such as $imaging-wait-days')
export const sentence = z.string().trim().min(3)

export const orderKinds = ['lumbar-imaging', 'opioid'] as const
export const orderKind = z.enum(orderKinds)
export type OrderKind = z.infer<typeof orderKind>
/** What rules are about: a kind of draft order, or the chart that was opened. */
export const subjects = [...orderKinds, 'chart-view'] as const
export const subject = z.enum(subjects)
export type Subject = z.infer<typeof subject>

/** How loud a card is, the quietest first. */
export const indicators = ['info', 'warning', 'critical'] as const

export const comparison = z.union([
  z.strictObject({ 'at-least': z.union([parameterRef, z.number()]) }),
  z.strictObject({ 'at-most': z.union([parameterRef, z.number()]) }),
  z.strictObject({ above: z.union([parameterRef, z.number()]) }),
  z.strictObject({ below: z.union([parameterRef, z.number()]) }),
])
/** What a fact must answer: yes or no, a word of its list, or a comparison with a named number. */
const wanted = z.union([z.boolean(), slug, comparison])
export type Wanted = z.infer<typeof wanted>

export type When = { all: When[] } | { any: When[] } | { [fact: string]: Wanted }
export const when: z.ZodType<When> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(when).min(1) }),
    z.strictObject({ any: z.array(when).min(1) }),
    z
      .record(slug, wanted)
      .refine(
        (fact) => Object.keys(fact).length === 1,
        'holds more than one fact: put them under all or any',
      ),
  ]),
)

/** Groups of value sets, by file name without `.csv`: `{ d08-redflag-cauda-equina: [cauda-equina] }`. */
export const codeGroups = z.record(slug, z.array(z.string().min(1)).min(1))
/**
 * Groups that no code stands for, only words: of bladder, bowel, saddle, legs or cord now, of another sign of now, of an
 * illness, an operation or a medicine at any time.
 */
export const wordGroups = { set: 'words', names: ['nerve', 'sign', 'illness'] } as const
export const wordGroup = z.enum(wordGroups.names)
export type CodeGroups = z.infer<typeof codeGroups>
