/** The record by value-set group: each entry is read once, after which every fact is a look-up. */
import type { FhirResource } from 'fhir/r4.js'
import type { CodeRow } from '../pathway/codes.ts'
import type { DraftOrder, PatientRecord } from '../record/record.ts'
import { draftedExposures, type Exposure, exposuresOf, type Medicines } from './exposures.ts'
import type { MedicineReading } from './medicine-reading.ts'
import { statementsOfNotes } from './notes.ts'
import type { Reader } from './reading/reader.ts'
import { reasonsOfOrder, reasonsOfVisit } from './reading/reasons.ts'
import { medicationTypes, statementShapes } from './reading/types.ts'
import {
  circumstances,
  type Statement,
  statementsOf,
  statementsOfReason,
  unreadPartOf,
} from './statements.ts'
import { concepts, type Element, elements, text } from './wire.ts'

// What stands beside the name of a medicine without a code: "Renvela with meals, dialysis pt", "Librium taper for
// EtOH w/d".

const none: readonly never[] = []

/** Of a medicine that is taken; what is said of one that was stopped may be over with it. */
function besideMedicine(resource: FhirResource, { reader, reading }: Medicines): readonly Statement[] {
  const source = resource as unknown as Element
  const written = concepts(source.medicationCodeableConcept).filter(
    ({ codings, text }) => codings.length === 0 && text !== undefined,
  )
  if (written.length === 0 || reader.statuses.isWithdrawn(source)) return none
  const { state, isInHospital } = reading.taking(resource.resourceType, source, written)
  if (state !== 'going-on' || isInHospital) return none
  const about = circumstances(resource, reader)
  // A name that says nothing more is read as a medicine.
  return written
    .flatMap((each) => statementsOfReason(each, about, reader))
    .filter(({ how }) => how !== 'not-read')
}

// What an order brings along: entries that are in no list of the chart, and the answers to the questions of order
// entry.

const readTypes = ['Condition', 'Observation', 'Procedure'] as const

/** Statements of `supportingInfo` and its spellings, each entry once; what stands in the chart too is read there. */
function supportingStatements(
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

export interface RecordIndex {
  /** Statements in a group, by `set/group`. */
  statements(key: string): readonly Statement[]
  /** Entries of a resource type that could not be read; unread reasons stand among the problems. */
  unread(type: string): readonly Statement[]
  exposures(key: string): readonly Exposure[]
  /** Medicines drafted in this call, by `set/group`. */
  drafted(key: string): readonly Exposure[]
  /** Medicines that nobody can name; those of the chart are among the unread entries too. */
  unreadMedicines: { exposures: readonly Exposure[]; drafted: readonly Exposure[] }
  /** Every `set/group` under which there is something. */
  keys: ReadonlySet<string>
  /** Types of which more came than is read. */
  partlyRead: ReadonlySet<string>
  /** Every encounter, with or without a reason. */
  visits: readonly Statement[]
  reader: Reader
}

/** Entries of one group, and of one type that could not be read: every fact looks at each of them. */
const mostOfGroup = 2000
const mostUnread = 200
/** Entries of one type. */
const mostEntries = 10_000
/** Medicines of the chart: each is named, and may have a dosage in words. */
const mostMedicines = 2000
/** Orders drafted in one call. */
const mostDrafts = 500

export function indexRecord(
  record: PatientRecord,
  reader: Reader,
  reading: MedicineReading,
  today: number,
): RecordIndex {
  const byKey = new Map<string, Statement[]>()
  const unread = new Map<string, Statement[]>()
  const partlyRead = new Set<string>()
  const visits: Statement[] = []
  const exposures = new Map<string, Exposure[]>()
  const drafted = new Map<string, Exposure[]>()
  const unreadMedicines = { exposures: [] as Exposure[], drafted: [] as Exposure[] }
  const medicines: Medicines = { record, reader, reading, today }

  function firstOf(resources: readonly FhirResource[], most: number): readonly FhirResource[] {
    const [first] = resources
    if (!first || resources.length <= most) return resources
    partlyRead.add(first.resourceType)
    return resources.slice(0, most)
  }

  function take(statement: Statement) {
    if (statement.isBeyond) partlyRead.add(statement.type)
    if (statement.how === 'not-read') push(unread, statement.type, statement, mostUnread)
    else file(byKey, statement.rows, statement)
  }

  // Read before the chart: what is ordered today counts most, and a chart may bring more than is read.
  const drafts = record.draftOrders.slice(0, mostDrafts)
  const reasonsOfOrders = drafts.map((draft) => reasonsOfOrder(draft, record, reader, today))
  for (const { resource } of record.draftOrders.slice(mostDrafts))
    partlyRead.add('Condition').add(resource.resourceType)

  for (const [type, resources] of record.resources) {
    if (statementShapes.has(type)) {
      for (const resource of firstOf(resources, mostEntries)) {
        for (const statement of statementsOf(resource, reader)) {
          take(statement)
          if (type === 'Encounter') visits.push(statement)
        }
        for (const note of statementsOfNotes(resource, record, reader)) take(note)
        if (type === 'Encounter') for (const reason of reasonsOfVisit(resource, record, reader)) take(reason)
        if (record.isCut(resource)) for (const part of unreadPartOf(resource, reader)) take(part)
      }
    } else if (medicationTypes.has(type)) {
      for (const resource of firstOf(resources, mostMedicines)) {
        for (const statement of besideMedicine(resource, medicines)) take(statement)
        for (const reason of statementsOfNotes(resource, record, reader)) take(reason)
        for (const exposure of exposuresOf(resource, medicines)) {
          if (exposure.how === 'not-read') {
            if (push(unread, type, exposure, mostUnread)) unreadMedicines.exposures.push(exposure)
          } else file(exposures, exposure.rows, exposure)
        }
      }
    } else if (type === 'ClinicalImpression') {
      for (const resource of firstOf(resources, mostEntries))
        for (const said of statementsOfNotes(resource, record, reader)) take(said)
    }
  }
  for (const statement of supportingStatements(drafts, record, reader)) take(statement)
  for (const [at, draft] of drafts.entries()) {
    for (const reason of reasonsOfOrders[at] ?? none) take(reason)
    if (medicationTypes.has(draft.resource.resourceType)) {
      for (const exposure of draftedExposures(draft.resource, medicines)) {
        if (exposure.how !== 'not-read') file(drafted, exposure.rows, exposure)
        else if (unreadMedicines.drafted.length < mostUnread) unreadMedicines.drafted.push(exposure)
      }
    }
  }
  function file<T extends Statement>(into: Map<string, T[]>, rows: readonly CodeRow[], entry: T) {
    for (const row of rows) push(into, row.key, entry, mostOfGroup)
  }

  /** False where there are as many already as are looked at: then the type counts as not read whole. */
  function push<T extends Statement>(into: Map<string, T[]>, key: string, entry: T, most: number): boolean {
    const same = into.get(key)
    if (!same) into.set(key, [entry])
    else if (same.length >= most) partlyRead.add(entry.type)
    else if (same.at(-1) !== entry) same.push(entry)
    return same === undefined || same.length < most
  }

  return {
    statements: (key) => byKey.get(key) ?? none,
    unread: (type) => unread.get(type) ?? none,
    exposures: (key) => exposures.get(key) ?? none,
    drafted: (key) => drafted.get(key) ?? none,
    unreadMedicines,
    keys: new Set([...byKey.keys(), ...exposures.keys(), ...drafted.keys()]),
    partlyRead,
    visits,
    reader,
  }
}
