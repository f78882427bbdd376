/** Runs the building blocks and the measures over loaded tables, and counts what came of it, by everything it is told by. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Count, dimensions } from '../src/quality/results.ts'
import type { Engine } from './engine.ts'
import { quoted } from './view/expression.ts'

export const measuresFolder = resolve(import.meta.dirname, '../measures')

export interface Period {
  /** First and last day on which an index visit may be, as `2024-01-01`. */
  start: string
  end: string
}

export async function buildBlocks(engine: Engine, { start, end }: Period): Promise<void> {
  await engine.run(
    `CREATE TABLE period AS SELECT DATE ${quoted(start)} AS first_day, DATE ${quoted(end)} AS last_day`,
  )
  const folder = join(measuresFolder, 'blocks')
  for (const file of readdirSync(folder).sort()) await engine.run(readFileSync(join(folder, file), 'utf8'))
  await engine.run('CREATE TABLE measured (measure STRING, subject STRING, variant STRING, status STRING)')
}

/** In the order given: a measure may stand on the rows of one before it. Counts those that are given. */
export async function runMeasures(engine: Engine, measures: readonly string[]): Promise<Count[]> {
  for (const measure of measures) {
    const sql = readFileSync(join(measuresFolder, `${measure}.sql`), 'utf8')
    await engine.run(`INSERT INTO measured SELECT ${quoted(measure)}, subject, variant, status FROM (${sql})`)
  }
  if (measures.length === 0) return []
  // Each is a column of `strata`.
  const told = dimensions.map((each) => `"${each}"`)
  return engine.rows<Count>(`
    SELECT measure, variant, status, count,
      CASE ${dimensions.map((each, n) => `WHEN g_${n} = 0 THEN ${quoted(each)}`).join(' ')} END AS "by",
      coalesce(${told.join(', ')}) AS value
    FROM (
      SELECT m.measure, m.variant, m.status, ${told.map((each) => `s.${each}`).join(', ')},
        ${told.map((each, n) => `grouping(s.${each}) AS g_${n}`).join(', ')}, count(*) AS count
      FROM measured m JOIN strata s ON s.id = m.subject
      WHERE m.measure IN (${measures.map(quoted).join(', ')})
      GROUP BY GROUPING SETS (${told.map((each) => `(m.measure, m.variant, m.status, s.${each})`).join(', ')})
    )`)
}
