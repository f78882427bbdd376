/** Reads all pages of one query, and says what they came to. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Allowance, type Asker, jsonIn, NotAnswered, type Reply } from '../../net/asker.ts'
import { open, type Read } from '../prefetch.ts'
import type { PrefetchState } from '../record.ts'
import { isObject, resourceOf } from '../wire.ts'
import { type Interaction, NotRead, stateOf, type WhyNotRead } from './reasons.ts'
import { type FhirServer, followLink } from './server.ts'

// One question to the server: redirects on the server itself, one second try, and every failure as a NotRead.

/** What one call has cost so far, and may cost. */
interface Spent extends Allowance {
  requests: number
}

export interface Exchange {
  asker: Asker
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
  const { asker, server, headers, spent, signal } = exchange
  let url = from
  for (let hops = 0; ; hops += 1) {
    signal.throwIfAborted()
    if (spent.bytes >= spent.byteCap) throw new NotRead('byte-cap')
    spent.requests += 1
    const keeps = (status: number) => status === 200
    const reply = await asker.ask(url.href, { headers, signal, allowance: spent, redirects: 'show', keeps })
    if (reply.status === 200) return jsonIn(reply)
    const location = reply.headers.get('location')
    if (location === null || !redirects.has(reply.status)) {
      throw new NotRead(`http-${reply.status}`, pauseAfter(reply, exchange.now()))
    }
    const target = followLink(server, location, url)
    if (!target) throw new NotRead('redirect-elsewhere')
    if (hops === mostRedirects) throw new NotRead('too-many-redirects')
    url = target
  }
}

/** `Retry-After` is seconds or a date. */
function pauseAfter({ status, headers }: Reply, now: number): number | undefined {
  if (!worthARetry.has(status)) return undefined
  const named = headers.get('retry-after')?.trim() ?? ''
  if (/^\d+$/.test(named)) return Number(named) * 1000
  const date = Date.parse(named)
  return Number.isNaN(date) ? shortPause : Math.max(0, date - now)
}

const resets = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

function toNotRead(error: unknown, signal: AbortSignal): NotRead {
  if (error instanceof NotRead) return error
  if (signal.aborted) return new NotRead('deadline')
  if (!(error instanceof NotAnswered)) return new NotRead('unexpected')
  const { reason, code } = error
  if (reason === 'address-refused') return new NotRead('address-refused')
  if (reason === 'too-large') return new NotRead('byte-cap')
  if (reason === 'no-json') return new NotRead('unreadable')
  if (code === undefined) return new NotRead('unexpected')
  if (resets.has(code)) return new NotRead('connection-reset', 0)
  // A body that does not unpack.
  return new NotRead(code.startsWith('Z_') ? 'unreadable' : `unreachable-${code}`)
}

/** What became of one key, and for the log why it is not whole. */
export interface Outcome extends Read {
  reason?: WhyNotRead
}

interface Paging {
  /** The resource type that was asked for. */
  type: string
  interaction: Interaction
  /** The body behind a URL. Rejects with a NotRead. */
  read: (url: URL) => Promise<unknown>
  /** Where a link of the server leads; undefined when it leads elsewhere. */
  follow: (link: string, from: URL) => URL | undefined
  pageCap: number
}

/** Never throws. What came before a failure is kept: it can warn, but it clears nothing. */
export async function readPages(first: URL, paging: Paging): Promise<Outcome> {
  const entries: unknown[] = []
  try {
    let url: URL | undefined = first
    for (let page = 1; url; page += 1) {
      if (page > paging.pageCap) throw new NotRead('page-cap')
      const next = addPage(await paging.read(url), paging, entries)
      url = next === undefined ? undefined : elsewhereRefused(paging.follow(next, url))
    }
  } catch (error) {
    return brokenOff(entries, error instanceof NotRead ? error.reason : 'unexpected', paging.interaction)
  }
  return { state: entries.length > 0 ? 'given' : 'empty', entries }
}

export function brokenOff(
  entries: readonly unknown[],
  reason: WhyNotRead,
  interaction: Interaction = 'search',
): Outcome {
  return { state: entries.length > 0 ? 'truncated' : stateOf(reason, interaction), entries, reason }
}

/** Why an outcome came instead of data, by the state that it comes to. */
const outcomes: Readonly<Partial<Record<PrefetchState, WhyNotRead>>> = {
  failed: 'outcome',
  unsupported: 'outcome-unsupported',
  gone: 'outcome-gone',
  forbidden: 'outcome-forbidden',
}

/** Answers where the list goes on. */
function addPage(body: unknown, { type, interaction }: Paging, entries: unknown[]): string | undefined {
  const page = open(body, { isRead: interaction === 'read', pageSize: undefined })
  const reason = outcomes[page.state]
  if (reason) throw new NotRead(reason)
  const isBundle = isObject(body) && body.resourceType === 'Bundle'
  if (page.state === 'unusable' || isBundle !== (interaction === 'search')) throw new NotRead('not-fhir')
  if (answersAnother(page.entries, type)) throw new NotRead('not-fhir')
  for (const entry of page.entries) entries.push(entry)
  if (page.state === 'truncated' && page.next === undefined) throw new NotRead('incomplete')
  return page.next
}

/** Remarks may come alone, and further resources beside those asked for; others instead of them answer nothing. */
function answersAnother(entries: readonly unknown[], type: string): boolean {
  const types = entries.map((entry) => resourceOf(entry)?.resourceType)
  const others = types.filter((each) => each !== undefined && each !== 'OperationOutcome')
  return others.length > 0 && !others.some((each) => each === type)
}

function elsewhereRefused(url: URL | undefined): URL {
  if (!url) throw new NotRead('next-elsewhere')
  return url
}
