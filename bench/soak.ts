/**
 * `npm run soak -- --minutes 10`: the real service at 80 % of what it can answer, with callers verified, while its key
 * server, its FHIR server and its database die in turn and come back. It is to stay up, to answer all that it can,
 * to be whole again afterwards, and to keep its memory: the last third of the time takes no more than the second,
 * within a tenth.
 */
import { Agent, request } from 'node:http'
import { countOf, readArguments } from '../src/cli/arguments.ts'
import { asked } from '../src/cli/run.ts'
import { table } from '../tests/support/table.ts'
import { buildBodies, type Templates } from './bodies.ts'
import { atRate, inWorkers, type Latency } from './load.ts'
import { median, megabytes, ms } from './numbers.ts'
import { Server } from './server.ts'
import { listens, type Part, type Surroundings, surroundings } from './surroundings.ts'

const minutes = asked((words) => {
  const { values } = readArguments(words, { minutes: { type: 'string', default: '10' } }, 0)
  return countOf(values.minutes, '--minutes', 1)
})
const share = 0.8
const workers = 8
/** One call in so many lacks a prefetch key and names its FHIR server. */
const fallsBack = 10
/** Third of the time: before, while and after parts die. Each of these is cut into as many looks at the memory. */
const looks = 9
/** Seconds */
const look = (minutes * 60) / (3 * looks)

const database = new URL(process.env.DATABASE_URL ?? 'postgres://root@127.0.0.1:5432/test')
const around = await surroundings((await listens(database)) ? database : undefined)
if (!around.databaseUrl) console.log(`No PostgreSQL at ${database.host}: used tokens are kept in memory.\n`)
const server = await Server.start('verifying', {
  site: around.site,
  env: { DATABASE_URL: around.databaseUrl ?? '' },
})
const call = await caller(server, around)

const most = await inWorkers(call, workers, Math.min(10, look))
const rate = most * share
console.log(`${Math.round(rate)} calls a second, ${share * 100} % of ${Math.round(most)}\n`)

interface Look {
  third: number
  dead: Part['name'] | undefined
  rss: number
  latency: Latency
  statuses: ReadonlyMap<number, number>
}

const seen: Look[] = []
for (let at = 0; at < 3 * looks; at += 1) {
  const third = Math.floor(at / looks)
  const part = third === 1 ? dyingIn(at - looks) : undefined
  part?.die()
  const { statuses, ...latency } = await atRate(call, rate, look)
  const { rss } = await server.ask('usage')
  seen.push({ third, dead: part?.name, rss, latency, statuses })
  await part?.revive()
}
await server.stop()
around.close()

console.log(table([['look', 'dead', 'memory', 'p50 ms', 'p99 ms', 'answers'], ...seen.map(rowOf)]))
const problems = seen.flatMap(unexpected)
const growth = medianMemory(2) / medianMemory(1)
console.log(
  `\nmemory, last third against second: x ${growth.toFixed(3)}, ${growth <= 1.1 ? 'flat' : 'GROWING'}`,
)
console.log(problems.length === 0 ? 'every answer was as it should be' : problems.join('\n'))
process.exitCode = problems.length === 0 && growth <= 1.1 ? 0 : 1

/** Every part is dead for a look, and then all are well for a look or two. */
function dyingIn(at: number): Part | undefined {
  const pause = Math.floor(looks / around.parts.length)
  return at % pause === 0 ? around.parts[at / pause] : undefined
}

/** Without its database nobody can tell whether a token was used: 503. All else can be done without. */
function unexpected({ dead, statuses }: Look, at: number): string[] {
  const isExpected = (status: number) => status === 200 || (dead === 'database' && status === 503)
  return [...statuses].flatMap(([status, count]) =>
    isExpected(status) ? [] : [`look ${at + 1}, ${dead ? `${dead} dead` : 'all well'}: ${count} x ${status}`],
  )
}

function medianMemory(third: number): number {
  return median(seen.flatMap((each) => (each.third === third ? [each.rss] : [])))
}

function rowOf({ dead, rss, latency, statuses }: Look, at: number): string[] {
  const answers = [...statuses].map(([status, count]) => `${count} x ${status}`).join(', ')
  return [String(at + 1), dead ?? '', megabytes(rss), ms(latency.p50), ms(latency.p99), answers]
}

/** Sends one call with a token of its own, and says with which status it was answered. */
async function caller({ url }: Server, { authorization, fhirServer }: Surroundings) {
  const discovery = (await (await fetch(`${url}/cds-services`)).json()) as {
    services: { prefetch?: Templates }[]
  }
  const [body] = buildBodies(discovery.services[0]?.prefetch ?? {}, new Date().toISOString().slice(0, 10))
  if (!body) throw new Error('no body to send')
  const whole = Buffer.from(body.text)
  const lacking = Buffer.from(withoutProcedures(body.text, fhirServer))
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  let sent = 0
  return async (): Promise<number> => {
    sent += 1
    const text = sent % fallsBack === 0 ? lacking : whole
    return post(`${url}/cds-services/lumbar-order-select`, text, await authorization(), agent)
  }
}

function withoutProcedures(text: string, fhirServer: string): string {
  const { prefetch, ...call } = JSON.parse(text)
  const { procedures, ...rest } = prefetch
  if (!procedures) throw new Error('there is no prefetch key to leave out')
  const token = {
    access_token: 'soak',
    token_type: 'Bearer',
    expires_in: 300,
    scope: 'patient/*.rs',
    subject: 'soak',
  }
  return JSON.stringify({ ...call, prefetch: rest, fhirServer, fhirAuthorization: token })
}

function post(url: string, body: Buffer, authorization: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length, authorization }
    const sent = request(url, { method: 'POST', agent, headers }, (reply) => {
      reply.resume()
      reply.on('end', () => resolve(reply.statusCode ?? 0))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
