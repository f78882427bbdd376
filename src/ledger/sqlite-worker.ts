/**
 * Holds the SQLite file, in a thread of its own: a commit waits for the disk, and no call shall wait with it. WAL with
 * synchronous FULL: what was committed is there after a power cut, as far as the disk keeps its word.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { migrations } from './schema.ts'
import { type Statement, sqlite } from './sql.ts'

const { file } = workerData as { file: string }

/** How long it waits for a process that reads or copies the file, in ms. */
const busy = 5000

function open(): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: busy })
  try {
    database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 1000')
    migrate(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function migrate(database: DatabaseSync): void {
  const version = () => Number(database.prepare('pragma user_version').get()?.user_version ?? 0)
  if (version() > migrations.length)
    throw new Error(`the file is of a newer Lumbar: its tables have version ${version()}`)
  while (version() < migrations.length) {
    // Asked again inside: another process may have done it meanwhile.
    database.exec('begin immediate')
    try {
      const next = migrations[version()]
      if (next) database.exec(`${next(sqlite)}; pragma user_version = ${version() + 1}`)
      database.exec('commit')
    } catch (error) {
      database.exec('rollback')
      throw error
    }
  }
}

let database: DatabaseSync | undefined
const prepared = new Map<string, StatementSync>()

/** Opened when it is first needed, and again after it failed to open. */
function statementOf(sql: string): StatementSync {
  database ??= open()
  const known = prepared.get(sql) ?? database.prepare(sql.replaceAll(/\$(\d+)\b/g, '?$1'))
  if (prepared.size < 200) prepared.set(sql, known)
  return known
}

function batch(statements: readonly Statement[]): unknown[] {
  database ??= open()
  const isOne = statements.length === 1
  // A transaction for reading too, so that all of it is of one moment.
  const isRead = statements.every(({ sql }) => /^\s*select/.test(sql))
  if (!isOne) database.exec(isRead ? 'begin' : 'begin immediate')
  try {
    const rows = statements.map(({ sql, values = [] }) => statementOf(sql).all(...values))
    if (!isOne) database.exec('commit')
    return rows
  } catch (error) {
    if (!isOne && database.isTransaction) database.exec('rollback')
    throw error
  }
}

parentPort?.on('message', ({ id, statements }: { id: number; statements?: readonly Statement[] }) => {
  try {
    if (!statements) {
      database?.close()
      database = undefined
      parentPort?.postMessage({ id, rows: [] })
      parentPort?.close()
    } else parentPort?.postMessage({ id, rows: batch(statements) })
  } catch (error) {
    const { message, errcode } = error as { message?: string; errcode?: number }
    parentPort?.postMessage({ id, failure: { message: String(message), errcode } })
  }
})
