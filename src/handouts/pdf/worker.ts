/** The thread that sets PDFs, and the infographic. */
import { parentPort } from 'node:worker_threads'
import type { Handout } from '../model.ts'
import { type InfographicKind, setInfographic } from '../share/press.ts'
import type { Sheet } from '../share/sheet.ts'
import { type PdfOptions, writePdf } from './write.ts'

export type Work = { handout: Handout; options: PdfOptions } | { sheet: Sheet; kind: InfographicKind }

export interface Task {
  id: number
  work: Work
}

export interface Done {
  id: number
  made?: Uint8Array
}

const doing = (work: Work): Promise<Uint8Array> =>
  'sheet' in work ? setInfographic(work.sheet, work.kind) : writePdf(work.handout, work.options)

parentPort?.on('message', async ({ id, work }: Task) => {
  const done: Done = await doing(work).then(
    (made) => ({ id, made }),
    () => ({ id }),
  )
  parentPort?.postMessage(done)
})
