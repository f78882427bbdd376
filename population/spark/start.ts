/** Starts Spark as a process that cannot outlive this one, and asks it one thing after the other. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { Misunderstood } from '../../src/cli/arguments.ts'
import { buildWithMaven, jarsOf } from '../../tools/maven.ts'
import type { OddLine } from '../engine.ts'
import { findTools } from './java.ts'

export interface SparkOptions {
  /** `local[*]`, by default, is this machine; or `spark://host:7077`, `yarn`, `k8s://…`. */
  master?: string | undefined
  /** A cluster's own spark-submit; without it the Spark that Maven brings starts the session. */
  submit?: string | undefined
  /** A file of properties as spark-submit takes it (spark-defaults.conf): stores, memory of executors, keys. */
  properties?: string | undefined
  /** Of the process on this machine, as Java has it: `4g`. */
  memory?: string | undefined
  /** Where tables are written: a place that every executor reaches. */
  warehouse: string
  /** For Java, beside what Spark needs. */
  java?: readonly string[]
  say?: (text: string) => void
}

interface SparkProcess {
  /** Resolves with the answer, and rejects with Spark's words where it could not be done. */
  ask(request: Request): Promise<Answer>
  stop(): Promise<void>
}

type Request = Readonly<{ do: string } & Record<string, string | readonly string[]>>
interface Answer {
  done?: boolean
  failed?: string
  names?: readonly string[]
  odd?: Partial<OddLine>
}

const folder = import.meta.dirname
const main = 'lumbar.spark.SparkServer'

/** Throws a Misunderstood for what is asked wrongly, or is not on this machine. */
export function checkSparkOptions({
  master,
  submit,
  properties,
  memory,
  warehouse,
}: Omit<SparkOptions, 'warehouse'> & { warehouse?: string | undefined }): void {
  const { missing } = findTools()
  if (missing.length > 0) throw new Misunderstood(missing.join('\n'))
  if (master !== undefined && !/^(local(\[[\d*,]+\])?$|spark:\/\/|yarn$|k8s:\/\/)/.test(master))
    throw new Misunderstood(
      `--master ${master}: local[4], spark://<host>:7077, yarn or k8s://<address>, as Spark has it.`,
    )
  if (memory !== undefined && !/^\d+[mg]$/.test(memory))
    throw new Misunderstood(`--memory ${memory}: megabytes or gigabytes, such as 8g.`)
  for (const [option, file] of Object.entries({ submit, properties }))
    if (file !== undefined && !existsSync(file)) throw new Misunderstood(`--${option}: there is no ${file}.`)
  const isCluster = submit !== undefined || (master !== undefined && !master.startsWith('local'))
  if (isCluster && warehouse === undefined)
    throw new Misunderstood(
      'On a cluster say --warehouse <place>: a folder or an address that every executor reaches, for the tables of this run.',
    )
}

/** Throws a Misunderstood where Java or Maven are missing, or Spark does not start. */
export async function startSpark(options: SparkOptions): Promise<SparkProcess> {
  const { javaHome, missing } = findTools()
  if (javaHome === undefined || missing.length > 0) throw new Misunderstood(missing.join('\n'))
  const target = await buildWithMaven(
    {
      name: 'Spark and Pathling',
      folder,
      goal: 'package',
      made: 'lumbar-spark.jar',
      lists: ['classpath', 'sent'],
      fetches: 'some 350 MB',
      javaHome,
    },
    options.say ?? (() => {}),
  )
  const [command, ...words] = commandOf(options, target, javaHome)
  // Its input is a pipe of ours, and it ends when the pipe does.
  const child = spawn(command, words, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, JAVA_HOME: javaHome },
  })
  const spark = conversation(child)
  try {
    await spark.started
  } catch (error) {
    await spark.stop()
    throw new Misunderstood(`Spark did not start. ${(error as Error).message}`)
  }
  return spark
}

/** An address, as every store takes it. */
export const placeOf = (warehouse: string) =>
  /^[a-z][a-z0-9+.-]+:/i.test(warehouse) ? warehouse : pathToFileURL(warehouse).href

