/**
 * Handouts as tagged PDFs, for the chart: structure, language, title and fonts are in the file; and the infographic that is
 * shared. They are set in a thread of its own, because a call for cards must not wait for the letters of a handout.
 */
import { Worker } from 'node:worker_threads'
import type { Handout } from './model.ts'
import type { Done, Task, Work } from './pdf/worker.ts'
import type { PdfOptions } from './pdf/write.ts'
import type { InfographicKind } from './share/press.ts'
import type { Sheet } from './share/sheet.ts'

export type { PdfOptions } from './pdf/write.ts'

interface Waiting {
  resolve: (made: Buffer) => void
  reject: (error: Error) => void
}

/** Started by the first handout; it keeps no process from ending. */
let press: { worker: Worker; waiting: Map<number, Waiting> } | undefined
let count = 0

/**
 * Only for languages whose `pdf` is true in handouts.yaml: others have letters that the fonts here have not. The patient
 * is in it only if `givenTo` says so. The same handout gives the same bytes. Rejects only by a mistake of ours.
 */
export function handoutPdf(handout: Handout, options: PdfOptions = {}): Promise<Buffer> {
  return made({ handout, options })
}

/** As SVG, or as PDF of this paper. */
export function infographic(sheet: Sheet, kind: InfographicKind): Promise<Buffer> {
  return made({ sheet, kind })
}

function made(work: Work): Promise<Buffer> {
  press ??= start()
  const { worker, waiting } = press
  const id = ++count
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject })
    worker.ref()
    worker.postMessage({ id, work } satisfies Task)
  })
}

function start() {
  const worker = new Worker(new URL('../thread.js', import.meta.url), {
    argv: [new URL('./pdf/worker.ts', import.meta.url).href],
  })
  const waiting = new Map<number, Waiting>()
  worker.on('message', ({ id, made: file }: Done) => {
    const one = waiting.get(id)
    waiting.delete(id)
    if (waiting.size === 0) worker.unref()
    if (file) one?.resolve(Buffer.from(file.buffer, file.byteOffset, file.byteLength))
    else one?.reject(new Error('the handout could not be set'))
  })
  const fail = () => {
    press = undefined
    for (const { reject } of waiting.values()) reject(new Error('the thread that sets PDFs has ended'))
    waiting.clear()
  }
  worker.on('error', fail)
  worker.on('exit', fail)
  return { worker, waiting }
}
