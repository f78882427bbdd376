/** One fact of a chart as an expression of CQL, and what its kinds share. */
import type { FactOf } from '../pathway/schema.ts'
import { quoted } from './writing.ts'

export interface Expression {
  text: string
  /** Groups of codes that it names, as `set/group`, and those that only the order is read by. */
  groups: readonly string[]
  /** Those of them whose problems it looks at. */
  problems: readonly string[]
  /** Those of them in which a concept may be, of reasons and parts. */
  concepts: readonly string[]
  /** Named numbers that it names, as `$fever-days`. */
  numbers: readonly string[]
  /** What it answers, where it is not null. */
  says: 'yes and no' | 'yes' | 'no' | 'an answer'
  /** What it leaves to whoever hears more than codes. */
  leaves: string
}

/** The define of the problems in a group of codes. */
export const problemsIn = (group: string) => `Problems: ${group}`
/** The function that tells whether a concept is in a group of codes. */
export const isIn = (group: string) => quoted(`Is in ${group}`)

export const groupsOf = (codes: Readonly<Record<string, readonly string[]>>): string[] =>
  Object.entries(codes).flatMap(([set, groups]) => groups.map((group) => `${set}/${group}`))

export const comparators = { 'at-least': '>=', 'at-most': '<=', above: '>', below: '<' } as const

/** The define of what tells of a group beside its problems: 'unknown' for each observation, answer or reason in it. */
export const elsewhereIn = (group: string) => quoted(`Elsewhere: ${group}`)
/** The same of medicines that were dispensed, given or told. */
export const takenIn = (group: string) => quoted(`Taken: ${group}`)

/** A list of what entries of a chart come to, each 'counts', 'does-not' or 'unknown'. */
export const found = (parts: readonly string[], told: string) =>
  `"Found"(\n    ${parts.join('\n      union ')},\n    ${told})`

/** What must have come, and be told by codes alone, for "no". */
const toldOf: Readonly<Record<string, string>> = {
  Condition: 'Problems are told',
  Observation: 'Observations are told',
  Procedure: 'Procedures are told',
  Encounter: 'Visits are told',
  ServiceRequest: 'Requests are told',
  DiagnosticReport: 'Reports are told',
  ImagingStudy: 'Studies are told',
  MedicationRequest: 'Medicines are told',
  MedicationStatement: 'Medicines are told',
}

export const allTold = (types: readonly string[]): string =>
  [...new Set(types.flatMap((type) => toldOf[type] ?? []))].map(quoted).join(' and ')

export function windowOf(fact: Pick<FactOf<'condition'>, 'within' | 'within-if-active' | 'beyond'>) {
  const [within, ifActive, beyond] = [fact.within, fact['within-if-active'], fact.beyond]
  const named = (name: string | undefined) => name && quoted(name)
  const whole = named(within) ?? (beyond === undefined ? 'null' : '"any number of days"')
  return {
    within: whole,
    ifActive: named(ifActive) ?? whole,
    beyond: named(beyond) ?? '-1',
    numbers: [within, ifActive, beyond].filter((name) => name !== undefined),
  }
}
