/** Honest callers at a steady rate, alone and with strangers beside them, in turns: what the strangers cost them. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { table } from '../tests/support/table.ts'
import { callPath } from './honest.ts'
import { atRate, type Call, inWorkers, type Latency } from './load.ts'
import { median, megabytes, ms, times } from './numbers.ts'
import type { Server } from './server.ts'
import type { Surroundings } from './surroundings.ts'

/** Of what the service can answer: the strangers' own process needs room on the same machine. */
const share = 0.5
const looks = 10
/** What strangers may make of the p99 and of the memory of a service without them. */
const most = { p99: 1.5, memory: 1.1 }

interface Look {
  hostile: boolean
  rss: number
  latency: Latency
  statuses: ReadonlyMap<number, number>
  sent: Readonly<Record<string, number>>
}

interface Besieged {
  server: Server
  around: Surroundings
  call: Call
  minutes: number
}

/** Whether honest callers noticed nothing, within the bounds; prints what they saw. */
export async function siege({ server, around, call, minutes }: Besieged): Promise<boolean> {
  const seconds = (minutes * 60) / looks
  const rate = share * (await inWorkers(call, 8, Math.min(10, seconds)))
  console.log(`${Math.round(rate)} honest calls a second, ${share * 100} % of what it can answer\n`)
  const seen: Look[] = []
  for (let at = 0; at < looks; at += 1) {
    const strangers = at % 2 === 1 ? await openStrangers(server, around) : undefined
    const { statuses, ...latency } = await atRate(call, rate, seconds)
    const { rss } = await server.ask('usage')
    const sent = (await strangers?.leave()) ?? {}
    seen.push({ hostile: strangers !== undefined, rss, latency, statuses, sent })
  }
  console.log(table([['look', 'strangers', 'memory', 'p50 ms', 'p99 ms', 'answers'], ...seen.map(rowOf)]))
  const of = (hostile: boolean, what: (look: Look) => number) =>
    median(seen.flatMap((each) => (each.hostile === hostile ? [what(each)] : [])))
  const p99 = of(true, ({ latency }) => latency.p99) / of(false, ({ latency }) => latency.p99)
  const memory = of(true, ({ rss }) => rss) / of(false, ({ rss }) => rss)
  const refused = seen.flatMap(({ statuses }) => [...statuses.keys()].filter((status) => status !== 200))
  console.log(`\np99 with strangers against without: ${times(p99)}, at most ${times(most.p99)}`)
  console.log(`memory with strangers against without: ${times(memory)}, at most ${times(most.memory)}`)
  console.log(
    refused.length === 0 ? 'every honest call was answered' : `honest calls got ${refused.join(', ')}`,
  )
  return p99 <= most.p99 && memory <= most.memory && refused.length === 0
}

function rowOf({ hostile, rss, latency, statuses, sent }: Look, at: number): string[] {
  const answers = [...statuses].map(([status, count]) => `${count} x ${status}`).join(', ')
  const told = Object.entries(sent).map(([what, count]) => `${count} ${what}`)
  return [
    String(at + 1),
    hostile ? told.join(', ') : '',
    megabytes(rss),
    ms(latency.p50),
    ms(latency.p99),
    answers,
  ]
}

/** In a process of their own; with tokens that were used before, and a few of a caller who swells his calls. */
async function openStrangers({ url }: Server, { authorization }: Surroundings) {
  const used = await Promise.all(Array.from({ length: 20 }, authorization))
  for (const each of used) {
    const headers = { authorization: each, 'content-type': 'application/json' }
    await (await fetch(url + callPath, { method: 'POST', headers, body: '{}' })).text()
  }
  const child = fork(join(import.meta.dirname, 'hostile.ts'), [url, callPath], { stdio: 'inherit' })
  child.send({ used })
  return {
    leave: async (): Promise<Record<string, number>> => {
      const told = once(child, 'message')
      child.send({ leave: true })
      const [sent] = (await told) as [Record<string, number>]
      child.kill()
      return sent
    },
  }
}
