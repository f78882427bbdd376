/** A small FHIR server with `$export` and SMART Backend Services, that can be busy, break off, forget, and lie. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'

export interface BulkServer {
  base: string
  /** By type: the texts of its files. */
  files: Record<string, string[]>
  /** Requests, as `GET /fhir/$export`, with the token they brought. */
  heard: { what: string; token: string | undefined; query: URLSearchParams }[]
  /** Public keys of the client; without them no token is wanted. */
  keys?: JSONWebKeySet
  odd: {
    /** Answers before the work begins. */
    busy?: number
    polls?: number
    retryAfter?: string
    /** The next file breaks off in the middle, so many times. */
    breaks?: number
    /** Lists another count of lines. */
    miscounts?: boolean
    statusAt?: string
    filesAt?: string
    failure?: { status: number; words: string }
    manifest?: string
    /** The first token is good for so many requests. */
    tokenEnds?: number
  }
  close(): Promise<void>
}

export async function openBulkServer(): Promise<BulkServer> {
  let tokens = 0
  let used = 0
  const bulk: BulkServer = {
    ...{ base: '', files: {}, heard: [], odd: {} },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }

  async function token(request: IncomingMessage, send: Send): Promise<void> {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const form = new URLSearchParams(body)
    const keys = createLocalJWKSet(bulk.keys ?? { keys: [] })
    const { payload } = await jwtVerify(form.get('client_assertion') ?? '', keys, {
      audience: `${bulk.base}/token`,
    })
    if (payload.sub !== 'lumbar-bulk' || form.get('grant_type') !== 'client_credentials')
      return send(400, { error: 'invalid_client' })
    tokens += 1
    used = 0
    send(200, {
      access_token: `token-${tokens}`,
      token_type: 'bearer',
      expires_in: 300,
      scope: form.get('scope'),
    })
  }

  const configuration = () => ({
    token_endpoint: `${bulk.base}/token`,
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['ES384', 'RS384'],
    grant_types_supported: ['client_credentials'],
    capabilities: ['client-confidential-asymmetric', 'permission-v2'],
  })

  const manifest = () => ({
    transactionTime: '2024-12-31T00:00:00Z',
    request: `${bulk.base}/$export`,
    requiresAccessToken: bulk.keys !== undefined,
    output: Object.entries(bulk.files).flatMap(([type, list]) =>
      list.map((text, at) => ({
        type,
        url: `${bulk.odd.filesAt ?? bulk.base}/files/${type}/${at}`,
        count: text.split('\n').filter(Boolean).length + (bulk.odd.miscounts ? 1 : 0),
      })),
    ),
    error: [],
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', bulk.base)
    const path = pathname.replace(/^\/fhir/, '')
    const held = request.headers.authorization?.replace(/^Bearer /, '')
    bulk.heard.push({ what: `${request.method} ${path}`, token: held, query: searchParams })
    const send: Send = (status, body, headers = {}) =>
      void response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(typeof body === 'string' ? body : JSON.stringify(body))
    const { odd } = bulk
    if (path === '/.well-known/smart-configuration') return send(200, configuration())
    if (path === '/token') return token(request, send)
    if (bulk.keys) {
      used += 1
      if (held !== `token-${tokens}` || (tokens === 1 && used > (odd.tokenEnds ?? Number.POSITIVE_INFINITY)))
        return send(401, {})
    }
    const outcome = (words: string) => ({ resourceType: 'OperationOutcome', issue: [{ diagnostics: words }] })
    if (odd.busy && odd.busy-- > 0)
      return send(429, outcome('busy'), { 'retry-after': odd.retryAfter ?? '7' })
    if (path.endsWith('/$export')) {
      if (odd.failure) return send(odd.failure.status, outcome(odd.failure.words))
      return send(202, '', { 'content-location': odd.statusAt ?? `${bulk.base}/status/1` })
    }
    if (path === '/status/1') {
      if (request.method === 'DELETE') return send(202, '')
      if (odd.polls && odd.polls-- > 0)
        return send(202, '', { 'retry-after': '3', 'x-progress': 'half done' })
      return send(200, odd.manifest ?? manifest())
    }
    const [, type = '', at = ''] = /^\/files\/([A-Za-z]+)\/(\d+)$/.exec(path) ?? []
    const text = bulk.files[type]?.[Number(at)]
    if (text === undefined) return send(404, outcome('gone'))
    response.writeHead(200, { 'content-type': 'application/fhir+ndjson' })
    if (odd.breaks && odd.breaks-- > 0) {
      response.write(text.slice(0, text.length / 2))
      setTimeout(() => response.destroy(), 20)
      return
    }
    response.end(text)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(500).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  bulk.base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`
  return bulk
}

type Send = (status: number, body: object | string, headers?: Record<string, string>) => void
