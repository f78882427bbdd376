/** Opens what came under one prefetch key, whatever wrapping it came in, and says what it tells us (section 6b). */
import { refusalIn, refusalOf, stateOfRefusal } from './outcome.ts'
import type { PrefetchState } from './record.ts'
import { entriesOf, isObject, type JsonObject } from './wire.ts'

export interface Opened {
  /** Bundle entries or bare resources, not yet looked at. */
  entries: readonly unknown[]
  state: PrefetchState
  /** Where a truncated list goes on, as the server wrote it. */
  next?: string
  /** Entries of any date may be missing, not only those behind the last page. */
  hasHoles?: boolean
}

const nothing: readonly unknown[] = []

/** What was asked for under a key, as far as it tells how to read the answer. */
export interface Question {
  /** One resource by its id. */
  isRead: boolean
  /** Resources on a page; undefined where the query leaves it to the server. */
  pageSize: number | undefined
}

const nothingAsked: Question = { isRead: false, pageSize: undefined }

export function open(value: unknown, question: Question = nothingAsked): Opened {
  if (value === undefined) return { entries: nothing, state: 'absent' }
  // A client that found nothing may say so with null (CDS Hooks 2.0), with an empty Bundle, or with an empty list.
  if (value === null) return { entries: nothing, state: 'empty' }
  if (Array.isArray(value)) return { entries: value, state: value.length > 0 ? 'given' : 'empty' }
  if (!isObject(value)) return { entries: nothing, state: 'unusable' }
  return typeof value.resourceType === 'string' ? openResource(value, question) : openWrapper(value, question)
}

/** `{ response: { status }, resource }`, as clients of CDS Hooks before 1.0 send it. */
function openWrapper(wrapper: JsonObject, question: Question): Opened {
  const status = statusOf(isObject(wrapper.response) ? wrapper.response.status : undefined)
  if (status !== undefined && status >= 400)
    return { entries: nothing, state: stateOfRefusal(refusalOf(status), question.isRead) }
  const { resource } = wrapper
  if (isObject(resource) && typeof resource.resourceType === 'string') return openResource(resource, question)
  return { entries: nothing, state: 'unusable' }
}

/** `404`, `"404"` or `"404 Not Found"`. */
function statusOf(status: unknown): number | undefined {
  const code = typeof status === 'string' ? Number.parseInt(status, 10) : status
  return typeof code === 'number' ? code : undefined
}

function openResource(resource: JsonObject, question: Question): Opened {
  if (resource.resourceType === 'OperationOutcome')
    return { entries: nothing, state: stateOfRefusal(refusalIn(resource), question.isRead) }
  if (resource.resourceType === 'Bundle') return openBundle(resource, question)
  return { entries: [resource], state: 'given' }
}

function openBundle(bundle: JsonObject, { pageSize }: Question): Opened {
  const entries = entriesOf(bundle)
  const links = (Array.isArray(bundle.link) ? bundle.link : []).filter(isObject)
  const next = links.find(({ relation }) => relation === 'next')
  if (next)
    return { entries, state: 'truncated', ...(typeof next.url === 'string' ? { next: next.url } : {}) }
  if (entries.length === 0) return { entries, state: countsMore(bundle, entries) ? 'truncated' : 'empty' }
  return { entries, state: links.length === 0 && mayGoOn(bundle, entries, pageSize) ? 'truncated' : 'given' }
}

/**
 * A server's links say whether there is more, and then `total`, which some count otherwise, says nothing. Where no
 * link came at all, somebody on the way may have dropped them.
 */
function mayGoOn(bundle: JsonObject, entries: readonly unknown[], pageSize: number | undefined): boolean {
  return typeof bundle.total === 'number' ? countsMore(bundle, entries) : entries.length === pageSize
}

const countsMore = ({ total }: JsonObject, { length }: readonly unknown[]) =>
  typeof total === 'number' && total > length
