/** The words of the cards, line by line; and offers, answers, sentences around them, and sources. */
import { diff } from 'node:util'
import type { Content } from '../../pathway/content.ts'
import type { Card } from '../../pathway/schema.ts'
import {
  added,
  fromTo,
  isSame,
  keyChanges,
  namesOf,
  recordChanges,
  removed,
  type Section,
  section,
} from './section.ts'

export function cardChanges({ cards: before }: Content, { cards: after }: Content): Section {
  return section(
    'Cards',
    recordChanges<Card>(before, after, {
      name: (id, { summary, line }) => `${id}: “${summary ?? line ?? ''}”`,
      changes: (was, is) => [...keyChanges(was, is, ['detail']), ...lines(was.detail, is.detail)],
    }),
  )
}

/** Only the lines that differ. */
function lines(was: string, is: string): string[] {
  if (was === is) return []
  return diff(is.split('\n'), was.split('\n')).flatMap(([kind, line]) => {
    if (kind === 0 || line.trim() === '') return []
    return [kind === 1 ? added(line) : removed(line)]
  })
}

export function otherChanges(before: Content, after: Content): Section[] {
  const records = (title: string, was: Things, is: Things) =>
    section(
      title,
      recordChanges(was, is, { name: (name) => name, changes: (one, other) => keyChanges(one, other) }),
    )
  return [
    records('Offers', before.suggestions.suggestions, after.suggestions.suggestions),
    records('What an offer drafts', before.suggestions.orders, after.suggestions.orders),
    records('Reasons to keep an order', reasons(before), reasons(after)),
    section('Sentences around the cards', sentences(before, after)),
    records('Sources', before.sources, after.sources),
    records('Words that are looked for', before.words.lists, after.words.lists),
    records('What brings an order into the pathway', before.orderKinds, after.orderKinds),
    records('What is asked of the EHR', before.queries, after.queries),
    section('Episode of back pain', keyChanges(before.episode, after.episode)),
  ]
}

type Things = Readonly<Record<string, object>>

const reasons = ({ overrideReasons: { reasons, families } }: Content): Things => ({
  ...reasons,
  ...Object.fromEntries(families.map((family) => [`on cards about ${family.family}`, family])),
})

function sentences(
  { phrases: { phrases: before } }: Content,
  { phrases: { phrases: after } }: Content,
): string[] {
  const [was, is]: Record<string, string>[] = [before, after]
  return namesOf(before, after).flatMap((name) =>
    isSame(was?.[name], is?.[name]) ? [] : [`${name}: ${fromTo(was?.[name], is?.[name])}`],
  )
}
