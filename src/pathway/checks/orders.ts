/** What brings orders in, what dates the episode, what suggestions create, why they are overridden, and what the site adds. */
import { type Draft, entryOf } from '../draft.ts'
import { type Problems, unknownName } from '../problems.ts'
import type { CodeGroups } from '../schema.ts'
import { checkWhen } from './questions.ts'
import { checkGroups, checkSets } from './value-sets.ts'

export function checkOrders(draft: Draft, problems: Problems) {
  checkTriggers(draft, problems)
  checkEpisode(draft, problems)
  checkSuggestions(draft, problems)
}

function checkTriggers({ orderKinds, codes }: Draft, problems: Problems) {
  for (const { value: kind, place } of orderKinds.entries) {
    for (const [at, trigger] of kind.triggers.entries()) {
      checkGroups(codes, trigger.codes, (...path) => place('triggers', at, 'codes', ...path), problems)
    }
    checkSets(codes, kind['by-name'] ?? [], (...path) => place('by-name', ...path), problems)
  }
}

function checkEpisode({ episode, codes, wordLists }: Draft, problems: Problems) {
  for (const { value, place } of entryOf(episode)) {
    for (const [key, groups] of Object.entries(value)) {
      if (typeof groups === 'string' || Array.isArray(groups) || key === 'reason-lookback') continue
      checkGroups(codes, groups as CodeGroups, (...path) => place(key, ...path), problems)
    }
    for (const key of ['words', 'not-words'] as const) {
      if (wordLists.lacks(value[key]))
        problems.add(place(key), unknownName('word list', value[key], wordLists.names))
    }
  }
}

function checkSuggestions(draft: Draft, problems: Problems) {
  const { offers, orders } = draft
  for (const { value: offer, place } of offers.entries) {
    for (const [at, action] of offer.actions.entries()) {
      if ('create' in action && orders.lacks(action.create)) {
        problems.add(place('actions', at, 'create'), unknownName('order', action.create, orders.names))
      }
    }
    for (const key of ['recommended-when', 'only-when', 'safe-when'] as const) {
      const when = offer[key]
      if (when) checkWhen(draft, when, (...path) => place(key, ...path), problems)
    }
    for (const [at, other] of (offer['unless-offered'] ?? []).entries()) {
      if (offers.lacks(other))
        problems.add(place('unless-offered', at), unknownName('suggestion', other, offers.names))
    }
  }
}
