/**
 * The pathway's rules as one library of CQL: a define for each named number, each group of facts, each rule, and whether a
 * headline may speak. Three-valued as the pathway is: null is "nobody can tell", and never "no". Facts that are read from a
 * chart come in as parameters: how Lumbar reads them (words, statuses, dates, what did not come) is no CQL.
 */

import { factsIn, isAll, isAny, onlyEntry } from '../decide/conditions.ts'
import { answersOf } from '../pathway/answers.ts'
import type { Content } from '../pathway/content.ts'
import type { FactDeclaration, Rule, RuleOf, Subject, Wanted, When } from '../pathway/schema.ts'
import { answeredGroups, answeredName, withAnswer, withAnswerFunction } from './checklist.ts'
import { decimal, oneLine, quoted, text } from './writing.ts'

type Exported = Pick<Content, 'pathway' | 'facts' | 'rules' | 'parameters' | 'sources' | 'checklist'>

export const libraryName = 'LumbarRules'

/** A fact that comes in, with the type of its parameter. */
export interface FactParameter {
  name: string
  type: 'Boolean' | 'String' | 'Interval<Quantity>'
  declaration: FactDeclaration
}

/** A headline that may speak about a kind of order. */
export interface Speaking {
  name: string
  kind: Subject
  rule: RuleOf<'headline'>
}

export interface RulesInCql {
  text: string
  parameters: readonly FactParameter[]
  /** Facts made of facts that the checklist asks; each has a parameter for its answer. */
  answered: readonly string[]
  speaking: readonly Speaking[]
}

export function rulesInCql(content: Exported): RulesInCql {
  const { pathway, rules } = content
  const facts = factsBehind(content)
  const parameters = facts.flatMap((name) => parameterOf(name, content.facts[name]))
  const groups = facts.filter((name) => content.facts[name]?.kind === 'group')
  const asked = new Set(answeredGroups(content))
  const answered = groups.filter((name) => asked.has(name))
  const kinds = [...new Set(rules.flatMap(({ on }) => on))]
  const speaking = kinds.flatMap((kind) =>
    rules.flatMap((rule) =>
      rule.role === 'headline' && rule.on.includes(kind) && rule.heard !== 'last'
        ? [{ name: speaksName(rule, kind), kind, rule }]
        : [],
    ),
  )
  const parts = [
    `/* ${pathway.title}. ${pathway.scope}\n   Made by "npm run export" from pathway ${pathway.id} ${pathway.version} (${pathway.status}). Do not edit. */`,
    `library ${libraryName} version '${pathway.version}'`,
    '// ---------------------------------------------------------------- facts that come in; null: nobody can tell',
    ...parameters.map(parameterText),
    '// ---------------------------------------------------------------- answers of a checklist; null: not answered',
    ...answered.map((name) => `parameter ${quoted(answeredName(name))} Boolean default null`),
    withAnswerFunction,
    '// ---------------------------------------------------------------- comparisons of a number that is known within bounds',
    ...comparisons,
    '// ---------------------------------------------------------------- named numbers',
    ...namedNumbers(content),
    '// ---------------------------------------------------------------- facts that are made of facts',
    ...groups.map((name) => groupText(name, content.facts[name], answered.includes(name))),
    '// ---------------------------------------------------------------- rules',
    ...rules.map((rule) => ruleText(rule, content)),
    '// ---------------------------------------------------------------- does the pathway say nothing? true or false',
    ...kinds.flatMap((kind) => [
      closedText(kind, rules),
      ...topicsLetSpeak(kind, rules).map((topic) => closedText(kind, rules, topic)),
    ]),
    '// ---------------------------------------------------------------- which headlines may speak? true or false',
    ...speaking.map((each) => speaksText(each, rules)),
  ]
  return { text: `${parts.join('\n\n')}\n`, parameters, answered, speaking }
}

/** Of all rules, and of what those facts are made of. */
function factsBehind({ rules, facts }: Exported): string[] {
  const found = new Set<string>()
  const add = (name: string) => {
    if (found.has(name)) return
    for (const member of membersIn(facts[name])) add(member)
    found.add(name)
  }
  for (const rule of rules) for (const name of factsIn(rule.when)) add(name)
  return [...found]
}

const membersIn = (fact: FactDeclaration | undefined): readonly string[] =>
  fact?.kind === 'group' ? [...(fact['any-of'] ?? []), ...(fact['all-of'] ?? [])] : []

function parameterOf(name: string, declaration: FactDeclaration | undefined): FactParameter[] {
  if (!declaration || declaration.kind === 'group') return []
  const answers = answersOf(declaration)
  const type = answers === 'yes-or-no' ? 'Boolean' : answers === 'number' ? 'Interval<Quantity>' : 'String'
  return [{ name, type, declaration }]
}

function parameterText({ name, type, declaration }: FactParameter): string {
  const answers = answersOf(declaration)
  const words = typeof answers === 'string' ? '' : ` One of: ${answers.join(', ')}.`
  return `// ${oneLine(declaration.asks)}${words}\nparameter ${quoted(name)} ${type} default null`
}

// By `low` and `high`, which are null where no bound is known: what `start of` makes of null differs between engines.
const comparisons = [
  comparison('At least', 'value.low.value >= limit', 'value.high.value < limit'),
  comparison('At most', 'value.high.value <= limit', 'value.low.value > limit'),
  comparison('Above', 'value.low.value > limit', 'value.high.value <= limit'),
  comparison('Below', 'value.high.value < limit', 'value.low.value >= limit'),
]

