/** Mistakes planted in the content, one at a time and systematically: in every rule, fact and number. */

import { isAll, isAny, onlyEntry } from '../../src/decide/conditions.ts'
import type { Content } from '../../src/pathway/content.ts'
import type { FactDeclaration, Indicator, Rule, Wanted, When } from '../../src/pathway/schema.ts'

export const mutantKinds = [
  'a suggestion is left out',
  'two suggestions change places',
  'a condition is turned round',
  'a part of a condition is left out',
  'all becomes any, or any all',
  'a silenced topic is left out',
  'another indicator',
  'another priority',
  'the other answer where it cannot be told',
  'a line rides on one topic less',
  'an offer is left out',
  'a rule is left out',
  'a number is one more',
  'a number is one less',
  'a group of codes is left out',
  'a member of a group of facts is left out',
  'a window is left out',
] as const
export type MutantKind = (typeof mutantKinds)[number]

export interface Mutant {
  kind: MutantKind
  /** Where, in words: "RF04a, silences: not-now". */
  where: string
  /** Rules that it can change, for the vignettes about them to be asked first. */
  rules: readonly string[]
  content: Content
}

export function mutantsOf(content: Content): Mutant[] {
  return [
    ...content.rules.flatMap((rule) => ruleMutants(content, rule)),
    ...Object.keys(content.facts).flatMap((fact) => factMutants(content, fact)),
    ...numberMutants(content),
  ]
}

// ---------------------------------------------------------------- rules

interface Planted {
  kind: MutantKind
  what: string
  rule?: Rule
}

function ruleMutants(content: Content, rule: Rule): Mutant[] {
  const planted: Planted[] = [
    { kind: 'a rule is left out', what: 'all of it' },
    ...whenMutants(rule.when).map(({ kind, what, when }) => ({ kind, what, rule: { ...rule, when } })),
    ...silenceMutants(rule),
    ...(rule.role === 'headline' ? headlineMutants(rule) : []),
    ...(rule.role === 'line' ? lineMutants(rule) : []),
    ...(rule.role === 'line' || rule.role === 'offer' ? offerMutants(rule) : []),
    ...(rule.role === 'gate'
      ? [
          {
            kind: 'the other answer where it cannot be told' as const,
            what: 'if-unknown',
            rule: {
              ...rule,
              'if-unknown': rule['if-unknown'] === 'stop' ? ('hold-back' as const) : ('stop' as const),
            },
          },
        ]
      : []),
  ]
  return planted.map((one) => ({
    kind: one.kind,
    where: `${rule.code} ${one.what}`,
    rules: [rule.code],
    content: {
      ...content,
      rules: content.rules.flatMap((each) => (each === rule ? (one.rule ?? []) : each)),
    },
  }))
}

const without = <T>(list: readonly T[], position: number) => list.filter((_, at) => at !== position)

function silenceMutants(rule: Rule): Planted[] {
  if (rule.role !== 'silencer' && rule.role !== 'headline') return []
  return rule.silences.map((topic, at) => ({
    kind: 'a silenced topic is left out',
    what: `silences ${topic}`,
    rule: { ...rule, silences: without(rule.silences, at) },
  }))
}

type Headline = Extract<Rule, { role: 'headline' }>
const others: Readonly<Record<Indicator, Indicator>> = {
  info: 'warning',
  warning: 'info',
  critical: 'warning',
}

