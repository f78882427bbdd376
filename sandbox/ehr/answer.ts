/** Reads a service's answer as an EHR does: what is no card is not shown, and nothing that was sent is obeyed blindly. */
import type { FhirResource } from 'fhir/r4.js'
import { z } from 'zod'

const text = z.string().trim().min(1)
const coding = z.object({ system: z.string().optional(), code: text, display: z.string().optional() })
export type Coding = z.infer<typeof coding>

const resource = z.custom<FhirResource>(
  (value) => typeof value === 'object' && value !== null && 'resourceType' in value,
)

const action = z.object({
  type: z.enum(['create', 'update', 'delete']),
  description: z.string().optional(),
  // CDS Hooks 1.0 named what to delete here.
  resource: z.union([resource, text]).optional(),
  resourceId: text.optional(),
})
export type Action = z.infer<typeof action>

const suggestion = z.object({
  label: text,
  uuid: text.optional(),
  isRecommended: z.boolean().optional(),
  actions: z.array(action).optional(),
})
export type Suggestion = z.infer<typeof suggestion>

const link = z.object({
  label: text,
  url: z.string().regex(/^https?:\/\//i),
  type: z.enum(['absolute', 'smart']),
  appContext: z.string().optional(),
  autolaunchable: z.boolean().optional(),
})
export type Link = z.infer<typeof link>

const card = z
  .object({
    uuid: text.optional(),
    summary: text,
    detail: z.string().optional(),
    indicator: z.enum(['info', 'warning', 'critical']),
    source: z.object({
      label: text,
      url: z
        .string()
        .regex(/^https?:\/\//i)
        .optional(),
      topic: coding.optional(),
    }),
    suggestions: z.array(suggestion).optional(),
    selectionBehavior: z.enum(['at-most-one', 'any']).optional(),
    overrideReasons: z.array(coding).optional(),
    links: z.array(link).optional(),
  })
  // A client that does not know how to select must take the card for an error (section 7a).
  .refine(({ suggestions, selectionBehavior }) => !suggestions?.length || selectionBehavior !== undefined, {
    error: 'has suggestions and no selectionBehavior',
    path: ['selectionBehavior'],
  })
export type Card = z.infer<typeof card>

interface ReadAnswer {
  cards: readonly Card[]
  /** Cards that are none, and why. */
  problems: readonly string[]
}

/** `body` as it came with status 200. */
export function readCards(body: unknown): ReadAnswer {
  const answer = z.object({ cards: z.array(z.unknown()) }).safeParse(body)
  if (!answer.success) return { cards: [], problems: ['The answer has no list of cards.'] }
  const cards: Card[] = []
  const problems: string[] = []
  answer.data.cards.forEach((each, at) => {
    const read = card.safeParse(each)
    if (read.success) cards.push(read.data)
    else problems.push(`Card ${at + 1} is not shown: ${z.prettifyError(read.error)}`)
  })
  // What is urgent is read first.
  return { cards: cards.sort((a, b) => weight[b.indicator] - weight[a.indicator]), problems }
}

const weight = { info: 0, warning: 1, critical: 2 }
