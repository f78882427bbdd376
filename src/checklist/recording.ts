/** Writes the answers into the chart, where the server takes them and the scopes allow it; says what became of it. */

import type { Content } from '../pathway/content.ts'
import type { Launch } from '../smart/launch.ts'
import { type Answering, identifierOf, observationOf, responseOf } from './questionnaire.ts'

export const outcomes = ['questionnaire', 'observation', 'not-possible', 'refused'] as const
export type Outcome = (typeof outcomes)[number]

/** Of the answers that were just sent, as the address of the page says it. */
export function outcomeIn(query: unknown): Outcome | undefined {
  const { chart } = (query ?? {}) as { chart?: unknown }
  return outcomes.find((outcome) => outcome === chart)
}

export async function record(
  launch: Launch,
  content: Pick<Content, 'checklist' | 'parameters' | 'pathway'>,
  answering: Answering,
): Promise<Outcome> {
  if (launch.ehr.writeback === 'none') return 'not-possible'
  const { system, value } = identifierOf(answering)
  const ifNoneExist = new URLSearchParams({ identifier: `${system}|${value}` }).toString()
  try {
    if (await launch.canCreate('QuestionnaireResponse')) {
      await launch.fhir.create(responseOf(content, answering), { ifNoneExist })
      return 'questionnaire'
    }
    if (await launch.canCreate('Observation')) {
      await launch.fhir.create(observationOf(content, answering), { ifNoneExist })
      return 'observation'
    }
    return 'not-possible'
  } catch {
    // The answers count all the same; the page says that the chart does not hold them.
    return 'refused'
  }
}
