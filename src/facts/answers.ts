/** What a clinician answered on the checklist, as evidence beside the record's. */

import type { Content } from '../pathway/content.ts'
import { answer, cannotTell, type Evidence, type Facts, type Known, type Range } from '../pathway/known.ts'
import type { FactDeclaration, FactOf } from '../pathway/schema.ts'
import type { Case, CompiledFact } from './case.ts'
import type { Episode } from './episode.ts'

export interface Answer {
  /** Yes or no; of when the pain began the days since then. */
  value: boolean | Range
  /** When, in words for a card: `10:32`, or with its day where that is another. */
  at: string
}

/** By fact. */
export type Answers = ReadonlyMap<string, Answer>

/**
 * A yes is believed; a no settles what the record cannot tell or does not hold. A no against the record changes
 * nothing: the finding stands, with the answer among its evidence, so that the card can show both.
 */
export function withAnswer(known: Known, given: Answer | undefined): Known {
  if (!given) return known
  const { value, at } = given
  // When the pain began is heard where the whole episode is read.
  if (typeof value !== 'boolean') return known
  const said: Evidence = { reference: 'checklist', what: value ? 'yes' : 'no', date: at, how: 'answer' }
  const evidence = [said, ...known.evidence]
  const recorded = known.recorded ?? known
  if (value || known.value !== true) return { value, evidence, gaps: [], recorded }
  return { ...known, evidence, recorded }
}

/** Who asked the patient when the pain began knows better than a list that only knows the first visit. */
export function withOnset(episode: Episode, given: Answer | undefined): Episode {
  if (given === undefined || typeof given.value === 'boolean') return episode
  const { value, at } = given
  const { onsetDays, basis } = episode
  const said: Evidence = { reference: 'checklist', what: 'answered', date: at, how: 'answer' }
  const evidence = [said, ...onsetDays.evidence]
  return {
    ...episode,
    onsetDays: { ...answer(value, evidence), recorded: onsetDays },
    basis: { ...answer('answered', evidence), recorded: basis },
    startedDaysAgo: value.low,
    mayReachBackDays: value.high,
  }
}

// Facts as if more had been answered: what is made of other facts is made anew, what the record says stays.

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
