/** The record by value-set group: each entry is read once, after which every fact is a look-up. */
import type { CodeRow } from '../content/codes.ts'
import type { PatientRecord } from '../record/record.ts'
import { draftedExposure, type Exposure, exposureOf, type Medicines, medicationTypes } from './exposures.ts'
import type { MedicineReading } from './medicine-reading.ts'
import type { Reader } from './reading/reader.ts'
import { reasonsOfOrder, reasonsOfVisit } from './reading/reasons.ts'
import { type Statement, statementsOf } from './statements.ts'

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
  /** Every encounter, with or without a reason. */
  visits: readonly Statement[]
  reader: Reader
}

const none: readonly never[] = []

export function indexRecord(
  record: PatientRecord,
  reader: Reader,
  reading: MedicineReading,
  today: number,
): RecordIndex {
  const byKey = new Map<string, Statement[]>()
  const unread = new Map<string, Statement[]>()
  const visits: Statement[] = []
  const exposures = new Map<string, Exposure[]>()
  const drafted = new Map<string, Exposure[]>()
  const unreadMedicines = { exposures: [] as Exposure[], drafted: [] as Exposure[] }
  const medicines: Medicines = { record, reader, reading, today }

  function take(statement: Statement) {
    if (statement.how === 'not-read') push(unread, statement.type, statement)
    else file(byKey, statement.rows, statement)
  }

  for (const [type, resources] of record.resources) {
    if (statementTypes.has(type)) {
      for (const resource of resources) {
        for (const statement of statementsOf(resource, reader)) {
          take(statement)
          if (type === 'Encounter') visits.push(statement)
        }
        if (type === 'Encounter') for (const reason of reasonsOfVisit(resource, record, reader)) take(reason)
      }
    } else if (medicationTypes.has(type)) {
      for (const resource of resources) {
        const exposure = exposureOf(resource, medicines)
        if (!exposure) continue
        if (exposure.how === 'not-read') {
          push(unread, type, exposure)
          unreadMedicines.exposures.push(exposure)
        } else file(exposures, exposure.rows, exposure)
      }
    }
  }
  for (const draft of record.draftOrders) {
    for (const reason of reasonsOfOrder(draft, record, reader, today)) take(reason)
    if (medicationTypes.has(draft.resource.resourceType)) {
      const exposure = draftedExposure(draft.resource, medicines)
      if (exposure?.how === 'not-read') unreadMedicines.drafted.push(exposure)
      else if (exposure) file(drafted, exposure.rows, exposure)
    }
  }
  return {
    statements: (key) => byKey.get(key) ?? none,
    unread: (type) => unread.get(type) ?? none,
    exposures: (key) => exposures.get(key) ?? none,
    drafted: (key) => drafted.get(key) ?? none,
    unreadMedicines,
    keys: new Set([...byKey.keys(), ...exposures.keys(), ...drafted.keys()]),
    visits,
    reader,
  }
}

function file<T>(into: Map<string, T[]>, rows: readonly CodeRow[], entry: T) {
  for (const row of rows) push(into, row.key, entry)
}

function push<T>(into: Map<string, T[]>, key: string, entry: T) {
  const same = into.get(key)
  if (!same) into.set(key, [entry])
  else if (same.at(-1) !== entry) same.push(entry)
}
