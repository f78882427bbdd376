/** One fact of a chart as an expression of CQL; undefined where Lumbar reads more than can be said there. */
import type { FactDeclaration, FactOf } from '../pathway/schema.ts'
import { list, quoted, text } from './writing.ts'

export interface Expression {
  text: string
  /** Groups of codes that it names, as `set/group`. */
  groups: readonly string[]
  /** Those of them whose problems it looks at. */
  problems: readonly string[]
  /** Named numbers that it names, as `$fever-days`. */
  numbers: readonly string[]
  /** It finds what is there, and never says that there is nothing. */
  affirmsOnly: boolean
}

/** The define of the problems in a group of codes. */
export const problemsIn = (group: string) => `Problems: ${group}`

export function chartExpression(fact: FactDeclaration): Expression | undefined {
  if (fact.kind === 'condition') return finding(fact)
  if (fact.kind === 'observation') return measurement(fact)
  if (fact.kind === 'medication') return medicine(fact)
  if (fact.kind === 'service') return service(fact)
  return fact.kind === 'person' ? person(fact) : undefined
}

const groupsOf = (codes: Readonly<Record<string, readonly string[]>>): string[] =>
  Object.entries(codes).flatMap(([set, groups]) => groups.map((group) => `${set}/${group}`))

/** What hangs on words, on this episode of pain or on the lack of a date is told by more than an entry. */
const hangsOnMore = (fact: FactOf<'condition'>) =>
  groupsOf(fact.codes).some((group) => group.startsWith('words/')) ||
  fact.undated === 'only' ||
  ['except-codes', 'only-codes', 'only-named', 'with-words', 'not-older-than-episode'].some(
    (name) => fact[name as keyof typeof fact] !== undefined,
  )

function finding(fact: FactOf<'condition'>): Expression | undefined {
  if (hangsOnMore(fact)) return undefined
  const groups = groupsOf(fact.codes)
  const window = windowOf(fact)
  const parts: string[] = []
  if (fact.in.includes('Condition')) {
    const how = fact['from-abatement'] ? 'Problem judged by its end' : 'Problem judged'
    const judged = `${quoted(how)}(C, ${[text(fact.status), fact['or-active'], window.within, window.ifActive, window.beyond, text(fact.undated)].join(', ')})`
    for (const group of groups) parts.push(`(${quoted(problemsIn(group))} C return all ${judged})`)
  }
  if (fact.in.includes('Procedure') && fact.status !== 'past')
    for (const group of groups)
      parts.push(
        `([Procedure: ${quoted(group)}] P return all "Procedure judged"(P, ${window.within}, ${window.beyond}))`,
      )
  if (parts.length === 0) return undefined
  const mayBeElsewhere = fact.in.some((type) => type !== 'Condition' && type !== 'Observation')
  // What was written down during the visit of the call counts however old it is: which visit that is, no chart says.
  const hangsOnVisit = fact['or-this-encounter'] === true
  const affirmsOnly =
    mayBeElsewhere || hangsOnVisit || !fact.in.includes('Condition') || fact['absent-means'] !== 'false'
  if (!affirmsOnly) {
    for (const group of groups)
      parts.push(
        `([Observation: ${quoted(group)}] O where not "Observation is withdrawn"(O) return all 'unknown')`,
      )
    parts.push(
      `("Answers and parts" X where ${groups.map((group) => `X in ${quoted(group)}`).join(' or ')} return all 'unknown')`,
    )
  }
  const whole = fact.in.includes('Observation') ? 'Problems and signs are told' : 'Problems are told'
  return {
    text: `"Found"(\n    ${parts.join('\n      union ')},\n    ${affirmsOnly ? 'false' : quoted(whole)})`,
    groups,
    problems: fact.in.includes('Condition') ? groups : [],
    numbers: window.numbers,
    affirmsOnly,
  }
}

