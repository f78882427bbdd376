/** The form of the checklist as it comes back: a reply for each question that was answered. */

import type { Replies, Reply } from '../../checklist/given.ts'
import type { Checked } from '../../checklist/questions.ts'

export const fieldOf = (fact: string) => `reply-${fact}`
/** Ticked: whatever else of this group has no reply is a no. */
export const noneField = (group: number) => `none-${group + 1}`

/** Only questions that were shown count. What is on record is never answered by "none of the others". */
export function repliesIn(body: unknown, { groups }: Pick<Checked, 'groups'>): Replies {
  const fields = (body ?? {}) as Readonly<Record<string, unknown>>
  const replies: Record<string, Reply> = {}
  for (const [at, { questions }] of groups.entries()) {
    const none = fields[noneField(at)] === 'yes'
    for (const { fact, state } of questions) {
      const sent = fields[fieldOf(fact)]
      if (sent === 'yes' || sent === 'no') replies[fact] = sent
      else if (none && state !== 'on-record') replies[fact] = 'no'
    }
  }
  return replies
}
