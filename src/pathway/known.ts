/** What a fact is known to be: the word that `facts` says and `decide` and `cards` hear. */

/** A number that is known only between two bounds, both included. `high` may be Infinity. */
export interface Range {
  low: number
  high: number
}

export type Value = boolean | string | Range

/** One thing in the record, or on the order, that speaks for an answer. */
export interface Evidence {
  /** `Condition/abc`, `order` for the draft itself, or `checklist` for what the clinician answered. */
  reference: string
  /** What it is, in the words of our own value set where there is one. Not yet escaped. */
  what: string
  /** As the record has it, perhaps only a year; of an answer the time. */
  date?: string | undefined
  /**
   * Matched by code (under another name of its system, or by the site's own list), by a medicine's name, by words, read
   * from an element, answered (`what` is yes or no), or not read: then `what` is all that stands there.
   */
  how: 'code' | 'alias' | 'local' | 'name' | 'words' | 'element' | 'answer' | 'not-read'
  /** A measured number, or what it adds to a sum such as MME a day; left out where nobody can tell. */
  amount?: number | undefined
  /** Of a measured number, as people write it: "°F". */
  unit?: string | undefined
  /** The shortest name of it, beside such a number. */
  short?: string | undefined
  /** Of an entry that was not read: how it came, where that is why. */
  form?: UnreadForm | undefined
  /** Open, and nothing was said of it for years: it neither counts nor clears. */
  isOld?: boolean | undefined
}

/** Forms in which the words of a report come and are not read. */
export type UnreadForm = 'pdf' | 'rtf' | 'link' | 'too-long' | 'other'

export interface Known {
  /** Undefined when nobody can tell. */
  value: Value | undefined
  evidence: readonly Evidence[]
  /** FHIR resource types whose data did not come whole; empty when the record itself cannot tell. */
  gaps: readonly string[]
  /** Where nobody can tell: the answer that advice may rest on if it names what to make sure of. */
  provided?: { value: Value; that: readonly Proviso[] } | undefined
  /** Where a clinician answered too: what the record alone says. */
  recorded?: Known | undefined
}

/** Something taken as not there, because the lists in which it would stand did not come, or not that far back. */
export interface Proviso {
  fact: string
  /** By resource type; `from` is the day from which on the list is whole. */
  lists: readonly { type: string; from?: string | undefined }[]
}

export type Facts = ReadonlyMap<string, Known>

const nothing: readonly never[] = []
export const yes = (evidence: readonly Evidence[] = nothing): Known => ({
  value: true,
  evidence,
  gaps: nothing,
})
export const no: Known = { value: false, evidence: nothing, gaps: nothing }
export const cannotTell = (
  gaps: readonly string[] = nothing,
  evidence: readonly Evidence[] = nothing,
): Known => ({
  value: undefined,
  evidence,
  gaps,
})
export const answer = (value: Value, evidence: readonly Evidence[] = nothing): Known => ({
  value,
  evidence,
  gaps: nothing,
})

/** True or false only where the whole range stands on one side of the limit. */
export function compare({ low, high }: Range, limit: Readonly<Record<string, number>>): boolean | undefined {
  const { 'at-least': atLeast, 'at-most': atMost, above, below } = limit
  if (atLeast !== undefined) return low >= atLeast ? true : high < atLeast ? false : undefined
  if (atMost !== undefined) return high <= atMost ? true : low > atMost ? false : undefined
  if (above !== undefined) return low > above ? true : high <= above ? false : undefined
  return below === undefined ? undefined : high < below ? true : low >= below ? false : undefined
}
