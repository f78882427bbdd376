/** Puts HAPI together with Maven: what is already there is neither fetched nor compiled again. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Misunderstood } from '../../src/cli/arguments.ts'

/** How long Maven may fetch and compile, in ms: some 450 MB the first time. */
const patience = 15 * 60_000

/** What Java needs to find the server. Throws a Misunderstood with Maven's own words. */
export async function buildHapi(root: string, say: (text: string) => void): Promise<string> {
  const project = join(root, 'sandbox/hapi')
  const target = join(project, 'target')
  const stamp = join(target, 'built-from')
  const made = madeFrom(project)
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== made || !isWhole(target)) {
    say('Maven puts HAPI FHIR together. The first time it fetches some 450 MB from Maven Central.')
    await runMaven(project)
    mkdirSync(target, { recursive: true })
    writeFileSync(stamp, made)
  }
  return [join(target, 'classes'), readFileSync(join(target, 'classpath'), 'utf8')].join(delimiter)
}

/** A digest of the project's files. */
function madeFrom(project: string): string {
  const digest = createHash('sha256').update(readFileSync(join(project, 'pom.xml')))
  const sources = join(project, 'src')
  for (const entry of readdirSync(sources, { recursive: true, withFileTypes: true }).sort(byPlace)) {
    if (entry.isFile()) digest.update(entry.name).update(readFileSync(join(entry.parentPath, entry.name)))
  }
  return digest.digest('hex')
}

const byPlace = (one: { parentPath: string; name: string }, other: { parentPath: string; name: string }) =>
  join(one.parentPath, one.name) < join(other.parentPath, other.name) ? -1 : 1

/** Somebody may have emptied Maven's store since. */
function isWhole(target: string): boolean {
  const list = join(target, 'classpath')
  if (!existsSync(list) || !existsSync(join(target, 'classes/lumbar/hapi/HapiServer.class'))) return false
  return readFileSync(list, 'utf8').split(delimiter).every(existsSync)
}

async function runMaven(project: string): Promise<void> {
  const child = spawn('mvn', ['--batch-mode', '--quiet', 'compile'], {
    cwd: project,
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
  throw new Misunderstood(`Maven could not put HAPI together. Is Maven Central within reach? ${reason}`)
}