function headlineMutants(rule: Headline): Planted[] {
  const { suggests } = rule
  const [first, second, ...rest] = suggests
  return [
    ...suggests.map(
      (key, at): Planted => ({
        kind: 'a suggestion is left out',
        what: `suggests ${key}`,
        rule: { ...rule, suggests: without(suggests, at) },
      }),
    ),
    ...(first && second
      ? [
          {
            kind: 'two suggestions change places' as const,
            what: 'suggests',
            rule: { ...rule, suggests: [second, first, ...rest] },
          },
        ]
      : []),
    { kind: 'another indicator', what: 'indicator', rule: { ...rule, indicator: others[rule.indicator] } },
    ...priorities(rule),
    // What warns speaks of what it sees: only advice against an order can be held back.
    ...(rule.stance === 'discourages'
      ? [
          {
            kind: 'the other answer where it cannot be told' as const,
            what: 'if-unknown',
            rule: {
              ...rule,
              'if-unknown': rule['if-unknown'] === 'silent' ? ('say-so' as const) : ('silent' as const),
            },
          },
        ]
      : []),
  ]
}

/** First of all, and last. */
const priorities = <R extends Extract<Rule, { priority: number }>>(rule: R): Planted[] =>
  [1, 98]
    .filter((priority) => priority !== rule.priority)
    .map((priority) => ({
      kind: 'another priority',
      what: `priority ${priority}`,
      rule: { ...rule, priority },
    }))

function lineMutants(rule: Extract<Rule, { role: 'line' }>): Planted[] {
  const riding = rule['rides-on']
  return [
    ...riding.map(
      (topic, at): Planted => ({
        kind: 'a line rides on one topic less',
        what: `rides-on ${topic}`,
        rule: {
          ...rule,
          'rides-on': without(riding, at),
        },
      }),
    ),
    ...priorities(rule),
  ]
}

const offerMutants = (rule: Extract<Rule, { role: 'line' | 'offer' }>): Planted[] =>
  rule.offers.map((key, at) => ({
    kind: 'an offer is left out',
    what: `offers ${key}`,
    rule: { ...rule, offers: without(rule.offers, at) },
  }))

// ---------------------------------------------------------------- conditions

interface PlantedWhen {
  kind: MutantKind
  what: string
  when: When
}

export function whenMutants(when: When): PlantedWhen[] {
  if (isAll(when) || isAny(when)) {
    const isEvery = isAll(when)
    const parts = isEvery ? when.all : when.any
    const made = (list: When[]): When => (isEvery ? { all: list } : { any: list })
    return [
      ...(parts.length > 1
        ? [
            {
              kind: 'all becomes any, or any all' as const,
              what: `when ${shortOf(when)}`,
              when: isEvery ? { any: parts } : { all: parts },
            },
            ...parts.map((part, at) => ({
              kind: 'a part of a condition is left out' as const,
              what: `when without ${shortOf(part)}`,
              when: made(without(parts, at)),
            })),
          ]
        : []),
      ...parts.flatMap((part, at) =>
        whenMutants(part).map((each) => ({
          ...each,
          when: made(parts.map((old, other) => (other === at ? each.when : old))),
        })),
      ),
    ]
  }
  const [fact, wanted] = onlyEntry(when)
  const turned = turnedRound(wanted)
  return turned === undefined
    ? []
    : [{ kind: 'a condition is turned round', what: `when not ${shortOf(when)}`, when: { [fact]: turned } }]
}

function turnedRound(wanted: Wanted): Wanted | undefined {
  if (typeof wanted === 'boolean') return !wanted
  // Another word would be another question.
  if (typeof wanted === 'string') return undefined
  const [[name, limit] = ['below', 0]] = Object.entries(wanted) as [string, string | number][]
  const opposite =
    { 'at-least': 'below', below: 'at-least', 'at-most': 'above', above: 'at-most' }[name] ?? 'below'
  return { [opposite]: limit } as Wanted
}

const shortOf = (when: When): string => {
  if (isAll(when)) return `all of (${when.all.map(shortOf).join(', ')})`
  if (isAny(when)) return `any of (${when.any.map(shortOf).join(', ')})`
  const [fact, wanted] = onlyEntry(when)
  return `${fact}: ${typeof wanted === 'object' ? Object.entries(wanted).flat().join(' ') : wanted}`
}

// ---------------------------------------------------------------- facts and numbers

