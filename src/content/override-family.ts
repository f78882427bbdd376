/** Which reasons to keep an order belong to a card. */
import type { OverrideReasons, RuleOf } from './schema.ts'

/** The family that names the rule, else the one that names its topic. */
export const familyOf = (
  { id, topic }: Pick<RuleOf<'headline'>, 'id' | 'topic'>,
  families: OverrideReasons['families'],
): OverrideReasons['families'][number] | undefined =>
  families.find(({ rules }) => rules.includes(id)) ?? families.find(({ topics }) => topics.includes(topic))
