/** Lumbar beside a bare Fastify and beside the floor, in turns: what a request costs, how long it takes, and the budget. */
import { table } from '../tests/support/table.ts'
import type { Body } from './bodies.ts'
import { type Cost, keepRate, type Latency, oneByOne, saturate, warmUp } from './load.ts'
import { median, ms, range, times, us } from './numbers.ts'
import type { Server } from './server.ts'

/** CPU for a request with its token verified, as a multiple of what the floor takes for the same. */
const budget: Readonly<Record<string, number>> = { '3 KB': 2, '50 KB': 1.3, '500 KB': 1.1 }
/** p99 at 80 % of the most it can answer, as a multiple of p50. */
const tailBudget = 5
const several = 8

interface Length {
  rounds: number
  seconds: number
}

interface Compared {
  bare: Server
  floor: Server
  lumbar: Server
  /** The same with callers verified. */
  verifying: Server
}

interface Round {
  alone: Latency
  busy: Cost & Latency
}

type Rounds = ReadonlyMap<Server, readonly Round[]>

export async function compareRequests(
  { bare, floor, ...ours }: Compared,
  bodies: readonly Body[],
  length: Length,
): Promise<string> {
  const servers = [bare, floor, ours.lumbar, ours.verifying]
  const costs = [['body', 'server', 'resources', 'CPU', 'of bare', 'of floor', 'range', 'least', 'budget']]
  const speeds = [
    [
      'body',
      'server',
      'req/s',
      'p50',
      'p99',
      `p99 of ${several}`,
      'at 80 %: p50',
      'p99',
      'p99/p50',
      'budget',
    ],
  ]
  for (const body of bodies) {
    const rounds = await inTurns(servers, body.text, length)
    for (const server of servers) {
      costs.push([body.name, server.kind, ...costOf(server, { bare, floor }, rounds, body)])
      speeds.push([body.name, server.kind, ...(await speedOf(server, rounds, body, length))])
    }
  }
  return `CPU of the server for a request: medians of ${length.rounds} rounds in turns, ratios within the same round;
range is of the ratios to the floor, and "least" compares the cheapest rounds with it, which others disturbed least

${table(costs)}

Latency in ms

${table(speeds)}`
}

/** Each server in each round, and not always in the same order. */
async function inTurns(
  servers: readonly Server[],
  body: string,
  { rounds, seconds }: Length,
): Promise<Rounds> {
  // Until everything that runs often has been compiled: a service stays up for weeks.
  for (const server of servers) await warmUp(server, body, several)
  const found = new Map(servers.map((server) => [server, [] as Round[]]))
  for (let round = 0; round < rounds; round += 1) {
    for (const server of round % 2 === 0 ? servers : servers.toReversed()) {
      const alone = await oneByOne(server, body, seconds)
      found.get(server)?.push({ alone, busy: await saturate(server, body, several, seconds) })
    }
  }
  return found
}

function costOf(
  server: Server,
  { bare, floor }: { bare: Server; floor: Server },
  rounds: Rounds,
  body: Body,
): string[] {
  const costs = cpuOf(server, rounds)
  const ratiosTo = (other: Server) => {
    const others = cpuOf(other, rounds)
    return costs.map((cost, round) => cost / (others[round] ?? Number.NaN))
  }
  const ratios = ratiosTo(floor)
  const least = Math.min(...costs) / Math.min(...cpuOf(floor, rounds))
  const limit = budget[body.name] ?? Number.NaN
  return [
    String(body.resources),
    us(median(costs)),
    times(median(ratiosTo(bare))),
    times(median(ratios)),
    range(ratios),
    times(least),
    // The others answer less, or know nobody.
    server.kind === 'verifying' ? `${times(limit)} ${median(ratios) <= limit ? 'within' : 'OVER'}` : '',
  ]
}

const cpuOf = (server: Server, rounds: Rounds) => (rounds.get(server) ?? []).map(({ busy }) => busy.cpu)

async function speedOf(server: Server, rounds: Rounds, body: Body, { seconds }: Length): Promise<string[]> {
  const own = rounds.get(server) ?? []
  // The most it can do just now: on a shared machine that changes.
  const { rate } = await saturate(server, body.text, several, seconds)
  const steady = await keepRate(server, body.text, rate * 0.8, seconds * 2)
  const tail = steady.p99 / steady.p50
  return [
    median(own.map(({ busy }) => busy.rate)).toFixed(0),
    ms(median(own.map(({ alone }) => alone.p50))),
    ms(median(own.map(({ alone }) => alone.p99))),
    ms(median(own.map(({ busy }) => busy.p99))),
    ms(steady.p50),
    ms(steady.p99),
    times(tail),
    `${times(tailBudget)} ${tail <= tailBudget ? 'within' : 'OVER'}`,
  ]
}
