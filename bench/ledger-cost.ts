/**
 * What the ledger adds to a call, of hardly a chart and of a visit's worth: CPU of the thread that answers it, and of the
 * whole process with the thread that writes. Two servers, with it and without it, in turns; each call is about a patient of
 * its own, and nobody is verified.
 */
import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Body, buildBodies } from './bodies.ts'
import { templatesOf } from './honest.ts'
import { lowest, median, range } from './numbers.ts'
import { Server } from './server.ts'

/** Many and short, because what else the machine does comes and goes. */
const rounds = 40
const callsInRound = 150
const atOnce = 8
/** Until all of a round is written, in ms. */
const settling = 250

interface Spent {
  thread: number
  process: number
}
interface Measured {
  without: Spent
  with: Spent
}

export async function costOfLedger(databaseUrl?: string): Promise<string> {
  const file = join(import.meta.dirname, 'ledger-server.ts')
  const [without, withIt] = await Promise.all([
    Server.start('lumbar', { file, env: { WITHOUT_LEDGER: 'yes' } }),
    Server.start('lumbar', { file, env: databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl } }),
  ])
  try {
    const bodies = buildBodies(await templatesOf(without), new Date().toISOString().slice(0, 10)).slice(0, 2)
    const lines: string[] = []
    for (const body of bodies) {
      for (const server of [without, withIt]) for (let run = 0; run < 24; run++) await spent(server, body)
      const measured: Measured[] = []
      for (let run = 0; run < rounds; run++)
        measured.push({ without: await spent(without, body), with: await spent(withIt, body) })
      lines.push(
        line(`${body.name}, its thread`, measured, ({ thread }) => thread),
        line(`${body.name}, the process`, measured, ({ process }) => process),
      )
    }
    return [
      `CPU of a call on ${databaseUrl === undefined ? 'SQLite' : 'PostgreSQL'}, ${rounds} rounds`,
      ...lines,
    ].join('\n')
  } finally {
    await Promise.all([without.stop(), withIt.stop()])
  }
}

const agent = new Agent({ keepAlive: true, maxSockets: atOnce })

function line(name: string, measured: readonly Measured[], of: (spent: Spent) => number): string {
  const ratios = measured.map((each) => of(each.with) / of(each.without))
  const told = (least: (values: readonly number[]) => number) => {
    const before = least(measured.map((each) => of(each.without)))
    const after = least(measured.map((each) => of(each.with)))
    return `${before.toFixed(0)} µs without, ${after.toFixed(0)} with, ${(after / before).toFixed(3)} times`
  }
  return `${name}: ${told(lowest)} in the quietest tenth of rounds; ${told(median)} in the middle; by rounds ${median(ratios).toFixed(3)} (${range(ratios)})`
}

/** µs for each call of a round. */
async function spent(server: Server, { text }: Body): Promise<Spent> {
  const before = await server.ask('usage')
  let left = callsInRound
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) await post(server, text.replaceAll('bench-patient', randomUUID()))
    }),
  )
  await sleep(settling)
  const after = await server.ask('usage')
  return {
    thread: (after.thread - before.thread) / callsInRound,
    process: (after.cpu - before.cpu) / callsInRound,
  }
}

function post(server: Server, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { ...server.headers, 'content-length': Buffer.byteLength(body) }
    const url = `${server.url}/cds-services/lumbar-order-select`
    const sent = request(url, { method: 'POST', agent, headers }, (reply) => {
      reply.resume()
      reply.on('end', () => (reply.statusCode === 200 ? resolve() : reject(new Error(`${reply.statusCode}`))))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
