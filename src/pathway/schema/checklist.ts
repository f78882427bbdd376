/** The checklist: what a clinician is asked where the chart cannot tell. */
import { z } from 'zod'
import { orderKind, parameterRef, sentence, slug, sourceId } from '../../grammar.ts'

const checklistQuestion = z.strictObject({
  /** The fact that a yes or a no answers. */
  fact: slug,
  /** As the clinician reads it; `{{names}}` are parameters. */
  asks: sentence,
  /** Further facts that a no answers: whoever never had a cancer has none that spread. */
  'no-also': z.array(slug).min(1).optional(),
  cites: z.array(sourceId).min(1),
})

/** When the pain began, in a few spans: nobody knows the day. */
const onsetQuestion = z.strictObject({
  /** The fact that says how many days ago it began. */
  fact: slug,
  asks: sentence,
  /** The word by which another fact says that the record dates it itself: then it need not be asked. */
  dated: z.strictObject({ fact: slug, word: slug }),
  choices: z
    .array(
      z.strictObject({
        id: slug,
        /** `{{from}}` and `{{below}}` are the weeks of the numbers beside it. */
        label: sentence,
        /** Days ago. */
        'at-least': parameterRef.optional(),
        below: parameterRef.optional(),
      }),
    )
    .min(2),
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
  onset: onsetQuestion.optional(),
  groups: z.array(z.strictObject({ title: sentence, questions: z.array(checklistQuestion).min(1) })).min(1),
})

export type Checklist = z.infer<typeof checklistFile>
