/** What an order brings along: entries that are in no list of the chart, and the answers to the questions of order entry. */
import type { FhirResource } from 'fhir/r4.js'
import type { DraftOrder, PatientRecord } from '../../record/record.ts'
import { type Statement, statementsOf } from '../statements.ts'
import { type Element, elements, text } from '../wire.ts'
import type { Reader } from './reader.ts'

const readTypes = new Set(['Condition', 'Observation', 'Procedure'])

/** References, and questions in any depth, that are followed on one order. */
const mostReferences = 50
const mostQuestions = 200

/** Statements of `supportingInfo` and its spellings; what stands in the chart too is read there. */
export function supportingStatements(
  { resource }: DraftOrder,
  record: PatientRecord,
  reader: Reader,
): readonly Statement[] {
  const source = resource as unknown as Element
  const references = [...elements(source.supportingInfo), ...elements(source.supportingInformation)]
  return references.slice(0, mostReferences).flatMap(({ reference }) => {
    const target = record.resolve(text(reference), resource)
    if (!target) return []
    if (target.resourceType === 'QuestionnaireResponse')
      return answersOf(target as unknown as Element).flatMap((each) => statementsOf(each, reader))
    const isInChart = record.resources.get(target.resourceType)?.includes(target) ?? false
    return readTypes.has(target.resourceType) && !isInChart ? statementsOf(target, reader) : []
  })
}

/** Each answered question as the observation that it is. */
function answersOf(response: Element): FhirResource[] {
  if (text(response.status) === 'entered-in-error') return []
  const found: FhirResource[] = []
  const open = [...elements(response.item)].reverse()
  for (let seen = 0; open.length > 0 && seen < mostQuestions; seen += 1) {
    const item = open.pop() ?? {}
    const answers = elements(item.answer)
    open.push(...[...elements(item.item), ...answers.flatMap((answer) => elements(answer.item))].reverse())
    // A question mark would make a suspicion of what is asked; the answer says more.
    const asked = text(item.text)?.replaceAll('?', ' ')
    for (const answer of answers) {
      const { valueCoding, ...value } = answer
      if (asked !== undefined)
        found.push({
          resourceType: 'Observation',
          id: text(response.id) ?? 'answers',
          status: 'final',
          code: { text: asked },
          effectiveDateTime: response.authored,
          ...(valueCoding === undefined ? value : { valueCodeableConcept: { coding: [valueCoding] } }),
        } as unknown as FhirResource)
    }
  }
  return found
}
