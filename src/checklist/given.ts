/** What was answered on a checklist, and the facts that it answers. */
import type { Checklist } from '../content/schema.ts'
import type { Answer, Answers } from '../facts/answers.ts'

export type Reply = 'yes' | 'no'

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

/** A no also answers the facts that it implies, unless they have an answer of their own. Unknown questions say nothing. */
export function answersOf({ groups }: Checklist, replies: Replies, at: string): Answers {
  const questions = groups.flatMap((group) => group.questions)
  const answers = new Map<string, Answer>()
  for (const { fact } of questions) {
    const reply = replies[fact]
    if (reply !== undefined) answers.set(fact, { value: reply === 'yes', at })
  }
  for (const { fact, 'no-also': implied = [] } of questions) {
    if (replies[fact] !== 'no') continue
    for (const also of implied) if (!answers.has(also)) answers.set(also, { value: false, at })
  }
  return answers
}
