/** What of an export nobody could read, and why: codes of the hospital's own, entries in words alone, dates and types that never came. */
import type { Library } from '../../src/library.ts'
import type { Engine } from '../engine.ts'
import { filesIn } from '../load.ts'

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
  withoutDate: readonly { type: string; entries: number }[]
  typesThatNeverCame: readonly string[]
}

const tables: Readonly<Record<string, { table: string; date: string }>> = {
  Condition: { table: 'conditions', date: 'coalesce(recorded, onset)' },
  ServiceRequest: { table: 'service_requests', date: 'authored' },
  Procedure: { table: 'procedures', date: 'coalesce(performed, begun)' },
  MedicationRequest: { table: 'medication_requests', date: 'authored' },
  MedicationDispense: { table: 'medication_dispenses', date: 'handed_over' },
}

export async function couldNotRead(duck: Engine, folder: string, lumbar: Library): Promise<CouldNotRead> {
  const isRead = (words: string | null) => words !== null && lumbar.understands(words)
  const parts = Object.entries(tables)
  const each = parts.map(
    ([type, { table }]) =>
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
        ([type, { table }]) =>
          `SELECT '${type}' AS type, count(DISTINCT id) AS entries, count(DISTINCT id) FILTER (text IS NULL AND display IS NULL) AS "withoutWords" FROM ${table} WHERE code IS NULL`,
      )
      .join(' UNION ALL '),
  )
  const withoutDate = await duck.rows<CouldNotRead['withoutDate'][number]>(
    parts
      .map(
        ([type, { table, date }]) =>
          `SELECT '${type}' AS type, count(DISTINCT id) AS entries FROM ${table} WHERE try_cast(left(${date}, 10) AS DATE) IS NULL`,
      )
      .join(' UNION ALL '),
  )
  const filesOf = await filesIn(duck, folder)
  return {
    localCodes: local.map((each) => ({ ...each, readBy: isRead(each.display) ? 'its words' : 'nothing' })),
    withoutCode: withoutCode.filter(({ entries }) => entries > 0),
    withoutDate: withoutDate.filter(({ entries }) => entries > 0),
    typesThatNeverCame: Object.keys(lumbar.queries).filter((type) => filesOf(type).length === 0),
  }
}
