/** Which reasons to keep an order a card brings: those of its rule's family. */
import type { OverrideReasons, RuleOf } from '../content/schema.ts'

export interface OverrideReason {
  code: string
  display: string
}

/** A family that names the rule goes before one that names its topic. */
export function overrideReasonsFor(
  { reasons, families }: OverrideReasons,
  { id, topic }: Pick<RuleOf<'headline'>, 'id' | 'topic'>,
): OverrideReason[] {
  const family =
    families.find(({ rules }) => rules.includes(id)) ?? families.find(({ topics }) => topics.includes(topic))
  return (family?.reasons ?? []).flatMap((code) => {
    const reason = reasons[code]
    return reason ? [{ code, display: reason.display }] : []
  })
}
