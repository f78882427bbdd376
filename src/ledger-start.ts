/** Opens the ledger of what the process and the site have set: its store, its key, and who hears of its troubles. */
import { join } from 'node:path'
import { serverIn } from './checklist/book.ts'
import { LumbarError } from './errors.ts'
import type { Hear } from './hooks/calls.ts'
import { LedgerFailure } from './ledger/failure.ts'
import { keyBeside, type LedgerKeys, ledgerKeys } from './ledger/keys.ts'
import { type Ledger, openLedger } from './ledger/open.ts'
import type { Sql } from './ledger/sql.ts'
import { openPostgres, openSqlite } from './ledger/threaded.ts'
import type { Metrics } from './metrics.ts'
import type { Content } from './pathway/content.ts'
import { type Config, ConfigError } from './site/environment.ts'
import type { Log } from './store/database.ts'

interface LedgerStart {
  config: Pick<Config, 'databaseUrl' | 'ledgerFile' | 'ledgerKey'>
  /** The folder of the service. */
  root: string
  content: Content
  now: () => number
  dayOf: (at: number) => string
  tellTime: (at: number) => string
  log: Log
  metrics: Metrics | undefined
}

/** Throws a ConfigError. A store that is away does not: calls are answered, and the ledger says what it lacks. */
export function startLedger(start: LedgerStart): Ledger {
  const { config, root, metrics, log } = start
  const keys = keysFor(config, root)
  const sql = storeFor(config, root, log)
  const ledger = openLedger({ ...start, sql, keys, metrics, serverOf: serverIn })
  metrics?.watchLedger(() => ({ isUp: ledger.troubles().length === 0, waiting: ledger.waiting() }))
  return ledger
}

export const ledgerFile = ({ ledgerFile: file }: Pick<Config, 'ledgerFile'>, root: string): string =>
  file ?? join(root, 'var/ledger.sqlite')

export function storeFor(config: LedgerStart['config'], root: string, log: Log): Sql {
  if (config.databaseUrl !== undefined) return openPostgres(config.databaseUrl, log)
  return openSqlite(ledgerFile(config, root))
}

export function keysFor(config: LedgerStart['config'], root: string): LedgerKeys {
  if (config.ledgerKey) return ledgerKeys(config.ledgerKey)
  if (config.databaseUrl !== undefined)
    throw new ConfigError(
      'LEDGER_KEY: With DATABASE_URL the ledger is kept there, and names patients by a key: set it, the same for all replicas. `npm run ledger -- key` makes one.',
    )
  const file = ledgerFile(config, root)
  try {
    return ledgerKeys(keyBeside(file))
  } catch (error) {
    const { code } = error as { code?: string }
    throw new ConfigError(
      `LEDGER_FILE: The key beside ${file} cannot be read or made (${String(code)}). Let the service write there, or set LEDGER_KEY and another LEDGER_FILE.`,
    )
  }
}

/** What callers are told when it cannot be kept now. */
export function hearWith(ledger: Pick<Ledger, 'hear'>): Hear {
  return async (service, caller, items) => {
    try {
      return await ledger.hear(service, caller, items)
    } catch (error) {
      if (!(error instanceof LedgerFailure)) throw error
      throw new LumbarError('ledger-unavailable', 'Feedback cannot be kept now. Send it again later.')
    }
  }
}
