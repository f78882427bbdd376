/** The real service as a process of its own, with the site and environment of a test; in development as `npm start` does it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { root } from './evaluator.ts'

export interface Service {
  url: string
  /** Everything that it wrote. */
  output(): string
  stop(): Promise<number | null>
}

/** How long a process may take to listen on a busy machine, in ms. */
const patience = 60_000

/** Rejects with what the process said when it does not start. */
export async function startService(site: object, env: Record<string, string> = {}): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), 'lumbar-service-'))
  const siteFile = join(folder, 'site.yaml')
  const { limits = {} } = site as { limits?: object }
  // How busy the machine is that runs the tests is no matter of the tests, unless one says so.
  writeFileSync(siteFile, stringify({ ...site, limits: { 'event-loop-delay-ms': 0, ...limits } }))
  const child = spawn(process.execPath, [join(root, fileFor(env.NODE_ENV))], {
    env: {
      ...process.env,
      NODE_ENV: 'test',
      PORT: '0',
      DRAIN_SECONDS: '0',
      SITE_FILE: siteFile,
      ...ledgerIn(folder),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.on('data', (chunk) => (said += String(chunk)))
  child.stderr.on('data', (chunk) => (said += String(chunk)))
  child.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const url = await listening(child, () => said)
  return { url, output: () => said, stop: () => stop(child) }
}

/** Hospitals run the service alone. */
const fileFor = (mode = 'test') => (mode === 'production' ? 'src/server.ts' : 'sandbox/start.ts')

/** A ledger of its own, with a key of its own where a database keeps it. */
export const ledgerIn = (folder: string) => ({
  LEDGER_FILE: join(folder, 'ledger.sqlite'),
  LEDGER_KEY: Buffer.alloc(32, 7).toString('base64url'),
})

async function listening(child: ChildProcess, said: () => string): Promise<string> {
  const deadline = Date.now() + patience
  while (Date.now() < deadline && child.exitCode === null) {
    const url = /Server listening at (http:\/\/127\.0\.0\.1:\d+)/.exec(said())?.[1]
    if (url) return url
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  child.kill('SIGKILL')
  throw new Error(said() || 'the service did not start in time')
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
  return child.exitCode
}
