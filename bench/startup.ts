/** From `node .`, as hospitals start it, to the first answer, and the memory that it then holds. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median, megabytes } from './numbers.ts'

export async function timeStart(runs: number): Promise<string> {
  const starts: { ready: number; rss: number }[] = []
  for (let run = 0; run < runs; run += 1) starts.push(await startOnce())
  const ready = median(starts.map((start) => start.ready))
  const rss = median(starts.map((start) => start.rss))
  return `Start to first answer: ${ready.toFixed(0)} ms; resident memory then: ${megabytes(rss)} (medians of ${runs})`
}

async function startOnce(): Promise<{ ready: number; rss: number }> {
  const started = performance.now()
  const child = spawn(process.execPath, [join(import.meta.dirname, '..')], {
    env: {
      ...process.env,
      ...{ PORT: '0', DRAIN_SECONDS: '0', LOG_LEVEL: 'info', NODE_ENV: 'production' },
      ...{
        LEDGER_FILE: join(mkdtempSync(join(tmpdir(), 'lumbar-bench-')), 'ledger.sqlite'),
        LEDGER_KEY: Buffer.alloc(32, 7).toString('base64url'),
      },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const address = await addressFrom(child.stdout)
    await (await fetch(`${address}/healthz`)).text()
    return { ready: performance.now() - started, rss: residentBytes(child.pid) }
  } finally {
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
  }
}

async function addressFrom(output: NodeJS.ReadableStream): Promise<string> {
  let said = ''
  for await (const chunk of output) {
    said += String(chunk)
    const address = /listening at (http:\/\/[^"\s]+)/.exec(said)?.[1]
    if (address) {
      output.resume()
      return address
    }
  }
  throw new Error('the service ended before it listened')
}

const residentBytes = (pid: number | undefined) =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024
