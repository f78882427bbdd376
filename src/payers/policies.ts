/**
 * What a payer's policy says of an order, from what the pathway found. Pure. What the chart does not tell is never said as if
 * it were known: then the answer is `conditional`, or `indeterminate` where data did not come.
 */

import { type Condition, compileCondition, factsIn, type Verdict } from '../decide/conditions.ts'
import type { Decision } from '../decide/decide.ts'
import type { Content } from '../pathway/content.ts'
import type { Otherwise, Policy } from '../site/coverage.ts'

export type Ruling =
  | { is: 'told'; said: Otherwise /** Position of the assertion; undefined for `otherwise`. */; at?: number }
  /** Nobody can tell from this chart, or from what came of it: one of these, which may agree in part. */
  | { is: 'unknown' | 'not-read'; reason: string; oneOf: readonly Otherwise[] }

export type Judge = (decision: Decision) => Ruling

export function compilePolicy(
  { assertions, otherwise, 'if-unknown': unknown, 'if-not-read': notRead }: Policy,
  { rules, parameters }: Pick<Content, 'rules' | 'parameters'>,
): Judge {
  const numberOf = (reference: string | number) =>
    typeof reference === 'number' ? reference : (parameters[reference.slice(1)]?.value ?? Number.NaN)
  const compiled = assertions.map(({ rules: codes = [], when, ...said }) => {
    const named = rules.filter(({ code }) => codes.includes(code))
    const holds = when && compileCondition(when, numberOf)
    const facts = [...(when ? factsIn(when) : []), ...named.flatMap((rule) => factsIn(rule.when))]
    return {
      said,
      facts,
      isByRule: codes.length > 0,
      holds: (decision: Decision) => verdictOf(decision, codes, holds),
    }
  })
  return (decision) => {
    for (const [at, { said, facts, isByRule, holds }] of compiled.entries()) {
      const verdict = holds(decision)
      if (verdict === true) return { is: 'told', said, at }
      if (verdict === undefined) {
        const oneOf = [...compiled.slice(at).map((each) => each.said), otherwise]
        return lacksData(decision, facts, isByRule)
          ? { is: 'not-read', reason: notRead, oneOf }
          : { is: 'unknown', reason: unknown, oneOf }
      }
    }
    return { is: 'told', said: otherwise }
  }
}

/** By `when`, or whether one of these headlines speaks. */
function verdictOf(decision: Decision, codes: readonly string[], when: Condition | undefined): Verdict {
  if (when) return when(decision.facts)
  let verdict: Verdict = false
  for (const code of codes) {
    const speaks = speaking(decision, code)
    if (speaks === true) return true
    if (speaks === undefined) verdict = undefined
  }
  return verdict
}

/** As the pathway ends up: advice that is held back, or stands on a condition, is not known to hold. */
function speaking(
  { findings, headlines, heldBack, conditions, closedBy, quietedBy }: Decision,
  code: string,
): Verdict {
  const finding = findings.find(({ rule }) => rule.code === code)
  if (!finding || finding.verdict === false) return false
  const { rule } = finding
  if (headlines.some(({ id }) => id === rule.id)) return conditions.has(rule.id) ? undefined : true
  if (heldBack.some(({ id }) => id === rule.id)) return undefined
  if (closedBy.length > 0) return closedBy.every(({ verdict }) => verdict === undefined) ? undefined : false
  // Quieted by what is known, or a warning of which nobody can tell.
  return finding.verdict === undefined && !quietedBy.has(rule.id) ? undefined : false
}

/** Did anything of what it rests on not come? For a headline also what might have quieted it. */
function lacksData(
  { facts, doubts, closedBy }: Decision,
  asked: readonly string[],
  isByRule: boolean,
): boolean {
  const behind = isByRule ? [...doubts, ...closedBy].flatMap(({ rule }) => factsIn(rule.when)) : []
  return [...asked, ...behind].some((fact) => {
    const known = facts.get(fact)
    return known !== undefined && known.value === undefined && known.gaps.length > 0
  })
}

/** Facts that a policy asks beside those of the rules. */
export const factsOf = ({ assertions }: Policy): string[] =>
  assertions.flatMap(({ when }) => (when ? factsIn(when) : []))
