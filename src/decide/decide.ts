/** Which rules hold for one order, which do not, and which nobody can tell. Pure: facts in, findings out. */
import type { Content } from '../pathway/content.ts'
import type { Facts, Known, Proviso } from '../pathway/known.ts'
import type { Rule, RuleOf, Subject, Topic } from '../pathway/schema.ts'
import { type Condition, compileCondition, factsIn, type NumberOf, type Verdict } from './conditions.ts'

/** What a rule said of this case. */
export interface Finding<R extends Rule = Rule> {
  rule: R
  verdict: Verdict
}

export interface Decision {
  kind: Subject
  facts: Facts
  /** Every rule of this order kind, in file order. */
  findings: readonly Finding[]
  /** Gates that hold: the pathway says nothing but what each of them lets speak. */
  closedBy: readonly Finding<RuleOf<'gate'>>[]
  /** Headlines that may speak, strongest first. */
  headlines: readonly RuleOf<'headline'>[]
  /** By the rule of a headline: what advice that it gives on a condition asks to make sure of. */
  conditions: ReadonlyMap<string, readonly Proviso[]>
  /** Headlines that would discourage, and cannot because something could not be told. */
  heldBack: readonly RuleOf<'headline'>[]
  /** Gates and silencers that could not be told, and held something back. */
  doubts: readonly Finding[]
  /** Rules that quieted a headline, by the rule they quieted. */
  quietedBy: ReadonlyMap<string, Rule>
  lines: readonly RuleOf<'line'>[]
  /** Rules by which something may be offered … */
  offers: readonly OfferingRule[]
  /** … and those of which nobody can tell. */
  offersInDoubt: readonly OfferingRule[]
}

type OfferingRule = RuleOf<'line'> | RuleOf<'offer'>

export interface Program {
  /** Facts that the rules of this order kind ask. */
  wanted(kind: Subject): readonly string[]
  decide(kind: Subject, facts: Facts): Decision
}

interface CompiledRule {
  rule: Rule
  holds: Condition
}

export function compileRules(
  content: Pick<Content, 'rules' | 'parameters' | 'suggestions' | 'facts'>,
): Program {
  const numberOf: NumberOf = (reference) => {
    if (typeof reference === 'number') return reference
    const parameter = content.parameters[reference.slice(1)]
    if (!parameter) throw new Error(`no parameter ${reference}`)
    return parameter.value
  }
  const compiled = content.rules.map((rule) => ({ rule, holds: compileCondition(rule.when, numberOf) }))
  const byKind = new Map<Subject, CompiledRule[]>()
  for (const each of compiled) {
    for (const kind of each.rule.on) byKind.set(kind, [...(byKind.get(kind) ?? []), each])
  }
  const offered = Object.values(content.suggestions.suggestions).flatMap((each) =>
    [each['only-when'], each['safe-when'], each['recommended-when']].flatMap((when) =>
      when ? factsIn(when) : [],
    ),
  )
  // Every card tells when the pain began, whatever its rule asks.
  const told = Object.keys(content.facts).filter((fact) => content.facts[fact]?.kind === 'episode')
  const wanted = new Map(
    [...byKind].map(([kind, rules]) => [
      kind,
      unique([...rules.flatMap(({ rule }) => factsIn(rule.when)), ...offered, ...told]),
    ]),
  )
  return {
    wanted: (kind) => wanted.get(kind) ?? [],
    decide: (kind, facts) => decideOnConditions(kind, facts, byKind.get(kind) ?? []),
  }
}

const unique = (names: readonly string[]) => [...new Set(names)]

/**
 * Where advice against an order is held back, it is judged once more with what may be taken as not there: what speaks
 * then speaks on that condition. Nothing else changes by it, so that nothing is left out or cleared by what is unknown.
 * Where an emergency may be, there is no such advice.
 */
function decideOnConditions(kind: Subject, facts: Facts, rules: readonly CompiledRule[]): Decision {
  const decision = decide(kind, facts, rules)
  if (decision.closedBy.length > 0 || decision.heldBack.length === 0) return decision
  const assumed = decision.findings.some(forbidsConditions) ? facts : withAssumptions(facts)
  if (assumed === facts) return decision
  const provided = decide(kind, assumed, rules)
  const conditions = new Map<string, readonly Proviso[]>()
  for (const rule of provided.headlines.filter((each) => decision.heldBack.includes(each))) {
    const named = conditionsOf(rule, decision, facts)
    if (named.length > 0) conditions.set(rule.id, named)
  }
  const allowed = decision.heldBack.filter(({ id }) => conditions.has(id))
  if (allowed.length === 0) return decision
  const spoken = decision.headlines.filter(({ heard }) => heard !== 'last')
  return {
    ...decision,
    headlines: [...spoken, ...allowed].sort((a, b) => a.priority - b.priority),
    conditions,
    heldBack: decision.heldBack.filter((rule) => !allowed.includes(rule)),
  }
}

const forbidsConditions = ({ rule, verdict }: Finding) =>
  verdict === undefined && rule.role === 'headline' && rule['forbids-conditions']

function withAssumptions(facts: Facts): Facts {
  const assumed = new Map<string, Known>()
  for (const [fact, { value, evidence, gaps, provided }] of facts) {
    if (value === undefined && provided) assumed.set(fact, { value: provided.value, evidence, gaps })
  }
  return assumed.size === 0 ? facts : new Map([...facts, ...assumed])
}

