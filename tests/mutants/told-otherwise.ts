/** What of a call is decided otherwise under a mistake in the content. */

import { type Condition, compileCondition, type NumberOf } from '../../src/decide/conditions.ts'
import { compileRules, type Decision } from '../../src/decide/decide.ts'
import type { Content } from '../../src/pathway/content.ts'
import type { Facts } from '../../src/pathway/known.ts'
import type { Rule } from '../../src/pathway/schema.ts'
import type { ChangedFacts } from './changed-facts.ts'
import type { Mutant } from './mutant.ts'

/** The orders of one call, in their order. */
export interface Decided {
  decisions: readonly Decision[]
  /** What each mistake changes in the facts of each order. */
  changed: readonly ChangedFacts[]
}

/** The decisions that the mistake leads to; undefined where it touches nothing of this call. */
type DecideOtherwise = (call: Decided) => readonly Decision[] | undefined

export function compileOtherwise(mutant: Mutant, original: Content): DecideOtherwise {
  const { decide } = compileRules(mutant.content)
  const touches = compileTouches(mutant, original)
  return ({ decisions, changed }) => {
    const facts = decisions.map(({ facts: before }, at): Facts => {
      const other = changed[at]?.get(mutant)
      return other ? new Map([...before, ...other]) : before
    })
    const isTouched = decisions.some((decision, at) => facts[at] !== decision.facts || touches(decision))
    return isTouched
      ? decisions.map(({ kind, facts: before }, at) => decide(kind, facts[at] ?? before))
      : undefined
  }
}

type Touches = (decision: Decision) => boolean

/** Whether rules say something else of an order whose facts are the same. */
function compileTouches({ content }: Mutant, original: Content): Touches {
  if (content.parameters !== original.parameters) return numbersAskedByRules(content, original)
  if (content.rules === original.rules) return () => false
  const [rule] = original.rules.filter((each) => !content.rules.includes(each))
  if (!rule) return () => true
  const [other] = content.rules.filter((each) => !original.rules.includes(each))
  const [before, now] = [holds(rule, original), other ? holds(other, content) : () => false]
  const isSameOtherwise = other !== undefined && other.when !== rule.when
  return ({ kind, facts }) => {
    if (!rule.on.includes(kind)) return false
    if (isOnCondition(facts)) return true
    const [was, is] = [before(facts), now(facts)]
    return isSameOtherwise ? was !== is : was !== false || is !== false
  }
}

function numbersAskedByRules(content: Content, original: Content): Touches {
  const asked = JSON.stringify([original.rules, original.suggestions])
  const isAsked = Object.keys(content.parameters).some(
    (name) => content.parameters[name] !== original.parameters[name] && asked.includes(`"$${name}"`),
  )
  return () => isAsked
}

const holds = (rule: Rule, { parameters }: Content): Condition =>
  compileCondition(rule.when, numberIn(parameters))

const numberIn =
  (parameters: Content['parameters']): NumberOf =>
  (reference) =>
    typeof reference === 'number' ? reference : (parameters[reference.slice(1)]?.value ?? Number.NaN)

const onCondition = new WeakMap<Facts, boolean>()
/** Then rules are asked twice, the second time with what may be taken as not there. Looked for once, for all mistakes. */
function isOnCondition(facts: Facts): boolean {
  const is = onCondition.get(facts) ?? [...facts.values()].some(({ provided }) => provided !== undefined)
  onCondition.set(facts, is)
  return is
}
