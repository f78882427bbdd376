/** Writes the query of one key as a URL: the same query that discovery publishes as prefetch template. */
import type { Interaction } from './scopes.ts'
import type { FhirServer } from './server.ts'

export interface QueryValues {
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
