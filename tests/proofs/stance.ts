/** When a rule that speaks may fall silent: a gate holds, or a rule that silences its topic. */
import type { RuleOf } from '../../src/content/schema.ts'
import type { Decision } from '../../src/decide/decide.ts'

export function hasGivenWay({ closedBy, quietedBy }: Decision, rule: RuleOf<'headline'>): boolean {
  if (closedBy.some(({ verdict }) => verdict === true)) return true
  const quieter = quietedBy.get(rule.id)
  return quieter !== undefined && 'silences' in quieter && quieter.silences.includes(rule.topic)
}
