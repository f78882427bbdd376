/** The questionnaire as a FHIR resource, for whoever reads the answers in a chart. No patient is in it. */

import type { Content } from '../content/content.ts'
import type { Route } from '../http/places.ts'
import { questionnaireOf } from './questionnaire.ts'

export const questionnaireAddress = '/fhir/Questionnaire/lumbar-red-flags'

export function questionnaireRoute(content: Pick<Content, 'checklist' | 'parameters' | 'pathway'>): Route {
  const text = JSON.stringify(questionnaireOf(content))
  return {
    method: 'GET',
    url: questionnaireAddress,
    handler: (_request, reply) =>
      reply
        .header('cache-control', 'public, max-age=300')
        .type('application/fhir+json; charset=utf-8')
        .send(text),
  }
}