function comparison(name: string, holds: string, fails: string): string {
  return `define function "${name}"(value Interval<Quantity>, limit Decimal):
  case when ${holds} then true when ${fails} then false else null as Boolean end`
}

const functionOf = { 'at-least': 'At least', 'at-most': 'At most', above: 'Above', below: 'Below' } as const

/** Only those that a rule compares with; others are of the reading of charts. */
function namedNumbers({ rules, parameters, sources }: Exported): string[] {
  const used = new Set(rules.flatMap(({ when }) => referencesIn(when)))
  return Object.entries(parameters).flatMap(([name, { value, unit, meaning, cites }]) =>
    used.has(name)
      ? [
          `// ${oneLine(meaning)}, ${unit}. ${cites.map((id) => oneLine(sources[id]?.label ?? id)).join('; ')}\ndefine ${quoted(name)}: ${decimal(value)}`,
        ]
      : [],
  )
}

function referencesIn(when: When): string[] {
  if (isAll(when)) return when.all.flatMap(referencesIn)
  if (isAny(when)) return when.any.flatMap(referencesIn)
  const [, wanted] = onlyEntry(when)
  if (typeof wanted !== 'object') return []
  return Object.values(wanted).flatMap((value) => (typeof value === 'string' ? [value.slice(1)] : []))
}

function groupText(name: string, fact: FactDeclaration | undefined, isAnswered: boolean): string {
  const { 'any-of': anyOf = [], 'all-of': allOf = [] } = fact?.kind === 'group' ? fact : {}
  const [members, joint] = anyOf.length > 0 ? [anyOf, 'or'] : [allOf, 'and']
  const made = members.map(quoted).join(`\n    ${joint} `)
  return `// ${oneLine(fact?.asks ?? name)}\ndefine ${quoted(name)}:\n  ${withAnswer(made, isAnswered ? quoted(answeredName(name)) : undefined)}`
}

function ruleText(rule: Rule, { sources }: Exported): string {
  const cited = rule.cites.map((id) => oneLine(sources[id]?.label ?? id)).join('; ')
  return `// ${oneLine(rule.title)} (${rule.role}, on ${rule.on.join(', ')}). ${oneLine(rule.strength)}. ${cited}\ndefine ${quoted(rule.code)}:\n  ${conditionText(rule.when)}`
}

function conditionText(when: When): string {
  if (isAll(when)) return `(${when.all.map(conditionText).join(' and ')})`
  if (isAny(when)) return `(${when.any.map(conditionText).join(' or ')})`
  const [fact, wanted] = onlyEntry(when)
  return askedText(quoted(fact), wanted)
}

function askedText(fact: string, wanted: Wanted): string {
  if (wanted === true) return fact
  if (wanted === false) return `(not ${fact})`
  if (typeof wanted === 'string') return `(${fact} = ${text(wanted)})`
  const [[comparator, limit] = []] = Object.entries(wanted)
  const name = functionOf[comparator as keyof typeof functionOf]
  return `"${name}"(${fact}, ${typeof limit === 'number' ? decimal(limit) : quoted(String(limit).slice(1))})`
}

/** A gate that lets cards of a topic speak does not close the pathway for them. */
const closedName = (kind: Subject, topic?: string) =>
  `Closed for ${kind}${topic ? `, even for ${topic}` : ''}`
const speaksName = ({ code }: Rule, kind: Subject) => `${code} may speak on ${kind}`

const gatesOn = (kind: Subject, rules: readonly Rule[]) =>
  rules.flatMap((rule) => (rule.role === 'gate' && rule.on.includes(kind) ? [rule] : []))

const topicsLetSpeak = (kind: Subject, rules: readonly Rule[]) => [
  ...new Set(gatesOn(kind, rules).flatMap((gate) => gate['lets-speak'])),
]

function closedText(kind: Subject, rules: readonly Rule[], topic?: string): string {
  const gates = gatesOn(kind, rules).filter(
    (gate) => topic === undefined || !gate['lets-speak'].includes(topic),
  )
  const parts = gates.map(
    (gate) => `${quoted(gate.code)} is ${gate['if-unknown'] === 'stop' ? 'not false' : 'true'}`,
  )
  return `define ${quoted(closedName(kind, topic))}:\n  ${parts.length > 0 ? parts.join('\n    or ') : 'false'}`
}

/** A warning speaks on what it sees; advice against an order wants every gate and every rule that might quiet it known. */
function speaksText({ name, kind, rule }: Speaking, rules: readonly Rule[]): string {
  const here = rules.filter(({ on }) => on.includes(kind))
  const quieting = here.filter(
    (other) => other !== rule && 'silences' in other && other.silences.includes(rule.topic),
  )
  const gates = here.filter(({ role }) => role === 'gate')
  const parts = [
    `${quoted(closedName(kind, topicsLetSpeak(kind, rules).includes(rule.topic) ? rule.topic : undefined))} is false`,
    `${quoted(rule.code)} is true`,
    ...quieting.map(({ code }) => `${quoted(code)} is ${rule.stance === 'warns' ? 'not true' : 'false'}`),
    ...(rule.stance === 'warns' ? [] : gates.map(({ code }) => `${quoted(code)} is false`)),
  ]
  return `define ${quoted(name)}:\n  ${parts.join('\n    and ')}`
}
