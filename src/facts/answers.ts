/** What a clinician answered on the checklist, as evidence beside the record's. */
import type { Evidence, Known } from '../content/known.ts'

export interface Answer {
  value: boolean
  /** When, in words for a card: `10:32`, or with its day where that is another. */
  at: string
}

/** By fact. */
export type Answers = ReadonlyMap<string, Answer>

/**
 * A yes is believed; a no settles what the record cannot tell or does not hold. A no against the record changes
 * nothing: the finding stands, with the answer among its evidence, so that the card can show both.
 */
export function withAnswer(known: Known, answer: Answer | undefined): Known {
  if (!answer) return known
  const { value, at } = answer
  const said: Evidence = { reference: 'checklist', what: value ? 'yes' : 'no', date: at, how: 'answer' }
  const evidence = [said, ...known.evidence]
  if (value || known.value !== true) return { value, evidence, gaps: [] }
  return { ...known, evidence }
}
