/** What a headline says of itself and no card would ever show. */
import type { Rule, RuleOf, Suggestion } from '../schema.ts'

/**
 * A card offers what is recommended first. What is recommended wherever it is offered therefore comes first whatever
 * the list says, and a list that says otherwise would tell its reader a thing that no card does.
 *
 * @param keys of suggestions, in the order of the list
 * @returns positions of those that stand after one that comes later on every card
 */
export function misplaced(
  keys: readonly string[],
  suggestions: Readonly<Record<string, Suggestion>>,
): number[] {
  const always = keys.map((key) => isAlwaysRecommended(suggestions[key]))
  const firstOther = always.indexOf(false)
  return always.flatMap((isFirst, at) => (isFirst && firstOther >= 0 && firstOther < at ? [at] : []))
}

const isAlwaysRecommended = (suggestion: Suggestion | undefined): boolean => {
  const recommended = suggestion?.['recommended-when']
  return (
    recommended !== undefined && JSON.stringify(recommended) === JSON.stringify(suggestion?.['only-when'])
  )
}

/**
 * What could not be checked is said by another rule about the same orders; where there is none, `say-so` is heard by
 * nobody.
 *
 * @param others rules that are in use
 */
export function isNeverSaid(rule: RuleOf<'headline'>, others: readonly Rule[]): boolean {
  const says = (other: Rule) =>
    other.role === 'headline' &&
    other.heard === 'last' &&
    rule.on.some((subject) => other.on.includes(subject))
  return rule['if-unknown'] === 'say-so' && !others.some(says)
}
