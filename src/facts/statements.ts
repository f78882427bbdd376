/** Each resource as one statement about the patient: what, when, and whether it holds. */
import type { FhirResource } from 'fhir/r4.js'
import type { CodeIndex, CodeRow } from '../content/codes.ts'
import type { Evidence } from '../content/known.ts'
import { type Span, spanOf } from './spans.ts'
import {
  type Concept,
  concepts,
  type Element,
  element,
  elements,
  plainCode,
  referenceId,
  text,
  wordsOfConcept,
} from './wire.ts'

/** Does it hold now? `unstated` where the record does not say, as most visit diagnoses do not. */
export type Standing = 'active' | 'past' | 'unstated'
/** How far did it get? */
export type Progress = 'done' | 'ordered'

export interface Statement {
  type: string
  resource: FhirResource
  reference: string
  concepts: readonly Concept[]
  /** Value-set rows that its codes belong to. */
  rows: readonly CodeRow[]
  how: 'code' | 'name'
  standing: Standing
  progress: Progress
  /** When it began or was done. */
  began: Span | undefined
  /** When somebody wrote it down. */
  recorded: Span | undefined
  ended: Span | undefined
  /** As written, for the card. */
  date: string | undefined
  /** Id of the encounter it was recorded on. */
  encounter: string | undefined
}

const withdrawn = new Set([
  'entered-in-error',
  'cancelled',
  'revoked',
  'not-done',
  'draft',
  'refuted',
  'not-taken',
  'declined',
])
const finished = new Set(['resolved', 'inactive', 'remission'])
const running = new Set(['active', 'recurrence', 'relapse'])
const notYetDone: Record<string, ReadonlySet<string>> = {
  Procedure: new Set(['preparation', 'on-hold', 'stopped']),
  ServiceRequest: new Set(['active', 'on-hold', 'unknown']),
  Encounter: new Set(['planned']),
  DiagnosticReport: new Set(['registered', 'partial', 'preliminary']),
  ImagingStudy: new Set(['registered']),
}

/**
 * Undefined when no value set knows what the resource is about, or when it says that something is not so or was
 * withdrawn. A visit without a reason is still a visit: conditions may point to it.
 */
export function statementOf(resource: FhirResource, codes: CodeIndex): Statement | undefined {
  const rows = rowsOfResource(resource, codes)
  if (rows.length === 0 && resource.resourceType !== 'Encounter') return undefined
  return isWithdrawn(resource as unknown as Element) ? undefined : new CodedStatement(resource, rows)
}

/** Reads the rest of the resource when a fact asks for it: of most resources none does. */
class CodedStatement implements Statement {
  readonly resource: FhirResource
  readonly rows: readonly CodeRow[]
  readonly type: FhirResource['resourceType']
  readonly how = 'code'
  readonly #source: Element

  constructor(resource: FhirResource, rows: readonly CodeRow[]) {
    this.resource = resource
    this.rows = rows
    this.type = resource.resourceType
    this.#source = resource as unknown as Element
  }

