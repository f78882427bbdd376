/** The evaluation that a launch was opened from, and its questions. */

import type { Evaluator } from '../../evaluate.ts'
import type { Answers } from '../../facts/answers.ts'
import type { Content } from '../../pathway/content.ts'
import { whyIn } from '../../smart/app-context.ts'
import type { Launch } from '../../smart/launch.ts'
import { serverOf } from '../book.ts'
import type { Given } from '../given.ts'
import { type Checked, checklistOf } from '../questions.ts'
import type { EvaluationBook, KeptEvaluation } from './evaluations.ts'

export interface Found {
  evaluation: KeptEvaluation
  /** Which of its cards was opened. */
  card: number
}

/** Undefined for what never was, for what is no longer kept, and for another patient's: nobody learns which. */
export async function findKept(
  evaluations: EvaluationBook,
  { appContext, patient, ehr }: Pick<Launch, 'appContext' | 'patient' | 'ehr'>,
): Promise<Found | undefined> {
  const opened = whyIn(appContext)
  const evaluation = opened && (await evaluations.find(opened.evaluation))
  if (!evaluation) return undefined
  const { fhirServer, patientId } = evaluation.about
  if (patientId !== patient || serverOf(fhirServer) !== serverOf(ehr.iss)) return undefined
  return { evaluation, card: opened.card }
}

interface Judging {
  content: Content
  evaluator: Pick<Evaluator, 'judgeKept'>
  /** A moment as a card tells it. */
  tellTime: (at: Date) => string
  now: () => Date
}

/** The questions of this evaluation, and what their answers would make of it. */
export function checkKept(
  { content, evaluator, tellTime, now }: Judging,
  kept: KeptEvaluation,
  given: Given | undefined,
  pause?: () => Promise<void>,
): Promise<Checked> {
  const at = tellTime(given ? new Date(given.at) : now())
  const judge = (answers: Answers | undefined) => {
    const { facts, cards } = evaluator.judgeKept(kept.cases, answers)
    // The last holds what was found for those before it, too: a question may be of one order alone.
    const all = facts.at(-1)
    return all && { facts: all, cards }
  }
  return checklistOf(content, judge, given?.replies ?? {}, at, pause)
}
