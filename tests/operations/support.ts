/** What the tests of operations share: limits to bend, raw sockets, and a server that runs as it does in earnest. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { type Limits, limitsSchema } from '../../src/site/limits.ts'
import { ledgerIn } from '../support/service.ts'

export const root = join(import.meta.dirname, '../..')

export const limits = (bent: Partial<Limits> = {}): Limits => ({ ...limitsSchema.parse({}), ...bent })

export const codeIn = (answer: { json: () => { issue: { details: { coding: { code: string }[] } }[] } }) =>
  answer.json().issue[0]?.details.coding[0]?.code

interface Heard {
  text: string
  /** From the connection to its end. */
  ms: number
}

/** Writes the parts with pauses between them, and listens until the other side ends the connection. */
export async function speak(address: string, parts: readonly string[], pause = 20): Promise<Heard> {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  const begun = performance.now()
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  socket.on('error', () => undefined)
  const closed = once(socket, 'close').then(() => performance.now() - begun)
  for (const part of parts) {
    if (socket.destroyed) break
    socket.write(part)
    await new Promise((resume) => setTimeout(resume, pause))
  }
  return { ms: await closed, text }
}

export interface Running {
  address: string
  child: ChildProcess
  /** All that it wrote so far, to both streams. */
  written: () => string
  stop: () => Promise<void>
}

/** `src/server.ts` in a process of its own, on a free port. */
export async function startServer(env: Record<string, string> = {}): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'lumbar-server-'))
  const site = join(folder, 'site.yaml')
  // How busy the machine is that runs the tests is no matter of the tests.
  writeFileSync(site, stringify({ limits: { 'event-loop-delay-ms': 0 } }))
  const own = { PORT: '0', DRAIN_SECONDS: '0', NODE_ENV: 'production', SITE_FILE: site, ...ledgerIn(folder) }
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const child = spawn(process.execPath, [join(root, 'src/server.ts')], {
    env: { PATH, NODE_COMPILE_CACHE, ...own, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const { promise: address, resolve, reject } = Promise.withResolvers<string>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const [, found] = /Server listening at (http:[^"\s]+)"(?![\s\S]*Server listening)/.exec(text) ?? []
      if (found) resolve(found)
    })
  }
  const ended = once(child, 'close')
  void ended.then(() => rmSync(folder, { recursive: true, force: true }))
  void ended.then(() => reject(new Error(`the server ended:\n${text}`)))
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  return { address: await address, child, written: () => text, stop }
}
