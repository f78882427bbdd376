/** Each resource read once, as statements about the patient: what, how it was read, when, and whether it holds. */
import type { FhirResource } from 'fhir/r4.js'
import type { CodeRow } from '../pathway/codes.ts'
import type { Evidence } from '../pathway/known.ts'
import { type Read, readConcepts, withImaging, withNumber } from './reading/concepts.ts'
import { type Dated, recordedOf, startsOf } from './reading/dates.ts'
import type { Reader } from './reading/reader.ts'
import { wordsOfReport } from './reading/report-words.ts'
import type { Presence, Standing } from './reading/statuses.ts'
import { isOfUnknownDay, mayTellTime, spanTold, tellSpan } from './reading/told-time.ts'
import { statementShapes } from './reading/types.ts'
import { type Span, spanOf } from './spans.ts'
import {
  type Concept,
  concepts,
  conceptsIn,
  type Element,
  element,
  elements,
  referenceId,
  text,
  wordsOfConcept,
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
  const inWords = readConcepts(said, reader, () => notesOf(type, source))
  const read = withNumber(withImaging(type, inWords, said, reader), said, source, reader)
  const components =
    type === 'Observation'
      ? componentsOf(resource, source, reader)
      : type === 'DiagnosticReport'
        ? conclusionsOf(resource, source, reader)
        : []
  const isOfInterest = read.parts.length > 0 || read.isUnread || read.isBeyond || type === 'Encounter'
  if (!isOfInterest && components.length === 0) return []
  if (reader.statuses.isWithdrawn(source)) return []
  const about = circumstances(resource, reader)
  const own = statementsFor(read, said, about, mayBeSilent.has(type), reader)
  const isAnswered = type === 'Observation' && !read.isWithValue
  return [...(isAnswered ? own.map((each) => answered(each, source, reader)) : own), ...components]
}

/** What a report concludes, as far as a fact asks reports for it: "status post L4-S1 fusion". */
function conclusionsOf(resource: FhirResource, source: Element, reader: Reader): Statement[] {
  return conclusionsIn(source).flatMap((concept) => {
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

export const conclusionsIn = (source: Element): readonly Concept[] => [
  { codings: [], text: wordsOfReport(source) },
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
): Statement[] {
  const unread = unreadStatement(about, said, isBeyond)
  if (parts.length === 0) {
    if (isBeyond || (isUnread && !mayBeEmpty)) return [unread]
    return mayBeEmpty ? [{ ...about, concepts: said, rows: none, how: 'code' }] : []
  }
  const when = datesInWords(said, about, reader)
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

type Dates = Pick<Statement, 'began' | 'recorded' | 'date'>

/** Rows that share a date; those without one of their own keep the entry's. */
function byDate(
  rows: readonly CodeRow[],
  when: ReadonlyMap<string, Dates>,
): [Dates | undefined, readonly CodeRow[]][] {
  if (when.size === 0) return [[undefined, rows]]
  const groups = new Map<Dates | undefined, CodeRow[]>()
  for (const row of rows) {
    const dates = when.get(row.key)
    const same = groups.get(dates)
    if (same) same.push(row)
    else groups.set(dates, [row])
  }
  return [...groups]
}

/** "Compression fracture 2022": of that year, unless the entry itself says when it began. By group. */
function datesInWords(
  said: readonly Concept[],
  { began, recorded, place }: Circumstances,
  reader: Reader,
): ReadonlyMap<string, Dates> {
  const found = new Map<string, Dates>()
  if (began && place === 'record') return found
  const written = recorded?.last ?? reader.today
  // The name of a code tells no time, and takes none away from what somebody wrote beside it.
  const words = said.map((each) => each.text ?? wordsOfConcept(each)).filter((each) => mayTellTime(each))
  if (words.length === 0) return found
  for (const [key, time] of reader.said(words.join(' | ')).times) {
    const span = spanTold(time, written, reader.longStandingDays)
    // Of a day that nobody told: not of the day on which somebody wrote that down.
    if (isOfUnknownDay(time, written))
      found.set(key, { began: undefined, recorded: undefined, date: undefined })
    if (span) found.set(key, { began: span, recorded: undefined, date: tellSpan(span) })
  }
  return found
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
  return elements(source.component).flatMap((component) => {
    const said = [...concepts(component.code), ...concepts(component.valueCodeableConcept)]
    const inWords = readConcepts(said, reader, () => '')
    const read = withNumber(inWords, said, component, reader)
    if (read.parts.length === 0 && !read.isBeyond) return []
    const about = circumstances(resource, reader)
    const asResource = { ...component, resourceType: 'Observation' } as unknown as FhirResource
    const own = statementsFor(read, said, { ...about, resource: asResource }, false, reader)
    return read.isWithValue ? own : own.map((each) => answered(each, component, reader))
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

function notesOf(type: string, source: Element): string {
  const notes = elements(source.note).map((note) => text(note.text) ?? '')
  const value = type === 'Observation' ? [text(source.valueString) ?? ''] : []
  return [...notes, ...value].filter((each) => each !== '').join(' | ')
}
