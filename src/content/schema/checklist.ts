/** The checklist: what a clinician is asked where the chart cannot tell. */
import { z } from 'zod'
import { orderKind, sentence, slug, sourceId } from './basics.ts'

export const checklistQuestion = z.strictObject({
  /** The fact that a yes or a no answers. */
  fact: slug,
  /** As the clinician reads it; `{{names}}` are parameters. */
  asks: sentence,
  /** Further facts that a no answers: whoever never had a cancer has none that spread. */
  'no-also': z.array(slug).min(1).optional(),
  cites: z.array(sourceId).min(1),
})

const coding = z.strictObject({ system: z.string(), code: z.string(), display: sentence, source: sentence })

export const checklistFile = z.strictObject({
  about: sentence,
  /** Of the page, and of the questionnaire that is published. */
  title: sentence,
  /** By the kind of order whose card led here: what stands in for it while the answers are judged. */
  drafts: z.record(
    orderKind,
    z.strictObject({
      resource: z.enum(['ServiceRequest', 'MedicationRequest']),
      text: sentence,
      code: coding,
    }),
  ),
  /** Why it is ordered: whoever opens the checklist has said so. */
  reason: coding,
  groups: z.array(z.strictObject({ title: sentence, questions: z.array(checklistQuestion).min(1) })).min(1),
})

export type Checklist = z.infer<typeof checklistFile>
export type ChecklistQuestion = z.infer<typeof checklistQuestion>
