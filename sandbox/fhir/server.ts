/** Answers one FHIR request as a value: what it does stands here, and HTTP in routes.ts. */
import type { Bundle, CapabilityStatementRestSecurity, FhirResource } from 'fhir/r4.js'
import { coverage, demand } from './access.ts'
import { type EntryAnswer, type EntryRequest, performBundle } from './bundle.ts'
import { capabilityStatement } from './capability.ts'
import type { Kept } from './elements.ts'
import { FhirFailure } from './failures.ts'
import type { Faults } from './faults.ts'
import { isKept } from './parameters.ts'
import { find, readSearch, requireJson, type Search, unknownType } from './search.ts'
import { create, type Session, update, type Written } from './writing.ts'

export interface Request extends EntryRequest {
  /** What follows the base, without a leading slash; queries of a `_search` are joined to it. */
  url: string
  ifMatch?: string | undefined
  ifNoneMatch?: string | undefined
}

export interface Setting extends Session {
  faults: Faults
  /** ISO time since when the server says what it says. */
  since: string
  security?: CapabilityStatementRestSecurity | undefined
}

/** Throws a FhirFailure. */
export function answer(request: Request, setting: Setting): EntryAnswer {
  const [path = '', query = ''] = request.url.split(/\?(.*)/s)
  const [type = '', id, history, version, ...more] = path.replace(/\/$/, '').split('/')
  const parameters = new URLSearchParams(query)
  const asked = `${request.method} ${shapeOf(type, id, history, version, more)}`
  if (asked === 'GET metadata') return { status: 200, headers: {}, body: capabilityStatement(setting) }
  if (asked === 'POST /') return { status: 200, headers: {}, body: bundleOf(request, setting) }
  if (!isKept(type)) throw type === '' ? notAllowed(asked) : unknownType(type)
  failOn(type, setting.faults)
  switch (asked) {
    case 'GET Type':
    case 'POST Type/_search':
      return searched(readSearch(type, parameters), parameters, setting)
    case 'POST Type':
      return written(create(setting, type, request.resource, request.ifNoneExist), setting)
    case 'GET Type/id':
      requireJson(parameters.get('_format') ?? 'json')
      return read(readOne(setting, type, id ?? ''), request.ifNoneMatch)
    case 'GET Type/id/_history/version':
      return read(readOne(setting, type, id ?? '', version), request.ifNoneMatch)
    case 'PUT Type/id':
      return written(update(setting, type, id ?? '', request.resource, request.ifMatch), setting)
    default:
      throw notAllowed(asked)
  }
}

function shapeOf(type: string, id?: string, history?: string, version?: string, more: string[] = []): string {
  if (type === 'metadata' && id === undefined) return 'metadata'
  if (type === '') return '/'
  if (id === undefined) return 'Type'
  if (history === undefined) return id === '_search' ? 'Type/_search' : 'Type/id'
  return history === '_history' && version && more.length === 0 ? 'Type/id/_history/version' : 'elsewhere'
}

function notAllowed(asked: string): FhirFailure {
  return asked.endsWith(' elsewhere')
    ? new FhirFailure(404, 'There is nothing at this address.')
    : new FhirFailure(405, 'This address does not answer this method.')
}

function failOn(type: string, faults: Faults): void {
  const status = faults.of(type)?.status
  if (status === undefined) return
  throw new FhirFailure(status, `The sandbox is set to fail for ${type}.`)
}

function bundleOf(request: Request, setting: Setting): Bundle {
  return performBundle(request.resource, setting, (entry) => {
    if (/^\/?(\?|$)/.test(entry.url))
      throw new FhirFailure(400, 'A Bundle cannot hold another one to be done.')
    return answer(entry, setting)
  })
}

function readOne({ store, access }: Setting, type: string, id: string, version?: string): Kept {
  const covers = coverage(access, type, 'r')
  const kept = store.read(type, id)
  if (!kept) throw new FhirFailure(404, `There is no such ${type}.`)
  demand(covers, kept)
  if (version !== undefined && kept.meta.versionId !== version) {
    throw new FhirFailure(404, `Only the newest version of a ${type} is kept.`)
  }
  return kept
}

function read(kept: Kept, ifNoneMatch: string | undefined): EntryAnswer {
  const headers = versionHeaders(kept)
  if (ifNoneMatch === headers.etag) return { status: 304, headers }
  return { status: 200, headers, body: kept }
}

function written({ kept, isNew }: Written, { base }: Setting): EntryAnswer {
  const headers = versionHeaders(kept)
  const location = `${base}/${kept.resourceType}/${kept.id}/_history/${kept.meta.versionId}`
  return { status: isNew ? 201 : 200, headers: { ...headers, location }, body: kept }
}

function versionHeaders({ meta }: Kept) {
  return { etag: `W/"${meta.versionId}"`, 'last-modified': new Date(meta.lastUpdated).toUTCString() }
}

function searched(search: Search, query: URLSearchParams, { store, access, base }: Setting): EntryAnswer {
  const covers = coverage(access, search.type, 's')
  const { total, matches, included } = find(store, search, covers)
  const entry = (resource: Kept, mode: 'match' | 'include') => ({
    fullUrl: `${base}/${resource.resourceType}/${resource.id}`,
    resource: resource as FhirResource,
    search: { mode },
  })
  const entries = [
    ...matches.map((each) => entry(each, 'match')),
    ...included.map((each) => entry(each, 'include')),
  ]
  const body: Bundle = {
    resourceType: 'Bundle',
    type: 'searchset',
    total,
    link: linksOf(search, total, query, base),
    ...(entries.length > 0 ? { entry: entries } : {}),
  }
  return { status: 200, headers: {}, body }
}

function linksOf(
  { type, offset, count, isCount }: Search,
  total: number,
  query: URLSearchParams,
  base: string,
) {
  const to = (relation: string, at: number) => {
    const page = new URLSearchParams(query)
    if (at > 0) page.set('_offset', String(at))
    else page.delete('_offset')
    const text = page.toString()
    return { relation, url: `${base}/${type}${text === '' ? '' : `?${text}`}` }
  }
  const hasNext = !isCount && offset + count < total
  return [
    to('self', offset),
    ...(hasNext ? [to('next', offset + count)] : []),
    ...(offset > 0 ? [to('previous', Math.max(0, offset - count))] : []),
  ]
}
