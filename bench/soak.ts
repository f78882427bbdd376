/**
 * `npm run soak -- --minutes 10`: the real service at 80 % of what it can answer, with callers verified, while its key
 * server, its FHIR server and its database die in turn and come back. It is to stay up, to answer all that it can,
 * to be whole again afterwards, and to keep its memory: the last third of the time takes no more than the second,
 * within a tenth. `-- --hostile` instead: strangers who forge, repeat, trickle and swell beside honest callers, who are
 * to notice nothing.
 */
import { countOf, readArguments } from '../src/cli/arguments.ts'
import { asked } from '../src/cli/run.ts'
import { table } from '../tests/support/table.ts'
import { caller } from './honest.ts'
import { atRate, inWorkers, type Latency } from './load.ts'
import { median, megabytes, ms } from './numbers.ts'
import { Server } from './server.ts'
import { siege } from './siege.ts'
import { listens, type Part, surroundings } from './surroundings.ts'

const { minutes, hostile } = asked((words) => {
  const { values } = readArguments(
    words,
    { minutes: { type: 'string', default: '10' }, hostile: { type: 'boolean', default: false } },
    0,
  )
  return { minutes: countOf(values.minutes, '--minutes', 1), hostile: values.hostile }
})
const share = 0.8
const workers = 8
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

if (hostile) {
  const lasted = await siege({ server, around, call, minutes })
  await server.stop()
  around.close()
  process.exit(lasted ? 0 : 1)
}

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
