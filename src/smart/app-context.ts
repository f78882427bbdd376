/**
 * What a card's link tells the app: which kind of order the card was about. It came through others, so only our own
 * words count, and the app works without it (specification 1.9).
 */
import { z } from 'zod'
import { type OrderKind, orderKinds } from '../content/schema.ts'

const context = z.object({
  order: z.enum(orderKinds).optional(),
  page: z.enum(['handout', 'checklist']).optional(),
})

/** Undefined when the app was opened from the chart, or the link says nothing of ours. */
export function orderKindIn(appContext: unknown): OrderKind | undefined {
  return context.safeParse(appContext).data?.order
}

/** Whether the card asked for what the chart could not tell. */
export function asksForChecklist(appContext: unknown): boolean {
  return context.safeParse(appContext).data?.page === 'checklist'
}
