/** What every rule said of a case: those that hold as a tree of questions and answers, the others in a line. */
import pc from 'picocolors'
import type { PlannedCard } from '../../decide/compose.ts'
import {
  compileCondition,
  isAll,
  isAny,
  type NumberOf,
  onlyEntry,
  type Verdict,
} from '../../decide/conditions.ts'
import type { Decision, Finding } from '../../decide/decide.ts'
import type { Speech } from '../../docs/sentence.ts'
import type { Explanation } from '../../evaluate.ts'
import type { Evidence, Facts, Known, Value } from '../../pathway/known.ts'
import type { Rule, RuleOf, Wanted, When } from '../../pathway/schema.ts'
import { aligned, coloured, hanging, harmless, terminalWidth } from './text.ts'

// Who was heard and who was not: gates that closed, rules that quieted others, cards held back and in doubt of what.

// Why nothing is shown, in a few sentences: a reader should not have to guess whether something is broken.
export function whyNothing({
  orders,
  decisions,
  planned,
}: Pick<Explanation, 'orders' | 'decisions' | 'planned'>): string[] {
  if (orders.length === 0)
    return ['None of these orders is lumbar imaging or an opioid, so the pathway has nothing to say.']
  // Only when somebody else answered: this content would have shown a card.
  if (planned.length > 0) {
    const codes = planned.map(({ headline }) => headline.code).join(', ')
    return [`The content here would show ${codes}: the service runs another version, or has said it lately.`]
  }
  return decisions.map((decision, at) => `${orders[at]?.name || 'The chart'}: ${why(decision)}`)
}

function why({ closedBy, quietedBy, heldBack, findings }: Decision): string {
  if (closedBy.length > 0) {
    const gates = closedBy.map(
      ({ rule, verdict }) => `${rule.code} ${rule.title}${verdict === undefined ? ' (cannot be told)' : ''}`,
    )
    return `the pathway stays out of it. ${gates.join('; ')}.`
  }
  const quieted = findings.flatMap(({ rule, verdict }) => {
    const by = quietedBy.get(rule.id)
    return by && verdict === true ? [`${by.code} (${by.title}) quiets ${rule.code} (${rule.title})`] : []
  })
  if (quieted.length > 0) return `that is right as it is. ${quieted.join('; ')}.`
  if (heldBack.length > 0)
    return `not all could be told, so ${heldBack.map(({ code }) => code).join(', ')} could not speak.`
  const quiet = findings
    .filter(({ rule, verdict }) => rule.role === 'silencer' && verdict === true)
    .map(({ rule }) => rule)
  if (quiet.length > 0)
    return `that is right as it is. ${quiet.map(({ code, title }) => `${code} ${title}`).join('; ')}.`
  return 'no rule holds that would show a card.'
}

const nothingBut = (gate: RuleOf<'gate'>) =>
  gate['lets-speak'].length > 0
    ? `nothing is said but of ${gate['lets-speak'].join(', ')}`
    : 'nothing is said'

export function outcomeLines(decision: Decision, planned: readonly PlannedCard[]): string[] {
  const { closedBy, headlines, heldBack, doubts } = decision
  const told = [
    ...closedBy.map(({ rule, verdict }) =>
      say('✕', rule, verdict === undefined ? `cannot be told, so ${nothingBut(rule)}` : nothingBut(rule)),
    ),
    ...headlines.map((rule) =>
      say('▶', rule, (placeOf(rule, planned) ?? 'may speak, and is not shown') + onCondition(rule, decision)),
    ),
    ...(closedBy.length > 0 ? [] : linesOf(decision, planned)),
    ...quieted(decision),
    ...heldBack.map((rule) => say('?', rule, 'held back, because something could not be told')),
    ...doubts.map(({ rule }) =>
      say('?', rule, 'cannot be told, so cards that need the whole chart are held back'),
    ),
  ].flat()
  return told.length > 0 ? told : ['  No rule speaks, and none is held back.']
}

function onCondition({ id }: Rule, { conditions }: Decision): string {
  const facts = conditions.get(id)?.map(({ fact }) => fact) ?? []
  return facts.length > 0 ? `, if these are not so, which could not be looked up: ${facts.join(', ')}` : ''
}

