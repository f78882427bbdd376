/** Creates and updates resources, as HAPI does by default: what they refer to on this server must be there. */
import type { FhirResource } from 'fhir/r4.js'
import { type Access, coverage, demand } from './access.ts'
import { isObject, type Kept, rewriteReferences } from './elements.ts'
import { FhirFailure, quoted } from './failures.ts'
import { isKept } from './parameters.ts'
import { find, readSearch, unknownType } from './search.ts'
import type { FhirStore } from './store.ts'

/** On whose behalf, and under which address. */
export interface Session {
  store: FhirStore
  /** Absolute URL of the server, without a trailing slash. */
  base: string
  access: Access | undefined
}

export interface Written {
  kept: Kept
  isNew: boolean
}

/** Throws a FhirFailure. The id of a created resource is ours, whatever the body says. */
export function create(session: Session, type: string, body: unknown, ifNoneExist?: string): Written {
  const existing = ifNoneExist === undefined ? undefined : findExisting(session, type, ifNoneExist)
  const covers = coverage(session.access, type, 'c')
  const { id: _ignored, ...resource } = resourceOf(type, body)
  if (existing) return { kept: existing, isNew: false }
  demand(covers, resource)
  return { kept: putWhole(session, resource), isNew: true }
}

/** Throws a FhirFailure. `ifMatch` is the version that the caller has seen. */
export function update(session: Session, type: string, id: string, body: unknown, ifMatch?: string): Written {
  const resource = resourceOf(type, body)
  if (resource.id !== id)
    throw new FhirFailure(400, 'The id in the body is not the one in the address.', ['id'])
  const covers = coverage(session.access, type, 'u')
  const before = session.store.read(type, id)
  checkNewId(id, before)
  if (ifMatch !== undefined && ifMatch !== `W/"${before?.meta.versionId}"`) {
    throw new FhirFailure(412, 'Somebody changed the resource since: read it again.')
  }
  if (before) demand(covers, before)
  demand(covers, resource)
  return { kept: putWhole(session, resource), isNew: before === undefined }
}

/** Throws a FhirFailure unless it is one resource of this type that the server keeps. */
export function resourceOf(type: string, body: unknown): FhirResource {
  if (!isKept(type)) throw unknownType(type)
  if (!isObject(body)) throw new FhirFailure(400, 'The body is no FHIR resource.')
  if (body.resourceType !== type) {
    throw new FhirFailure(400, `The body is no ${type}, as the address says.`, ['resourceType'])
  }
  if (body.meta !== undefined && !isObject(body.meta)) {
    throw new FhirFailure(400, 'The meta of a resource is an object.', ['meta'])
  }
  return body as unknown as FhirResource
}

export function checkNewId(id: string, before: Kept | undefined): void {
  if (!/^[A-Za-z0-9.-]{1,64}$/.test(id)) {
    throw new FhirFailure(400, 'An id has 1 to 64 letters, digits, dots and dashes.', ['id'])
  }
  if (!before && /^\d+$/.test(id)) {
    throw new FhirFailure(400, 'An id that a client gives has a letter in it.', ['id'])
  }
}

/** Throws a FhirFailure (412) where there are several. */
export function findExisting(session: Session, type: string, query: string): Kept | undefined {
  const text = query.replace(/^.*\?/, '')
  const search = readSearch(type, new URLSearchParams(text))
  if (search.tests.length === 0) throw new FhirFailure(400, 'A conditional create needs a condition.')
  const { total, matches } = find(session.store, search, () => true)
  if (total > 1) throw new FhirFailure(412, 'Several resources meet the condition.')
  return matches[0]
}

function putWhole(session: Session, resource: FhirResource): Kept {
  return session.store.attempt(() => {
    const kept = session.store.put(withRelative(session, resource))
    checkReferences(session, kept)
    return kept
  })
}

/** References to this server without its address, so that they stay good under another one. */
export function withRelative({ base }: Session, resource: FhirResource): FhirResource {
  return rewriteReferences(resource, (reference) =>
    reference.startsWith(`${base}/`) ? reference.slice(base.length + 1) : reference,
  )
}

export function checkReferences({ store }: Session, kept: Kept): void {
  rewriteReferences(kept, (reference) => {
    if (reference.startsWith('#') || /^(https?|urn):/.test(reference)) return reference
    const [type = '', id = ''] = reference.split('/')
    if (!store.read(type, id)) {
      throw new FhirFailure(400, `${kept.resourceType} refers to ${quoted(reference)}, which is not here.`)
    }
    return reference
  })
}
