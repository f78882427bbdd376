/** What is the same for every card of a rule, made when the rule first speaks. */
import { familyOf } from '../pathway/of-rules.ts'
import type { OverrideReasons, RuleOf } from '../pathway/schema.ts'

// Which reasons to keep an order a card brings: those of its rule's family.

interface OverrideReason {
  code: string
  display: string
}

export function overrideReasonsFor(
  { reasons, families }: OverrideReasons,
  rule: Pick<RuleOf<'headline'>, 'id' | 'topic'>,
): OverrideReason[] {
  return (familyOf(rule, families)?.reasons ?? []).flatMap((code) => {
    const reason = reasons[code]
    return reason ? [{ code, display: reason.display }] : []
  })
}

export type Headline = RuleOf<'headline'>

export function oncePerHeadline<T>(make: (headline: Headline) => T): (headline: Headline) => T {
  const made = new Map<string, T>()
  return (headline) => {
    const known = made.get(headline.id)
    if (known !== undefined) return known
    const fresh = make(headline)
    made.set(headline.id, fresh)
    return fresh
  }
}
