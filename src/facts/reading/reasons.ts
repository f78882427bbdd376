/** Reasons of orders in this call and of visits: concepts, references followed, in the spellings of STU3, R4 and R5. */
import type { FhirResource } from 'fhir/r4.js'
import type { DraftOrder, PatientRecord } from '../../record/record.ts'
import {
  type Circumstances,
  circumstances,
  type Statement,
  statementsOf,
  statementsOfReason,
  unreadStatement,
} from '../statements.ts'
import { type Concept, concepts, type Element, element, elements, text } from '../wire.ts'
import type { Reader } from './reader.ts'

interface Reasons {
  /** Stated, coded or in words. */
  said: readonly Concept[]
  /** Of these the ones that stand on the request itself, and what the others refer to. */
  own: readonly Concept[]
  targets: readonly FhirResource[]
  /** A reason that is referred to and could not be found, or one that was not read whole. */
  isOutOfReach: boolean
}

/** What a request or a visit gives as its reasons. */
export function reasonsIn(resource: FhirResource, record: PatientRecord): Reasons {
  const source = resource as unknown as Element
  const own: Concept[] = [...concepts(source.reasonCode), ...concepts(source.indication)]
  const targets: FhirResource[] = []
  let isOutOfReach = record.isCut(resource)
  for (const reference of referencesIn(source)) {
    const target = record.resolve(text(reference.reference), resource)
    const display = text(reference.display)
    if (target) {
      targets.push(target)
      isOutOfReach ||= record.isCut(target)
    } else if (display !== undefined) own.push({ codings: [], text: display })
    else if (text(reference.reference) !== undefined) isOutOfReach = true
  }
  for (const reason of elements(source.reason)) {
    // R5: a CodeableReference, or a visit's list of them under `value`; STU3: the concept itself.
    if (element(reason.reference)) continue
    own.push(...(reason.value === undefined ? concepts(reason) : concepts(reason.value)))
  }
  const stated = own.filter(saysSomething)
  const referred = targets.flatMap((target) => concepts((target as unknown as Element).code))
  return { said: [...stated, ...referred.filter(saysSomething)], own: stated, targets, isOutOfReach }
}

const saysSomething = ({ codings, text }: Concept) =>
  text !== undefined || codings.some(({ code, display }) => code ?? display)

/**
 * What a reason refers to keeps its own status. Without any date it is dated by what names it; with an older one nobody
 * can tell whether it is there again: it began some day from then on.
 */
function statementsOfTarget(
  target: FhirResource,
  about: Circumstances,
  reader: Reader,
): readonly Statement[] {
  return statementsOf(target, reader).map((each) => {
    const standing = each.standing === 'unstated' ? about.standing : each.standing
    return {
      ...each,
      ...(each.standing === 'past' ? {} : datesOf(each, about)),
      standing,
      place: about.place,
    }
  })
}

function referencesIn(source: Element): Element[] {
  const inReasons = elements(source.reason).flatMap((reason) => [
    ...elements(reason.reference),
    ...elements(reason.value).flatMap((value) => elements(value.reference)),
  ])
  const diagnoses = elements(source.diagnosis).flatMap((each) =>
    elements(each.condition).map((condition) => element(condition.reference) ?? condition),
  )
  return [...elements(source.reasonReference), ...inReasons, ...diagnoses]
}

function datesOf(target: Statement, { began, recorded }: Circumstances): Partial<Statement> {
  const own = target.began ?? target.recorded
  const named = began ?? recorded
  if (!own) return { began, recorded }
  return named && own.first < named.last ? { began: { first: own.first, last: named.last } } : {}
}

/** Dated today: whatever it was before, it is why somebody orders now. */
export function reasonsOfOrder(
  { resource }: DraftOrder,
  record: PatientRecord,
  reader: Reader,
  today: number,
): readonly Statement[] {
  const about = {
    ...circumstances(resource, reader),
    type: 'Condition',
    reference: 'order',
    place: 'order' as const,
    standing: 'active' as const,
    progress: 'done' as const,
    began: { first: today, last: today },
    recorded: { first: today, last: today },
    ended: undefined,
    date: undefined,
    encounter: record.encounterId,
  }
  const read = statementsOfReasons(reasonsIn(resource, record), about, reader)
  // What was left out of the order may be a reason.
  return record.isCut(resource) ? [...read, unreadStatement(about, [], true)] : read
}

function statementsOfReasons({ own, targets }: Reasons, about: Circumstances, reader: Reader) {
  return [
    ...own.flatMap((reason) => statementsOfReason(reason, about, reader)),
    ...targets.flatMap((target) => statementsOfTarget(target, about, reader)),
  ]
}

/** Dated by the visit; of a visit that was cancelled or is only planned none count. */
export function reasonsOfVisit(
  visit: FhirResource,
  record: PatientRecord,
  reader: Reader,
): readonly Statement[] {
  if (reader.statuses.isWithdrawn(visit as unknown as Element)) return []
  const reasons = reasonsIn(visit, record)
  if (reasons.said.length === 0) return []
  const visited = circumstances(visit, reader)
  if (visited.progress !== 'done') return []
  const isCurrent = visit.id !== undefined && visit.id === record.encounterId
  const about = {
    ...visited,
    type: 'Condition',
    place: 'visit' as const,
    standing: isCurrent ? ('active' as const) : ('unstated' as const),
  }
  return statementsOfReasons(reasons, about, reader)
}
