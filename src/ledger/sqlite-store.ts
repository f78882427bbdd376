/**
 * Holds the SQLite file, in a thread of its own: a commit waits for the disk, and no call shall wait with it. WAL with
 * synchronous FULL: what was committed is there after a power cut, as far as the disk keeps its word.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { LedgerFailure } from './failure.ts'
import { migrations } from './schema.ts'
import { type HeldStore, type Row, type Statement, sqlite } from './sql.ts'

/** How long it waits for a process that reads or copies the file, in ms. */
const busy = 5000
const mostPrepared = 200
/** Result codes by which SQLite says that a row itself is at fault: 19 constraint, 20 mismatch, 18 too big. */
const faults = new Set([18, 19, 20])

/** Opened when it is first needed, and again after it failed to open. */
export function sqliteStore(file: string): HeldStore {
  let database: DatabaseSync | undefined
  const prepared = new Map<string, StatementSync>()

  function statementOf(opened: DatabaseSync, sql: string): StatementSync {
    const known = prepared.get(sql) ?? opened.prepare(sql.replaceAll(/\$(\d+)\b/g, '?$1'))
    if (prepared.size < mostPrepared) prepared.set(sql, known)
    return known
  }

  /** `begin` is empty where the work is one statement, which is a transaction by itself. */
  function within<T>(begin: string, work: (opened: DatabaseSync) => T): T {
    try {
      database ??= open(file)
      if (begin === '') return work(database)
      database.exec(begin)
      try {
        const result = work(database)
        database.exec('commit')
        return result
      } catch (error) {
        if (database.isTransaction) database.exec('rollback')
        throw error
      }
    } catch (error) {
      const { message, errcode } = error as { message?: string; errcode?: number }
      // Extended codes carry the primary one in their lowest byte.
      const isFault = errcode !== undefined && faults.has(errcode & 0xff)
      throw new LedgerFailure(isFault ? 'row' : 'away', `SQLITE_${errcode ?? 'ERROR'}`, String(message))
    }
  }

  return {
    batch: (statements: readonly Statement[]): Row[][] => {
      // A transaction for reading too, so that all of it is of one moment.
      const isRead = statements.every(({ sql }) => /^\s*select/.test(sql))
      const begin = statements.length === 1 ? '' : isRead ? 'begin' : 'begin immediate'
      return within(begin, (opened) =>
        statements.map(({ sql, values = [] }) => statementOf(opened, sql).all(...values)),
      )
    },
    insert: (inserted) =>
      within('begin immediate', (opened) => {
        for (const { table, columns, rows } of inserted) {
          const names = Object.keys(columns)
          const places = names.map((_, at) => `?${at + 1}`).join(', ')
          const sql = `insert into ${table} (${names.join(', ')}) values (${places}) on conflict do nothing`
          const statement = statementOf(opened, sql)
          for (const row of rows) statement.run(...names.map((name) => row[name] ?? null))
        }
      }),
    close: () => {
      prepared.clear()
      database?.close()
      database = undefined
    },
  }
}

function open(file: string): DatabaseSync {
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
