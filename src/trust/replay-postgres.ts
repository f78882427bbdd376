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
/** Tokens in one statement. */
const mostAtOnce = 200
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

  /** By token, in hex: who asks about it, the first one first. */
  let waiting = new Map<string, Asking[]>()
  let isAsking = false

  const seen: ReplayStore['seen'] = ({ request, until, ...use }) =>
    new Promise((resolve, reject) => {
      const name = nameOf({ ...use, until }).toString('hex')
      const asking = {
        request: request === undefined ? null : fingerprint(request),
        until,
        resolve,
        reject,
      }
      const same = waiting.get(name)
      if (same) same.push(asking)
      else waiting.set(name, [asking])
      if (!isAsking) void askAll()
    })

  /** What comes meanwhile waits for the next group: calls share the wait for the disk, instead of queueing for it. */
  async function askAll(): Promise<void> {
    isAsking = true
    while (waiting.size > 0) {
      const all = [...waiting]
      const group = all.slice(0, mostAtOnce)
      waiting = new Map(all.slice(mostAtOnce))
      await ask(group).catch((error: unknown) => {
        for (const [, asking] of group) for (const { reject } of asking) reject(unavailable(error))
      })
      clean()
    }
    isAsking = false
  }

  /** Of each token the first who asks is written down; the others are held against what is written. */
  async function ask(group: readonly (readonly [string, readonly Asking[]])[]): Promise<void> {
    const firsts = group.flatMap(([name, [first]]) =>
      first ? [{ name: Buffer.from(name, 'hex'), first }] : [],
    )
    const { rows: added } = await database.query<{ key: Buffer }>(
      `insert into lumbar_used_tokens (key, request, until)
       select * from unnest($1::bytea[], $2::bytea[], $3::timestamptz[]) on conflict (key) do nothing returning key`,
      [
        firsts.map(({ name }) => name),
        firsts.map(({ first }) => first.request),
        firsts.map(({ first }) => first.until),
      ],
    )
    const isNew = new Set(added.map(({ key }) => key.toString('hex')))
    const old = group.flatMap(([name]) => (isNew.has(name) ? [] : [Buffer.from(name, 'hex')]))
    const { rows: before } =
      old.length === 0
        ? { rows: [] }
        : await database.query<{ key: Buffer; request: Buffer | null }>(
            'select key, request from lumbar_used_tokens where key = any($1)',
            [old],
          )
    const requests = new Map(before.map(({ key, request }) => [key.toString('hex'), request]))
    for (const [name, asking] of group) {
      const written = isNew.has(name) ? asking[0]?.request : requests.get(name)
      for (const [at, { request, resolve }] of asking.entries())
        resolve(!((at === 0 && isNew.has(name)) || (written && request?.equals(written))))
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

interface Asking {
  request: Buffer | null
  until: Date
  resolve: (wasSeen: boolean) => void
  reject: (error: ReplayStoreUnavailable) => void
}

function unavailable(cause: unknown): ReplayStoreUnavailable {
  return new ReplayStoreUnavailable('The database that remembers used tokens cannot be asked.', { cause })
}
