/** Each resource read once, as statements about the patient: what, how it was read, when, and whether it holds. */
import type { FhirResource } from 'fhir/r4.js'
import type { CodeRow } from '../pathway/codes.ts'
import type { Evidence, UnreadForm } from '../pathway/known.ts'
import type { ReportHeadings } from '../pathway/schema.ts'
import { type Answered, withAnswer } from './reading/answered.ts'
import { type Read, readConcepts, withImaging } from './reading/concepts.ts'
import { type Dated, recordedOf, startsOf } from './reading/dates.ts'
import type { Reader } from './reading/reader.ts'
import { unreadFormOf, wordsOfReport } from './reading/report-words.ts'
import type { Presence, Standing } from './reading/statuses.ts'
import { statementShapes } from './reading/types.ts'
import { type Span, spanOf } from './spans.ts'
import { byDate, datesInWords, datesOfAnswer } from './told-dates.ts'
import {
  type Concept,
  concepts,
  conceptsIn,
  type Element,
  element,
  elements,
  referenceId,
  text,
} from './wire.ts'

export type { Presence, Standing } from './reading/statuses.ts'

/** How far did it get? */
type Progress = 'done' | 'ordered'

export interface Statement {
  type: string
  resource: FhirResource
  reference: string
  concepts: readonly Concept[]
  /** Value-set rows that its codes or words belong to; none where it could not be read. */
  rows: readonly CodeRow[]
  how: Evidence['how']
  /** An entry of the record, or the reason of an order in this call, or of a visit. */
  place: 'record' | 'order' | 'visit'
  standing: Standing
  /** What it says of its sign. */
  presence: Presence
  progress: Progress
  /** When it began or was done. */
  began: Span | undefined
  /** When somebody wrote it down; without that, the visit it belongs to. */
  recorded: Span | undefined
  ended: Span | undefined
  /** As written, for the card. */
  date: string | undefined
  /** Id of the encounter it was recorded on. */
  encounter: string | undefined
  /** Not read, because there is more than is read of one entry or one record. */
  isBeyond?: true
  /** Of a report whose name was read: what it concludes came in this form, and was not. */
  unreadForm?: UnreadForm
}

const notYetDone: Record<string, ReadonlySet<string>> = {
  Procedure: new Set(['preparation', 'on-hold', 'stopped']),
  ServiceRequest: new Set(['active', 'on-hold', 'unknown']),
  Encounter: new Set(['planned']),
  DiagnosticReport: new Set(['registered', 'partial', 'preliminary']),
  ImagingStudy: new Set(['registered']),
}

/** What is known of a resource but for what it is about. */
export type Circumstances = Omit<Statement, 'concepts' | 'rows' | 'how'>

export function circumstances(resource: FhirResource, reader: Reader): Circumstances {
  const source = resource as unknown as Element
  const type = resource.resourceType
  const reference = `${type}/${text(source.id) ?? '?'}`
  const encounter = encounterOf(type, source) ?? visitNaming(type, source, reader)
  const recorded = reader.believed(recordedOf(source))
  const began = withinRecord(reader.believed(startsOf(type, source)), recorded)
  const visit = encounter === undefined || began ? undefined : reader.visitDate(encounter)
  return {
    type,
    resource,
    reference,
    place: 'record',
    standing: reader.statuses.standingOf(type, source),
    presence: 'present',
    progress: notYetDone[type]?.has((text(source.status) ?? '').toLowerCase()) ? 'ordered' : 'done',
    began: began?.span,
    recorded: (recorded ?? visit)?.span,
    ended: spanOf(text(source.abatementDateTime) ?? text(element(source.abatementPeriod)?.end)),
    date: (began ?? recorded ?? visit)?.written,
    encounter,
  }
}

/** "2026", written down in May, began by May. */
function withinRecord(began: Dated | undefined, recorded: Dated | undefined): Dated | undefined {
  if (!began || !recorded || recorded.span.last >= began.span.last) return began
  if (recorded.span.last < began.span.first) return began
  return { ...began, span: { first: began.span.first, last: recorded.span.last } }
}

