/** The keyed store in a database, so that every replica knows it. What is in the rows nobody can read without the key. */
import { codeOf, type Log, openDatabase } from './database.ts'
import { sealer } from './seal.ts'
import { type Store, type Stores, StoreUnavailable } from './store.ts'

const schema = `
  -- Instances start together, and two that create one table at once fail.
  select pg_advisory_xact_lock(hashtext('lumbar_smart_launches'));
  create table if not exists lumbar_smart_launches (
    id bytea primary key,
    sealed bytea not null,
    until timestamptz not null
  );
  create index if not exists lumbar_smart_launches_until on lumbar_smart_launches (until);
`

/** In ms. */
const patience = 2000
/** How often expired rows are deleted, in ms. */
const cleaningInterval = 300_000

interface PostgresSettings {
  connectionString: string
  /** 32 bytes. */
  key: Buffer
  /** In ms since 1970. */
  now: () => number
  log: Log
}

interface PostgresStores extends Stores {
  close(): Promise<void>
}

/** Throws StoreUnavailable, at the start as later, and then at once. */
export async function openPostgresStores(settings: PostgresSettings): Promise<PostgresStores> {
  const { connectionString, key, now, log } = settings
  const unavailable = (error: unknown) => new StoreUnavailable(codeOf(error))
  const database = await openDatabase({ connectionString, name: 'smart-store', patience, schema, log }).catch(
    (error: unknown) => {
      throw unavailable(error)
    },
  )
  const ask = async (text: string, values: unknown[]) => {
    try {
      return await database.query<{ sealed: Buffer }>(text, values)
    } catch (error) {
      throw unavailable(error)
    }
  }
  const clean = cleaner(ask, now)
  const open = (kind: string): Store => {
    const { nameOf, seal, open: unseal } = sealer(key, kind)
    const textIn = (name: Buffer, sealed: Buffer | undefined) => sealed && unseal(name, sealed)
    return {
      put: async (id, text, until) => {
        const name = nameOf(id)
        await ask(
          `insert into lumbar_smart_launches (id, sealed, until) values ($1, $2, $3)
           on conflict (id) do update set sealed = excluded.sealed, until = excluded.until`,
          [name, seal(name, text), new Date(until)],
        )
        clean()
      },
      get: async (id) => {
        const name = nameOf(id)
        const query = 'select sealed from lumbar_smart_launches where id = $1 and until > $2'
        const { rows } = await ask(query, [name, new Date(now())])
        return textIn(name, rows[0]?.sealed)
      },
      take: async (id) => {
        const name = nameOf(id)
        const query = 'delete from lumbar_smart_launches where id = $1 and until > $2 returning sealed'
        const { rows } = await ask(query, [name, new Date(now())])
        return textIn(name, rows[0]?.sealed)
      },
      claim: async (id, until) => {
        const name = nameOf(id)
        const { rowCount } = await ask(
          `insert into lumbar_smart_launches as kept (id, sealed, until) values ($1, $2, $3)
           on conflict (id) do update set until = excluded.until where kept.until <= $4`,
          [name, seal(name, ''), new Date(until), new Date(now())],
        )
        return rowCount === 1
      },
    }
  }
  return {
    used: open('used'),
    launches: open('launch'),
    kept: open('kept'),
    close: database.close,
  }
}

function cleaner(ask: (text: string, values: unknown[]) => Promise<unknown>, now: () => number): () => void {
  let cleaned = now()
  return () => {
    if (now() - cleaned < cleaningInterval) return
    cleaned = now()
    // What fails here fails in the next call too, which says so.
    ask('delete from lumbar_smart_launches where until < $1', [new Date(cleaned)]).catch(() => undefined)
  }
}
