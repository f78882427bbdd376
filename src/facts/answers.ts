/** What a clinician answered on the checklist, as evidence beside the record's. */
import { answer, type Evidence, type Known, type Range } from '../pathway/known.ts'
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
