/** Connections to FHIR servers, only to addresses that were checked: the address resolved is the one connected to. */
import { lookup } from 'node:dns/promises'
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { MayConnect } from './addresses.ts'

export interface Address {
  address: string
  family: number
}
export type ResolveDns = (host: string) => Promise<readonly Address[]>

export const systemDns: ResolveDns = (host) => lookup(host, { all: true })

/** Set on the error of a connection that was not made. */
export const addressRefused = 'LUMBAR_ADDRESS_REFUSED'

export interface Connections {
  /** Sends a GET. Redirects are answers like any other. */
  get(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<IncomingMessage>
  close(): void
}

/** Idle connections are dropped after this time, so that names are resolved anew. In ms. */
const idleTime = 30_000

export function openConnections(mayConnect: MayConnect, resolveDns: ResolveDns): Connections {
  // Resolving here, and not before, leaves no second look-up that could answer otherwise (DNS rebinding).
  const lookup = checkedLookup(mayConnect, resolveDns)
  const options = { keepAlive: true, timeout: idleTime, lookup }
  const http = new HttpAgent(options)
  const https = new HttpsAgent(options)
  return {
    get: (url, headers, signal) =>
      new Promise((resolve, reject) => {
        const request =
          url.protocol === 'https:'
            ? httpsRequest(url, { headers, signal, agent: https })
            : httpRequest(url, { headers, signal, agent: http })
        request.on('error', reject)
        request.on('response', resolve)
        request.end()
      }),
    close: () => {
      http.destroy()
      https.destroy()
    },
  }
}

function checkedLookup(mayConnect: MayConnect, resolveDns: ResolveDns): LookupFunction {
  return (host, options, done) => {
    const settle = (addresses: readonly Address[]) => {
      const [first] = addresses
      const isFit = mayConnect(
        host,
        addresses.map(({ address }) => address),
      )
      if (!first || !isFit) done(Object.assign(new Error(addressRefused), { code: addressRefused }), [])
      else if (options.all) done(null, [...addresses])
      else done(null, first.address, first.family)
    }
    resolveDns(host).then(settle, (error) => done(error, []))
  }
}
