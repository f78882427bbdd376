/** Reads from the EHR's FHIR server what prefetch left out, under the trust rules FA-1 to FA-9. */

import type { FhirAuthorization } from '../../hooks/call.ts'
import { addressRules, type ResolveDns } from '../../net/addresses.ts'
import { openAsker } from '../../net/asker.ts'
import type { Query } from '../../pathway/schema.ts'
import type { FhirSettings } from '../../site/limits.ts'
import { encounterKey } from '../gather.ts'
import type { Missing } from '../prefetch.ts'
import { ask, brokenOff, type Exchange, type Outcome, readPages } from './pages.ts'
import { isSuspicious, NotRead, permits } from './reasons.ts'
import { type FhirServer, followLink, trustServer, type WrittenQuery, writeQuery } from './server.ts'

// What reading came to in one call, in words that may stand in a log: no addresses, no ids, no content.

export interface ReadReport {
  /** By prefetch key, or by the type of what was referred to: the state, and the reason when it is not whole. */
  keys: Readonly<Record<string, string>>
  /** A trust rule kept something from being read: somebody should look at the site's settings, or at the caller. */
  isSuspicious: boolean
  requests: number
  /** Decoded. */
  bytes: number
  ms: number
}

type Measures = Pick<ReadReport, 'requests' | 'bytes' | 'ms'>

function reportOf(
  missing: readonly Missing[],
  outcomes: ReadonlyMap<string, Outcome>,
  measures: Measures,
): ReadReport {
  const keys: Record<string, string> = {}
  for (const { key, type, id } of missing) {
    const outcome = outcomes.get(key)
    const told = outcome?.reason ? `${outcome.state}: ${outcome.reason}` : outcome?.state
    // Of several of one type, one that failed is told.
    if (told !== undefined && (id === undefined || outcome?.reason || !keys[type]))
      keys[id === undefined ? key : type] = told
  }
  const reasons = [...outcomes.values()].map(({ reason }) => reason)
  return { keys, isSuspicious: reasons.some(isSuspicious), ...measures }
}

/** Lets so many jobs run at a time; the others wait in line. */
function slots(most: number): <T>(job: () => Promise<T>) => Promise<T> {
  let free = most
  const line: (() => void)[] = []
  return async (job) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => line.push(resolve))
    try {
      return await job()
    } finally {
      // Handed on directly, so that nobody slips in between.
      const next = line.shift()
      if (next) next()
      else free += 1
    }
  }
}

export interface ReaderOptions {
  settings: FhirSettings
  /** Instead of the system's resolver. */
  resolveDns?: ResolveDns
  /** Milliseconds since 1970. */
  now: () => number
  /** Hears of every call that read, or was kept from reading: for the log and for metrics. */
  onRead?: (report: ReadReport) => void
}

/** What one call may read with, and whom it is about. */
export interface Access {
  fhirServer: string | undefined
  authorization: FhirAuthorization | undefined
  patientId: string
  encounterId: string | undefined
  /** The FHIR servers that are set for the verified issuer of the call (FA-7). */
  allowedServers: readonly string[]
  /** By resource type. */
  queries: Readonly<Record<string, Pick<Query, 'search'>>>
  /** `system|code` of every observation that the facts read. */
  observationCodes: readonly string[]
}

/** `ReadMissing` that says too why something is not whole. */
type ReadAndTell = (missing: readonly Missing[]) => Promise<ReadonlyMap<string, Outcome>>

export interface FhirReader {
  /** For one call, and not to be kept longer (FA-3); undefined when the call brings no way to read. */
  readerFor(access: Access): ReadAndTell | undefined
  /** Ends all connections. */
  close(): void
}

const currentEncounter = '/{{context.encounterId}}'

