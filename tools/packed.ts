/**
 * `npm run packed`: installs what a hospital runs into a folder of its own, as the Dockerfile does, without the packages
 * of developers, starts it in production on the pinned Node, and gets discovery and a card. Writes its inventory of
 * packages (SBOM, CycloneDX) where `-- --sbom sbom.json` says.
 */
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { hookCall, loadOrder, loadPatient } from '../fhir-fixtures/load.ts'
import { readArguments } from '../src/cli/arguments.ts'
import { asked } from '../src/cli/run.ts'
import { loadContent } from '../src/pathway/load.ts'

const root = resolve(import.meta.dirname, '..')
const sbom = asked((words) => readArguments(words, { sbom: { type: 'string' } }, 0).values.sbom)
/** How long the service may take to listen, in ms, on a machine that is busy with other things. */
const patience = 60_000
const folder = mkdtempSync(join(tmpdir(), 'lumbar-packed-'))
const npm = (...words: string[]) =>
  execFileSync('npm', words, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1e8,
  })

try {
  for (const name of shipped()) cpSync(join(root, name), join(folder, name), { recursive: true })
  npm(
    'ci',
    '--omit=dev',
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  )
  const inventory = npm('sbom', '--package-lock-only', '--omit=dev', '--sbom-format=cyclonedx')
  const { components } = JSON.parse(inventory) as { components: unknown[] }
  if (sbom !== undefined) writeFileSync(resolve(sbom), inventory)
  await answersACard()
  console.log(
    `${components.length} packages; discovery and a card come from them alone, on Node ${process.versions.node}.`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** What `.dockerignore` lets into the image. */
function shipped(): string[] {
  const lines = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n')
  return lines.flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []))
}

async function answersACard(): Promise<void> {
  const child = spawn(process.execPath, ['src/server.ts'], {
    cwd: folder,
    env: { PATH: process.env.PATH, NODE_ENV: 'production', HOST: '127.0.0.1', PORT: '0', DRAIN_SECONDS: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
  try {
    const url = await listening(
      () => said,
      () => child.exitCode === null,
    )
    const { services } = (await (await fetch(`${url}/cds-services`)).json()) as { services: { id: string }[] }
    const answer = await fetch(`${url}/cds-services/lumbar-order-sign`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(soundCall()),
    })
    const { cards = [] } = (await answer.json()) as { cards?: unknown[] }
    if (services.length === 0 || cards.length === 0)
      throw new Error(
        `${services.length} services and ${cards.length} cards (status ${answer.status}):\n${said}`,
      )
  } finally {
    child.kill('SIGKILL')
  }
}

async function listening(said: () => string, isRunning: () => boolean): Promise<string> {
  for (const until = Date.now() + patience; Date.now() < until && isRunning(); ) {
    const url = /Server listening at (http:\/\/127\.0\.0\.1:\d+)/.exec(said())?.[1]
    if (url) return url
    await new Promise((go) => setTimeout(go, 50))
  }
  throw new Error(`It did not start:\n${said()}`)
}

function soundCall() {
  const today = new Date().toISOString().slice(0, 10)
  const patient = loadPatient(root, 'acute-week-two', today)
  const orders = [loadOrder(root, 'lumbar-mri')]
  return hookCall({ patient, orders, hook: 'order-sign', queries: loadContent(root).queries, today })
}
