/** Facts as if more had been answered: what is made of other facts is made anew, what the record says stays. */
import type { Content } from '../pathway/content.ts'
import { cannotTell, type Facts, type Known } from '../pathway/known.ts'
import type { FactDeclaration, FactOf } from '../pathway/schema.ts'
import { type Answers, withAnswer, withOnset } from './answers.ts'
import type { Case, CompiledFact } from './case.ts'
import type { Episode } from './episode.ts'

export function compileAnsweredAlso(content: Content, compiled: ReadonlyMap<string, CompiledFact>) {
  const [onset, basis] = [episodeFact(content, 'onset-days'), episodeFact(content, 'onset-basis')]

  return (facts: Facts, answers: Answers | undefined): Facts => {
    const found = new Map<string, Known>([...facts, ...beginning(facts, answers)])
    const remade = new Set<string>()
    const ask = (fact: string): Known => {
      const known = found.get(fact) ?? cannotTell()
      if (remade.has(fact)) return known
      remade.add(fact)
      const given = fact === onset ? undefined : answers?.get(fact)
      const parts = membersOf(content.facts[fact])
      const isChanged =
        parts.every((part) => found.has(part)) && parts.some((part) => ask(part) !== facts.get(part))
      const told = isChanged ? remake(fact, known, ask) : known
      // Of before: an answer that was given to the whole is not told by its parts.
      const answered = given ? withAnswer(known.recorded ?? told, given) : known.recorded ? known : told
      found.set(fact, answered)
      return answered
    }
    for (const fact of facts.keys()) ask(fact)
    return found
  }

  /** What could be assumed of the whole may still be, where its parts do not settle it. */
  function remake(fact: string, known: Known, ask: (fact: string) => Known): Known {
    const told = compiled.get(fact)?.find({ ask } as Case) ?? known
    const { provided = known.provided } = told
    return told.value === undefined && provided ? { ...told, provided } : told
  }

  /** When the pain began, and how that is known. */
  function beginning(facts: Facts, answers: Answers | undefined): [string, Known][] {
    const given = answers?.get(onset)
    const [days, based] = [facts.get(onset), facts.get(basis)]
    if (!given || !days || !based) return []
    const known = { onsetDays: days.recorded ?? days, basis: based.recorded ?? based } as Episode
    const answered = withOnset(known, given)
    return [
      [onset, answered.onsetDays],
      [basis, answered.basis],
    ]
  }
}

/** The fact that reads this of the episode. */
export const episodeFact = ({ facts }: Pick<Content, 'facts'>, read: FactOf<'episode'>['read']): string =>
  Object.keys(facts).find((name) => {
    const fact = facts[name]
    return fact?.kind === 'episode' && fact.read === read
  }) ?? ''

/** Facts that another is made of. */
export function membersOf(fact: FactDeclaration | undefined): readonly string[] {
  if (fact?.kind === 'group') return [...(fact['any-of'] ?? []), ...(fact['all-of'] ?? [])]
  return fact?.kind === 'placed' ? [fact.fact] : []
}
