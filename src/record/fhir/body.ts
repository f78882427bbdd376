/** Reads the JSON of a response without reading more than the call may. */
import type { IncomingMessage } from 'node:http'
import { pipeline, type Readable, type Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { NotRead } from './reasons.ts'

/** What one call has cost so far, and may cost. Bytes are counted decoded. */
export interface Spent {
  requests: number
  bytes: number
  readonly byteCap: number
}

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/** Whatever its content type says: servers send FHIR as `application/json`, `text/plain` and more. */
export async function readJson(response: IncomingMessage, spent: Spent): Promise<unknown> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of decoded(response)) {
    spent.bytes += chunk.length
    // Leaving the loop closes the stream and its connection.
    if (spent.bytes > spent.byteCap) throw new NotRead('byte-cap')
    text += decoder.decode(chunk, { stream: true })
  }
  try {
    return JSON.parse(text + decoder.decode())
  } catch {
    throw new NotRead('unreadable')
  }
}

/** Counted after this: a small body may hold a very large one. */
function decoded(response: IncomingMessage): Readable {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (encoding === 'identity' || encoding === '') return response
  const decoder = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined
  if (!decoder) {
    response.destroy()
    throw new NotRead('unreadable')
  }
  // The loop over the decoder hears of every failure.
  return pipeline(response, decoder(), () => {})
}
