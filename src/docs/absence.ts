/** What it does to advice when data of one type does not come: the rules judged over a chart with nothing else on it. */

import { compileCondition, factsIn, type Verdict } from '../decide/conditions.ts'
import type { Content } from '../pathway/content.ts'
import { type Facts, type Known, no } from '../pathway/known.ts'
import { toldInDoubt } from '../pathway/of-rules.ts'
import type { OrderKind, Rule, RuleOf } from '../pathway/schema.ts'
import { cell, listed, table } from './markdown.ts'

export interface ToldFrom {
  content: Pick<Content, 'queries' | 'facts' | 'rules' | 'phrases' | 'parameters' | 'topics'>
  /** FHIR resource types that a fact reads. */
  reads(fact: string): ReadonlySet<string>
}

/** Advice against an order, which rests on data that must have come and says so where it did not. */
const against = (kind: OrderKind, { content: { topics, rules } }: ToldFrom) =>
  toldInDoubt(topics).filter((topic) =>
    rules.some((rule) => isHeadline(rule) && rule.topic === topic && rule.on.includes(kind)),
  )

/** One row for each type that is asked for. */
export function absenceTable(from: ToldFrom): string {
  const { queries, phrases } = from.content
  const rows = Object.entries(queries).map(([type, { key }]) => [
    `\`${key}\``,
    cell(phrases.records[type] ?? type),
    effectOn('lumbar-imaging', type, from),
    effectOn('opioid', type, from),
    leftOut(type, from),
  ])
  return table(['key', 'data', 'advice against imaging', 'advice against an opioid', 'left out, too'], rows)
}

function effectOn(kind: OrderKind, type: string, from: ToldFrom): string {
  const query = from.content.queries[type]
  if (query?.required) return 'no answer (412)'
  if (query?.needed) return 'held back'
  const unsure = from.content.rules.filter((rule) => isInTheWay(rule, kind, type, from))
  const facts = [...new Set(unsure.flatMap((rule) => unknownIn(rule, type, from)))]
  if (facts.length === 0) return 'as with it'
  if (query?.optional) return `as with it; where it failed, asks to make sure of ${nouns(facts, from)}`
  const serious = unsure.filter((rule) => !standsOnCondition(rule, type, from))
  const grave = serious.flatMap((rule) => unknownIn(rule, type, from)).filter((fact) => !isNamed(fact, from))
  return grave.length > 0
    ? `held back, for ${nouns(grave, from)}`
    : `asks to make sure of ${nouns(facts, from)}`
}

/** Would this rule, or could it for all that is known without this type, quiet or close advice against the order? */
function isInTheWay(rule: Rule, kind: OrderKind, type: string, from: ToldFrom): boolean {
  if (!rule.on.includes(kind)) return false
  const advice = against(kind, from)
  if (isHeadline(rule) && advice.includes(rule.topic)) return unknownIn(rule, type, from).length > 0
  const isStronger =
    (rule.role === 'headline' || rule.role === 'silencer') &&
    rule.silences.some((topic) => advice.includes(topic))
  if (rule.role !== 'gate' && !isStronger) return false
  return verdict(rule, type, from, 'unknown') === undefined && verdict(rule, type, from, 'none') === false
}

const isHeadline = (rule: Rule): rule is RuleOf<'headline'> => rule.role === 'headline'

function standsOnCondition(rule: Rule, type: string, from: ToldFrom): boolean {
  if (isHeadline(rule) && toldInDoubt(from.content.topics).includes(rule.topic))
    return unknownIn(rule, type, from).every((fact) => isNamed(fact, from))
  return verdict(rule, type, from, 'none but what is no condition') === false
}

const isNamed = (fact: string, { content }: ToldFrom) =>
  content.facts[fact]?.['conditional-because'] !== undefined

const nouns = (facts: readonly string[], { content }: ToldFrom) =>
  cell(
    listed(
      [...new Set(facts.map((fact) => content.facts[fact]?.noun ?? content.facts[fact]?.asks ?? fact))],
      'and',
    ),
  )

