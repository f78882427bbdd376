/** Puts a Java project together with Maven: what is already there is neither fetched nor compiled again. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Misunderstood } from '../src/cli/arguments.ts'

/** How long Maven may fetch and compile, in ms. */
const patience = 15 * 60_000

interface MavenProject {
  /** What it makes, for people: "HAPI FHIR". */
  name: string
  /** With its pom.xml and its sources in `src`. */
  folder: string
  goal: 'compile' | 'package'
  /** In `target`, what must be there afterwards. */
  made: string
  /** In `target`, files with a list of jars of Maven's store. */
  lists: readonly string[]
  /** What it fetches the first time: "some 450 MB". */
  fetches: string
  /** Another JDK than the first in the path. */
  javaHome?: string
}

/** The project's folder `target`. Throws a Misunderstood with Maven's own words. */
export async function buildWithMaven(project: MavenProject, say: (text: string) => void): Promise<string> {
  const { name, folder, fetches } = project
  const target = join(folder, 'target')
  const stamp = join(target, 'built-from')
  const from = digestOf(folder)
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== from || !isWhole(project, target)) {
    say(`Maven puts ${name} together. The first time it fetches ${fetches} from Maven Central.`)
    await runMaven(project)
    mkdirSync(target, { recursive: true })
    writeFileSync(stamp, from)
  }
  return target
}

/** Of a list that Maven wrote: paths of jars. */
export const jarsOf = (list: string): readonly string[] => readFileSync(list, 'utf8').trim().split(delimiter)

function digestOf(folder: string): string {
  const digest = createHash('sha256').update(readFileSync(join(folder, 'pom.xml')))
  const sources = join(folder, 'src')
  for (const entry of readdirSync(sources, { recursive: true, withFileTypes: true }).sort(byPlace)) {
    if (entry.isFile()) digest.update(entry.name).update(readFileSync(join(entry.parentPath, entry.name)))
  }
  return digest.digest('hex')
}

const byPlace = (one: { parentPath: string; name: string }, other: { parentPath: string; name: string }) =>
  join(one.parentPath, one.name) < join(other.parentPath, other.name) ? -1 : 1

/** Somebody may have emptied Maven's store since. */
function isWhole({ made, lists }: MavenProject, target: string): boolean {
  const files = lists.map((list) => join(target, list))
  return [join(target, made), ...files].every(existsSync) && files.flatMap(jarsOf).every(existsSync)
}

async function runMaven({ name, folder, goal, javaHome }: MavenProject): Promise<void> {
  const child = spawn('mvn', ['--batch-mode', '--quiet', goal], {
    cwd: folder,
    env: javaHome === undefined ? process.env : { ...process.env, JAVA_HOME: javaHome },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patience,
    killSignal: 'SIGKILL',
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said = (said + String(chunk)).slice(-4000)
    })
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code === 0) return
  const reason = said.match(/\[ERROR\] (Failed.*|COMPILATION.*)/)?.[1] ?? said.trim().slice(-400)
  throw new Misunderstood(`Maven could not put ${name} together. Is Maven Central within reach? ${reason}`)
}
