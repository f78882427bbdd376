/** Transactions, all or nothing, and batches, each entry for itself. */
import { randomUUID } from 'node:crypto'
import type { Bundle, BundleEntry, FhirResource } from 'fhir/r4.js'
import { coverage, demand } from './access.ts'
import { isObject, rewriteReferences } from './elements.ts'
import { FhirFailure, outcomeOf } from './failures.ts'
import {
  checkNewId,
  checkReferences,
  findExisting,
  resourceOf,
  type Session,
  withRelative,
} from './writing.ts'

const mostEntries = 2000

export interface EntryRequest {
  method: string
  /** Relative to the base. */
  url: string
  resource?: unknown
  ifNoneExist?: string
}

export interface EntryAnswer {
  status: number
  headers: Readonly<Record<string, string>>
  body?: FhirResource
}

/** Answers one entry as if it came alone. May throw a FhirFailure. */
type Perform = (request: EntryRequest) => EntryAnswer

/** Throws a FhirFailure; after that nothing has changed. */
export function performBundle(body: unknown, session: Session, perform: Perform): Bundle {
  const type = isObject(body) && body.resourceType === 'Bundle' ? body.type : undefined
  if (!isObject(body) || (type !== 'transaction' && type !== 'batch')) {
    throw new FhirFailure(400, 'Only a Bundle of the type transaction or batch can be sent here.')
  }
  const entries = entriesOf(body.entry)
  const answers =
    type === 'batch' ? entries.map((entry) => aloneIn(entry, perform)) : transact(entries, session, perform)
  return {
    resourceType: 'Bundle',
    type: `${type}-response`,
    ...(answers.length > 0 ? { entry: answers.map(describe) } : {}),
  }
}

interface Entry extends EntryRequest {
  fullUrl: string | undefined
}

function entriesOf(list: unknown = []): Entry[] {
  if (!Array.isArray(list))
    throw new FhirFailure(400, 'The entries of a Bundle are a list.', ['Bundle.entry'])
  if (list.length > mostEntries)
    throw new FhirFailure(413, `A Bundle has at most ${mostEntries} entries here.`)
  return list.map((entry: unknown, index) => {
    const request = isObject(entry) && isObject(entry.request) ? entry.request : {}
    const { method, url, ifNoneExist } = request
    if (!isObject(entry) || typeof method !== 'string' || typeof url !== 'string') {
      throw new FhirFailure(400, 'An entry needs a request with method and url.', [`Bundle.entry[${index}]`])
    }
    return {
      method,
      url,
      resource: entry.resource,
      fullUrl: typeof entry.fullUrl === 'string' ? entry.fullUrl : undefined,
      ...(typeof ifNoneExist === 'string' ? { ifNoneExist } : {}),
    }
  })
}

function aloneIn(entry: Entry, perform: Perform): EntryAnswer {
  try {
    return perform(entry)
  } catch (error) {
    if (!(error instanceof FhirFailure)) throw error
    return { status: error.status, headers: {}, body: outcomeOf(error) }
  }
}

/** Writes first, so that what is read is what was written. */
function transact(entries: readonly Entry[], session: Session, perform: Perform): EntryAnswer[] {
  return session.store.attempt(() => {
    const answers = new Map<Entry, EntryAnswer>()
    const writes = entries.filter(({ method }) => method !== 'GET').map((entry) => placeOf(entry, session))
    const places = new Map(
      writes.flatMap(({ entry, place }) => (entry.fullUrl ? [[entry.fullUrl, place]] : [])),
    )
    const written = writes.map((write) => ({ write, kept: write.existing ?? put(write, places, session) }))
    for (const { write, kept } of written) {
      checkReferences(session, kept)
      const { resourceType, id, meta } = kept
      answers.set(write.entry, {
        status: write.isNew ? 201 : 200,
        headers: {
          location: `${resourceType}/${id}/_history/${meta.versionId}`,
          etag: `W/"${meta.versionId}"`,
          'last-modified': meta.lastUpdated,
        },
      })
    }
    return entries.map((entry) => answers.get(entry) ?? perform(entry))
  })
}

interface Write {
  entry: Entry
  type: string
  id: string
  /** `Type/id` */
  place: string
  isNew: boolean
  /** Meets the condition of a create, which then writes nothing. */
  existing?: ReturnType<typeof findExisting>
}

/** Where the resource of an entry will stand. */
function placeOf(entry: Entry, session: Session): Write {
  const [type = '', given = '', ...more] = entry.url.split('/')
  if (entry.method === 'POST' && given === '') {
    const existing =
      entry.ifNoneExist === undefined ? undefined : findExisting(session, type, entry.ifNoneExist)
    const id = existing?.id ?? randomUUID()
    return { entry, type, id, place: `${type}/${id}`, isNew: !existing, existing }
  }
  if (entry.method === 'PUT' && given !== '' && more.length === 0) {
    const before = session.store.read(type, given)
    checkNewId(given, before)
    return { entry, type, id: given, place: `${type}/${given}`, isNew: !before }
  }
  throw new FhirFailure(400, 'A transaction here may POST to a type, PUT to an id, and GET.')
}

function put({ entry, type, id }: Write, places: ReadonlyMap<string, string>, session: Session) {
  const sent = resourceOf(type, entry.resource)
  if (entry.method === 'PUT' && sent.id !== id) {
    throw new FhirFailure(400, 'The id of a resource is not the one in its url.')
  }
  const joined = rewriteReferences(sent, (reference) => places.get(reference) ?? reference)
  const resource = withRelative(session, { ...joined, id })
  const covers = coverage(session.access, type, entry.method === 'PUT' ? 'u' : 'c')
  const before = session.store.read(type, id)
  if (before) demand(covers, before)
  demand(covers, resource)
  return session.store.put(resource)
}

function describe({ status, headers, body }: EntryAnswer): BundleEntry {
  const isOutcome = body?.resourceType === 'OperationOutcome'
  return {
    ...(body && !isOutcome ? { resource: body } : {}),
    response: {
      status: String(status),
      ...(headers.location ? { location: headers.location } : {}),
      ...(headers.etag ? { etag: headers.etag } : {}),
      ...(headers['last-modified'] ? { lastModified: new Date(headers['last-modified']).toISOString() } : {}),
      ...(isOutcome ? { outcome: body } : {}),
    },
  }
}
