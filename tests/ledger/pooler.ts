/** A PgBouncer for a test, between Lumbar and the test's schema: on a free port, gone with the test. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { schema } from '../smart/database.ts'
import { freePort } from './cluster.ts'

export const hasPooler = spawnSync('pgbouncer', ['--version'], { stdio: 'ignore' }).status === 0
if (!hasPooler) console.warn('Not tested, because pgbouncer is not on the path.')

export interface Pooler {
  url: string
  close(): Promise<void>
}

/** `session` keeps a connection for a client, `transaction` gives each transaction one of two. */
export async function openPooler(database: string, mode: 'session' | 'transaction'): Promise<Pooler> {
  const folder = mkdtempSync(join(tmpdir(), 'lumbar-pooler-'))
  chmodSync(folder, 0o755)
  const port = await freePort()
  const { hostname, port: behind, username, password, pathname } = new URL(database)
  const name = decodeURIComponent(pathname.slice(1))
  const login = [`user=${decodeURIComponent(username) || userInfo().username}`]
  if (password) login.push(`password=${decodeURIComponent(password)}`)
  const file = join(folder, 'pgbouncer.ini')
  writeFileSync(
    file,
    `[databases]
${name} = host=${hostname} port=${behind || 5432} dbname=${name} ${login.join(' ')} connect_query='set search_path to ${schema}'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
default_pool_size = ${mode === 'session' ? 20 : 2}
ignore_startup_parameters = options,extra_float_digits
; It would take back the schema.
server_reset_query =
`,
  )
  // It refuses to run as root.
  const asOther = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const pooler = spawn('pgbouncer', ['-q', ...asOther, file], { stdio: 'ignore' })
  await listening(port, pooler)
  const url = new URL(database)
  url.host = `127.0.0.1:${port}`
  url.searchParams.delete('options')
  return {
    url: url.href,
    close: async () => {
      const ended = once(pooler, 'exit')
      pooler.kill('SIGQUIT')
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

async function listening(port: number, pooler: ChildProcess): Promise<void> {
  const late = performance.now() + 20_000
  while (performance.now() < late && pooler.exitCode === null) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    if (isOpen) return
    await sleep(50)
  }
  throw new Error('pgbouncer does not listen')
}
