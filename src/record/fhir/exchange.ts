/** One question to the server: redirects on the server itself, one second try, and every failure as a NotRead. */
import type { IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { readJson, type Spent } from './body.ts'
import { addressRefused, type Connections } from './connections.ts'
import { NotRead } from './reasons.ts'
import { type FhirServer, followLink } from './server.ts'

export interface Exchange {
  connections: Connections
  server: FhirServer
  headers: Readonly<Record<string, string>>
  spent: Spent
  /** Aborted at the deadline. */
  signal: AbortSignal
  /** The deadline, on the clock of `now`, in ms. */
  endsAt: number
  now: () => number
}

const mostRedirects = 2
const redirects = new Set([301, 302, 303, 307, 308])
const worthARetry = new Set([429, 502, 503, 504])
/** Bytes of a body that nobody needs; a longer one ends its connection. */
const mostDiscarded = 65_536
/** Before the second try of a request whose server named no time, in ms. */
const shortPause = 20

/** The body of a good answer. A GET changes nothing, so that it may be sent twice. */
export async function ask(exchange: Exchange, url: URL): Promise<unknown> {
  try {
    return await attempt(exchange, url)
  } catch (error) {
    const { reason, retryAfter } = toNotRead(error, exchange.signal)
    if (retryAfter === undefined || exchange.now() + retryAfter >= exchange.endsAt) throw new NotRead(reason)
    try {
      await sleep(retryAfter, undefined, { signal: exchange.signal })
      return await attempt(exchange, url)
    } catch (again) {
      throw toNotRead(again, exchange.signal)
    }
  }
}

async function attempt(exchange: Exchange, from: URL): Promise<unknown> {
  const { connections, server, headers, spent, signal } = exchange
  let url = from
  for (let hops = 0; ; hops += 1) {
    signal.throwIfAborted()
    if (spent.bytes >= spent.byteCap) throw new NotRead('byte-cap')
    spent.requests += 1
    const response = await connections.get(url, headers, signal)
    const status = response.statusCode ?? 0
    if (status === 200) return readJson(response, spent)
    await discard(response)
    const { location } = response.headers
    if (location === undefined || !redirects.has(status)) {
      throw new NotRead(`http-${status}`, pauseAfter(status, response, exchange.now()))
    }
    const target = followLink(server, location, url)
    if (!target) throw new NotRead('redirect-elsewhere')
    if (hops === mostRedirects) throw new NotRead('too-many-redirects')
    url = target
  }
}

/** Reads a short rest without keeping it, so that the connection can be used again. Never rejects. */
async function discard(response: IncomingMessage): Promise<void> {
  let bytes = 0
  try {
    for await (const chunk of response) {
      bytes += chunk.length
      if (bytes > mostDiscarded) break
    }
  } catch {
    // What the status says still holds.
  }
}

/** `Retry-After` is seconds or a date. */
function pauseAfter(status: number, response: IncomingMessage, now: number): number | undefined {
  if (!worthARetry.has(status)) return undefined
  const named = response.headers['retry-after']?.trim() ?? ''
  if (/^\d+$/.test(named)) return Number(named) * 1000
  const date = Date.parse(named)
  return Number.isNaN(date) ? shortPause : Math.max(0, date - now)
}

function toNotRead(error: unknown, signal: AbortSignal): NotRead {
  if (error instanceof NotRead) return error
  if (signal.aborted) return new NotRead('deadline')
  const code = (error as { code?: unknown } | null)?.code
  if (typeof code !== 'string') return new NotRead('unexpected')
  if (code === addressRefused) return new NotRead('address-refused')
  if (code === 'ECONNRESET' || code === 'EPIPE') return new NotRead('connection-reset', 0)
  // A body that does not unpack.
  return new NotRead(code.startsWith('Z_') ? 'unreadable' : `unreachable-${code}`)
}
