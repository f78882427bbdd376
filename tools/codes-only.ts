/**
 * A call without its words: what people wrote is gone, and what senders call their codes too, for a name that is not ours is
 * read as words. Of such a chart the exported reading may be told that codes tell all.
 */

/** Elements that hold words. */
const wordy = new Set([
  'note',
  'reason',
  'valueString',
  'description',
  'conclusion',
  'presentedForm',
  'div',
  'display',
  'text',
  'patientInstruction',
  'additionalInstruction',
])
export function withoutWords<T>(value: T): T {
  return without(value) as T
}

function without(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(without)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).flatMap(([name, each]) => {
    if (wordy.has(name)) return []
    const left = without(each)
    return isEmpty(left) && !isEmpty(each) ? [] : [[name, left]]
  })
  return Object.fromEntries(kept)
}

/** FHIR has no empty elements: what words alone said is gone with them. */
const isEmpty = (value: unknown) =>
  typeof value === 'object' && value !== null && Object.values(value).every((each) => isNothing(each))
const isNothing = (value: unknown): boolean => typeof value === 'object' && value !== null && isEmpty(value)
