/** A store as the service's own thread has it: asked by messages, because neither a disk nor a hash shall hold a call up. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Log } from '../store/database.ts'
import { LedgerFailure } from './failure.ts'
import { type Dialect, type News, postgres, type Row, type Sql, type Statement, sqlite } from './sql.ts'

export type Location = { file: string } | { connectionString: string }

type Question =
  | { statements: readonly Statement[] }
  | { drafts: readonly string[]; secret: Uint8Array }
  | { listens: true }
  | { ends: true }
export type Asked = { id: number } & Question

export type Reply =
  | { id: number; rows?: Row[][]; failure?: { kind: 'row' | 'away'; code: string; message: string } }
  | { level: 'info' | 'warn'; line: object }
  | { news: News }

/** `file` may be `:memory:`, for tests. It is opened when something is first asked of it. */
export function openSqlite(file: string): Sql {
  return threaded({ file }, sqlite, undefined)
}

/** Connected when something is first asked of it, and again after that failed. */
export function openPostgres(connectionString: string, log: Log): Sql {
  return threaded({ connectionString }, postgres, log)
}

function threaded(place: Location, dialect: Dialect, log: Log | undefined): Sql {
  const waiting = new Map<number, PromiseWithResolvers<Row[][]>>()
  let next = 0
  let worker: Worker | undefined
  let hear: ((news: News) => void) | undefined

  function start(): Worker {
    if ('file' in place && place.file !== ':memory:') mkdirSync(dirname(place.file), { recursive: true })
    const started = new Worker(new URL('../thread.js', import.meta.url), {
      argv: [new URL('./thread.ts', import.meta.url).href],
      workerData: place,
    })
    // It shall not keep a process alive that has nothing else to do.
    started.unref()
    started.on('message', (reply: Reply) => {
      if ('level' in reply) return log?.[reply.level](reply.line)
      if ('news' in reply) return hear?.(reply.news)
      const { id, rows = [], failure } = reply
      const asked = waiting.get(id)
      waiting.delete(id)
      if (waiting.size === 0) started.unref()
      if (failure) asked?.reject(new LedgerFailure(failure.kind, failure.code, failure.message))
      else asked?.resolve(rows)
    })
    const ended = () => {
      if (worker !== started) return
      worker = undefined
      hear?.('deaf')
      for (const { reject } of waiting.values())
        reject(new LedgerFailure('away', 'THREAD', 'its thread ended'))
      waiting.clear()
    }
    started.on('error', ended)
    started.on('exit', ended)
    if (hear) started.postMessage({ id: next++, listens: true } satisfies Asked)
    return started
  }

  function ask(question: Question): Promise<Row[][]> {
    const asked = Promise.withResolvers<Row[][]>()
    const id = next++
    try {
      worker ??= start()
      worker.postMessage({ id, ...question } satisfies Asked)
      if (waiting.size === 0) worker.ref()
      waiting.set(id, asked)
    } catch (error) {
      const { code = 'unknown', message } = error as { code?: string; message: string }
      asked.reject(new LedgerFailure('away', code, message))
    }
    return asked.promise
  }

  return {
    dialect,
    batch: (statements) => ask({ statements }),
    write: async (drafts, secret) => {
      await ask({ drafts, secret })
    },
    ...(dialect.name === 'postgres'
      ? {
          listen: (told) => {
            hear = told
            if (worker) worker.postMessage({ id: next++, listens: true } satisfies Asked)
            else worker = start()
          },
        }
      : {}),
    close: async () => {
      hear = undefined
      if (worker) await ask({ ends: true }).catch(() => undefined)
      await worker?.terminate()
    },
  }
}
