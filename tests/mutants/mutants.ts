/** Mistakes planted in the content, one at a time and systematically: in every rule, fact and number. */
import { isAll, isAny, onlyEntry } from '../../src/decide/conditions.ts'
import type { Content } from '../../src/pathway/content.ts'
import type { Indicator, Rule, Wanted, When } from '../../src/pathway/schema.ts'
import { factMutants, numberMutants } from './fact-mutants.ts'
import { type Mutant, type MutantKind, without } from './mutant.ts'

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

function whenMutants(when: When): PlantedWhen[] {
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
