/** The seam for reading from a FHIR server what the EHR did not send, and how its answers join the prefetch. */
import type { Opened } from './prefetch.ts'
import type { PrefetchState } from './record.ts'

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
  const { hasHoles = false } = read
  if (sent.state === 'absent') return { ...sent, entries: read.entries, state: read.state, hasHoles }
  const isWhole = read.state === 'given' || read.state === 'empty'
  const entries = [...sent.entries, ...read.entries]
  return {
    ...sent,
    entries,
    hasHoles,
    state: isWhole ? (entries.length > 0 ? 'given' : 'empty') : 'truncated',
  }
}
