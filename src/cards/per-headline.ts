/** What is the same for every card of a rule, made when the rule first speaks. */
import type { RuleOf } from '../pathway/schema.ts'

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
