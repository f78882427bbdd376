/** The form of the checklist as it comes back: a reply for each question that was answered. */

import type { Replies, Reply } from './given.ts'
import type { Checked, Question } from './questions.ts'

export const fieldOf = (fact: string) => `reply-${fact}`
/** Ticked: whatever else of this group has no reply is a no. */
export const noneField = (group: number) => `none-${group + 1}`
/** The button by which whatever of the first questions has no reply is a no. */
export const noneOfThese = 'none-of-these'
/** The facts of the first questions, as they were shown. */
export const firstField = 'first'

type Shown = Pick<Checked, 'onset' | 'first' | 'groups'>

export const questionsIn = ({ first, groups }: Pick<Checked, 'first' | 'groups'>): Question[] => [
  ...first,
  ...groups.flatMap(({ questions }) => questions),
]

/** Only questions that were shown count. What is on record is never answered by "none of the others". */
export function repliesIn(body: unknown, checked: Shown): Replies {
  const fields = (body ?? {}) as Readonly<Record<string, unknown>>
  const first = new Set(String(fields[firstField] ?? '').split(' '))
  const isNone = fields[noneOfThese] === 'yes'
  const groups = new Set(
    checked.groups.flatMap(({ at, questions }) =>
      fields[noneField(at)] === 'yes' ? questions.map(({ fact }) => fact) : [],
    ),
  )
  // The first questions stand above their group, whose box is not about them.
  const isNo = (fact: string) => (first.has(fact) ? isNone : groups.has(fact))
  const replies: Record<string, Reply> = {}
  for (const { fact, state } of questionsIn(checked)) {
    const reply = fields[fieldOf(fact)]
    if (reply === 'yes' || reply === 'no') replies[fact] = reply
    else if (isNo(fact) && state !== 'on-record') replies[fact] = 'no'
  }
  const { onset } = checked
  const began = onset && fields[fieldOf(onset.fact)]
  if (onset?.choices.some(({ id }) => id === began)) replies[onset.fact] = String(began)
  return replies
}