const encounterOf = (type: string, source: Element) =>
  referenceId(source.encounter ?? source.context)?.id ?? (type === 'Encounter' ? text(source.id) : undefined)

const visitNaming = (type: string, source: Element, reader: Reader) =>
  type === 'Condition' ? reader.visitNaming(text(source.id) ?? '') : undefined

const justCode: readonly string[] = ['code']

/** Types that name their subject in one way only; a visit without a reason is still a visit. */
const mayBeSilent = new Set(['Encounter'])

const none: readonly CodeRow[] = []

/**
 * Statements of one entry. None when it was withdrawn, or says nothing that a fact asks; one without rows when it
 * could not be read at all: nobody knows what it says.
 */
export function statementsOf(resource: FhirResource, reader: Reader): readonly Statement[] {
  const source = resource as unknown as Element
  const type = resource.resourceType
  const said = conceptsIn(source, statementShapes.get(type)?.about ?? justCode)
  const inWords = readConcepts(said, reader, () => notesOf(source))
  const named = withImaging(type, inWords, said, reader)
  const read = type === 'Observation' ? withAnswer(named, source, reader) : { named, told: nothingTold }
  const components =
    type === 'Observation'
      ? componentsOf(resource, source, reader)
      : type === 'DiagnosticReport'
        ? conclusionsOf(resource, source, { said, named }, reader)
        : []
  const isOfInterest = saysSomething(read) || type === 'Encounter'
  if (!isOfInterest && components.length === 0) return []
  if (reader.statuses.isWithdrawn(source)) return []
  const about = circumstances(resource, reader)
  return [...statementsOfAnswer(read, said, about, source, reader), ...components]
}

const nothingTold: Read = { parts: [], isUnread: false }

const saysSomething = ({ named, told }: Answered) =>
  [named, told].some(({ parts, isUnread, isBeyond }) => parts.length > 0 || isUnread || isBeyond)

function statementsOfAnswer(
  { named, told, times }: Answered,
  said: readonly Concept[],
  about: Circumstances,
  source: Element,
  reader: Reader,
): Statement[] {
  // It was looked at on the day of the observation, and its words tell when it began.
  const written = (about.recorded ?? about.began)?.last ?? reader.today
  const when = times ? datesOfAnswer(times, written, reader) : undefined
  const own = statementsFor(named, said, about, mayBeSilent.has(about.type), reader, when)
  const isAnswered = about.type === 'Observation'
  return [
    ...(isAnswered ? own.map((each) => answered(each, source, reader)) : own),
    ...statementsFor(told, said, about, false, reader, when),
  ]
}

/** What a report concludes, as far as a fact asks reports for it: "status post L4-S1 fusion". */
function conclusionsOf(
  resource: FhirResource,
  source: Element,
  { said, named }: { said: readonly Concept[]; named: Read },
  reader: Reader,
): Statement[] {
  const form = unreadFormOf(source, (words) => reader.said(words).isEmpty)
  const unread = form && conclusionsIn(source, reader.reportHeadings).every(isWithoutCode)
  const rows = unread ? named.parts.flatMap((part) => part.rows) : none
  const notRead: Statement[] =
    rows.length > 0 && form
      ? [{ ...unreadStatement(circumstances(resource, reader), said, false), rows, unreadForm: form }]
      : []
  return [...notRead, ...concludedIn(resource, source, reader)]
}

const isWithoutCode = ({ codings }: Concept) => codings.every(({ code }) => code === undefined)

function concludedIn(resource: FhirResource, source: Element, reader: Reader): Statement[] {
  return conclusionsIn(source, reader.reportHeadings).flatMap((concept) => {
    const { parts } = readConcepts([concept], reader, () => '')
    const wanted = parts.flatMap((part) => {
      const rows = part.rows.filter(({ key }) => reader.toldByReports.has(key))
      return rows.length > 0 ? [{ ...part, rows }] : []
    })
    if (wanted.length === 0) return []
    const about = circumstances(resource, reader)
    return statementsFor({ parts: wanted, isUnread: false }, [concept], about, false, reader)
  })
}

