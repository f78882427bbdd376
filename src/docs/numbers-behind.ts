/** Which clinical numbers stand behind a rule. */

import { factsIn } from '../decide/conditions.ts'
import type { Content } from '../pathway/content.ts'
import type { Rule } from '../pathway/schema.ts'

/** Parameters that a rule names, itself or through the facts that it asks, in the order of the pathway. */
export function numbersBehind(
  { when }: Rule,
  { facts, parameters }: Pick<Content, 'facts' | 'parameters'>,
): string[] {
  const asked = new Set<string>()
  const ask = (fact: string) => {
    const declared = facts[fact]
    if (!declared || asked.has(fact)) return
    asked.add(fact)
    const others =
      declared.kind === 'group' ? [...(declared['any-of'] ?? []), ...(declared['all-of'] ?? [])] : []
    for (const other of declared.kind === 'placed' ? [declared.fact] : others) ask(other)
  }
  for (const fact of factsIn(when)) ask(fact)
  const written = JSON.stringify([when, ...[...asked].map((fact) => facts[fact])])
  return Object.keys(parameters).filter((name) => written.includes(`"$${name}"`))
}
