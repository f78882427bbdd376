/** What of an export nobody could read, and why: codes of the hospital's own, entries in words alone, dates and types that never came. */
import type { Library } from '../../src/library.ts'
import type { Engine } from '../engine.ts'
import type { Intake } from '../intake.ts'
import { type Unplaced, unplaced } from '../unplaced.ts'

interface LocalCode {
  type: string
  system: string | null
  code: string
  display: string | null
  entries: number
  /** Its words name something of ours, or nothing does: a thing of no interest, or one that nobody understood. */
  readBy: 'its words' | 'nothing'
}

export interface CouldNotRead {
  /** Most entries first; of those that nothing reads all are counted, whatever is listed. */
  localCodes: readonly LocalCode[]
  /** Entries without any code, by type: in words alone, or with neither. */
  withoutCode: readonly { type: string; entries: number; withoutWords: number }[]
  unplaced: readonly Unplaced[]
  typesThatNeverCame: readonly string[]
  /** Files of which nobody can tell the type. */
  files: readonly string[]
  /** Entries that stood there again. */
  repeated: number
}

const tables: Readonly<Record<string, string>> = {
  Condition: 'conditions',
  ServiceRequest: 'service_requests',
  Procedure: 'procedures',
  MedicationRequest: 'medication_requests',
  MedicationDispense: 'medication_dispenses',
}

export async function couldNotRead(
  duck: Engine,
  { filesOf, unread, repeated }: Intake,
  lumbar: Library,
): Promise<CouldNotRead> {
  const isRead = (words: string | null) => words !== null && lumbar.understands(words)
  const parts = Object.entries(tables)
  const each = parts.map(
    ([type, table]) =>
      `SELECT '${type}' AS type, t.system, t.code, min(coalesce(t.display, t.text)) AS display, count(DISTINCT t.id) AS entries
       FROM ${table} t JOIN not_held n ON n.system IS NOT DISTINCT FROM t.system AND n.code = t.code
       GROUP BY t.system, t.code`,
  )
  const local = await duck.rows<Omit<LocalCode, 'readBy'>>(
    `${each.join(' UNION ALL ')} ORDER BY entries DESC, type, code`,
  )
  const withoutCode = await duck.rows<CouldNotRead['withoutCode'][number]>(
    parts
      .map(
        ([type, table]) =>
          `SELECT '${type}' AS type, count(DISTINCT id) AS entries, count(DISTINCT id) FILTER (text IS NULL AND display IS NULL) AS "withoutWords" FROM ${table} WHERE code IS NULL`,
      )
      .join(' UNION ALL '),
  )
  return {
    localCodes: local.map((each) => ({ ...each, readBy: isRead(each.display) ? 'its words' : 'nothing' })),
    withoutCode: withoutCode.filter(({ entries }) => entries > 0),
    unplaced: await unplaced(duck),
    typesThatNeverCame: Object.keys(lumbar.queries).filter((type) => filesOf(type).length === 0),
    files: unread,
    repeated,
  }
}
