/** A measured server, seen from the process that measures it. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Answer, Question } from './control.ts'
import { openSite, signedToken, verifiedSite } from './ehr.ts'

/** Milliseconds that a server may take to listen. */
const patience = 60_000

/**
 * `lumbar` is the service for callers that nobody verifies, `verifying` checks a token on each call. `floor` needs the
 * file of its answers, as `FLOOR_ANSWERS`.
 */
type Kind = 'bare' | 'floor' | 'lumbar' | 'verifying'

export class Server {
  readonly kind: Kind
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly #child: ChildProcess

  private constructor(kind: Kind, url: string, authorization: string | undefined, child: ChildProcess) {
    this.kind = kind
    this.url = url
    this.headers = { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) }
    this.#child = child
  }

  /** `special` settings stand in for those of the kind. */
  static async start(kind: Kind, special: Partial<Settings> = {}): Promise<Server> {
    const port = await freePort()
    const usual = await settings[kind]()
    const { file, site, authorization } = { ...usual, ...special }
    const env = { ...usual.env, ...special.env }
    const child = fork(file, {
      execArgv: ['--import', join(import.meta.dirname, 'control.ts')],
      // What is logged goes nowhere.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: {
        ...process.env,
        NODE_ENV: 'production',
        HOST: '127.0.0.1',
        PORT: String(port),
        LEDGER_FILE: join(mkdtempSync(join(tmpdir(), 'lumbar-bench-')), 'ledger.sqlite'),
        LEDGER_KEY: Buffer.alloc(32, 7).toString('base64url'),
        SITE_FILE: site === undefined ? '' : fileOf(site),
        ...env,
      },
    })
    const server = new Server(kind, `http://127.0.0.1:${port}`, authorization, child)
    await server.#answering()
    return server
  }

  async ask<Q extends Question>(question: Q): Promise<Answer<Q>> {
    this.#child.send(question)
    const [{ answer }] = (await once(this.#child, 'message')) as [{ answer: Answer<Q> }]
    return answer
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.disconnect()
    await ended
  }

  async #answering(): Promise<void> {
    const end = Date.now() + patience
    while (Date.now() < end && this.#child.exitCode === null) {
      const answer = await fetch(this.url).catch(() => undefined)
      if (answer) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`the ${this.kind} server does not answer`)
  }
}

const service = join(import.meta.dirname, '../src/server.ts')

interface Settings {
  file: string
  /** Text of its `site.yaml`. */
  site?: string
  authorization?: string
  /** Beside that of this process. */
  env?: Readonly<Record<string, string>>
}

const settings: Readonly<Record<Kind, () => Promise<Settings>>> = {
  bare: async () => ({ file: join(import.meta.dirname, 'bare.ts') }),
  floor: async () => {
    const { jwk, authorization } = await signedToken()
    return {
      file: join(import.meta.dirname, 'floor.ts'),
      authorization,
      env: { FLOOR_KEY: JSON.stringify(jwk) },
    }
  },
  lumbar: async () => ({ file: service, site: openSite }),
  verifying: async () => ({ file: service, ...(await verifiedSite()) }),
}

function fileOf(site: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'lumbar-bench-')), 'site.yaml')
  writeFileSync(path, site)
  return path
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  listener.close()
  await once(listener, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('no free port')
  return address.port
}
