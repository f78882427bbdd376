/** PostgreSQL as a call may meet it: an answer in time, or a refusal at once while it is away. */
import type { ClientBase, Pool, PoolConfig, QueryResult, QueryResultRow } from 'pg'

// Keeps calls from waiting for something that is away: after a failure everybody is refused at once, and it is tried
// again by itself, less and less often, until it is back.

/** What everybody is told meanwhile. */
export class Away extends Error {
  override name = 'Away'
}

interface BreakerSettings {
  /** Asks for the least that shows that it is back; rejects while it is not. */
  probe: () => Promise<unknown>
  onAway: (error: unknown) => void
  onBack: () => void
  /** In ms. */
  firstPause?: number
  longestPause?: number
}

export class Breaker {
  readonly #settings: BreakerSettings
  #timer: NodeJS.Timeout | undefined
  #isAway = false
  #isClosed = false

  constructor(settings: BreakerSettings) {
    this.#settings = settings
  }

  /** Rejects with Away, or with what the work itself failed by; `isHarmless` says which failures do not mean away. */
  async run<T>(work: () => Promise<T>, isHarmless?: (error: unknown) => boolean): Promise<T> {
    if (this.#isAway) throw new Away()
    try {
      return await work()
    } catch (error) {
      if (!isHarmless?.(error)) this.#open(error)
      throw error
    }
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
  }

  #open(error: unknown): void {
    if (this.#isAway || this.#isClosed) return
    this.#isAway = true
    this.#settings.onAway(error)
    this.#tryAgainAfter(this.#settings.firstPause ?? 250)
  }

  #tryAgainAfter(pause: number): void {
    const { probe, onBack, longestPause = 5000 } = this.#settings
    this.#timer = setTimeout(async () => {
      try {
        await probe()
        this.#isAway = false
        onBack()
      } catch {
        if (!this.#isClosed) this.#tryAgainAfter(Math.min(pause * 2, longestPause))
      }
    }, pause)
    this.#timer.unref()
  }
}

interface DatabaseSettings {
  connectionString: string
  /** What it is for, as its own lists of connections and our log name it: `replay-store`. */
  name: string
  /** How long a call waits for an answer, in ms. */
  patience: number
  /** Makes the tables that are not there yet. */
  schema: string
  log: Log
  /** Holds the process ids, at PostgreSQL, of the connections that are open: by them a notification tells who sent it. */
  own?: Set<number>
}

/** Any pino logger fits. */
export interface Log {
  info(line: object): void
  warn(line: object): void
}

interface Asked {
  text: string
  values: unknown[]
}

export interface Database {
  query<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<QueryResult<Row>>
  /** All of them or none; rows of each. */
  transaction(asked: readonly Asked[]): Promise<QueryResultRow[][]>
  /** Resolves when it can be written to; asks over a connection of its own, so that no report keeps a call waiting. */
  ready(): Promise<void>
  close(): Promise<void>
}

/** Rejects when it cannot be reached: at the start as later. */
export async function openDatabase(settings: DatabaseSettings): Promise<Database> {
  const { name, schema, log } = settings
  const pools = await import('pg')
  const open = (options: PoolConfig) => new pools.default.Pool(options)
  const calls = poolOf(open, settings, 4)
  const checks = poolOf(open, settings, 1)
  const probe = async () => {
    const { rows } = await checks.query<{ reads_only: boolean }>('select pg_is_in_recovery() as reads_only')
    if (rows[0]?.reads_only) throw new Error('this database takes no writing')
  }
  const breaker = new Breaker({
    probe,
    onAway: (error) => log.warn({ outcome: `${name}-away`, reason: codeOf(error) }),
    onBack: () => log.info({ outcome: `${name}-back` }),
  })
  const close = async () => {
    breaker.close()
    await Promise.all([calls.end(), checks.end()])
  }
  try {
    await calls.query(schema)
  } catch (error) {
    await close()
    throw error
  }
  return {
    query: (text, values = []) => breaker.run(() => calls.query(text, values)),
    transaction: (asked) => breaker.run(() => inTransaction(calls, asked), isAboutData),
    ready: () => breaker.run(probe),
    close,
  }
}

/** One statement is a transaction by itself. */
async function inTransaction(pool: Pool, asked: readonly Asked[]): Promise<QueryResultRow[][]> {
  const [only, ...others] = asked
  if (only && others.length === 0) return [(await pool.query(only.text, only.values)).rows]
  const client = await pool.connect()
  let failure: unknown
  try {
    await client.query('begin')
    const rows: QueryResultRow[][] = []
    for (const { text, values } of asked) rows.push((await client.query(text, values)).rows)
    await client.query('commit')
    return rows
  } catch (error) {
    failure = error
    throw error
  } finally {
    // A connection in the middle of something is not given to the next.
    client.release(failure !== undefined)
  }
}

/** The database is there, and takes not what it was given. */
const isAboutData = (error: unknown) => /^(2[23]|P0)...$/.test(codeOf(error))

function poolOf(
  open: (options: PoolConfig) => Pool,
  { connectionString, name, patience, log, own }: DatabaseSettings,
  max: number,
): Pool {
  const ids = new WeakMap<object, number>()
  /** Asked of PostgreSQL, because a pooler between gives its clients ids of its own. */
  async function learnId(client: ClientBase): Promise<void> {
    const { rows } = await client.query<{ id: number }>('select pg_backend_pid() as id')
    const id = rows[0]?.id ?? 0
    ids.set(client, id)
    own?.add(id)
  }
  const pool = open({
    connectionString,
    application_name: `lumbar-${name}`,
    max,
    connectionTimeoutMillis: patience,
    query_timeout: patience,
    allowExitOnIdle: true,
    ...(own ? { onConnect: learnId } : {}),
  })
  pool.on('remove', (client) => own?.delete(ids.get(client) ?? 0))
  // Without a listener a connection that breaks while idle ends the process.
  pool.on('error', (error) => log.warn({ outcome: `${name}-connection-lost`, reason: codeOf(error) }))
  return pool
}

/** Of the system or of PostgreSQL. Its words may quote what was asked. */
export function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown }
  if (typeof code === 'string') return code
  return name === 'Away' ? 'away' : 'unknown'
}