/** Of the facts that the rule itself rests on, then of those that might have quieted it or closed the pathway. */
function conditionsOf(rule: RuleOf<'headline'>, { findings }: Decision, facts: Facts): Proviso[] {
  const unsure = findings.filter(({ verdict }) => verdict === undefined).map(({ rule: other }) => other)
  const quieting = unsure.filter((other) => 'silences' in other && other.silences.includes(rule.topic))
  const gates = unsure.filter(({ role }) => role === 'gate')
  const named = new Map<string, Proviso>()
  for (const fact of [rule, ...quieting, ...gates].flatMap(({ when }) => factsIn(when))) {
    const { value, provided } = facts.get(fact) ?? {}
    if (value === undefined) for (const proviso of provided?.that ?? []) named.set(proviso.fact, proviso)
  }
  return [...named.values()]
}

function decide(kind: Subject, facts: Facts, rules: readonly CompiledRule[]): Decision {
  const findings = rules.map(({ rule, holds }) => ({ rule, verdict: holds(facts) }))
  // Of most rules it is known that they do not hold, and those say nothing.
  const possible = findings.filter(({ verdict }) => verdict !== false)
  const gates = possible.filter(isRole('gate'))
  const closedBy = gates.filter(({ rule, verdict }) => verdict === true || rule['if-unknown'] === 'stop')
  const quiet = quieting(possible)
  const doubts: Finding[] = gates.filter(({ verdict }) => verdict === undefined)
  const isOpen = doubts.length === 0
  const speaking: RuleOf<'headline'>[] = []
  const heldBack: RuleOf<'headline'>[] = []
  const quietedBy = new Map<string, Rule>()

  for (const { rule, verdict } of possible.filter(isRole('headline'))) {
    if (rule.heard === 'last' || closedBy.some((gate) => !letsSpeak(gate.rule, rule))) continue
    const silencer = quiet.surely(rule)
    if (silencer) {
      quietedBy.set(rule.id, silencer)
      continue
    }
    if (rule.stance === 'warns') {
      if (verdict === true) speaking.push(rule)
      continue
    }
    const unsure = quiet.perhaps(rule)
    doubts.push(...unsure)
    if (verdict === true && unsure.length === 0 && isOpen) speaking.push(rule)
    else heldBack.push(rule)
  }
  const headlines = [...speaking, ...fallback(possible, speaking, heldBack, quiet)]
  return {
    kind,
    facts,
    findings,
    closedBy,
    headlines: headlines.sort((a, b) => a.priority - b.priority),
    conditions: noConditions,
    heldBack,
    doubts: [...new Set(doubts)],
    quietedBy,
    lines: rulesWith(true, possible.filter(isRole('line'))),
    offers: rulesWith(true, possible.filter(isOffering)),
    offersInDoubt: rulesWith(undefined, possible.filter(isOffering)),
  }
}

const letsSpeak = (gate: RuleOf<'gate'>, { topic }: RuleOf<'headline'>) => gate['lets-speak'].includes(topic)

const noConditions: Decision['conditions'] = new Map()

const isOffering = (finding: Finding): finding is Finding<OfferingRule> =>
  (finding.rule.role === 'line' || finding.rule.role === 'offer') && finding.rule.offers.length > 0

const rulesWith = <R extends Rule>(wanted: Verdict, findings: readonly Finding<R>[]): R[] =>
  findings.flatMap(({ rule, verdict }) => (verdict === wanted ? [rule] : []))

/** Says what could not be checked, when a rule that should say so was held back and nothing else speaks. */
function fallback(
  possible: readonly Finding[],
  speaking: readonly RuleOf<'headline'>[],
  heldBack: readonly RuleOf<'headline'>[],
  quiet: Quieting,
): RuleOf<'headline'>[] {
  if (speaking.length > 0 || !heldBack.some((rule) => rule['if-unknown'] === 'say-so')) return []
  return possible
    .filter(isRole('headline'))
    .flatMap(({ rule, verdict }) =>
      rule.heard === 'last' && verdict === true && !quiet.surely(rule) ? [rule] : [],
    )
}

interface Quieting {
  /** A rule that holds and silences this rule's topic. */
  surely(rule: RuleOf<'headline'>): Rule | undefined
  /** Rules that may hold and would silence it. */
  perhaps(rule: RuleOf<'headline'>): Finding[]
}

/** Silencers and headlines quiet topics. A headline never quiets its own. */
function quieting(possible: readonly Finding[]): Quieting {
  const sure = new Map<Topic, Rule>()
  const unsure = new Map<Topic, Finding[]>()
  for (const finding of possible) {
    const { rule, verdict } = finding
    if (rule.role !== 'silencer' && rule.role !== 'headline') continue
    for (const topic of rule.silences) {
      if (verdict === true) sure.set(topic, sure.get(topic) ?? rule)
      else unsure.set(topic, [...(unsure.get(topic) ?? []), finding])
    }
  }
  return {
    surely: (rule) => {
      const silencer = sure.get(rule.topic)
      return silencer === rule ? undefined : silencer
    },
    perhaps: (rule) => (unsure.get(rule.topic) ?? []).filter((finding) => finding.rule !== rule),
  }
}

const isRole =
  <R extends Rule['role']>(role: R) =>
  (finding: Finding): finding is Finding<RuleOf<R>> =>
    finding.rule.role === role
