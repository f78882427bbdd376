/** The same memory for several instances: one table, where the database says who was first (SEC-12). */
import { codeOf, type Log, openDatabase } from '../store/database.ts'
import { ReplayStoreUnavailable } from './failures.ts'
import { fingerprint, nameOf, type ReplayStore } from './replay.ts'

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

interface PostgresReplaySettings {
  connectionString: string
  now: () => Date
  log: Log
}

interface PostgresReplay extends ReplayStore {
  ready(): Promise<void>
  close(): Promise<void>
}

/**
 * Throws ReplayStoreUnavailable when the database cannot be reached, at the start as later, and then at once: a token
 * is never let in unchecked.
 */
export async function openPostgresReplay(settings: PostgresReplaySettings): Promise<PostgresReplay> {
  const { connectionString, now, log } = settings
  const database = await openDatabase({
    connectionString,
    name: 'replay-store',
    patience,
    schema,
    log,
  }).catch((error: unknown) => {
    throw unavailable(error)
  })
  let cleaned = now().getTime()

  const seen: ReplayStore['seen'] = async (use) => {
    const name = nameOf(use)
    const request = use.request === undefined ? null : fingerprint(use.request)
    try {
      const added = await database.query(
        'insert into lumbar_used_tokens (key, request, until) values ($1, $2, $3) on conflict (key) do nothing',
        [name, request, use.until],
      )
      if (added.rowCount === 1) return false
      const same = 'select from lumbar_used_tokens where key = $1 and request = $2'
      return (await database.query(same, [name, request])).rowCount === 0
    } catch (error) {
      throw unavailable(error)
    } finally {
      clean()
    }
  }

  /** By both clocks: one that was put forward, here or there, must not make a used token good again. */
  function clean(): void {
    const time = now().getTime()
    if (Math.abs(time - cleaned) < cleaningInterval) return
    cleaned = time
    database
      .query(
        "delete from lumbar_used_tokens where until < least($1, now() - $2 * interval '1 millisecond')",
        [new Date(time - grace), grace],
      )
      .catch((error: unknown) => log.warn({ outcome: 'replay-store-not-cleaned', reason: codeOf(error) }))
  }

  return { seen, ready: database.ready, close: database.close }
}

function unavailable(cause: unknown): ReplayStoreUnavailable {
  return new ReplayStoreUnavailable('The database that remembers used tokens cannot be asked.', { cause })
}