export const conclusionsIn = (source: Element, headings: ReportHeadings): readonly Concept[] => [
  { codings: [], text: wordsOfReport(source, headings) },
  ...concepts(source.conclusionCode),
  ...concepts(source.codedDiagnosis),
]

/** What was left out of an entry may be anything that its type can say; the reasons of a visit are problems. */
export function unreadPartOf(resource: FhirResource, reader: Reader): readonly Statement[] {
  if (reader.statuses.isWithdrawn(resource as unknown as Element)) return []
  const about = circumstances(resource, reader)
  const part = unreadStatement(about, [], true)
  return about.type === 'Encounter' ? [part, { ...part, type: 'Condition', place: 'visit' }] : [part]
}

export const unreadStatement = (
  about: Circumstances,
  concepts: readonly Concept[],
  isBeyond: boolean,
): Statement => ({
  ...about,
  concepts,
  rows: none,
  how: 'not-read',
  presence: 'unknown',
  ...(isBeyond ? { isBeyond } : {}),
})

function statementsFor(
  { parts, isUnread, isBeyond = false }: Read,
  said: readonly Concept[],
  about: Circumstances,
  mayBeEmpty: boolean,
  reader: Reader,
  when = datesInWords(said, about, reader),
): Statement[] {
  const unread = unreadStatement(about, said, isBeyond)
  if (parts.length === 0) {
    if (isBeyond || (isUnread && !mayBeEmpty)) return [unread]
    return mayBeEmpty ? [{ ...about, concepts: said, rows: none, how: 'code' }] : []
  }
  const read = parts.flatMap(({ rows, how, certainty }) =>
    byDate(rows, when).map(([dates, dated]): Statement => {
      const statement: Statement = { ...about, ...dates, concepts: said, rows: dated, how }
      if (certainty === 'suspected') return { ...statement, presence: 'suspected' }
      if (certainty === 'unread') return { ...statement, presence: 'unknown' }
      // "History of": over, and the day on which somebody wrote that is not its date.
      return certainty === 'past'
        ? { ...statement, standing: 'past', began: undefined, recorded: undefined, date: undefined }
        : statement
    }),
  )
  return isBeyond ? [...read, unread] : read
}

/** A sign is there as its answer says; an answer that is itself the sign affirms it. */
function answered(statement: Statement, source: Element, reader: Reader): Statement {
  if (statement.presence !== 'present' || valueNames(statement.rows, source, reader)) return statement
  return { ...statement, presence: reader.statuses.presenceOf(source) }
}

function valueNames(rows: readonly CodeRow[], source: Element, reader: Reader): boolean {
  const value = concepts(source.valueCodeableConcept)
  if (value.length === 0) return false
  const named = new Set(
    readConcepts(value, reader, () => '').parts.flatMap((part) => part.rows.map(({ key }) => key)),
  )
  return rows.some(({ key }) => named.has(key))
}

/** Each component of a panel is an observation of its own. */
function componentsOf(resource: FhirResource, source: Element, reader: Reader): Statement[] {
  const [panel] = concepts(source.code).map(({ text }) => text)
  return elements(source.component).flatMap((component) => {
    const said = [...concepts(component.code), ...concepts(component.valueCodeableConcept)]
    const read = withAnswer(
      readConcepts(said, reader, () => ''),
      component,
      reader,
      panel,
    )
    if (!saysSomething(read)) return []
    const about = circumstances(resource, reader)
    const asResource = { ...component, resourceType: 'Observation' } as unknown as FhirResource
    return statementsOfAnswer(read, said, { ...about, resource: asResource }, component, reader)
  })
}

/** Reasons as statements: of an order in this call, or of a visit. They are the strongest evidence there is. */
export function statementsOfReason(
  reason: Concept,
  about: Circumstances,
  reader: Reader,
): readonly Statement[] {
  return statementsFor(
    readConcepts([reason], reader, () => '', true),
    [reason],
    about,
    false,
    reader,
  )
}

const notesOf = (source: Element) =>
  elements(source.note)
    .flatMap((note) => text(note.text) ?? [])
    .join(' | ')
