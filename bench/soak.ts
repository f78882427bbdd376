/**
 * `npm run soak -- --minutes 10`: the real service under 80 % of what it can answer, with its memory watched. Flat
 * means that the last third takes no more than the second, within a tenth.
 */
import { parseArgs } from 'node:util'
import { table } from '../tests/support/table.ts'
import { buildBodies } from './bodies.ts'
import { keepRate, saturate } from './load.ts'
import { median, megabytes } from './numbers.ts'
import { Server } from './server.ts'

const { minutes } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } }).values
const share = 0.8
/** Seconds of one look at the memory. */
const slice = 15

const server = await Server.start('lumbar')
const discovery = (await (await fetch(`${server.url}/cds-services`)).json()) as {
  services: { prefetch?: Record<string, string> }[]
}
const bodies = buildBodies(discovery.services[0]?.prefetch ?? {}, new Date().toISOString().slice(0, 10))
const [body] = bodies
if (!body) throw new Error('no body to send')

const most = await saturate(server, body.text, 8, 5)
const rate = most.rate * share
console.log(
  `${body.name} bodies at ${Math.round(rate)} a second, ${Math.round(share * 100)} % of ${Math.round(most.rate)}`,
)

const rows: { rss: number; p50: number; p99: number }[] = []
const slices = Math.max(3, Math.round((Number(minutes) * 60) / slice))
for (let at = 0; at < slices; at += 1) {
  const latency = await keepRate(server, body.text, rate, slice)
  const { rss } = await server.ask('usage')
  rows.push({ rss, ...latency })
}
await server.stop()

const third = Math.floor(rows.length / 3)
const parts = [rows.slice(0, third), rows.slice(third, 2 * third), rows.slice(2 * third)]
console.log(
  table([
    ['third', 'memory, median', 'most', 'p50 ms', 'p99 ms'],
    ...parts.map((part, index) => [
      ['first', 'second', 'last'][index] ?? '',
      megabytes(median(part.map(({ rss }) => rss))),
      megabytes(Math.max(...part.map(({ rss }) => rss))),
      median(part.map(({ p50 }) => p50)).toFixed(2),
      median(part.map(({ p99 }) => p99)).toFixed(2),
    ]),
  ]),
)
const [, middle = [], last = []] = parts
const growth = median(last.map(({ rss }) => rss)) / median(middle.map(({ rss }) => rss))
console.log(`last third against second: x ${growth.toFixed(3)}, ${growth <= 1.1 ? 'flat' : 'GROWING'}`)
