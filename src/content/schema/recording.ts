/** By which codes the chart says that education was given. */
import { z } from 'zod'
import { sentence, slug } from '../../grammar.ts'

const coding = z.strictObject({ system: z.string(), code: z.string(), display: sentence, source: sentence })

export const recordingFile = z.strictObject({
  /** The facts that hold from then on. */
  facts: z.array(slug).min(1),
  document: z.strictObject({ type: coding, category: coding }),
  communication: z.strictObject({ category: coding }),
  procedure: z.strictObject({ category: coding, code: coding }),
})

export type Recording = z.infer<typeof recordingFile>
export type RecordingCoding = z.infer<typeof coding>
