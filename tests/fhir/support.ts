/** Readers, accesses and FHIR servers on this machine for the tests of reading. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import nock from 'nock'
import { afterEach, beforeEach, onTestFinished } from 'vitest'
import type { HookCall } from '../../src/hooks/call.ts'
import {
  type Access,
  createFhirReader,
  type ReaderOptions,
  type ReadReport,
} from '../../src/record/fhir/reader.ts'
import type { Missing, Read } from '../../src/record/prefetch.ts'
import { type FhirSettings, fhirSchema } from '../../src/site/limits.ts'
import { queries as published } from '../record/support.ts'

export const base = 'https://ehr.example/fhir'

/** The queries without order and page size, so that the addresses of most tests stay short. */
const queries = Object.fromEntries(
  Object.entries(published).map(([type, query]) => [
    type,
    { ...query, search: query.search.replace(/&_sort=[^&]*|&_count=\d+/g, '') },
  ]),
)

/** Patient, because tests may share a busy machine; only tests of the deadline are in a hurry. */
export function settings(more: Partial<FhirSettings> = {}): FhirSettings {
  return { ...fhirSchema.parse({}), 'page-size': 0, 'deadline-ms': 10_000, ...more }
}

/** For servers on this machine. */
export const development = { 'development-http': true } as const

export function access(more: Partial<Access> = {}): Access {
  const fhirServer = more.fhirServer ?? base
  return {
    fhirServer,
    authorization: { accessToken: 'secret-token' },
    patientId: 'p1',
    encounterId: undefined,
    allowedServers: [fhirServer],
    queries,
    observationCodes: ['http://loinc.org|8310-5', 'http://loinc.org|29463-7'],
    ...more,
  }
}

export const conditions: Missing = { key: 'conditions', type: 'Condition' }
export const procedures: Missing = { key: 'procedures', type: 'Procedure' }
export const patientKey: Missing = { key: 'patient', type: 'Patient' }

interface Tried {
  reads: ReadonlyMap<string, Read>
  report: ReadReport
  /** State and number of entries by key. */
  brief: Record<string, string>
}

/** Reads once with a fresh reader. */
export async function tryRead(
  about: Partial<Access>,
  missing: readonly Missing[] = [conditions],
  more: Partial<FhirSettings> = {},
  options: Partial<ReaderOptions> = {},
): Promise<Tried> {
  const reports: ReadReport[] = []
  const reader = createFhirReader({
    settings: settings(more),
    now: Date.now,
    onRead: (report) => reports.push(report),
    ...options,
  })
  onTestFinished(reader.close)
  const readMissing = reader.readerFor(access(about))
  if (!readMissing) throw new Error('Nothing to read with')
  const reads = await readMissing(missing)
  const [report] = reports
  if (!report || reports.length > 1) throw new Error('Not one report')
  const brief = Object.fromEntries(
    [...reads].map(([key, read]) => [key, `${read.state} ${read.entries.length}`]),
  )
  return { reads, report, brief }
}

/** For `gather`, with a count of the requests that it sent. */
export function readerWith(
  token: boolean,
  more: Parameters<typeof settings>[0] = {},
  about: Partial<HookCall> = {},
  now: () => number = Date.now,
) {
  let requests = 0
  const reader = createFhirReader({
    settings: settings(more),
    now,
    onRead: (report) => {
      requests += report.requests
    },
  })
  onTestFinished(reader.close)
  const readMissing = reader.readerFor({
    ...access(),
    encounterId: about.encounterId,
    authorization: token ? { accessToken: 'secret' } : undefined,
  })
  return { readMissing, requests: () => requests }
}

interface LocalServer {
  /** Base URL, by address. */
  url: string
  port: number
  /** Method and target of each request. */
  asked: string[]
  headers: IncomingMessage['headers'][]
  connections: number
  server: Server
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** Closes with the test. */
export async function serve(answer: Answer): Promise<LocalServer> {
  const server = createServer()
  const local: LocalServer = { url: '', port: 0, asked: [], headers: [], connections: 0, server }
  server.on('connection', () => {
    local.connections += 1
  })
  server.on('request', (request, response) => {
    local.asked.push(request.url ?? '')
    local.headers.push(request.headers)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  local.port = (server.address() as AddressInfo).port
  local.url = `http://127.0.0.1:${local.port}/fhir`
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return local
}

export function send(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { 'content-type': 'application/fhir+json', ...headers })
  response.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body))
}

/** The resource type that a request asks for. */
export function typeOf(request: IncomingMessage): string {
  return /^\/fhir\/([A-Za-z]+)/.exec(request.url ?? '')?.[1] ?? ''
}

export function page(next: string | undefined, ...resources: unknown[]) {
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    entry: resources.map((resource) => ({ resource })),
    ...(next === undefined ? {} : { link: [{ relation: 'next', url: next }] }),
  }
}

/** No request leaves this machine; answers are those that a test prepares. Returns requests that had none. */
export function watchNetwork(): string[] {
  const strays: string[] = []
  const count = ({ url }: Request) => void strays.push(url)
  beforeEach(() => {
    strays.length = 0
    nock.disableNetConnect()
    nock.emitter.on('no match', count)
  })
  afterEach(() => {
    nock.emitter.off('no match', count)
    nock.abortPendingRequests()
    nock.cleanAll()
    nock.enableNetConnect()
  })
  return strays
}