/** Of the facts that a rule asks, those that this type decides; of groups the members, unless the group gives a reason. */
const unknownIn = (rule: Rule, type: string, from: ToldFrom): string[] =>
  factsIn(rule.when)
    .flatMap((fact) => leavesOf(fact, from))
    .filter((fact) => from.reads(fact).has(type) && isFinding(fact, from) && !onlyAdds(fact, type, from))

/** A report may add a surgery; that none came makes no doubt. */
function onlyAdds(fact: string, type: string, from: ToldFrom): boolean {
  const declared = from.content.facts[fact]
  if (declared?.kind === 'group')
    return [...(declared['any-of'] ?? []), ...(declared['all-of'] ?? [])].every(
      (each) => !from.reads(each).has(type) || onlyAdds(each, type, from),
    )
  return declared?.kind === 'service' && declared['adds-only'] && declared.in.some((each) => each === type)
}

function leavesOf(fact: string, from: ToldFrom): string[] {
  const declared = from.content.facts[fact]
  if (declared?.kind !== 'group' || isNamed(fact, from)) return [fact]
  return [...(declared['any-of'] ?? []), ...(declared['all-of'] ?? [])].flatMap((each) =>
    leavesOf(each, from),
  )
}

const findings: ReadonlySet<string> = new Set([
  'condition',
  'observation',
  'service',
  'medication',
  'function',
  'group',
])
const isFinding = (fact: string, { content }: ToldFrom) => findings.has(content.facts[fact]?.kind ?? '')

/** What is supposed of this type's data: unknown, whole without a finding, or unknown except where advice may name it. */
type Supposed = 'unknown' | 'none' | 'none but what is no condition'

/** Of the order and the pain nothing is supposed, and of all other data that it came and holds nothing. */
function verdict(rule: Rule, type: string, from: ToldFrom, supposed: Supposed): Verdict {
  const facts: Facts = new Map(
    factsIn(rule.when).flatMap((fact): [string, Known][] => {
      const value = supposedValue(fact, type, from, supposed)
      return value === undefined ? [] : [[fact, value ? { ...no, value: true } : no]]
    }),
  )
  const numberOf = (reference: string | number) =>
    typeof reference === 'number'
      ? reference
      : (from.content.parameters[reference.slice(1)]?.value ?? Number.NaN)
  return compileCondition(rule.when, numberOf)(facts)
}

function supposedValue(fact: string, type: string, from: ToldFrom, supposed: Supposed): Verdict {
  if (!isFinding(fact, from)) return undefined
  const declared = from.content.facts[fact]
  if (declared?.kind === 'group' && !(isNamed(fact, from) && supposed !== 'unknown')) {
    const anyOf = (declared['any-of'] ?? []).map((each) => supposedValue(each, type, from, supposed))
    const allOf = (declared['all-of'] ?? []).map((each) => supposedValue(each, type, from, supposed))
    return anyOf.length > 0 ? anyHolds(anyOf) : allHold(allOf)
  }
  if (!from.reads(fact).has(type) || supposed === 'none' || onlyAdds(fact, type, from)) return false
  return supposed !== 'unknown' && isNamed(fact, from) ? false : undefined
}

const anyHolds = (members: readonly Verdict[]): Verdict =>
  members.every((each) => each === false) ? false : undefined
const allHold = (members: readonly Verdict[]): Verdict => (members.includes(false) ? false : undefined)

/** What is said or offered beside the advice where all came, and not without this type. */
function leftOut(type: string, from: ToldFrom): string {
  const { rules, queries } = from.content
  if (queries[type]?.required || queries[type]?.needed || queries[type]?.optional) return ''
  const lost = rules.filter(
    (rule) =>
      (rule.role === 'line' || rule.role === 'offer') &&
      verdict(rule, type, from, 'none') === true &&
      verdict(rule, type, from, 'unknown') !== true,
  )
  return lost.map(({ title }) => cell(title)).join('; ')
}
