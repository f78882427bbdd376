/** Opens what came under one prefetch key, whatever wrapping it came in, and says what it tells us (section 6b). */
import type { FhirResource } from 'fhir/r4.js'
import type { PrefetchState } from './record.ts'
import { entriesOf, isObject, type JsonObject } from './wire.ts'

// Reads OperationOutcomes: does one say that something is missing, and why, or is it only a remark?

/**
 * Codes that say at any severity that results were left out. Epic sends `suppressed` as a warning when the client
 * may not read a part, while its "no results" and "may not contain the entire record" are only remarks.
 */
const leftOut = new Set(['suppressed', 'incomplete', 'forbidden', 'timeout', 'throttled', 'too-costly'])

export function saysSomethingIsMissing(outcome: FhirResource): boolean {
  return (
    hasMoreToSay(outcome) || issuesOf(outcome).some((issue) => isError(issue) || leftOut.has(codeOf(issue)))
  )
}

/** Why there is an outcome instead of data, in the words of its first error. */
type Refusal = 'failed' | 'unsupported' | 'forbidden' | 'not-found'

const refusals: Readonly<Record<string, Refusal>> = {
  'not-supported': 'unsupported',
  'not-found': 'not-found',
  deleted: 'not-found',
  security: 'forbidden',
  login: 'forbidden',
  expired: 'forbidden',
  forbidden: 'forbidden',
}

function refusalIn(outcome: object): Refusal {
  const issues = issuesOf(outcome)
  const issue = issues.find(isError) ?? issues[0]
  const code = issue === undefined ? '' : codeOf(issue)
  return (Object.hasOwn(refusals, code) && refusals[code]) || 'failed'
}

/** The same by HTTP status. */
export function refusalOf(status: number): Refusal {
  if (status === 404 || status === 410) return 'not-found'
  if (status === 405 || status === 501) return 'unsupported'
  return status === 401 || status === 403 ? 'forbidden' : 'failed'
}

/** At an address that names one resource nothing may be there; at that of a type the type is what is missing. */
export const stateOfRefusal = (refusal: Refusal, isRead: boolean) =>
  refusal !== 'not-found' ? refusal : isRead ? 'gone' : 'unsupported'

const isError = ({ severity }: Readonly<Record<string, unknown>>) =>
  severity === 'error' || severity === 'fatal'

/** A code is a text: in whatever else stands there nothing is looked for. */
const codeOf = ({ code }: Readonly<Record<string, unknown>>) => (typeof code === 'string' ? code : '')

/** Issues of one outcome that are read. Whoever has more to say has not only remarks. */
const mostIssues = 100

function hasMoreToSay(outcome: object): boolean {
  const { issue } = outcome as { issue?: unknown }
  return Array.isArray(issue) && issue.length > mostIssues
}

function issuesOf(outcome: object): readonly Record<string, unknown>[] {
  const issues: unknown = (outcome as { issue?: unknown }).issue
  return Array.isArray(issues) ? issues.slice(0, mostIssues).filter(isObject) : []
}

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
  return unpacked(openPacked(value, question))
}

/** Bundles in one another. No server nests them so deep; what is deeper counts as left out. */
const deepest = 4

/** A Bundle within a Bundle, as the answer to a batch brings it, or within a list: its entries are read in its place. */
function unpacked(packed: Opened, depth = 0): Opened {
  if (!packed.entries.some(bundleIn)) return packed
  const entries: unknown[] = []
  let isWhole = true
  for (const entry of packed.entries) {
    const bundle = bundleIn(entry)
    if (!bundle) {
      entries.push(entry)
      continue
    }
    // Nobody follows the pages of a list that came within another.
    const inner = depth < deepest ? unpacked(openBundle(bundle, nothingAsked), depth + 1) : undefined
    if (!inner || inner.state === 'truncated') isWhole = false
    for (const each of inner?.entries ?? nothing) entries.push(each)
  }
  if (!isWhole) return { ...packed, entries, state: 'truncated', hasHoles: true }
  return {
    ...packed,
    entries,
    state: entries.length === 0 && packed.state === 'given' ? 'empty' : packed.state,
  }
}

function bundleIn(entry: unknown): JsonObject | undefined {
  if (!isObject(entry)) return undefined
  const resource = typeof entry.resourceType === 'string' ? entry : entry.resource
  return isObject(resource) && resource.resourceType === 'Bundle' ? resource : undefined
}

/** The entries of a list, and of the Bundles in it. */
export const unpackedEntries = (entries: readonly unknown[]): readonly unknown[] =>
  unpacked({ entries, state: 'given' }).entries

function openPacked(value: unknown, question: Question): Opened {
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

// The seam for reading from a FHIR server what the EHR did not send, and how its answers join the prefetch.

/** A key that did not come (PF-10), or one of which only the first pages came (PF-11). */
export interface Missing {
  key: string
  type: string
  /** Where the list that came goes on; undefined when nothing came. */
  next?: string | undefined
  /** Of one resource to which another refers; the key is none that we publish then. */
  id?: string
}

/** What became of reading one key. `truncated` has entries: without any, a read that broke off is none. */
export interface Read {
  /** Bundle entries or one bare resource, not yet looked at. */
  entries: readonly unknown[]
  state: Exclude<PrefetchState, 'absent' | 'unusable'>
  /** Entries of any date may be missing, not only those behind the last page. */
  hasHoles?: boolean
}

/** Answers by key and never throws. A key that it leaves out stays as it was. */
export type ReadMissing = (missing: readonly Missing[]) => Promise<ReadonlyMap<string, Read>>

/** Prefetch and reading together: a list is whole only when its last page was read. */
export function join<Sent extends Opened>(sent: Sent, read: Read | undefined): Sent {
  if (!read) return sent
  const { entries: more, state, hasHoles = false } = unpacked(read)
  if (sent.state === 'absent') return { ...sent, entries: more, state, hasHoles }
  const isWhole = state === 'given' || state === 'empty'
  const entries = [...sent.entries, ...more]
  return {
    ...sent,
    entries,
    hasHoles,
    state: isWhole ? (entries.length > 0 ? 'given' : 'empty') : 'truncated',
  }
}
