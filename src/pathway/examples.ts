/** Clinical examples with the cards that were really made for them, as `npm run docs` wrote them down. */
import { z } from 'zod'
import { readText } from './files.ts'
import { Problems } from './problems.ts'
import { indicator, ruleCode } from './schema.ts'

export const examplesPath = 'pathway/examples.json'

const text = z.string().min(1)
const list = <T extends z.ZodType>(of: T) => z.array(of).default([])
const link = z.strictObject({ label: text, url: z.url().optional() })

/** All of a card that an EHR shows. Kept for one example of each card, so that its words are reviewed as a diff. */
const face = z.strictObject({
  /** Markdown, by line. */
  detail: z.array(z.string()),
  suggestions: list(z.strictObject({ label: text, recommended: z.boolean(), actions: list(text) })),
  'override-reasons': list(text),
  source: link,
  links: list(link),
})

const example = z.strictObject({
  /** `V01` */
  name: text,
  title: text,
  /** The rule it is about … */
  rule: ruleCode,
  /** … and the side of it that it shows. */
  side: z.enum(['fires', 'silent', 'cannot-tell']),
  note: text.optional(),
  /** The case in words, a sentence each. */
  patient: text,
  chart: list(text),
  orders: list(text),
  /** What did not come, or what the site has set. */
  circumstances: list(text),
  cards: list(
    z.strictObject({
      rule: ruleCode,
      indicator,
      summary: text,
      /** Codes of the rules that ride on it. */
      lines: list(ruleCode),
      face: face.optional(),
    }),
  ),
  /** Why there is no card. */
  silence: list(text),
})
export type Example = z.infer<typeof example>
export type ExampleCard = Example['cards'][number]
export type CardFace = z.infer<typeof face>

const examplesFile = z.strictObject({
  about: text,
  /** Of the pathway that judged them. */
  version: text,
  examples: z.array(example),
})
export type Examples = z.infer<typeof examplesFile>

/** @throws ContentError */
export function readExamples(root: string): Examples {
  const problems = new Problems()
  const written = readText(root, examplesPath, problems)
  problems.throwIfAny()
  const read = examplesFile.safeParse(jsonOf(written ?? ''))
  if (read.success) return read.data
  problems.add({ file: examplesPath, line: 1 }, 'is not what npm run docs writes: run it')
  problems.throwIfAny()
  throw read.error
}

function jsonOf(written: string): unknown {
  try {
    return JSON.parse(written)
  } catch {
    return undefined
  }
}
