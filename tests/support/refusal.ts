/** What a refusal must look like: an OperationOutcome that tells the caller what to mend (RSP-5, PF-13). */
import { z } from 'zod'

const sentence = z.string().regex(/^\S.{20,}$/s)

const refusal = z.strictObject({
  resourceType: z.literal('OperationOutcome'),
  issue: z
    .array(
      z.strictObject({
        severity: z.literal('error'),
        code: z.string().min(1),
        details: z.strictObject({
          coding: z
            .array(z.strictObject({ system: z.string().min(1), code: z.string().regex(/^[a-z-]+$/) }))
            .length(1),
          text: sentence,
        }),
        diagnostics: sentence.regex(/\b(send|mend|leave|get|answers|is not)\b/i, 'does not say what to mend'),
        expression: z.array(z.string().min(1)).min(1).optional(),
      }),
    )
    .min(1),
})

const statuses = [400, 404, 405, 412, 413, 415]

/** @throws when the caller would not know what to do. */
export function assertUsefulRefusal(status: number, body: unknown): void {
  if (!statuses.includes(status)) throw new Error(`status ${status} is none of ${statuses.join(', ')}`)
  const parsed = refusal.safeParse(body)
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error))
}
