/** Has pages drawn by a thread of its own, which is started by the first page and ends after a while without any. */
import { Worker } from 'node:worker_threads'
import type { Drawn, Wanted } from './draw-thread.ts'
import type { PageName, PageOf } from './pages.ts'

export interface Drawer {
  /** Rejects only by a mistake of ours. */
  draw<Name extends PageName>(name: Name, page: PageOf<Name>): Promise<string | Uint8Array>
  close(): Promise<void>
}

/** In ms. It holds some 60 MB, and starts within a second. */
const idle = 300_000

export function openDrawer(): Drawer {
  const waiting = new Map<number, PromiseWithResolvers<string | Uint8Array>>()
  let worker: Worker | undefined
  let next = 0
  let ending: NodeJS.Timeout | undefined

  function start(): Worker {
    const started = new Worker(new URL('../thread.js', import.meta.url), {
      argv: [new URL('./draw-thread.ts', import.meta.url).href],
    })
    started.unref()
    started.on('message', (drawn: Drawn) => {
      const asked = waiting.get(drawn.id)
      waiting.delete(drawn.id)
      if ('made' in drawn) asked?.resolve(drawn.made)
      else asked?.reject(new Error(`a page could not be drawn: ${drawn.failure}`))
      if (waiting.size > 0) return
      started.unref()
      ending = setTimeout(() => void close(), idle).unref()
    })
    const ended = () => {
      if (worker !== started) return
      worker = undefined
      for (const { reject } of waiting.values()) reject(new Error('the thread that draws pages ended'))
      waiting.clear()
    }
    started.on('error', ended)
    started.on('exit', ended)
    return started
  }

  async function close(): Promise<void> {
    clearTimeout(ending)
    await worker?.terminate()
  }

  return {
    draw: (name, page) => {
      clearTimeout(ending)
      const asked = Promise.withResolvers<string | Uint8Array>()
      const id = next++
      worker ??= start()
      worker.ref()
      waiting.set(id, asked)
      worker.postMessage({ id, name, page: page as never } satisfies Wanted)
      return asked.promise
    },
    close,
  }
}
