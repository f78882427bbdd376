/** Which reasons to keep an order a card brings: those of its rule's family. */
import { familyOf, type OverrideReasons, type RuleOf } from '../pathway/schema.ts'

export interface OverrideReason {
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
