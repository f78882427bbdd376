/** Is this a FHIR server that we trust, and does an address belong to it (FA-7)? */
import { isIP } from 'node:net'
import { longest, withoutClosingSlashes } from '../../bounds.ts'
import { isLocalHost, type MayConnect } from '../../net/addresses.ts'
import { type Interaction, NotRead } from './reasons.ts'

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

// Writes the query of one key as a URL: the same query that discovery publishes as prefetch template.

interface QueryValues {
  patientId: string
  encounterId: string | undefined
  /** Of a resource to which another refers. */
  id?: string | undefined
  /** `system|code` of every observation that a fact reads. */
  observationCodes: readonly string[]
  /** Resources on one page, in place of the number that the query says; 0 keeps that. */
  pageSize: number
}

export interface WrittenQuery {
  url: URL
  interaction: Interaction
}

/** Undefined when a value is missing, or when an id would lead to another place than its own. */
export function writeQuery(
  server: FhirServer,
  type: string,
  search: string,
  values: QueryValues,
): WrittenQuery | undefined {
  const filled = fill(search, values)
  const url = filled === undefined ? null : URL.parse(`${server.origin}${server.path}/${type}${filled}`)
  if (!url) return undefined
  const place = `${server.path}/${type}`
  if (search.startsWith('/')) {
    const isItsOwn = url.pathname.startsWith(`${place}/`) && url.pathname.length > place.length + 1
    return isItsOwn ? { url, interaction: 'read' } : undefined
  }
  if (url.pathname !== place) return undefined
  // Many servers accept a bar in a query only when it is escaped.
  const query = url.search.slice(1).replaceAll('|', '%7C')
  const counted = `${query.replace(/&_count=\d+/, '')}&_count=${values.pageSize}`
  url.search = values.pageSize > 0 ? counted : query
  return { url, interaction: 'search' }
}

function fill(
  search: string,
  { patientId, encounterId, id, observationCodes }: QueryValues,
): string | undefined {
  const tokens: Readonly<Record<string, string | undefined>> = {
    'context.patientId': patientId,
    'context.encounterId': encounterId,
    id,
  }
  const codes = observationCodes.map(encodeURIComponent).join(',')
  const withCodes = codes ? search.replace('{codes}', () => codes) : search.replace(/&[\w-]+=\{codes\}/, '')
  let isWhole = true
  const filled = withCodes.replace(/\{\{([^{}]*)\}\}/g, (_token, name: string) => {
    const value = tokens[name.trim()]
    // Without a value a search would be for everybody.
    if (!value?.isWellFormed() || value === '') isWhole = false
    return isWhole ? encodeURIComponent(value ?? '') : ''
  })
  return isWhole ? filled : undefined
}
