/** The record by value-set group: each entry is read once, after which every fact is a look-up. */
import type { FhirResource } from 'fhir/r4.js'
import type { CodeRow } from '../pathway/codes.ts'
import type { PatientRecord } from '../record/record.ts'
import { besideMedicine } from './beside-medicine.ts'
import { draftedExposures, type Exposure, exposuresOf, type Medicines, medicationTypes } from './exposures.ts'
import type { MedicineReading } from './medicine-reading.ts'
import type { Reader } from './reading/reader.ts'
import { reasonsOfOrder, reasonsOfVisit } from './reading/reasons.ts'
import { supportingStatements } from './reading/supporting.ts'
import { type Statement, statementsOf, unreadPartOf } from './statements.ts'

const statementTypes = new Set([
  'Condition',
  'Procedure',
  'ServiceRequest',
  'Encounter',
  'Observation',
  'DiagnosticReport',
  'ImagingStudy',
  'AllergyIntolerance',
])

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

const none: readonly never[] = []

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
    if (statementTypes.has(type)) {
      for (const resource of firstOf(resources, mostEntries)) {
        for (const statement of statementsOf(resource, reader)) {
          take(statement)
          if (type === 'Encounter') visits.push(statement)
        }
        if (type === 'Encounter') for (const reason of reasonsOfVisit(resource, record, reader)) take(reason)
        if (record.isCut(resource)) for (const part of unreadPartOf(resource, reader)) take(part)
      }
    } else if (medicationTypes.has(type)) {
      for (const resource of firstOf(resources, mostMedicines)) {
        for (const statement of besideMedicine(resource, medicines)) take(statement)
        for (const exposure of exposuresOf(resource, medicines)) {
          if (exposure.how === 'not-read') {
            if (push(unread, type, exposure, mostUnread)) unreadMedicines.exposures.push(exposure)
          } else file(exposures, exposure.rows, exposure)
        }
      }
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