function factMutants(content: Content, name: string): Mutant[] {
  const fact = content.facts[name]
  if (!fact) return []
  const rules = rulesAsking(content, name)
  return plantedIn(fact).map(({ kind, what, fact: changed }) => ({
    kind,
    where: `${name} ${what}`,
    rules,
    content: { ...content, facts: { ...content.facts, [name]: changed } },
  }))
}

interface PlantedFact {
  kind: MutantKind
  what: string
  fact: FactDeclaration
}

function plantedIn(fact: FactDeclaration): PlantedFact[] {
  const planted: PlantedFact[] = []
  if ('codes' in fact && fact.codes && !Array.isArray(fact.codes)) {
    for (const [set, groups] of Object.entries(fact.codes)) {
      groups.forEach((group, at) => {
        const left = without(groups, at)
        const { [set]: _, ...sets } = fact.codes as Record<string, string[]>
        const codes = left.length > 0 ? { ...sets, [set]: left } : sets
        planted.push({
          kind: 'a group of codes is left out',
          what: `codes ${set}/${group}`,
          fact: { ...fact, codes } as FactDeclaration,
        })
      })
    }
  }
  if (fact.kind === 'group') {
    for (const key of ['any-of', 'all-of'] as const) {
      const members = fact[key] ?? []
      if (members.length > 1)
        members.forEach((member, at) => {
          planted.push({
            kind: 'a member of a group of facts is left out',
            what: `${key} ${member}`,
            fact: { ...fact, [key]: without(members, at) },
          })
        })
    }
  }
  for (const key of [
    'within',
    'within-if-active',
    'beyond',
    'not-older-than-episode',
    'started-at-least',
  ] as const) {
    if (!(key in fact) || (fact as Record<string, unknown>)[key] === undefined) continue
    const { [key]: _, ...rest } = fact as Record<string, unknown>
    planted.push({ kind: 'a window is left out', what: key, fact: rest as FactDeclaration })
  }
  return planted
}

/** Codes of the rules that ask a fact, themselves or through a group of facts. */
function rulesAsking(content: Content, name: string): string[] {
  const asked = new Set([name])
  for (let grown = 0; grown !== asked.size; ) {
    grown = asked.size
    for (const [other, fact] of Object.entries(content.facts)) {
      const members =
        fact.kind === 'group'
          ? [...(fact['any-of'] ?? []), ...(fact['all-of'] ?? [])]
          : fact.kind === 'placed'
            ? [fact.fact]
            : []
      if (members.some((member) => asked.has(member))) asked.add(other)
    }
  }
  return content.rules
    .filter(({ when }) => [...asked].some((fact) => JSON.stringify(when).includes(`"${fact}":`)))
    .map(({ code }) => code)
}

/** Of numbers that a card rests on. Those of pages for patients have tests of their own. */
function numberMutants(content: Content): Mutant[] {
  const { rules, facts, suggestions, episode, medicines } = content
  const onCards = JSON.stringify([rules, facts, suggestions, episode, medicines])
  return Object.entries(content.parameters).flatMap(([name, parameter]) => {
    const text = `$${name}"`
    if (!onCards.includes(`"${text}`)) return []
    const asking = content.rules
      .filter(({ when }) => JSON.stringify(when).includes(text))
      .map(({ code }) => code)
    const through = Object.entries(content.facts).flatMap(([fact, declared]) =>
      JSON.stringify(declared).includes(text) ? rulesAsking(content, fact) : [],
    )
    const step = Number.isInteger(parameter.value) ? 1 : 0.1
    return ([1, -1] as const).map((direction) => ({
      kind: direction > 0 ? ('a number is one more' as const) : ('a number is one less' as const),
      where: `$${name} ${parameter.value}`,
      rules: [...new Set([...asking, ...through])],
      content: {
        ...content,
        parameters: {
          ...content.parameters,
          [name]: { ...parameter, value: parameter.value + direction * step },
        },
      },
    }))
  })
}
