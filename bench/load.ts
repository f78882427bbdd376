/** Ways to put a server under load: as fast as it answers, one call after another, and at a steady rate. */
import { Agent, request } from 'node:http'
import autocannon from 'autocannon'
import type { Server } from './server.ts'

const path = '/cds-services/lumbar-order-select'

export interface Cost {
  /** µs of the server's CPU for each answer. */
  cpu: number
  /** Answers in a second. */
  rate: number
}

export interface Latency {
  /** ms */
  p50: number
  p99: number
}

/** By calls and not by time: what runs often is compiled after so many. */
export async function warmUp(server: Server, body: string, connections: number): Promise<void> {
  const amount = Math.max(400, Math.min(8000, Math.round(1e8 / body.length)))
  await autocannon({
    url: server.url + path,
    method: 'POST',
    headers: server.headers,
    body,
    connections,
    amount,
  })
}

/** As many calls as the connections carry. autocannon counts latency in whole ms, too coarse for a short body. */
export async function saturate(
  server: Server,
  body: string,
  connections: number,
  seconds: number,
): Promise<Cost & Latency> {
  const before = await server.ask('usage')
  const result = await autocannon({
    url: server.url + path,
    method: 'POST',
    headers: server.headers,
    body,
    connections,
    duration: seconds,
  })
  const after = await server.ask('usage')
  if (result.non2xx + result.errors + result.timeouts > 0 || result['2xx'] === 0) {
    throw new Error(`not every call was answered: ${JSON.stringify(result)}`)
  }
  return {
    cpu: (after.cpu - before.cpu) / result['2xx'],
    rate: result['2xx'] / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
  }
}

/** Each call after the answer to the one before, as one clinician's orders come. */
export async function oneByOne(server: Server, body: string, seconds: number): Promise<Latency> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const latencies: number[] = []
  const end = performance.now() + seconds * 1000
  while (performance.now() < end || latencies.length < 20) {
    const start = performance.now()
    const status = await post(server, body, agent)
    if (status !== 200) throw new Error(`status ${status}`)
    latencies.push(performance.now() - start)
  }
  agent.destroy()
  return percentiles(latencies)
}

/** Sends one call and says with which status it was answered. */
export type Call = () => Promise<number>

/** Answers in a second, when so many callers send the next call after each answer. */
export async function inWorkers(call: Call, workers: number, seconds: number): Promise<number> {
  const start = performance.now()
  const end = start + seconds * 1000
  let answered = 0
  const work = async () => {
    while (performance.now() < end) {
      const status = await call()
      if (status !== 200) throw new Error(`status ${status}`)
      answered += 1
    }
  }
  await Promise.all(Array.from({ length: workers }, work))
  return answered / ((performance.now() - start) / 1000)
}

/** As `atRate`, where every call is to be answered. */
export async function keepRate(
  server: Server,
  body: string,
  perSecond: number,
  seconds: number,
): Promise<Latency> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const { statuses, ...latency } = await atRate(() => post(server, body, agent), perSecond, seconds)
  agent.destroy()
  if ([...statuses.keys()].some((status) => status !== 200)) {
    throw new Error(`not every call was answered: ${[...statuses].join('; ')}`)
  }
  return latency
}

/**
 * Calls at even distances. Latency counts from the moment at which a call was due, so that a server that stalls is
 * not spared the calls that had to wait. (autocannon sends a second's calls all at once.)
 */
export async function atRate(
  call: Call,
  perSecond: number,
  seconds: number,
): Promise<Latency & { statuses: ReadonlyMap<number, number> }> {
  const total = Math.max(20, Math.round(perSecond * seconds))
  const latencies: number[] = []
  const statuses = new Map<number, number>()
  const pending: Promise<void>[] = []
  const start = performance.now() + 50
  for (let sent = 0; sent < total; sent += 1) {
    const due = start + (sent * 1000) / perSecond
    while (performance.now() < due) await soon(due - performance.now())
    pending.push(
      call().then((status) => {
        latencies.push(performance.now() - due)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }),
    )
  }
  await Promise.all(pending)
  return { ...percentiles(latencies), statuses }
}

function percentiles(latencies: number[]): Latency {
  latencies.sort((a, b) => a - b)
  const at = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99) }
}

/** Timers are a millisecond coarse: the last stretch is waited for awake. */
const soon = (ms: number) =>
  new Promise<void>((resolve) => {
    if (ms > 3) setTimeout(resolve, ms - 2)
    else setImmediate(resolve)
  })

function post(server: Server, body: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { ...server.headers, 'content-length': Buffer.byteLength(body) }
    const sent = request(server.url + path, { method: 'POST', agent, headers }, (reply) => {
      reply.resume()
      reply.on('end', () => resolve(reply.statusCode ?? 0))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
