/** The record by value-set group: one pass over the resources, after which every fact is a look-up. */
import type { FhirResource } from 'fhir/r4.js'
import type { CodeIndex, CodeRow } from '../content/codes.ts'
import type { PatientRecord } from '../record/record.ts'
import { type Exposure, exposureOf, medicationTypes } from './exposures.ts'
import { type Statement, statementOf } from './statements.ts'

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
  exposures(key: string): readonly Exposure[]
  /** Medicines drafted in this call, by `set/group`. */
  drafted(key: string): readonly Exposure[]
  /** Every `set/group` under which there is something. */
  keys: ReadonlySet<string>
  /** Every encounter, with or without a reason. */
  visits: readonly Statement[]
}

const none: readonly never[] = []

export function indexRecord(
  record: PatientRecord,
  codes: CodeIndex,
  namedSets: ReadonlySet<string>,
  today: number,
): RecordIndex {
  const byKey = new Map<string, Statement[]>()
  const visits: Statement[] = []
  const exposures = new Map<string, Exposure[]>()
  const drafted = new Map<string, Exposure[]>()
  const medicines = { record, codes, namedSets, today }

  for (const [type, resources] of record.resources) {
    if (statementTypes.has(type)) {
      for (const resource of resources) {
        const statement = statementOf(resource, codes)
        if (!statement) continue
        file(byKey, statement.rows, statement)
        if (type === 'Encounter') visits.push(statement)
      }
    } else if (medicationTypes.has(type)) {
      for (const resource of resources) fileExposure(exposures, exposureOf(resource, medicines))
    }
  }
  for (const draft of record.draftOrders) {
    if (medicationTypes.has(draft.resource.resourceType)) {
      fileExposure(drafted, beginningNow(exposureOf(asOrdered(draft.resource), medicines), today))
    }
  }
  return {
    statements: (key) => byKey.get(key) ?? none,
    exposures: (key) => exposures.get(key) ?? none,
    drafted: (key) => drafted.get(key) ?? none,
    keys: new Set([...byKey.keys(), ...exposures.keys(), ...drafted.keys()]),
    visits,
  }
}

/** A draft is an exposure that is about to begin. */
const asOrdered = (draft: FhirResource) => ({ ...draft, status: 'active' }) as FhirResource

/** Whatever date a draft carries, it begins when it is signed. */
function beginningNow(exposure: Exposure | undefined, today: number): Exposure | undefined {
  return exposure && { ...exposure, starts: { first: today, last: today }, lastDay: Number.POSITIVE_INFINITY }
}

function fileExposure(into: Map<string, Exposure[]>, exposure: Exposure | undefined) {
  if (exposure) file(into, exposure.rows, exposure)
}

function file<T>(into: Map<string, T[]>, rows: readonly CodeRow[], entry: T) {
  for (const row of rows) {
    const same = into.get(row.key)
    if (!same) into.set(row.key, [entry])
    else if (same.at(-1) !== entry) same.push(entry)
  }
}