  get reference(): string {
    return referenceOf(this.type, this.#source)
  }

  get concepts(): readonly Concept[] {
    return conceptNames(this.type).flatMap((name) => concepts(this.#source[name]))
  }

  get standing(): Standing {
    return standingOf(this.type, this.#source)
  }

  get progress(): Progress {
    return progressOf(this.type, this.#source)
  }

  get began(): Span | undefined {
    return spanOf(startOf(this.type, this.#source))
  }

  get recorded(): Span | undefined {
    return spanOf(this.#source.recordedDate)
  }

  get ended(): Span | undefined {
    return endOf(this.#source)
  }

  get date(): string | undefined {
    return startOf(this.type, this.#source) ?? text(this.#source.recordedDate)
  }

  get encounter(): string | undefined {
    return encounterOf(this.type, this.#source)
  }
}

export function circumstances(
  resource: FhirResource,
  source: Element,
): Omit<Statement, 'concepts' | 'rows' | 'how'> {
  const type = resource.resourceType
  const began = startOf(type, source)
  return {
    type,
    resource,
    reference: referenceOf(type, source),
    standing: standingOf(type, source),
    progress: progressOf(type, source),
    began: spanOf(began),
    recorded: spanOf(source.recordedDate),
    ended: endOf(source),
    date: began ?? text(source.recordedDate),
    encounter: encounterOf(type, source),
  }
}

const referenceOf = (type: string, source: Element) => `${type}/${text(source.id) ?? '?'}`

const progressOf = (type: string, source: Element): Progress =>
  notYetDone[type]?.has(text(source.status) ?? '') ? 'ordered' : 'done'

const endOf = (source: Element) =>
  spanOf(text(source.abatementDateTime) ?? text(element(source.abatementPeriod)?.end))

const encounterOf = (type: string, source: Element) =>
  referenceId(source.encounter)?.id ?? (type === 'Encounter' ? text(source.id) : undefined)

export function isWithdrawn(source: Element): boolean {
  if (withdrawn.has(text(source.status) ?? '') || source.doNotPerform === true) return true
  return withdrawn.has(plainCode(source.verificationStatus) ?? '') || source.valueBoolean === false
}

function standingOf(type: string, source: Element): Standing {
  const status = plainCode(source.clinicalStatus)
  if (status !== undefined && finished.has(status)) return 'past'
  if (type === 'Condition' && hasAbated(source)) return 'past'
  return status !== undefined && running.has(status) ? 'active' : 'unstated'
}

function hasAbated(source: Element): boolean {
  if (element(source.abatementPeriod)) return element(source.abatementPeriod)?.end !== undefined
  return ['abatementDateTime', 'abatementString', 'abatementAge', 'abatementRange', 'abatementBoolean'].some(
    (name) => source[name] !== undefined && source[name] !== false && source[name] !== null,
  )
}

const startElements: Record<string, readonly string[]> = {
  Condition: ['onsetDateTime', 'onsetPeriod'],
  Procedure: ['performedDateTime', 'performedPeriod'],
  ServiceRequest: ['authoredOn', 'occurrenceDateTime', 'occurrencePeriod'],
  Encounter: ['period'],
  Observation: ['effectiveDateTime', 'effectivePeriod', 'effectiveInstant', 'issued'],
  DiagnosticReport: ['effectiveDateTime', 'effectivePeriod', 'issued'],
  ImagingStudy: ['started'],
  AllergyIntolerance: ['onsetDateTime', 'onsetPeriod', 'recordedDate'],
}

function startOf(type: string, source: Element): string | undefined {
  for (const name of startElements[type] ?? []) {
    const found = text(source[name]) ?? text(element(source[name])?.start)
    if (found !== undefined) return found
  }
  return undefined
}

const conceptElements: Record<string, readonly string[]> = {
  Encounter: ['reasonCode', 'type', 'serviceType'],
  Observation: ['code', 'valueCodeableConcept'],
  ImagingStudy: ['procedureCode'],
}

const justCode: readonly string[] = ['code']
const conceptNames = (type: string) => conceptElements[type] ?? justCode

function rowsOfResource(resource: FhirResource, codes: CodeIndex): readonly CodeRow[] {
  const source = resource as unknown as Element
  let rows: readonly CodeRow[] = none
  for (const name of conceptNames(resource.resourceType)) {
    for (const concept of elements(source[name])) {
      for (const { system, code } of elements(concept.coding)) {
        rows = withRows(rows, codes.lookup({ system: text(system), code: text(code) }))
      }
    }
  }
  return rows
}

export function rowsOf(said: readonly Concept[], codes: CodeIndex): readonly CodeRow[] {
  let rows: readonly CodeRow[] = none
  for (const concept of said) {
    for (const coding of concept.codings) rows = withRows(rows, codes.lookup(coding))
  }
  return rows
}

const none: readonly CodeRow[] = []

function withRows(rows: readonly CodeRow[], found: readonly CodeRow[]): readonly CodeRow[] {
  if (found.length === 0) return rows
  return rows.length === 0 ? found : [...new Set([...rows, ...found])]
}

/** Reason or note in words, for narrowing an unspecific code. */
export function wordsOf(statement: Statement): string {
  const source = statement.resource as unknown as Element
  const notes = elements(source.note).map((note) => text(note.text))
  const reasons = ['reasonCode', 'statusReason', 'bodySite'].flatMap((name) =>
    concepts(source[name]).map(wordsOfConcept),
  )
  return [...statement.concepts.map(wordsOfConcept), ...notes, ...reasons]
    .filter((each) => each !== undefined)
    .join(' | ')
}

/** What the card calls it: our own value set's words, else the record's. */
export function evidenceOf(statement: Statement, row: CodeRow | undefined): Evidence {
  const said = statement.concepts[0]
  const own = row && !row.display.startsWith('(') && row.display !== '' ? row.display : undefined
  return {
    reference: statement.reference,
    what:
      own ??
      said?.text ??
      said?.codings.find((coding) => coding.display)?.display ??
      row?.group ??
      statement.type,
    date: statement.date,
    how: statement.how,
  }
}
