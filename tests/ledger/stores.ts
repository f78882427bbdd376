/** The stores of the ledger, each with files or a schema of this test file's own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import type { Sql } from '../../src/ledger/sql.ts'
import { openPostgres, openSqlite } from '../../src/ledger/threaded.ts'
import { admin, databaseUrl, reachable, schema } from '../smart/database.ts'

interface LedgerStores {
  /** Where SQLite's files stand. */
  folder: string
  /** Name, whether it is there to be tested, and how it is opened. */
  stores: [string, boolean, () => Sql][]
}

const silentLog = { info: () => undefined, warn: () => undefined }

/** Made before the tests of the file that calls, and gone after them. */
export function ledgerStores(): LedgerStores {
  const folder = mkdtempSync(join(tmpdir(), 'lumbar-ledger-'))
  beforeAll(async () => {
    if (reachable) await admin(`create schema ${schema}`)
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    if (reachable) await admin(`drop schema ${schema} cascade`)
  })
  return {
    folder,
    stores: [
      ['SQLite', true, () => openSqlite(join(folder, 'both.sqlite'))],
      ['PostgreSQL', reachable, () => openPostgres(databaseUrl(), silentLog)],
    ],
  }
}
