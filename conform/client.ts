/** Speaks to one service as an EHR does: with a fresh token on each request, where there is an issuer. */
import { setTimeout } from 'node:timers/promises'
import { type Call, fresh, type Wanted } from './calls.ts'
import {
  comeAgainIn,
  type Exchange,
  exchange,
  type Fields,
  hasText,
  isObject,
  objectsIn,
  type Patience,
  patient,
} from './http.ts'
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

export const pathOf = ({ id }: Entry) => `/cds-services/${encodeURIComponent(id.toWellFormed())}`

/** Calls in a row that were waited for in vain: a service that hangs would take hours. */
const mostLate = 3

export function openClient(
  base: string,
  audience: string,
  issuer: Issuer | undefined,
  patience: Patience = patient,
): Client {
  let late = 0
  let { again } = patience
  const send: typeof exchange = async (url, sent = {}) => {
    if (late >= mostLate) return notAsked(url, sent)
    let answered = await exchange(url, sent, patience)
    // A service that has too much to do just now says so, and an EHR comes again.
    for (
      let wait = comeAgainIn(answered);
      wait !== undefined && wait <= again;
      wait = comeAgainIn(answered)
    ) {
      again -= wait
      await setTimeout(wait)
      answered = await exchange(url, sent, patience)
    }
    late = answered.late ? late + 1 : 0
    return answered
  }
  const authorization = async (path: string, token: string | undefined): Promise<Record<string, string>> => {
    const jwt = token ?? (await issuer?.sign(audience + path))
    return jwt ? { authorization: `Bearer ${jwt}` } : {}
  }
  const post: Client['post'] = async (path, body, { method = 'POST', headers = {}, token } = {}) =>
    send(base + path, {
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
      send(base + path, { method, headers: { ...(await authorization(path, token)), ...headers } }),
    post,
    call: (entry, call) => post(pathOf(entry), fresh(call)),
  }
}

const notAsked = (
  url: string,
  { method = 'GET', headers = {}, body = '' }: Partial<Exchange['sent']>,
): Exchange => ({
  sent: { method, url, headers, body },
  received: undefined,
  problem: `not asked: ${mostLate} calls in a row got no answer`,
  ms: 0,
})

/** So many are called, and so many templates of each are filled: more would take hours. */
export const mostServices = 20
const mostTemplates = 100

/** The services that can be called: the first of those with an id and a hook. */
export function entriesIn(discovery: unknown): Entry[] {
  const services = isObject(discovery) ? objectsIn(discovery.services) : []
  return services.slice(0, mostServices).flatMap((raw) => {
    const { id, hook, prefetch } = raw
    if (!hasText(id) || !hasText(hook)) return []
    const templates = isObject(prefetch) ? Object.entries(prefetch) : []
    const texts = templates.filter((each): each is [string, string] => typeof each[1] === 'string')
    return [{ id, hook, prefetch: Object.fromEntries(texts.slice(0, mostTemplates)), raw }]
  })
}
