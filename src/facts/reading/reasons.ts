/** Reasons of orders in this call and of visits: concepts, references followed, in the spellings of STU3, R4 and R5. */
import type { FhirResource } from 'fhir/r4.js'
import type { ReportHeadings } from '../../pathway/schema.ts'
import type { DraftOrder, PatientRecord } from '../../record/record.ts'
import {
  type Circumstances,
  circumstances,
  conclusionsIn,
  type Statement,
  statementsOf,
  statementsOfReason,
  unreadStatement,
} from '../statements.ts'
import { type Concept, concepts, type Element, element, elements, referenceId, text } from '../wire.ts'
import type { Reader } from './reader.ts'

interface Reasons {
  /** Stated, coded or in words. */
  said: readonly Concept[]
  /** Names of observations, reports and documents that it refers to, and what reports conclude: they can be why. */
  pointedAt: readonly Concept[]
  /** Of these the ones that stand on the request itself, and what the others refer to. */
  own: readonly Concept[]
  targets: readonly FhirResource[]
  /** A reason that is referred to and could not be found, or one that was not read whole. */
  isOutOfReach: boolean
}

/** What a request or a visit gives as its reasons. */
export function reasonsIn(resource: FhirResource, record: PatientRecord, headings: ReportHeadings): Reasons {
  const source = resource as unknown as Element
  const own: Concept[] = [...concepts(source.reasonCode), ...concepts(source.indication)]
  const targets: FhirResource[] = []
  const pointedAt: Concept[] = []
  let isOutOfReach = record.isCut(resource)
  for (const reference of referencesIn(source)) {
    const target = record.resolve(text(reference.reference), resource)
    const type = target?.resourceType ?? referenceId(reference)?.type
    const display = text(reference.display)
    const isOfFinding = type !== undefined && ofFindings.has(type)
    if (target) {
      targets.push(target)
      if (isOfFinding) pointedAt.push(...told(target, headings))
      isOutOfReach ||= record.isCut(target)
    } else {
      if (display !== undefined) (isOfFinding ? pointedAt : own).push({ codings: [], text: display })
      // Documents are read by nobody here.
      const isMissing = isOfFinding ? type !== 'DocumentReference' : display === undefined
      if (isMissing && text(reference.reference) !== undefined) isOutOfReach = true
    }
  }
  for (const reason of elements(source.reason)) {
    // R5: a CodeableReference, or a visit's list of them under `value`; STU3: the concept itself.
    if (element(reason.reference)) continue
    own.push(...(reason.value === undefined ? concepts(reason) : concepts(reason.value)))
  }
  const stated = own.filter(saysSomething)
  const referred = targets.flatMap((target) =>
    ofFindings.has(target.resourceType) ? [] : concepts((target as unknown as Element).code),
  )
  return {
    said: [...stated, ...referred.filter(saysSomething)],
    pointedAt: pointedAt.filter(saysSomething),
    own: stated,
    targets,
    isOutOfReach,
  }
}

/** A pain score or a report names what was looked at, and no other reason than the back. */
const ofFindings = new Set(['Observation', 'DiagnosticReport', 'DocumentReference'])

const told = (target: FhirResource, headings: ReportHeadings) => {
  const source = target as unknown as Element
  return [...concepts(source.code), ...conclusionsIn(source, headings)]
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
  const found = [...statementsOf(target, reader), ...concludedIn(target, about, reader)]
  return found.map((each) => {
    const standing = each.standing === 'unstated' ? about.standing : each.standing
    return {
      ...each,
      ...(each.standing === 'past' ? {} : datesOf(each, about)),
      standing,
      place: about.place,
    }
  })
}

/** What a report that is the reason concludes is the reason: a problem as any other, of the day of the report. */
function concludedIn(target: FhirResource, about: Circumstances, reader: Reader): readonly Statement[] {
  if (target.resourceType !== 'DiagnosticReport') return []
  const source = target as unknown as Element
  if (reader.statuses.isWithdrawn(source)) return []
  const { began, recorded, date, reference } = circumstances(target, reader)
  const dated = { ...about, began, recorded, date, reference }
  return conclusionsIn(source, reader.reportHeadings).flatMap((each) =>
    statementsOfReason(each, dated, reader),
  )
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
  const reasons = reasonsIn(resource, record, reader.reportHeadings)
  const read = statementsOfReasons(reasons, about, reader)
  // What was left out of the order may be a reason.
  if (record.isCut(resource)) return [...read, unreadStatement(about, [], true)]
  return reasons.isOutOfReach && reasons.said.length === 0 ? [...read, ...unreadReasons(about)] : read
}

/** It may be any problem, or any finding. */
const unreadReasons = (about: Circumstances): Statement[] =>
  ['Condition', 'Observation'].map((type) => unreadStatement({ ...about, type }, [outOfReach], false))

const outOfReach: Concept = { codings: [], text: 'the reason that the order refers to' }

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
  const reasons = reasonsIn(visit, record, reader.reportHeadings)
  if (reasons.own.length + reasons.targets.length === 0) return []
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
