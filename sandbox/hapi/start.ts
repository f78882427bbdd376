/** Starts HAPI on this machine as a process that cannot outlive this one. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { Misunderstood } from '../../src/cli/arguments.ts'
import { buildHapi } from './build.ts'
import { missingTools } from './tools.ts'

/** How long it may take to answer, in ms: half a minute on two free cores. */
const patience = 5 * 60_000

export interface Hapi {
  /** Base URL of its FHIR server. */
  base: string
  /** Resolves when it has ended. */
  ended: Promise<void>
  stop(): Promise<void>
}

interface HapiOptions {
  root: string
  /** 0 takes any free one. */
  port: number
  /** JDBC URL of an H2 or PostgreSQL database; by default one in memory. */
  database?: string | undefined
  say: (text: string) => void
}

const inMemory = 'jdbc:h2:mem:hapi;DB_CLOSE_DELAY=-1;USER=sa'

/** Throws a Misunderstood where Java or Maven are missing, or do not do it. */
export async function startHapi({ root, port, database = inMemory, say }: HapiOptions): Promise<Hapi> {
  const missing = missingTools()
  if (missing.length > 0) throw new Misunderstood(missing.join('\n'))
  await requireFree(port)
  const classpath = await buildHapi(root, say)
  say('HAPI FHIR is starting: half a minute, and a gigabyte of memory.')
  // Compiled once and lightly: it runs for minutes. Its input is a pipe of ours, and it ends when the pipe does.
  const java = ['-Xmx1g', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', classpath]
  const child = spawn('java', [...java, 'lumbar.hapi.HapiServer', String(port), database], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const stop = async () => {
    child.kill('SIGKILL')
    await ended
  }
  try {
    return { base: await listening(child), ended, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Before half a minute is spent. */
async function requireFree(port: number): Promise<void> {
  const trial = createServer()
  await new Promise<void>((resolve, reject) => {
    trial.once('error', reject)
    trial.listen(port, '127.0.0.1', resolve)
  }).catch(() => {
    throw new Misunderstood(`Port ${port} is taken or not allowed: choose another with --port.`)
  })
  await new Promise((resolve) => trial.close(resolve))
}

function listening(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let said = ''
  const hear = (chunk: unknown) => {
    // Java goes on writing, and would wait if nobody listened.
    said = (said + String(chunk)).slice(-20_000)
    const base = /HAPI answers at (\S+)/.exec(said)?.[1]
    if (base) resolve(base)
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  child.once('error', reject)
  child.once('close', () => reject(new Misunderstood(`HAPI did not start. ${whyIn(said)}`)))
  const timer = setTimeout(
    () => reject(new Misunderstood(`HAPI did not answer within ${patience / 60_000} minutes.`)),
    patience,
  )
  return promise.finally(() => clearTimeout(timer))
}

/** The last cause that Java names. */
function whyIn(said: string): string {
  const causes = said.match(/^(Exception|Caused by:|Error:).*$/gm)
  return causes?.at(-1)?.slice(0, 400) ?? said.trim().slice(-400)
}