function linesOf({ lines }: Decision, planned: readonly PlannedCard[]): string[] {
  const apart = lines.filter((rule) => !placeOf(rule, planned)).map(({ code }) => code)
  const riding = lines.flatMap((rule) => {
    const place = placeOf(rule, planned)
    return place ? say('+', rule, place) : []
  })
  const without = `Lines without a card to ride on: ${apart.join(', ')}.`
  return [...riding, ...(apart.length > 0 ? hanging('    ', coloured(without, pc.dim), terminalWidth()) : [])]
}

/** Rules that hold and were quieted; that a rule which does not hold would have been is of no interest. */
function quieted({ findings, quietedBy }: Decision): string[] {
  return findings.flatMap(({ rule, verdict }) => {
    const by = quietedBy.get(rule.id)
    return by && verdict === true ? say('–', rule, `holds, and is quieted by ${by.code} ${by.title}`) : []
  })
}

function placeOf(rule: Rule, planned: readonly PlannedCard[]): string | undefined {
  if (planned.some(({ headline }) => headline.id === rule.id)) return 'gives the headline'
  const card = planned.find(({ lines }) => lines.some(({ id }) => id === rule.id))
  return card && `a line on ${card.headline.code}`
}

type Mark = '✕' | '▶' | '+' | '–' | '?'
const colours: Readonly<Record<Mark, (text: string) => string>> = {
  '✕': pc.red,
  '▶': pc.green,
  '+': pc.cyan,
  '–': pc.dim,
  '?': pc.yellow,
}

const say = (mark: Mark, { code, title }: Rule, what: string) =>
  hanging(`  ${colours[mark](mark)} `, `${pc.bold(code)} ${title}: ${what}.`, terminalWidth())

// What was found out about a case: each fact with its answer, its evidence, and what did not come.
/** Evidence named before the rest is left to the record. */
const mostEvidence = 4

interface FactGroup {
  name: string
  facts: readonly string[]
}

export function factLines(groups: readonly FactGroup[], facts: Facts, showAll: boolean): string[] {
  const named = new Set(groups.flatMap((group) => group.facts))
  const others = { name: 'others', facts: [...facts.keys()].filter((fact) => !named.has(fact)) }
  return [...groups, others].flatMap((group) => groupLines(group, facts, showAll))
}

function groupLines({ name, facts: names }: FactGroup, facts: Facts, showAll: boolean): string[] {
  const asked = names.flatMap((fact): [string, Known][] => {
    const known = facts.get(fact)
    return known ? [[fact, known]] : []
  })
  if (asked.length === 0) return []
  const shown = showAll ? asked : asked.filter(([, { value }]) => value !== false)
  const absent = showAll ? [] : asked.filter(([, { value }]) => value === false).map(([fact]) => fact)
  return [
    pc.bold(titleOf(name)),
    ...aligned(
      shown.map(([fact, known]) => [fact, answerOf(known.value), supportOf(known)]),
      2,
    ),
    ...(absent.length > 0
      ? hanging(pc.dim('  no: '), coloured(absent.join(', '), pc.dim), terminalWidth())
      : []),
    '',
  ]
}

const titleOf = (name: string) =>
  name.replaceAll('-', ' ').replace(/^\p{Ll}/u, (letter) => letter.toUpperCase())

function answerOf(value: Value | undefined): string {
  if (value === undefined) return pc.yellow('cannot tell')
  if (value === true) return pc.green('yes')
  if (value === false) return pc.dim('no')
  return pc.cyan(typeof value === 'string' ? value.replaceAll('-', ' ') : rangeOf(value))
}

function rangeOf({ low, high }: { low: number; high: number }): string {
  if (low === high) return String(low)
  if (!Number.isFinite(high)) return `${low} or more`
  return Number.isFinite(low) ? `${low} to ${high}` : `${high} or less`
}

function supportOf({ evidence, gaps }: Known): string {
  const more = evidence.length - mostEvidence
  const said = [...evidence.slice(0, mostEvidence).map(told), ...(more > 0 ? [`and ${more} more`] : [])].join(
    '; ',
  )
  const missing = gaps.length > 0 ? coloured(`did not come whole: ${gaps.join(', ')}`, pc.yellow) : ''
  return [coloured(said, pc.dim), missing].filter((part) => part !== '').join(' ')
}

