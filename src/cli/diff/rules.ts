/** Rules added, removed, retired and changed: their sentence before and after, and every other key that differs. */
import { tellEvidence } from '../../docs/evidence.ts'
import { spaced } from '../../docs/markdown.ts'
import { numbersBehind } from '../../docs/sections/rules.ts'
import { type Speech, speech, withUnit } from '../../docs/sentence.ts'
import { roles, topicName } from '../../docs/words.ts'
import type { Content } from '../../pathway/content.ts'
import { type FactDeclaration, isRetired, type Parameter, type Rule } from '../../pathway/schema.ts'
import type { Checkout } from './checkout.ts'
import {
  added,
  fromTo,
  isSame,
  keyChanges,
  listChange,
  recordChanges,
  removed,
  type Section,
  section,
} from './section.ts'

// Questions asked of the chart: added, removed, and found otherwise than before.

export function factChanges(before: Content, after: Content): Section {
  const told = (content: Content) => {
    const said = speech(content)
    return (fact: FactDeclaration) => tellEvidence(fact, said, spaced)
  }
  const [was, is] = [told(before), told(after)]
  const evidence = (one: FactDeclaration, other: FactDeclaration) => {
    const [earlier, later] = [was(one), is(other)]
    return [
      ...changed('found by', earlier.how, later.how),
      ...changed('how recent', earlier.when, later.when),
    ]
  }
  return section(
    'Questions asked of the chart',
    recordChanges<FactDeclaration>(before.facts, after.facts, {
      name: (name, fact) => `${name}: ${fact.asks}`,
      changes: (one, other) => [
        ...evidence(one, other),
        ...keyChanges(one, other, ['codes']),
        ...groups(one, other),
      ],
    }),
  )
}

function changed(what: string, was: readonly string[], is: readonly string[]): string[] {
  const [before, after] = [was.join('; '), is.join('; ')]
  return before === after ? [] : [removed(`${what}: ${before}`), added(`${what}: ${after}`)]
}

/** Groups of value sets that a fact reads. */
function groups(one: FactDeclaration, other: FactDeclaration): string[] {
  return keyChanges({ groups: groupsOf(one) }, { groups: groupsOf(other) })
}

function groupsOf(fact: FactDeclaration): string[] {
  const codes = 'codes' in fact ? (fact.codes ?? []) : []
  if (Array.isArray(codes)) return codes
  return Object.entries(codes).flatMap(([set, names]) => names.map((name) => `${set}/${name}`))
}

// Version, standing and scope of the pathway, its open questions, what it leaves out, and its numbers.

type Written = Pick<Content, 'pathway'>

export function pathwayChanges({ pathway: before }: Written, { pathway: after }: Written): Section {
  const version =
    before.version === after.version
      ? []
      : [
          `version: ${fromTo(before.version, after.version)}`,
          ...after.history
            .filter(({ version: each }) => each === after.version)
            .flatMap(({ impact }) => impact.map((each) => `  ${each}`)),
        ]
  const questions = listChange(
    before['open-questions'].map(({ question }) => question),
    after['open-questions'].map(({ question }) => question),
  )
  const rest = keyChanges(before, after, [
    'version',
    'parameters',
    'open-questions',
    'not-encoded',
    'history',
  ])
  return section('Pathway', [
    ...version,
    ...rest,
    ...(questions.startsWith('the same') ? [] : [`open questions: ${questions}`]),
    ...leftOut(before, after),
  ])
}

function leftOut(before: Content['pathway'], after: Content['pathway']): string[] {
  const [was, is] = [before, after].map((pathway) => pathway['not-encoded'].map(({ code }) => code))
  const change = listChange(was ?? [], is ?? [])
  return change.startsWith('the same') ? [] : [`not encoded: ${change}`]
}

/** From what to what, by whose word, and which rules rest on them. */
export function numberChanges(before: Content, after: Content): Section {
  const behind = (name: string) => {
    const codes = after.rules
      .filter((rule) => numbersBehind(rule, after).includes(name))
      .map(({ code }) => code)
    return codes.length > 0 ? `behind: ${codes.join(', ')}` : 'behind no rule'
  }
  const named = (name: string, parameter: Parameter) =>
    `${name}, ${withUnit(parameter)}: ${parameter.meaning} (${sourceOf(parameter)})`
  const names = new Map(Object.entries(after.parameters).map(([name, parameter]) => [parameter, name]))
  return section(
    'Numbers',
    recordChanges<Parameter>(before.parameters, after.parameters, {
      name: named,
      changes: (was, is) => [
        ...(withUnit(was) === withUnit(is)
          ? []
          : [`${withUnit(was)} → ${withUnit(is)}, by ${sourceOf(is)}; ${behind(names.get(is) ?? '')}`]),
        ...keyChanges(was, is, ['value', 'unit']),
      ],
    }),
  )
}

const sourceOf = (parameter: Parameter) => `${parameter['stated-by']}: ${parameter.cites.join(', ')}`

type Ruled = Pick<Checkout, 'rules'> & { content: Pick<Content, 'facts' | 'parameters' | 'topics'> }

export function ruleChanges(before: Ruled, after: Ruled): Section {
  const [was, is] = [speech(before.content), speech(after.content)]
  return section(
    'Rules',
    recordChanges<Rule>(byCode(before.rules), byCode(after.rules), {
      name: (_, rule) =>
        after.rules.includes(rule) ? named(rule, is, after.content) : named(rule, was, before.content),
      changes: (one, other) => [
        ...retirement(one, other),
        ...sentences(one, other, was, is),
        ...others(one, other),
      ],
    }),
  )
}

/** Codes stay when a rule is renamed. */
const byCode = (rules: readonly Rule[]) => Object.fromEntries(rules.map((rule) => [rule.code, rule]))

function named(rule: Rule, { sentence }: Speech, { topics }: Pick<Content, 'topics'>): string {
  const card = rule.role === 'headline' ? `, ${rule.indicator}, about ${topicName(topics, rule.topic)}` : ''
  return `${rule.code} ${rule.title} (${roles[rule.role]}${card}): ${sentence(rule.when)}`
}

function retirement(was: Rule, is: Rule): string[] {
  if (isRetired(was) === isRetired(is)) return []
  return [isRetired(is) ? removed('retired: it no longer runs') : added('no longer retired: it runs again')]
}

/** Only where the condition itself differs: a number that moved stands under Numbers, with the rules behind it. */
function sentences(one: Rule, other: Rule, was: Speech, is: Speech): string[] {
  if (isSame(one.when, other.when)) return []
  return [removed(`holds when: ${was.sentence(one.when)}`), added(`holds when: ${is.sentence(other.when)}`)]
}

const others = (one: Rule, other: Rule) => keyChanges(one, other, ['when', 'code'])
