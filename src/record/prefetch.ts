/** Opens what came under one prefetch key, whatever wrapping it came in, and says what it tells us (section 6b). */
import type { PrefetchState } from './record.ts'
import { entriesOf, isObject, type JsonObject } from './wire.ts'

export interface Opened {
  /** Bundle entries or bare resources, not yet looked at. */
  entries: readonly unknown[]
  state: PrefetchState
  /** Where a truncated list goes on, as the server wrote it. */
  next?: string
}

const nothing: readonly unknown[] = []

export function open(value: unknown): Opened {
  if (value === undefined) return { entries: nothing, state: 'absent' }
  // A client that found nothing may say so with null (CDS Hooks 2.0), with an empty Bundle, or with an empty list.
  if (value === null) return { entries: nothing, state: 'empty' }
  if (Array.isArray(value)) return { entries: value, state: value.length > 0 ? 'given' : 'empty' }
  if (!isObject(value)) return { entries: nothing, state: 'unusable' }
  return typeof value.resourceType === 'string' ? openResource(value) : openWrapper(value)
}

/** `{ response: { status }, resource }`, as clients of CDS Hooks before 1.0 send it. */
function openWrapper(wrapper: JsonObject): Opened {
  const status: unknown = isObject(wrapper.response) ? wrapper.response.status : undefined
  if (isErrorStatus(status)) return { entries: nothing, state: 'failed' }
  const { resource } = wrapper
  if (isObject(resource) && typeof resource.resourceType === 'string') return openResource(resource)
  return { entries: nothing, state: 'unusable' }
}

/** `404`, `"404"` or `"404 Not Found"`. */
function isErrorStatus(status: unknown): boolean {
  const code = typeof status === 'string' ? Number.parseInt(status, 10) : status
  return typeof code === 'number' && code >= 400
}

function openResource(resource: JsonObject): Opened {
  if (resource.resourceType === 'OperationOutcome') return { entries: nothing, state: 'failed' }
  if (resource.resourceType === 'Bundle') return openBundle(resource)
  return { entries: [resource], state: 'given' }
}

function openBundle(bundle: JsonObject): Opened {
  const entries = entriesOf(bundle)
  const link = nextPage(bundle)
  if (link)
    return { entries, state: 'truncated', ...(typeof link.url === 'string' ? { next: link.url } : {}) }
  if (entries.length > 0) return { entries, state: 'given' }
  // `total` is not to be trusted, except where it contradicts an empty list.
  const missing = typeof bundle.total === 'number' && bundle.total > 0
  return { entries, state: missing ? 'truncated' : 'empty' }
}

function nextPage(bundle: JsonObject): JsonObject | undefined {
  const links: readonly unknown[] = Array.isArray(bundle.link) ? bundle.link : []
  return links.filter(isObject).find(({ relation }) => relation === 'next')
}
