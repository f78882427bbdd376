/** The thread that sets PDFs. */
import { parentPort } from 'node:worker_threads'
import type { Handout } from '../model.ts'
import { type PdfOptions, writePdf } from './write.ts'

export interface Task {
  id: number
  handout: Handout
  options: PdfOptions
}

export interface Done {
  id: number
  pdf?: Uint8Array
}

parentPort?.on('message', async ({ id, handout, options }: Task) => {
  const done: Done = await writePdf(handout, options).then(
    (pdf) => ({ id, pdf }),
    () => ({ id }),
  )
  parentPort?.postMessage(done)
})
