/** What an order brings along: entries that are in no list of the chart, and the answers to the questions of order entry. */
import type { FhirResource } from 'fhir/r4.js'
import type { DraftOrder, PatientRecord } from '../../record/record.ts'
import { type Statement, statementsOf, unreadPartOf } from '../statements.ts'
import { type Element, elements, text } from '../wire.ts'
import type { Reader } from './reader.ts'

const readTypes = ['Condition', 'Observation', 'Procedure'] as const

/** Statements of `supportingInfo` and its spellings, each entry once; what stands in the chart too is read there. */
export function supportingStatements(
  drafts: readonly DraftOrder[],
  record: PatientRecord,
  reader: Reader,
): readonly Statement[] {
  const targets = new Set(drafts.flatMap(({ resource }) => targetsOf(resource, record)))
  if (targets.size === 0) return []
  const inChart = new Set(readTypes.flatMap((type) => record.resources.get(type) ?? []))
  return [...targets].flatMap((target) => {
    // What was left out of answers may tell of any finding, as an observation does.
    const leftOut = record.isCut(target) ? unreadPartOf(target, reader) : []
    if (target.resourceType === 'QuestionnaireResponse')
      return [
        ...answersOf(target as unknown as Element).flatMap((each) => statementsOf(each, reader)),
        ...leftOut.map((part): Statement => ({ ...part, type: 'Observation' })),
      ]
    const isRead = readTypes.some((type) => type === target.resourceType) && !inChart.has(target)
    return isRead ? [...statementsOf(target, reader), ...leftOut] : []
  })
}

function targetsOf(resource: FhirResource, record: PatientRecord): FhirResource[] {
  const source = resource as unknown as Element
  return [...elements(source.supportingInfo), ...elements(source.supportingInformation)].flatMap(
    ({ reference }) => record.resolve(text(reference), resource) ?? [],
  )
}

/** Each answered question as the observation that it is. */
function answersOf(response: Element): FhirResource[] {
  if (text(response.status) === 'entered-in-error') return []
  const found: FhirResource[] = []
  const open = [...elements(response.item)].reverse()
  while (open.length > 0) {
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
