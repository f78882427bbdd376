/** DuckDB as the report uses it: one file on disk for what does not fit into memory, and rows as plain objects. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { type Engine, filesBelow, type LinesOf, patientReference, type Row } from './engine.ts'
import { longestLine, oddLine } from './odd-line.ts'
import type { Used } from './view/columns.ts'
import { quoted } from './view/expression.ts'
import { compileView, usedBy, usedOf } from './view/view.ts'

interface DuckOptions {
  /** A file; without it all is kept in memory. */
  path?: string
  threads?: number
  memory?: string
  /** Where it writes what does not fit into memory. */
  spill?: string
}

export async function openDuck({
  path = ':memory:',
  threads,
  memory,
  spill,
}: DuckOptions = {}): Promise<Engine> {
  const instance = await DuckDBInstance.create(path, {
    ...(threads === undefined ? {} : { threads: String(threads) }),
    ...(memory === undefined ? {} : { memory_limit: memory }),
    ...(spill === undefined ? {} : { temp_directory: spill }),
    // Rows of one file need not keep its order: that lets it write them in parts.
    preserve_insertion_order: 'false',
    // Nothing is fetched from anywhere.
    autoinstall_known_extensions: 'false',
  })
  const connection: DuckDBConnection = await instance.connect()
  const kept = mkdtempSync(join(spill ?? tmpdir(), 'lines-'))
  const run = async (sql: string) => {
    await connection.run(sql)
  }
  async function* stream<R = Row>(sql: string) {
    // A connection of its own: on the same one the next query would end this answer before its end.
    const own = await instance.connect()
    try {
      const result = await own.stream(sql)
      for await (const part of result.yieldRowObjectJs()) yield part.map(plain) as R[]
    } finally {
      own.closeSync()
    }
  }
  return {
    run,
    rows: async <R>(sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJS().map(plain) as R[],
    stream,
    async insert(table, rows) {
      const [first] = rows
      if (first === undefined) return
      const values = rows.map((row) => `(${Object.values(row).map(literal).join(', ')})`)
      await run(`INSERT INTO ${table} (${Object.keys(first).join(', ')}) VALUES ${values.join(', ')}`)
    },
    list: async (folder) => filesBelow(folder),
    named: (files) =>
      `(SELECT "resourceType" AS type, id FROM read_ndjson(${listOf(files)}, columns={resourceType: 'VARCHAR', id: 'VARCHAR'}, maximum_object_size=${longestLine}))`,
    async latest(type, files) {
      const file = join(kept, `${type}.ndjson`)
      await run(latestOf(files, file))
      return [file]
    },
    oddLine: (type, files, views) => oddLine(files, type, usedBy(views, type)),
    async view(view, files) {
      const used = usedOf(view.resource)
      const compiled = compileView(view, used)
      const over = (source: string) => run(`CREATE TABLE ${view.name} AS ${compiled.query(source)}`)
      const source = sourceOf(files, used)
      const misplaced = used.misplaced()
      if (misplaced === undefined) return over(source)
      try {
        // Else what the view leaves out would not be looked at.
        await run("SET disabled_optimizers = 'filter_pushdown'")
        await over(refusing(source, misplaced)).finally(() => run('RESET disabled_optimizers'))
      } catch (error) {
        // A text may look like JSON.
        const looksSo =
          (error as Error).message.includes(wrongForm) && !(await oddLine(files, view.resource, used))
        if (!looksSo) throw error
        await over(source)
      }
    },
    partOf,
    keepLines: (which, parts) => keepLines(run, kept, which, parts),
    async *lines(part) {
      const folder = join(kept, `part=${part}`)
      if (!existsSync(folder)) return
      const files = quoted(join(folder, '*.parquet'))
      yield* stream<{ patient: string; line: string }>(
        `SELECT patient, line FROM read_parquet(${files}, hive_partitioning=false) ORDER BY patient`,
      )
    },
    forgetLines: async () => {
      for (const name of readdirSync(kept).filter((each) => each.startsWith('part=')))
        rmSync(join(kept, name), { recursive: true })
    },
    async close() {
      rmSync(kept, { recursive: true, force: true })
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/** As DuckDB takes file names: what would stand for several is meant as it stands. */
const listOf = (files: readonly string[]) =>
  `[${files.map((file) => quoted(file.replace(/[[*?]/g, '[$&]'))).join(', ')}]`

/** Lines as they stand; no line of JSON holds the character that would part a row of CSV. */
const latestOf = (files: readonly string[], file: string) =>
  `COPY (SELECT line FROM (SELECT json::VARCHAR AS line,
     row_number() OVER (PARTITION BY json->>'$.id' ORDER BY json->>'$.meta.lastUpdated' DESC NULLS LAST, json::VARCHAR DESC) AS place
     FROM read_ndjson_objects(${listOf(files)}, maximum_object_size=${longestLine})) WHERE place = 1)
   TO ${quoted(file)} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\\x01')`

const partOf = (parts: number) => `hash(patient) % ${parts}`

const literal = (value: Row[string]) => {
  if (value === null) return 'NULL'
  return typeof value === 'string' ? quoted(value) : String(value)
}

/** As Parquet by part of the patients: whatever the population, only one part is in memory. */
async function keepLines(
  run: (sql: string) => Promise<void>,
  folder: string,
  which: readonly LinesOf[],
  parts: number,
): Promise<void> {
  mkdirSync(folder, { recursive: true })
  // Written out early: lines that wait are in memory.
  await run('SET partitioned_write_flush_threshold = 10000')
  for (const { type, files, whose } of which) {
    if (files.length === 0) continue
    const said = `json->>${quoted(whose)}`
    const patient = whose === '$.id' ? said : `regexp_extract(${said}, ${quoted(patientReference)}, 1)`
    await run(
      `COPY (SELECT patient, line, ${partOf(parts)} AS part FROM (SELECT ${patient} AS patient, json::VARCHAR AS line
         FROM read_ndjson_objects(${listOf(files)}, maximum_object_size=${longestLine})) SEMI JOIN candidates USING (patient))
       TO ${quoted(folder)} (FORMAT parquet, ROW_GROUP_SIZE 8192, PARTITION_BY (part), FILENAME_PATTERN '${type}_{i}', OVERWRITE_OR_IGNORE)`,
    )
  }
}

/** Counts come as bigint. */
function plain(row: Record<string, unknown>): Record<string, unknown> {
  for (const [name, value] of Object.entries(row)) if (typeof value === 'bigint') row[name] = Number(value)
  return row
}

const wrongForm = 'it holds a list or parts where a text belongs'

/** Ends with an error at a row that is misplaced. */
const refusing = (source: string, misplaced: string) =>
  `(SELECT * FROM ${source} WHERE CASE WHEN ${misplaced} THEN error('${wrongForm}') ELSE true END)`

/** Files of NDJSON as a relation, read with the columns that views use and no others; no file is a relation without rows. */
export function sourceOf(files: readonly string[], used: Used): string {
  const columns = Object.entries(used.columns)
  if (files.length === 0)
    return `(SELECT ${columns.map(([name, type]) => `NULL::${type} AS "${name}"`).join(', ')} WHERE false)`
  const typed = columns.map(([name, type]) => `${quoted(name)}: ${quoted(type)}`)
  return `read_ndjson(${listOf(files)}, columns={${typed.join(', ')}}, maximum_object_size=${longestLine})`
}
