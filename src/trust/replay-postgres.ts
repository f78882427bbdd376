/** The same memory for several instances: one table, where the database says who was first (SEC-12). */
import { Pool, type PoolConfig } from 'pg'
import { type Log, ReplayStoreUnavailable } from './failures.ts'
import { fingerprint, type ReplayStore } from './replay.ts'

const schema = `
  -- Instances start together, and two that create one table at once fail.
  select pg_advisory_xact_lock(hashtext('lumbar_used_tokens'));
  create table if not exists lumbar_used_tokens (
    key bytea primary key,
    request bytea,
    until timestamptz not null
  );
  create index if not exists lumbar_used_tokens_until on lumbar_used_tokens (until);
`

/** In ms. A call waits for this: nothing is gained by waiting longer than an EHR does. */
const patience = 1000
/** How often expired rows are deleted, in ms. */
const cleaningInterval = 300_000
/** Rows outlive their tokens by this, in ms: the clocks of two instances need not agree. */
const grace = 300_000

export interface PostgresReplaySettings {
  connectionString: string
  now: () => Date
  log: Log
}

export interface PostgresReplay extends ReplayStore {
  close(): Promise<void>
}

/**
 * Connections of its own, so that no report keeps a call waiting. Throws ReplayStoreUnavailable when the database
 * cannot be reached, at the start as later: a token is never let in unchecked.
 */
export async function openPostgresReplay(settings: PostgresReplaySettings): Promise<PostgresReplay> {
  const { connectionString, now, log } = settings
  const pool = new Pool(poolSettings(connectionString))
  // Without a listener a connection that breaks while idle ends the process.
  pool.on('error', (error) => log.warn({ outcome: 'replay-store-connection-lost', reason: codeOf(error) }))
  try {
    await pool.query(schema)
  } catch (error) {
    await pool.end()
    throw unavailable(error)
  }
  let cleaned = now().getTime()

  async function seen(key: string, until: Date, request?: string): Promise<boolean> {
    const name = fingerprint(key)
    const use = request === undefined ? null : fingerprint(request)
    try {
      const added = await pool.query(
        'insert into lumbar_used_tokens (key, request, until) values ($1, $2, $3) on conflict (key) do nothing',
        [name, use, until],
      )
      if (added.rowCount === 1) return false
      const same = 'select from lumbar_used_tokens where key = $1 and request = $2'
      return (await pool.query(same, [name, use])).rowCount === 0
    } catch (error) {
      throw unavailable(error)
    } finally {
      clean()
    }
  }

  function clean(): void {
    const time = now().getTime()
    if (time - cleaned < cleaningInterval) return
    cleaned = time
    pool
      .query('delete from lumbar_used_tokens where until < $1', [new Date(time - grace)])
      .catch((error: unknown) => log.warn({ outcome: 'replay-store-not-cleaned', reason: codeOf(error) }))
  }

  return { seen, close: () => pool.end() }
}

function poolSettings(connectionString: string): PoolConfig {
  return {
    connectionString,
    application_name: 'lumbar-trust',
    max: 4,
    connectionTimeoutMillis: patience,
    query_timeout: patience,
    allowExitOnIdle: true,
  }
}

function unavailable(cause: unknown): ReplayStoreUnavailable {
  return new ReplayStoreUnavailable('The database that remembers used tokens cannot be asked.', { cause })
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : 'unknown'
}