/** By Spark's own way to submit, whether it is that of a cluster or the one among the jars. */
export function commandOf(
  { master, submit, properties, memory, warehouse, java = [] }: SparkOptions,
  target: string,
  javaHome: string,
): [string, ...string[]] {
  const jar = join(target, 'lumbar-spark.jar')
  const jars = jarsOf(join(target, 'classpath'))
  const submitted = [
    ...(master !== undefined ? ['--master', master] : submit === undefined ? ['--master', 'local[*]'] : []),
    ...['--deploy-mode', 'client', '--class', main, '--name', 'Lumbar report'],
    ...(properties === undefined ? [] : ['--properties-file', properties]),
    // On one machine everything is there already, and nobody looks at the pages of a run of minutes.
    ...((master ?? (submit === undefined ? 'local' : '')).startsWith('local')
      ? ['--conf', 'spark.ui.enabled=false', '--conf', 'spark.driver.host=127.0.0.1']
      : ['--jars', jarsOf(join(target, 'sent')).join(',')]),
    ...['--conf', `spark.sql.warehouse.dir=${placeOf(warehouse)}`],
    ...(submit !== undefined && memory !== undefined ? ['--driver-memory', memory] : []),
    jar,
  ]
  if (submit !== undefined) return [submit, ...submitted]
  return [
    join(javaHome, 'bin/java'),
    `@${join(dirname(target), 'java-options')}`,
    ...(memory === undefined ? [] : [`-Xmx${memory}`]),
    ...java,
    ...['-cp', [jar, ...jars].join(':'), 'org.apache.spark.deploy.SparkSubmit'],
    ...submitted,
  ]
}

/** Answers come in the order of the requests. */
function conversation(child: ChildProcess): SparkProcess & { started: Promise<unknown> } {
  const waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = []
  const next = () => new Promise<Answer>((resolve, reject) => waiting.push({ resolve, reject }))
  let said = ''
  let ended: Error | undefined
  child.stderr?.on('data', (chunk) => {
    said = (said + String(chunk)).slice(-20_000)
  })
  if (child.stdout) void hear(child.stdout)
  async function hear(stream: Readable) {
    for await (const line of linesIn(stream)) {
      const answer = answerIn(line)
      if (answer === undefined) continue
      const { failed } = answer
      const asked = waiting.shift()
      if (failed === undefined) asked?.resolve(answer)
      else asked?.reject(new Error(failed))
    }
  }
  // A pipe that broke tells less than the end of the process, which comes with it.
  child.stdin?.on('error', () => {})
  const closed = new Promise<void>((resolve) => {
    const end = (error: Error) => {
      ended ??= error
      for (const { reject } of waiting.splice(0)) reject(ended)
      resolve()
    }
    child.once('error', end)
    child.once('close', () => end(new Error(whyIn(said))))
  })
  return {
    started: next(),
    ask(request) {
      if (ended) return Promise.reject(ended)
      const answer = next()
      child.stdin?.write(`${JSON.stringify(request)}\n`)
      return answer
    },
    async stop() {
      child.stdin?.end()
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await closed
      clearTimeout(late)
    },
  }
}

/** Of JSON, one value a line: text in it may hold U+2028, at which `node:readline` would part it. */
export async function* linesIn(stream: Readable): AsyncGenerator<string> {
  let begun: string[] = []
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
    const [first = '', ...others] = chunk.split('\n')
    begun.push(first)
    for (const next of others) {
      yield begun.join('')
      begun = [next]
    }
  }
  const last = begun.join('')
  if (last !== '') yield last
}

/** Start scripts of a cluster may speak too. */
function answerIn(line: string): Answer | undefined {
  try {
    const answer = JSON.parse(line) as Answer
    return answer.done === true || typeof answer.failed === 'string' ? answer : undefined
  } catch {
    return undefined
  }
}

/** The last cause that Java names. */
function whyIn(said: string): string {
  const causes = said.match(/^(Exception|Caused by:|Error:|ERROR).*$/gm)
  return causes?.at(-1)?.slice(0, 400) ?? (said.trim().slice(-400) || 'It ended without a word.')
}
