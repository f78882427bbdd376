/** Entries that came and count for nobody: of no patient of this export, or of no day. For the pages that say so. */
import type { Engine } from './engine.ts'

export interface Unplaced {
  type: string
  /** They name no patient, or one who is not in the export. */
  ofNobody: number
  /** Without a whole date: of none, of a year alone, of a day that no calendar has. */
  undated: number
}

const tables: Readonly<Record<string, { table: string; date?: string }>> = {
  Communication: { table: 'handouts', date: 'sent' },
  Condition: { table: 'conditions', date: 'coalesce(recorded, onset)' },
  Coverage: { table: 'coverages' },
  Encounter: { table: 'encounters', date: 'begins' },
  MedicationDispense: { table: 'medication_dispenses', date: 'handed_over' },
  MedicationRequest: { table: 'medication_requests', date: 'authored' },
  Procedure: { table: 'procedures', date: 'coalesce(performed, begun)' },
  ServiceRequest: { table: 'service_requests', date: 'authored' },
}

/** Types of which each entry counts are left out. */
export async function unplaced(engine: Engine): Promise<readonly Unplaced[]> {
  const each = Object.entries(tables).map(([type, { table, date }]) => {
    const isUndated = date === undefined ? 'false' : `try_cast(rpad(${date}, 10, '?') AS DATE) IS NULL`
    return `SELECT '${type}' AS type, count(DISTINCT t.id) FILTER (WHERE p.id IS NULL) AS "ofNobody",
        count(DISTINCT t.id) FILTER (WHERE ${isUndated}) AS undated
      FROM ${table} t LEFT JOIN patients p ON p.id = t.patient`
  })
  const found = await engine.rows<Unplaced>(`${each.join(' UNION ALL ')} ORDER BY type`)
  return found.filter(({ ofNobody, undated }) => ofNobody + undated > 0)
}
