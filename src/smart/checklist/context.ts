/** What a card's link may tell the app: which kind of order it was about. It came through others, so only our own words count. */
import { z } from 'zod'
import { type OrderKind, orderKinds } from '../../content/schema.ts'

const context = z.object({ order: z.enum(orderKinds) })

/** Imaging when the link says nothing, or nothing of ours. */
export function orderKindIn(appContext: unknown): OrderKind {
  const read = context.safeParse(appContext)
  return read.success ? read.data.order : 'lumbar-imaging'
}
