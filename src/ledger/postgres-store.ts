/** The ledger in PostgreSQL, which instances share. */
import { codeOf, type Database, type Log, openDatabase } from '../store/database.ts'
import { LedgerFailure } from './failure.ts'
import { type Listener, listenTo } from './postgres-listener.ts'
import { migrations } from './schema.ts'
import { type HeldStore, insertListed, postgres, type Row, type Statement } from './sql.ts'

/** In ms. Only feedback waits for it. */
const patience = 2000

/** Instances start together: one of them makes the tables, and the others find them made. */
const schema = `
  select pg_advisory_xact_lock(hashtext('lumbar_ledger'));
  create table if not exists lumbar_ledger_migration (version integer primary key, made timestamptz not null default now());
  ${migrations.map((migration, at) => once(at + 1, migration(postgres))).join('\n')}
`

function once(version: number, statements: string): string {
  return `do $lumbar$ begin
    if not exists (select from lumbar_ledger_migration where version = ${version}) then
      ${statements.trim().replace(/;$/, '')};
      insert into lumbar_ledger_migration (version) values (${version});
    end if;
  end $lumbar$;`
}

/** Connected when something is first asked of it, and again after that failed. */
export function postgresStore(connectionString: string, log: Log): HeldStore {
  let opening: Promise<Database> | undefined
  const database = () => {
    opening ??= open().catch((error: unknown) => {
      opening = undefined
      throw error
    })
    return opening
  }
  /** Of our own connections: what they wrote is known here. */
  const own = new Set<number>()
  let listener: Listener | undefined
  const open = async () => {
    const opened = await openDatabase({ connectionString, name: 'ledger', patience, schema, log, own })
    try {
      const newest = await opened.query<{ version: number }>(
        'select max(version) as version from lumbar_ledger_migration',
      )
      const version = newest.rows[0]?.version ?? 0
      if (version > migrations.length)
        throw new Error(`the tables are of a newer Lumbar: they have version ${version}`)
      return opened
    } catch (error) {
      await opened.close()
      throw error
    }
  }
  async function batch(statements: readonly Statement[]): Promise<Row[][]> {
    try {
      const asked = statements.map(({ sql, values = [] }) => ({ text: sql, values: [...values] }))
      return await (await database()).transaction(asked)
    } catch (error) {
      const code = codeOf(error)
      // Class 22 is data that cannot be taken, class 23 a constraint, P0 what a trigger refuses.
      throw new LedgerFailure(/^(2[23]|P0)...$/.test(code) ? 'row' : 'away', code, String(error))
    }
  }
  return {
    batch,
    // One statement for all tables: each question and its answer cost more than the rows of a few calls.
    insert: async (inserted) => {
      const inserts = inserted.map(({ table, columns }, at) =>
        insertListed(postgres, table, columns, `$${at + 1}`),
      )
      const last = inserts.pop()
      if (last === undefined) return
      const others = inserts.map((sql, at) => `part_${at} as (${sql})`)
      await batch([
        {
          sql: others.length > 0 ? `with ${others.join(', ')} ${last}` : last,
          values: inserted.map(({ rows }) => JSON.stringify(rows)),
        },
      ])
    },
    listen: (hear) => {
      listener ??= listenTo({
        ...{ connectionString, patience, hear, log, isOwn: (id) => own.has(id) },
        notify: (channel, payload) =>
          batch([{ sql: 'select pg_notify($1, $2)', values: [channel, payload] }]),
      })
    },
    close: async () => {
      await listener?.close()
      await (await opening?.catch(() => undefined))?.close()
    },
  }
}
