/** What every rule said of a case: those that hold as a tree of questions and answers, the others in a line. */
import pc from 'picocolors'
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
import type { Facts } from '../../pathway/known.ts'
import type { Rule, Wanted, When } from '../../pathway/schema.ts'
import { answerOf } from './facts.ts'
import { coloured, hanging, terminalWidth } from './text.ts'

export interface RuleGroup {
  title: string
  ids: readonly string[]
}

/** How conditions are put into words and judged. */
export interface Reading {
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
