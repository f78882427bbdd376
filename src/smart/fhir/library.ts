/**
 * fhirclient behind a guard. All that it says to the network goes through the transport of the call that it is used
 * in, and without one it says nothing (F2, F3, F8, F12); it writes no debugging lines, which hold tokens (F13).
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { createRequire } from 'node:module'

interface Sent {
  method?: string
  headers?: Record<string, string>
  body?: string | null
}

export type Transport = (url: string, sent: Sent) => Promise<Response>

const transports = new AsyncLocalStorage<Transport>()

const require = createRequire(import.meta.url)
const fromTheLibrary = createRequire(require.resolve('fhirclient'))

// It takes `fetch` from here when it is loaded, and has no other way to the network.
Object.assign(fromTheLibrary('cross-fetch'), {
  Response,
  fetch: async (url: string | URL, sent: Sent) => {
    const transport = transports.getStore()
    if (!transport) throw new Error('fhirclient may not speak to the network by itself.')
    return transport(String(url), sent)
  },
})
const { debug } = fromTheLibrary('../lib.js') as { debug: { enabled: boolean; extend: () => unknown } }
debug.enabled = false
debug.extend = () => debug

const smart = require('fhirclient') as typeof import('fhirclient')

/** It reads a host and a query from requests that anybody sends (F1, F2): it is given an empty one. */
const noRequest = { url: '/', headers: { host: 'localhost' }, socket: {} }
/** Nothing is kept where another launch could find it (F9). */
const noStorage = { get: async () => undefined, set: async () => undefined, unset: async () => false }

export interface FhirRequest extends Sent {
  /** Relative to the base. */
  url: string
}

/**
 * One request with the token. Only Patient, scope and user of the token's own launch are ours to know: the client is
 * told nothing but base and token. Rejects with the library's HttpError, which has a `status`, or with what the
 * transport threw.
 */
export function requestFhir(transport: Transport, base: string, access: string, request: FhirRequest) {
  const { client } = smart(noRequest as never, {} as never, noStorage as never)
  const state = { serverUrl: base, tokenResponse: { access_token: access } }
  return transports.run(transport, () =>
    // Paging and refresh are ours (F7, F8).
    client(state as never).request(request as never, { pageLimit: 1, useRefreshToken: false }),
  ) as Promise<unknown>
}
