/** A PostgreSQL of its own for a test that stops it: made in a folder, on a free port, gone with the test. */
import { execFile, spawnSync } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** PostgreSQL refuses to run as root: then it runs as nobody. */
const other = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

export const hasCluster = ['initdb', 'pg_ctl'].every(
  (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
)
if (!hasCluster) console.warn('Not tested, because initdb and pg_ctl are not on the path.')

export interface Cluster {
  url: string
  /** `immediate` is as if the power were cut; `fast` is what an administrator does. */
  stop(how: 'immediate' | 'fast'): Promise<void>
  start(): Promise<void>
  remove(): Promise<void>
}

export async function openCluster(): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'lumbar-cluster-'))
  if (other.uid !== undefined) chownSync(folder, other.uid, other.gid)
  const port = await freePort()
  const files = join(folder, 'data')
  const settings = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1`
  const control = (...words: string[]) =>
    run('pg_ctl', ['-D', files, '-w', ...words], { ...other, cwd: folder })
  await run('initdb', ['-D', files, '-U', 'lumbar', '-A', 'trust', '--no-locale', '-E', 'UTF8'], {
    ...other,
    cwd: folder,
  })
  const start = async () => {
    // Its log goes to a file: a pipe that it inherits would never end.
    await control('-l', join(folder, 'log'), '-o', settings, 'start')
  }
  await start()
  return {
    url: `postgres://lumbar@127.0.0.1:${port}/postgres`,
    start,
    stop: async (how) => {
      await control('-m', how, 'stop')
    },
    remove: async () => {
      await control('-m', 'immediate', 'stop').catch(() => undefined)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
