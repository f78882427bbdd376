/** Is this a FHIR server that we trust, and does an address belong to it (FA-7)? */

import { isIP } from 'node:net'
import { longest, withoutClosingSlashes } from '../../bounds.ts'
import { isLocalHost, type MayConnect } from '../../net/addresses.ts'
import { NotRead } from './reasons.ts'

export interface FhirServer {
  origin: string
  /** Of the base URL, without a trailing slash: `/fhir/r4`, or empty. */
  path: string
}

/**
 * Throws a NotRead. The caller may name only servers that are set for it; compared are scheme, host, port and
 * path, as a URL parser reads them, so that spellings make no difference.
 */
export function trustServer(
  named: string,
  allowedServers: readonly string[],
  mayConnect: MayConnect,
  isDevelopment: boolean,
): FhirServer {
  const url = baseUrl(named)
  const isAllowed = url && allowedServers.some((allowed) => baseUrl(allowed)?.href === url.href)
  if (!isAllowed) throw new NotRead('server-not-allowed')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isEncrypted = url.protocol === 'https:'
  if (!isEncrypted && !(isDevelopment && isLocalHost(host))) throw new NotRead('not-https')
  // Names are checked when they are resolved, on the way to the connection. An address is not resolved.
  if (isIP(host) !== 0 && !mayConnect(host, [host])) throw new NotRead('address-refused')
  return { origin: url.origin, path: url.pathname === '/' ? '' : url.pathname }
}

/** Undefined for what cannot be the base of a FHIR server. */
function baseUrl(text: string): URL | undefined {
  const url = text.length > longest.url ? null : URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol)) return undefined
  if (url.username || url.password || url.search || url.hash) return undefined
  url.pathname = withoutClosingSlashes(url.pathname)
  return url
}

/**
 * Where a link of this server leads, or undefined when it leads elsewhere. Below the base path only: one host may
 * serve several hospitals, and each token is for one. `%2f` is refused because servers differ in reading it.
 */
export function followLink(server: FhirServer, link: string, from: URL): URL | undefined {
  const url = link.length > longest.link ? null : URL.parse(link, from.href)
  if (!url || url.origin !== server.origin || url.username || url.password) return undefined
  const isBelow = url.pathname === server.path || url.pathname.startsWith(`${server.path}/`)
  if (!isBelow || /%2f|%5c/i.test(url.pathname)) return undefined
  url.hash = ''
  return url
}
