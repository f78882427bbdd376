/** Spark as the report uses it: views run by Pathling, tables as Parquet, SQL and its order by the same program as on DuckDB. */
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Misunderstood } from '../../src/cli/arguments.ts'
import {
  type Engine,
  filesBelow,
  type LinesOf,
  type NamedView,
  patientReference,
  type Row,
  statementsOf,
} from '../engine.ts'
import { longestLine } from '../odd-line.ts'
import { quoted } from '../view/expression.ts'
import { usedBy } from '../view/view.ts'
import { linesIn, placeOf, type SparkOptions, startSpark } from './start.ts'

/** Rows that are told at once. */
const atOnce = 2048
/** Rows that wait for the next statement: fewer and larger files are quicker to read. */
const mostWaiting = 50_000

/** `work` is a folder of this machine, for rows on their way. */
export async function openSpark(options: SparkOptions & { work: string }): Promise<Engine> {
  const work = mkdtempSync(join(options.work, 'spark-'))
  const spark = await startSpark(options)
  const warehouse = placeOf(options.warehouse)
  const waiting = new Map<string, Row[]>()
  let files = 0
  const fresh = () => join(work, `${++files}.ndjson`)

  async function load(table: string): Promise<void> {
    const rows = waiting.get(table) ?? []
    waiting.delete(table)
    const file = fresh()
    writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    await spark.ask({ do: 'insert', table, file })
    rmSync(file)
  }

  async function ask(request: Parameters<typeof spark.ask>[0]) {
    for (const table of [...waiting.keys()]) await load(table)
    return spark.ask(request)
  }

  async function run(sql: string): Promise<void> {
    for (const statement of statementsOf(sql)) await ask({ do: 'run', sql: statement })
  }

  /** Through a file: other statements may come before the last row is read. */
  async function* stream<R = Row>(sql: string): AsyncGenerator<R[]> {
    const file = fresh()
    await ask({ do: 'rows', sql, file })
    try {
      let part: R[] = []
      for await (const line of linesIn(createReadStream(file))) {
        part.push(JSON.parse(line) as R)
        if (part.length < atOnce) continue
        yield part
        part = []
      }
      if (part.length > 0) yield part
    } finally {
      rmSync(file, { force: true })
    }
  }

  return {
    run,
    stream,
    async rows<R = Row>(sql: string) {
      const rows: R[] = []
      for await (const part of stream<R>(sql)) rows.push(...part)
      return rows
    },
    async insert(table, rows) {
      const all = waiting.get(table) ?? []
      for (const row of rows) all.push(row)
      if (all.length > 0) waiting.set(table, all)
      if (all.length >= mostWaiting) await load(table)
    },
    async list(folder) {
      if (!isAddress(folder)) return filesBelow(folder)
      return (await ask({ do: 'list', folder })).names ?? []
    },
    named: (of) =>
      `(SELECT n.type, n.id FROM (SELECT CASE WHEN is_valid_utf8(value) AND octet_length(value) <= ${longestLine} THEN named(value) END AS n FROM (${linesOf(of)})))`,
    async latest(type, of) {
      const folder = `${warehouse}/latest/${type}`
      await run(
        `INSERT OVERWRITE DIRECTORY ${quoted(folder)} USING text SELECT value FROM (SELECT value,
           row_number() OVER (PARTITION BY get_json_object(value, '$.id')
             ORDER BY get_json_object(value, '$.meta.lastUpdated') DESC NULLS LAST, value DESC) AS place
           FROM (${linesOf(of)})) WHERE place = 1`,
      )
      return [folder]
    },
    async oddLine(type, of, views) {
      const form = JSON.stringify(usedBy(views, type).form)
      const { odd } = await ask({ do: 'odd', form, files: of.map(addressOf) })
      if (odd?.file === undefined) return undefined
      const { file, line = 0, why = '' } = odd
      return { file: of[of.map(addressOf).indexOf(file)] ?? file, line, why }
    },
    async view(view, of) {
      const made = ask({
        do: 'view',
        name: view.name,
        resource: String(view.resource),
        files: of.map(addressOf),
        view: JSON.stringify(view),
        form: JSON.stringify(usedBy([view], view.resource).form),
        columns: columnsOf(view),
      })
      await made.catch((error: Error) => {
        if (!error.message.includes('LOCATION_ALREADY_EXISTS')) throw error
        throw new Misunderstood(
          `${options.warehouse} holds tables of an earlier run. Take them away, or name another place by --warehouse.`,
        )
      })
    },
    partOf: (parts) => `pmod(hash(patient), ${parts})`,
    keepLines: (which, parts) => run(linesTable(which, parts)),
    lines: (part) => stream(`SELECT patient, line FROM kept_lines WHERE part = ${part} ORDER BY patient`),
    forgetLines: () => run('DROP TABLE IF EXISTS kept_lines'),
    async close() {
      await spark.stop()
      rmSync(work, { recursive: true, force: true })
    },
  }
}

const isAddress = (place: string) => /^[a-z][a-z0-9+.-]+:\//i.test(place)
/** A cluster takes a path without a scheme for one of its own store. */
const addressOf = (file: string) => (isAddress(file) ? file : `file://${resolve(file)}`)

/**
 * The columns of a view as the measures have them. Keys are what joins rows, and each runner writes them in its own way
 * (Pathling as `Patient/1`, or an absolute reference as it stands): here each is the id alone, that of the service. And
 * decimals are numbers, as JSON has them.
 */
export function columnsOf({ resource, select = [] }: NamedView): readonly string[] {
  const columns = (select as readonly Selected[]).flatMap(({ column = [] }) => column)
  return columns.map(({ name, path, type }) => {
    const column = `"${name}"`
    const key = /\bget(?:Resource|Reference)Key\((\w*)\)$/.exec(path)
    if (key) {
      const pattern = patientReference.replace('Patient', key[1] || String(resource))
      return `nullif(regexp_extract(${column}, ${quoted(pattern)}, 1), '') AS ${column}`
    }
    return type === 'decimal' ? `CAST(${column} AS DOUBLE) AS ${column}` : column
  })
}

interface Selected {
  column?: readonly { name: string; path: string; type?: string }[]
}

/** Lines with something in them, as `value`; some programs begin a file with a mark of its encoding. */
const linesOf = (files: readonly string[]) =>
  files
    .map(
      (file) =>
        `SELECT trim(LEADING '\ufeff' FROM value) AS value FROM text.\`${addressOf(file).replaceAll('`', '``')}\``,
    )
    .map((lines) => `SELECT value FROM (${lines}) WHERE trim(value) <> ''`)
    .join(' UNION ALL ')

function linesTable(which: readonly LinesOf[], parts: number): string {
  const lines = which
    .filter(({ files }) => files.length > 0)
    .map(({ files, whose }) => {
      const said = `get_json_object(value, ${quoted(whose)})`
      const patient = whose === '$.id' ? said : `regexp_extract(${said}, ${quoted(patientReference)}, 1)`
      return `SELECT ${patient} AS patient, value AS line FROM (${linesOf(files)})`
    })
  return `DROP TABLE IF EXISTS kept_lines;
    CREATE TABLE kept_lines USING parquet PARTITIONED BY (part) AS
    SELECT patient, line, pmod(hash(patient), ${parts}) AS part FROM (${lines.join(' UNION ALL ')}) l
    LEFT SEMI JOIN (SELECT DISTINCT patient FROM candidates) c USING (patient);`
}
