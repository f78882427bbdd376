/**
 * `npm run bench`: what Lumbar costs beside a bare Fastify and the floor, and whether it keeps to its budget.
 * `-- --quick` for a first look, `-- --profile` for where the time goes.
 */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readArguments } from '../src/cli/arguments.ts'
import { asked } from '../src/cli/run.ts'
import { buildBodies, type Templates } from './bodies.ts'
import { timeEvaluation } from './evaluation.ts'
import { megabytes } from './numbers.ts'
import { profile } from './profile.ts'
import { compareRequests } from './requests.ts'
import { Server } from './server.ts'
import { timeStart } from './startup.ts'
import { timeVerification } from './verification.ts'

const { quick, profile: wantsProfile } = asked((words) =>
  readArguments(
    words,
    { quick: { type: 'boolean', default: false }, profile: { type: 'boolean', default: false } },
    0,
  ),
).values

const today = new Date().toISOString().slice(0, 10)
const length = quick ? { rounds: 3, seconds: 1 } : { rounds: 7, seconds: 2 }

const servers = await Promise.all([Server.start('bare'), Server.start('lumbar'), Server.start('verifying')])
const [bare, lumbar, verifying] = servers
const templates = await publishedBy(lumbar)
const bodies = buildBodies(templates, today)

if (wantsProfile) {
  await Promise.all(servers.map((server) => server.stop()))
  for (const body of bodies.filter(({ name }) => !quick || name === '3 KB')) {
    console.log(`${await profile(body, quick ? 6 : 12)}\n`)
  }
} else {
  console.log(`${bodies.map(({ name, text }) => `${name}: ${text.length} bytes`).join(', ')}\n`)
  const floor = await Server.start('floor', { env: { FLOOR_ANSWERS: await answersOf(verifying) } })
  console.log(`${await compareRequests({ bare, floor, lumbar, verifying }, bodies, length)}\n`)
  const { rss } = await lumbar.ask('usage')
  await Promise.all([...servers, floor].map((server) => server.stop()))
  console.log(`${await timeEvaluation(templates, today, quick ? 1 : 5)}\n`)
  console.log(`${await timeVerification(quick ? 300 : 2000)}\n`)
  console.log(`${await timeStart(quick ? 3 : 5)}; after the load: ${megabytes(rss)}`)
}

/** A file of what this server answers, by length of the body. */
async function answersOf(server: Server): Promise<string> {
  const answers: Record<string, unknown> = {}
  for (const { text } of bodies) {
    const url = `${server.url}/cds-services/lumbar-order-select`
    const answer = await fetch(url, { method: 'POST', headers: server.headers, body: text })
    if (answer.status !== 200) throw new Error(`status ${answer.status}`)
    answers[Buffer.byteLength(text)] = await answer.json()
  }
  const file = join(mkdtempSync(join(tmpdir(), 'lumbar-bench-')), 'answers.json')
  writeFileSync(file, JSON.stringify(answers))
  return file
}

async function publishedBy(server: Server): Promise<Templates> {
  const answer = await fetch(`${server.url}/cds-services`)
  const { services } = (await answer.json()) as { services: { prefetch?: Templates }[] }
  return services[0]?.prefetch ?? {}
}