function windowOf(fact: FactOf<'condition'>) {
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

const comparators = { 'at-least': '>=', 'at-most': '<=', above: '>', below: '<' } as const

/** What one observation says, in one word. */
function saysOf(fact: FactOf<'observation'>): string {
  const [[comparator, limit] = []] = Object.entries(fact.value ?? {})
  if (fact.answers) return `"Answer says"(O, ${codesOf(fact.answers)}, ${codesOf(fact['answers-no'] ?? [])})`
  if (!limit) return "'counts'"
  const value = `"Value of"(O, ${fact.unit ? text(fact.unit) : 'null'})`
  const compared = `when ${value} ${comparators[comparator as keyof typeof comparators]} ${quoted(String(limit))} then 'counts' when ${value} is null then 'unknown' else 'does-not' end`
  const laboratory = fact['laboratory-says']
  if (!laboratory) return `case ${compared}`
  return `case when "Is flagged"(O, ${codesOf(laboratory.high)}) then 'counts' when "Is flagged"(O, ${codesOf(laboratory['not-high'])}) then 'does-not' when exists (O.referenceRange) then 'unknown' ${compared}`
}

const codesOf = (codes: readonly string[]) =>
  codes.length === 0 ? 'List<String>{}' : list(codes.map((code) => text(code.toLowerCase())))

function measurement(fact: FactOf<'observation'>): Expression | undefined {
  if (fact['fall-in-percent'] || (fact['answers-in-words'] && !fact.answers)) return undefined
  const groups = groupsOf(fact.codes)
  const [limit] = Object.values(fact.value ?? {})
  if (typeof limit === 'number') return undefined
  const within = fact.within
  const says = saysOf(fact)
  const taken = groups.map(
    (group) =>
      `([Observation: ${quoted(group)}] O where not "Observation is withdrawn"(O) return all Tuple { ago: "Days since observed"(O), says: ${says} })`,
  )
  const isComponent = groups.map((group) => `X in ${quoted(group)}`)
  const isLatestOnly = fact.latest || (fact.answers !== undefined && limit === undefined)
  const found = `${isLatestOnly ? '"Latest says"' : '"Ever said"'}(\n    ${taken.join('\n      union ')},\n    ${within ? quoted(within) : '"any number of days"'})`
  const affirmsOnly = fact['absent-means'] !== 'false'
  return {
    text: `if exists ("Component codes" X where ${isComponent.join(' or ')}) then null as Boolean
  else ${affirmsOnly ? `"Only yes"(${found})` : found}`,
    groups,
    problems: [],
    numbers: [within, limit].filter((name) => name !== undefined),
    affirmsOnly,
  }
}

function medicine(fact: FactOf<'medication'>): Expression | undefined {
  // Routes, supplies, combinations and "in use now" are reckoned from directions in words.
  const told = [
    'except-codes',
    'only-named',
    'in-use',
    'route',
    'not-by-route',
    'reason-among',
    'supply',
    'started-at-least',
  ]
  if (told.some((name) => fact[name as keyof typeof fact] !== undefined)) return undefined
  if (fact.alone || fact['in-episode'] || !fact.within) return undefined
  const groups = groupsOf(fact.codes)
  const within = fact.within
  const ordered = groups.map(
    (group) => `([MedicationRequest: ${quoted(group)}] M return all "Order judged"(M, ${quoted(within)}))`,
  )
  return {
    text: `"Found"(\n    ${ordered.join('\n      union ')},\n    false)`,
    groups,
    problems: [],
    numbers: [within],
    affirmsOnly: true,
  }
}

function service(fact: FactOf<'service'>): Expression | undefined {
  const isNarrowed = fact['except-codes'] ?? fact.where ?? fact['with-words'] ?? fact['started-at-least']
  if (isNarrowed || fact['in-episode'] || fact.progress === 'refused' || !fact.in.includes('Procedure'))
    return undefined
  const groups = groupsOf(fact.codes)
  const within = fact.within
  const done = groups.map(
    (group) =>
      `([Procedure: ${quoted(group)}] P return all "Procedure judged"(P, ${within ? quoted(within) : 'null'}, -1))`,
  )
  return {
    text: `"Found"(\n    ${done.join('\n      union ')},\n    false)`,
    groups,
    problems: [],
    numbers: within ? [within] : [],
    affirmsOnly: true,
  }
}

function person(fact: FactOf<'person'>): Expression | undefined {
  const plain = { groups: [], problems: [], affirmsOnly: false }
  if (fact.read === 'deceased')
    return {
      ...plain,
      text: 'Coalesce(Patient.deceased is FHIR.dateTime, false) or Coalesce((Patient.deceased as FHIR.boolean).value, false)',
      numbers: [],
    }
  if (fact.read !== 'age') return undefined
  const [[comparator, limit] = []] = Object.entries(fact.value ?? {})
  if (limit === undefined)
    return {
      ...plain,
      text: `if "Age" is null then null else Interval[System.Quantity { value: ToDecimal("Age"), unit: '1' }, System.Quantity { value: ToDecimal("Age"), unit: '1' }]`,
      numbers: [],
    }
  if (typeof limit === 'number') return undefined
  const name = limit
  return {
    ...plain,
    text: `"Age" ${comparators[comparator as keyof typeof comparators]} ${quoted(name)}`,
    numbers: [name],
  }
}
