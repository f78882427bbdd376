/**
 * `npm run bench`: what Lumbar costs beside a bare Fastify, and whether it keeps to its budget.
 * `-- --quick` for a first look, `-- --profile` for where the time goes.
 */
import { parseArgs } from 'node:util'
import { buildBodies, type Templates } from './bodies.ts'
import { timeEvaluation } from './evaluation.ts'
import { megabytes } from './numbers.ts'
import { profile } from './profile.ts'
import { compareRequests } from './requests.ts'
import { Server } from './server.ts'
import { timeStart } from './startup.ts'
import { timeVerification } from './verification.ts'

const { quick, profile: wantsProfile } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, profile: { type: 'boolean', default: false } },
}).values

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
  console.log(`${await compareRequests({ bare, lumbar, verifying }, bodies, length)}\n`)
  const { rss } = await lumbar.ask('usage')
  await Promise.all(servers.map((server) => server.stop()))
  console.log(`${await timeEvaluation(templates, today, quick ? 1 : 5)}\n`)
  console.log(`${await timeVerification(quick ? 300 : 2000)}\n`)
  console.log(`${await timeStart(quick ? 3 : 5)}; after the load: ${megabytes(rss)}`)
}

async function publishedBy(server: Server): Promise<Templates> {
  const answer = await fetch(`${server.url}/cds-services`)
  const { services } = (await answer.json()) as { services: { prefetch?: Templates }[] }
  return services[0]?.prefetch ?? {}
}
