/** The checklist: what a clinician is asked where the chart cannot tell. */
import { z } from 'zod'
import { sentence, slug, sourceId } from './basics.ts'

export const checklistQuestion = z.strictObject({
  /** The fact that a yes or a no answers. */
  fact: slug,
  /** As the clinician reads it; `{{names}}` are parameters. */
  asks: sentence,
  /** Further facts that a no answers: whoever never had a cancer has none that spread. */
  'no-also': z.array(slug).min(1).optional(),
  cites: z.array(sourceId).min(1),
})

export const checklistFile = z.strictObject({
  about: sentence,
  groups: z.array(z.strictObject({ title: sentence, questions: z.array(checklistQuestion).min(1) })).min(1),
})

export type Checklist = z.infer<typeof checklistFile>
export type ChecklistQuestion = z.infer<typeof checklistQuestion>