export function createFhirReader(options: ReaderOptions): FhirReader {
  const { settings, now } = options
  const isDevelopment = settings['development-http']
  const mayConnect = addressRules(settings)
  const { resolveDns } = options
  const asker = openAsker({ mayConnect, ...(resolveDns ? { resolveDns } : {}) })

  async function readAll(
    access: Access,
    missing: readonly Missing[],
    { spent, endsAt }: Pick<Exchange, 'spent' | 'endsAt'>,
  ): Promise<Map<string, Outcome>> {
    const startedAt = now()
    const before = { ...spent }
    const ending = new AbortController()
    if (endsAt <= startedAt) ending.abort()
    const timer = setTimeout(() => ending.abort(), endsAt - startedAt)
    const parts = { asker, spent, signal: ending.signal, endsAt, now }
    const outcomes = await readTrusted(access, missing, parts)
    clearTimeout(timer)
    // Nothing goes on after the answer (FA-4), whatever ended the reading.
    ending.abort()
    const [requests, bytes] = [spent.requests - before.requests, spent.bytes - before.bytes]
    options.onRead?.(reportOf(missing, outcomes, { requests, bytes, ms: now() - startedAt }))
    return outcomes
  }

  async function readTrusted(
    access: Access,
    missing: readonly Missing[],
    parts: Omit<Exchange, 'server' | 'headers'>,
  ): Promise<Map<string, Outcome>> {
    const outcomes = new Map<string, Outcome>()
    try {
      const server = trustServer(access.fhirServer ?? '', access.allowedServers, mayConnect, isDevelopment)
      const exchange = { ...parts, server, headers: headersFor(access) }
      const inSlot = slots(settings.parallel)
      const read = (url: URL) => inSlot(() => ask(exchange, url))
      await Promise.all(
        missing.map(async (one) => {
          outcomes.set(one.key, await readOne(one, access, server, read))
        }),
      )
    } catch (error) {
      const reason = error instanceof NotRead ? error.reason : 'unexpected'
      for (const { key } of missing) outcomes.set(key, brokenOff([], reason))
    }
    return outcomes
  }

  async function readOne(
    missing: Missing,
    access: Access,
    server: FhirServer,
    read: (url: URL) => Promise<unknown>,
  ): Promise<Outcome> {
    const query = queryFor(missing, access, server)
    if (typeof query === 'string') return brokenOff([], query)
    const { interaction } = query
    const permission = permits(access.authorization?.scope, missing.type, interaction)
    if (permission === 'none') return brokenOff([], 'out-of-scope')
    const follow = (link: string, from: URL) => followLink(server, link, from)
    const paging = { type: missing.type, interaction, read, follow, pageCap: settings['page-cap'] }
    const first = await readPages(query.url, paging)
    const plain = isRefused(first) && withoutOrder(query.url)
    const outcome = plain ? await readPages(plain, paging) : first
    // A resource has its one address; a list may lack what the token does not show.
    if (permission !== 'part' || interaction !== 'search') return outcome
    return outcome.reason === undefined
      ? { ...brokenOff(outcome.entries, 'partly-in-scope'), hasHoles: true }
      : { ...outcome, hasHoles: true }
  }

  function queryFor({ key, type, next, id }: Missing, access: Access, server: FhirServer) {
    if (next !== undefined) {
      const url = followLink(server, next, new URL(`${server.origin}${server.path}/`))
      return url ? ({ url, interaction: 'search' } satisfies WrittenQuery) : 'next-elsewhere'
    }
    const published = key === encounterKey ? currentEncounter : access.queries[type]?.search
    const search = id === undefined ? published : '/{{id}}'
    const values = { ...access, id, pageSize: settings['page-size'] }
    return (search && writeQuery(server, type, search, values)) || 'no-query'
  }

  return {
    readerFor: (access) => {
      if (access.fhirServer === undefined) return undefined
      if (!access.authorization && !settings['without-token']) return undefined
      // All reads of a call together have one deadline and one allowance of bytes.
      const spent = { requests: 0, bytes: 0, byteCap: settings['byte-cap'] }
      let endsAt: number | undefined
      return (missing) => {
        endsAt ??= now() + settings['deadline-ms']
        return readAll(access, missing, { spent, endsAt })
      }
    },
    close: asker.close,
  }
}

/** The server does not understand the query. */
const isRefused = ({ entries, reason }: Outcome) =>
  entries.length === 0 && (reason === 'http-400' || reason === 'http-422' || reason === 'http-501')

/** The same query for servers that refuse to sort; undefined where that is not the matter. */
function withoutOrder(url: URL): URL | undefined {
  if (!url.searchParams.has('_sort')) return undefined
  const plain = new URL(url)
  plain.search = plain.search.replace(/&_sort=[^&]*/, '')
  return plain
}

/** FA-2. Without a token where the site allows it (`without-token`). */
function headersFor({ authorization, patientId }: Access): Record<string, string> {
  const headers = {
    accept: 'application/fhir+json',
    'accept-encoding': 'gzip, br',
    // Some servers answer searches from a cache, without what was charted a moment ago.
    'cache-control': 'no-cache',
  }
  if (!authorization) return headers
  const { accessToken, patient } = authorization
  if (patient !== undefined && patient.replace(/^Patient\//, '') !== patientId)
    throw new NotRead('patient-mismatch')
  if (!/^[\x21-\x7e]+$/.test(accessToken)) throw new NotRead('token-unusable')
  return { ...headers, authorization: `Bearer ${accessToken}` }
}
