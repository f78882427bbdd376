/** The thread that holds the store: takes what calls leave, makes rows of it, and writes them. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Draft, Sealing } from './draft.ts'
import { LedgerFailure } from './failure.ts'
import { type LedgerKeys, ledgerKeys } from './keys.ts'
import { rowsOf } from './rows.ts'
import type { HeldStore } from './sql.ts'
import type { Asked, Location, Reply } from './threaded.ts'

const place = workerData as Location
const tell = (reply: Reply) => parentPort?.postMessage(reply)

/** Only what is needed is loaded. */
async function storeAt(place: Location): Promise<HeldStore> {
  if ('file' in place) return (await import('./sqlite-store.ts')).sqliteStore(place.file)
  const log = {
    info: (line: object) => tell({ level: 'info', line }),
    warn: (line: object) => tell({ level: 'warn', line }),
  }
  return (await import('./postgres-store.ts')).postgresStore(place.connectionString, log)
}

const store = await storeAt(place)
let keys: LedgerKeys | undefined

async function answer(asked: Asked): Promise<Reply> {
  const { id } = asked
  try {
    if ('statements' in asked) return { id, rows: await store.batch(asked.statements) }
    if ('drafts' in asked) {
      keys ??= ledgerKeys(Buffer.from(asked.secret))
      const drafts = asked.drafts.map((text) => JSON.parse(text) as Draft | Sealing)
      await store.insert(rowsOf(drafts, keys))
      return { id }
    }
    if ('listens' in asked) store.listen?.((news) => tell({ news }))
    else await store.close()
    return { id }
  } catch (error) {
    if (error instanceof LedgerFailure)
      return { id, failure: { kind: error.kind, code: error.code, message: error.message } }
    // What could not be made into a row stands alone in the end, and is left out.
    return {
      id,
      failure: { kind: 'row', code: error instanceof Error ? error.name : 'unknown', message: '' },
    }
  }
}

parentPort?.on('message', async (asked: Asked) => {
  tell(await answer(asked))
  if ('ends' in asked) parentPort?.close()
})
