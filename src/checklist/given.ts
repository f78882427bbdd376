/** What was answered on a checklist, and the facts that it answers. */

import type { Answer, Answers } from '../facts/answers.ts'
import type { Content } from '../pathway/content.ts'
import type { Range } from '../pathway/known.ts'

/** Yes or no; to when the pain began the id of a choice. */
export type Reply = string

/** Replies by the fact of their question; what was not asked is left out. */
export type Replies = Readonly<Record<string, Reply>>

/** One clinician's page of answers about one patient. */
export interface Given {
  replies: Replies
  /** ISO 8601. */
  at: string
  written?: Written | undefined
}

/** How the page stands in the chart. */
export interface Written {
  /** By which the chart finds it again. */
  name: string
  /** When the answers before it were given; empty for the first. */
  after: string
  /** What became of it; not there while it is being written. */
  chart?: string | undefined
}

type Asked = Pick<Content, 'checklist' | 'parameters'>

/**
 * A no also answers the facts that it implies, unless they have an answer of their own. Unknown questions say nothing.
 * In the days since the answers were given the pain has grown older.
 */
export function answersOf(content: Asked, replies: Replies, at: string, daysSince = 0): Answers {
  const { groups, onset } = content.checklist
  const questions = groups.flatMap((group) => group.questions)
  const answers = new Map<string, Answer>()
  for (const { fact } of questions) {
    const reply = replies[fact]
    if (reply === 'yes' || reply === 'no') answers.set(fact, { value: reply === 'yes', at })
  }
  for (const { fact, 'no-also': implied = [] } of questions) {
    if (replies[fact] !== 'no') continue
    for (const also of implied) if (!answers.has(also)) answers.set(also, { value: false, at })
  }
  const value = onset && onsetDays(content, replies[onset.fact], daysSince)
  if (onset && value) answers.set(onset.fact, { value, at })
  return answers
}

function onsetDays(
  { checklist, parameters }: Asked,
  reply: Reply | undefined,
  since: number,
): Range | undefined {
  const choice = checklist.onset?.choices.find(({ id }) => id === reply)
  if (!choice) return undefined
  const days = (reference: string | undefined) =>
    reference === undefined ? undefined : parameters[reference.slice(1)]?.value
  const [from = 0, below = Number.POSITIVE_INFINITY] = [days(choice['at-least']), days(choice.below)]
  return { low: from + since, high: below - 1 + since }
}
