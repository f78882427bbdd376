/** Brings one file of an export: written beside its name until it is whole, begun anew where it broke off. */
import { createWriteStream, renameSync, rmSync } from 'node:fs'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Refused, type Remote } from './remote.ts'

interface FileOptions {
  url: string
  file: string
  /** Type of its resources. */
  type: string
  /** Lines, where the server says. */
  count: number | undefined
  remote: Remote
  requiresAccessToken: boolean
  sleep: (ms: number) => Promise<void>
}

const mostTimes = 3
const newline = 10

/** Its bytes. Rejects with Refused. */
export async function bringFile(options: FileOptions): Promise<number> {
  for (let times = 1; ; times++) {
    try {
      return await bringOnce(options)
    } catch (error) {
      if (times >= mostTimes)
        throw error instanceof Refused ? error : new Refused(`${options.type} broke off: ${String(error)}`)
      await options.sleep(1000 * 2 ** times)
    }
  }
}

async function bringOnce({
  url,
  file,
  type,
  count,
  remote,
  requiresAccessToken,
}: FileOptions): Promise<number> {
  const part = `${file}.part`
  let [bytes, lines, last] = [0, 0, newline]
  const counting = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length
      // Empty lines are none.
      for (const byte of chunk) {
        if (byte === newline && last !== newline) lines += 1
        last = byte
      }
      done(null, chunk)
    },
  })
  try {
    const body = await remote.stream(url, requiresAccessToken)
    await pipeline(
      Readable.fromWeb(body as import('node:stream/web').ReadableStream),
      counting,
      createWriteStream(part),
    )
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
  // The last line may have no end.
  if (last !== newline) lines += 1
  if (count !== undefined && lines !== count) {
    rmSync(part, { force: true })
    throw new Refused(`A file of ${type} has ${lines} lines, and the server lists ${count}.`)
  }
  renameSync(part, file)
  return bytes
}
