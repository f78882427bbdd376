/** Asks a FHIR server as a client does, and shows its whole answer: for the embedded one and for others. */
import { randomUUID } from 'node:crypto'
import type { Bundle, FhirResource, OperationOutcome } from 'fhir/r4.js'

export interface FhirReply<Body = FhirResource> {
  status: number
  headers: Headers
  body: Body
}

export interface FhirClient {
  get<Body = FhirResource>(path: string, headers?: Record<string, string>): Promise<FhirReply<Body>>
  /** Fails where a search is refused. */
  search(path: string): Promise<Bundle>
  /** `path` is empty for a transaction. */
  post<Body = FhirResource>(
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<FhirReply<Body>>
  /** As a form, to `_search`. */
  postSearch(type: string, query: string): Promise<FhirReply<Bundle>>
  put<Body = FhirResource>(
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<FhirReply<Body>>
}

/** Servers answer a search again from a cache unless told not to. */
const fresh = { accept: 'application/fhir+json', 'cache-control': 'no-cache' }

export function fhirClient(base: string): FhirClient {
  async function ask<Body>(path: string, init: RequestInit): Promise<FhirReply<Body>> {
    const url = /^https?:/.test(path) ? path : `${base}${path === '' ? '' : '/'}${path}`
    const response = await fetch(url, { ...init, headers: { ...fresh, ...(init.headers as object) } })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? undefined : JSON.parse(text)) as Body,
    }
  }
  const sending = (method: string, body: unknown, headers: Record<string, string> = {}) => ({
    method,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/fhir+json', ...headers },
  })
  const client: FhirClient = {
    get: (path, headers = {}) => ask(path, { headers }),
    async search(path) {
      const reply = await client.get<Bundle | OperationOutcome>(path)
      if (reply.status !== 200 || reply.body.resourceType !== 'Bundle') {
        throw new Error(`${path} → ${reply.status} ${JSON.stringify(reply.body)}`)
      }
      return reply.body
    },
    post: (path, body, headers) => ask(path, sending('POST', body, headers)),
    postSearch: (type, query) =>
      ask(`${type}/_search`, sending('POST', query, { 'content-type': 'application/x-www-form-urlencoded' })),
    put: (path, body, headers) => ask(path, sending('PUT', body, headers)),
  }
  return client
}

/** Ids of what was found, sorted, without what was included. */
export const idsIn = (bundle: Bundle) =>
  (bundle.entry ?? [])
    .filter(({ search }) => search?.mode !== 'include')
    .map(({ resource }) => resource?.id ?? '')
    .sort()

/** Different for each run, so that a server may be used again. */
export const runId = () => `t${randomUUID().slice(0, 8)}`
