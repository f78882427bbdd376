/**
 * A call without its words: what people wrote beside codes is gone, and names of codes stay only where they add nothing. Of such
 * a chart the exported reading may be told that codes tell all.
 */

/** Elements that say in words what a code says. */
const wordy = new Set([
  'note',
  'reason',
  'valueString',
  'description',
  'conclusion',
  'presentedForm',
  'div',
  'patientInstruction',
  'additionalInstruction',
])
/** Systems of whose codes Lumbar reads the names too; so it does with the names of all reasons and products. */
const named = /snomed|rxnorm|ndfrt|unii/i
const heardByName = new Set(['reasonCode', 'orderDetail', 'medicationCodeableConcept'])

export function withoutWords<T>(value: T): T {
  return without(value, '') as T
}

function without(value: unknown, within: string): unknown {
  if (Array.isArray(value)) return value.map((each) => without(each, within))
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).flatMap(([name, each]) => {
    if (wordy.has(name)) return []
    if (name === 'display' || name === 'text') return addsNothing(value, name, within) ? [[name, each]] : []
    const left = without(each, name === 'coding' ? within : name)
    return isEmpty(left) && !isEmpty(each) ? [] : [[name, left]]
  })
  return Object.fromEntries(kept)
}

/** FHIR has no empty elements: what words alone said is gone with them. */
const isEmpty = (value: unknown) =>
  typeof value === 'object' && value !== null && Object.values(value).every((each) => isNothing(each))
const isNothing = (value: unknown): boolean => typeof value === 'object' && value !== null && isEmpty(value)

interface Named {
  coding?: readonly { system?: string; display?: string }[]
  system?: string
  text?: string
}

function addsNothing(value: Named, name: 'display' | 'text', within: string): boolean {
  if (heardByName.has(within)) return false
  if (name === 'display') return value.system !== undefined && !named.test(value.system)
  return (
    value.coding?.some(({ display, system = '' }) => display === value.text && !named.test(system)) ?? false
  )
}
