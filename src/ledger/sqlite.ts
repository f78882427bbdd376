/** The ledger in one file, for one instance. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { LedgerFailure } from './failure.ts'
import { type Row, type Sql, type Statement, sqlite } from './sql.ts'

interface Reply {
  id: number
  rows?: Row[][]
  failure?: { message: string; errcode?: number }
}

/** Result codes by which SQLite says that a row itself is at fault: 19 constraint, 20 mismatch, 18 too big. */
const faults = new Set([18, 19, 20])

/** `file` may be `:memory:`, for tests. It is opened when something is first asked of it. */
export function openSqlite(file: string): Sql {
  const waiting = new Map<number, PromiseWithResolvers<Row[][]>>()
  let next = 0
  let worker: Worker | undefined

  function start(): Worker {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true })
    const started = new Worker(new URL('./sqlite-worker.ts', import.meta.url), { workerData: { file } })
    // It shall not keep a process alive that has nothing else to do.
    started.unref()
    started.on('message', ({ id, rows, failure }: Reply) => {
      const asked = waiting.get(id)
      waiting.delete(id)
      if (waiting.size === 0) started.unref()
      if (failure) {
        const { message, errcode } = failure
        // Extended codes carry the primary one in their lowest byte.
        const isFault = errcode !== undefined && faults.has(errcode & 0xff)
        asked?.reject(new LedgerFailure(isFault ? 'row' : 'away', `SQLITE_${errcode ?? 'ERROR'}`, message))
      } else asked?.resolve(rows ?? [])
    })
    started.on('error', () => ended('SQLITE_THREAD'))
    started.on('exit', () => ended('SQLITE_THREAD'))
    return started
  }

  function ended(code: string): void {
    worker = undefined
    for (const { reject } of waiting.values()) reject(new LedgerFailure('away', code, 'its thread ended'))
    waiting.clear()
  }

  function ask(statements?: readonly Statement[]): Promise<Row[][]> {
    const asked = Promise.withResolvers<Row[][]>()
    try {
      worker ??= start()
      const id = next++
      waiting.set(id, asked)
      worker.ref()
      worker.postMessage({ id, statements })
    } catch (error) {
      const { code = 'unknown', message } = error as { code?: string; message: string }
      asked.reject(new LedgerFailure('away', code, message))
    }
    return asked.promise
  }

  return {
    dialect: sqlite,
    batch: ask,
    close: async () => {
      if (worker) await ask().catch(() => undefined)
      await worker?.terminate()
    },
  }
}
