/** Speaks to one service as an EHR does: with a fresh token on each request, where there is an issuer. */
import { type Call, fresh, type Wanted } from './calls.ts'
import { type Exchange, exchange, type Fields, hasText, isObject, objectsIn } from './http.ts'
import type { Issuer } from './tokens.ts'

export interface Entry extends Wanted {
  id: string
  /** As discovery has it. */
  raw: Fields
}

export interface Client {
  base: string
  issuer: Issuer | undefined
  urlOf(path: string): string
  /** What `aud` is to be for this path. */
  audienceOf(path: string): string
  get(path: string, more?: More): Promise<Exchange>
  /** A text is sent as it stands, everything else as JSON. */
  post(path: string, body: unknown, more?: More): Promise<Exchange>
  call(entry: Entry, call: Call): Promise<Exchange>
}

export interface More {
  method?: string
  headers?: Record<string, string>
  /** By default a sound one where there is an issuer; an empty text sends none. */
  token?: string
}

export const pathOf = ({ id }: Entry) => `/cds-services/${encodeURIComponent(id)}`

export function openClient(base: string, audience: string, issuer: Issuer | undefined): Client {
  const authorization = async (path: string, token: string | undefined): Promise<Record<string, string>> => {
    const jwt = token ?? (await issuer?.sign(audience + path))
    return jwt ? { authorization: `Bearer ${jwt}` } : {}
  }
  const post: Client['post'] = async (path, body, { method = 'POST', headers = {}, token } = {}) =>
    exchange(base + path, {
      method,
      headers: { 'content-type': 'application/json', ...(await authorization(path, token)), ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  return {
    base,
    issuer,
    urlOf: (path) => base + path,
    audienceOf: (path) => audience + path,
    get: async (path, { method = 'GET', headers = {}, token } = {}) =>
      exchange(base + path, { method, headers: { ...(await authorization(path, token)), ...headers } }),
    post,
    call: (entry, call) => post(pathOf(entry), fresh(call)),
  }
}

/** The services that can be called: those with an id and a hook. */
export function entriesIn(discovery: unknown): Entry[] {
  const services = isObject(discovery) ? objectsIn(discovery.services) : []
  return services.flatMap((raw) => {
    const { id, hook, prefetch } = raw
    if (!hasText(id) || !hasText(hook)) return []
    const templates = isObject(prefetch) ? Object.entries(prefetch) : []
    const texts = templates.filter((each): each is [string, string] => typeof each[1] === 'string')
    return [{ id, hook, prefetch: Object.fromEntries(texts), raw }]
  })
}
