/** The thread that draws pages: loading the library of charts and laying them out must not keep a call for cards waiting. */
import { parentPort } from 'node:worker_threads'
import { type PageName, pages } from './pages.ts'

export interface Wanted {
  id: number
  name: PageName
  page: never
}
export type Drawn = { id: number; made: string | Uint8Array } | { id: number; failure: string }

parentPort?.on('message', async ({ id, name, page }: Wanted) => {
  try {
    parentPort?.postMessage({ id, made: await pages[name](page) } satisfies Drawn)
  } catch (error) {
    // Its words could quote what is on the page.
    parentPort?.postMessage({ id, failure: error instanceof Error ? error.name : 'unknown' } satisfies Drawn)
  }
})
