/**
 * What a card's link tells the app: which kind of order the card was about. It came through others, so only our own
 * words count, and the app works without it (specification 1.9).
 */
import { z } from 'zod'
import { type OrderKind, orderKinds } from '../pathway/schema.ts'

const context = z.object({
  order: z.enum(orderKinds).optional(),
  page: z.enum(['why', 'handout', 'checklist']).optional(),
  evaluation: z
    .string()
    .regex(/^[\w-]{22}$/)
    .optional()
    .catch(undefined),
  card: z.int().min(0).max(99).optional().catch(undefined),
})

/** Undefined when the app was opened from the chart, or the link says nothing of ours. */
export function orderKindIn(appContext: unknown): OrderKind | undefined {
  return context.safeParse(appContext).data?.order
}

/** The page that the card's link leads to. */
export function pageIn(appContext: unknown): 'why' | 'handout' | 'checklist' | undefined {
  return context.safeParse(appContext).data?.page
}

export interface CardOpened {
  /** Under which the evaluation was kept. */
  evaluation: string
  /** Which card of its answer. */
  card: number
}

/** The card that the app was opened from, where its link says so. */
export function whyIn(appContext: unknown): CardOpened | undefined {
  const { evaluation, card = 0 } = context.safeParse(appContext).data ?? {}
  return evaluation === undefined ? undefined : { evaluation, card }
}