const ways: Readonly<Record<Evidence['how'], string>> = {
  code: '',
  alias: ', by another name of its code system',
  local: ', by a code of this site',
  name: ', matched by name',
  words: ', in words',
  element: '',
  'not-read': ', could not be read',
  answer: ', answered by the clinician',
}

function told({ what, date, reference, how }: Evidence): string {
  const where = reference === 'order' ? 'the order' : reference
  return harmless([what, date?.slice(0, 10), `(${where}${ways[how]})`].filter(Boolean).join(' '))
}

interface RuleGroup {
  title: string
  ids: readonly string[]
}

/** How conditions are put into words and judged. */
interface Reading {
  speech: Speech
  numberOf: NumberOf
  /** Trees of rules that do not hold, too. */
  showAll: boolean
}

const marks = { holds: pc.green('●'), fails: pc.dim('○'), unknown: pc.yellow('?') }
const markOf = (verdict: Verdict) =>
  verdict === undefined ? marks.unknown : verdict ? marks.holds : marks.fails

export const legend = `${marks.holds} holds   ${marks.fails} does not hold   ${marks.unknown} cannot be told`

export function ruleLines(groups: readonly RuleGroup[], decision: Decision, reading: Reading): string[] {
  const tree = new Tree(decision.facts, reading)
  return groups.flatMap(({ title, ids }) => {
    const findings = decision.findings.filter(({ rule }) => ids.includes(rule.id))
    if (findings.length === 0) return []
    return [pc.bold(title), ...findings.flatMap((finding) => oneRule(finding, tree, reading.showAll)), '']
  })
}

function oneRule({ rule, verdict }: Finding, tree: Tree, showAll: boolean): string[] {
  const mark = `  ${markOf(verdict)} `
  const title = `${pc.bold(rule.code)} ${rule.title}`
  if (verdict === false && !showAll) {
    const because = `${title}: ${tree.reasons(rule.when).join(', ')}`
    return hanging(mark, coloured(because, pc.dim), terminalWidth())
  }
  const head = hanging(mark, `${title} ${coloured(`(${kindOf(rule)})`, pc.dim)}`, terminalWidth())
  return [...head, ...tree.lines(rule.when, '      ')]
}

function kindOf(rule: Rule): string {
  if (rule.role === 'headline')
    return `card, ${rule.indicator}, about ${rule.topic}, priority ${rule.priority}`
  if (rule.role === 'silencer') return `silencer of ${rule.silences.join(', ')}`
  return rule.role
}

class Tree {
  readonly #facts: Facts
  readonly #reading: Reading

  constructor(facts: Facts, reading: Reading) {
    this.#facts = facts
    this.#reading = reading
  }

  lines(when: When, indent: string): string[] {
    const mark = `${indent}${markOf(this.#verdictOf(when))} `
    const below = (parts: readonly When[]) => parts.flatMap((each) => this.lines(each, `${indent}  `))
    if (isAll(when)) return [`${mark}all of`, ...below(when.all)]
    if (isAny(when)) return [`${mark}any of`, ...below(when.any)]
    const [fact, wanted] = onlyEntry(when)
    const asked = coloured(`is ${this.#asked(wanted)}?`, pc.dim)
    return hanging(mark, `${fact} ${asked} ${this.#answer(fact)}`, terminalWidth())
  }

  /** The answers that make it fail: the first of an `all`, every one of an `any`. */
  reasons(when: When): string[] {
    if (isAll(when)) {
      const failing = when.all.find((each) => this.#verdictOf(each) === false)
      return failing ? this.reasons(failing) : []
    }
    if (isAny(when)) return [...new Set(when.any.flatMap((each) => this.reasons(each)))]
    const [fact] = onlyEntry(when)
    return [`${fact} is ${this.#answer(fact)}`]
  }

  #asked(wanted: Wanted): string {
    if (typeof wanted === 'object') return this.#reading.speech.comparison(wanted)
    return typeof wanted === 'string' ? wanted.replaceAll('-', ' ') : wanted ? 'yes' : 'no'
  }

  #answer(fact: string): string {
    return answerOf(this.#facts.get(fact)?.value)
  }

  #verdictOf(when: When): Verdict {
    return compileCondition(when, this.#reading.numberOf)(this.#facts)
  }
}
