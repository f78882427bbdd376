/** What kinds of facts share: the question, what nothing found means, and where a finding may be recorded. */
import { z } from 'zod'
import { sentence, sourceId } from '../../grammar.ts'

// Where a finding may be recorded.

/** Beside a medicine it stands in words: "lactulose (HE)". */
export const findingPlace = z.enum([
  'Condition',
  'Observation',
  'Procedure',
  'Encounter',
  'ServiceRequest',
  'AllergyIntolerance',
  'MedicationRequest',
  'MedicationStatement',
])

export const factBase = {
  /** The question this fact answers, as a person would ask it. */
  asks: sentence,
  /** How a card names the fact in a list: "cauda equina signs". */
  noun: sentence.optional(),
  /** Named on a card among what was looked for and not found. */
  'red-flag': z.boolean().optional(),
  /**
   * Why advice against an order may stand although the data for this did not come, if it asks to make sure of it.
   * Without a reason such advice is held back.
   */
  'conditional-because': sentence.optional(),
  cites: z.array(sourceId).optional(),
  note: sentence.optional(),
}
/** Nothing found in complete data: does that mean no, or does nobody know? Each with its reason. */
export const absentMeans = {
  'absent-means': z.enum(['false', 'unknown']).default('false'),
  because: sentence.optional(),
}
