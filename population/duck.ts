/** DuckDB as the report uses it: one file on disk for what does not fit into memory, and rows as plain objects. */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { Used } from './view/columns.ts'
import { quoted } from './view/expression.ts'

type Row = Readonly<Record<string, string | number | boolean | null | readonly unknown[]>>

export interface Duck {
  run(sql: string): Promise<void>
  rows<R = Row>(sql: string): Promise<R[]>
  /** Rows in parts of some thousand, so that a large answer is never in memory whole. */
  stream<R = Row>(sql: string): AsyncGenerator<R[]>
  close(): void
}

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
}: DuckOptions = {}): Promise<Duck> {
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
  return {
    run: async (sql) => {
      await connection.run(sql)
    },
    rows: async <R>(sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJS().map(plain) as R[],
    async *stream<R>(sql: string) {
      // A connection of its own: on the same one the next query would end this answer before its end.
      const own = await instance.connect()
      try {
        const result = await own.stream(sql)
        for await (const part of result.yieldRowObjectJs()) yield part.map(plain) as R[]
      } finally {
        own.closeSync()
      }
    },
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/** Counts come as bigint. */
function plain(row: Record<string, unknown>): Record<string, unknown> {
  for (const [name, value] of Object.entries(row)) if (typeof value === 'bigint') row[name] = Number(value)
  return row
}

/** Files of NDJSON as a relation, read with the columns that views use and no others; no file is a relation without rows. */
export function sourceOf(files: readonly string[], used: Used): string {
  const columns = Object.entries(used.columns)
  if (files.length === 0)
    return `(SELECT ${columns.map(([name, type]) => `NULL::${type} AS "${name}"`).join(', ')} WHERE false)`
  const typed = columns.map(([name, type]) => `${quoted(name)}: ${quoted(type)}`)
  const list = `[${files.map(quoted).join(', ')}]`
  return `read_ndjson(${list}, columns={${typed.join(', ')}}, maximum_object_size=67108864)`
}
