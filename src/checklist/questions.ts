/** The questions of one patient's checklist: what the chart says of each, and what an answer would change. Pure. */

import type { Content } from '../content/content.ts'
import type { Evidence, Facts } from '../content/known.ts'
import type { Indicator } from '../content/schema.ts'
import type { Answers } from '../facts/answers.ts'
import { answersOf, type Replies, type Reply } from './given.ts'

/** What the chart alone says: it cannot tell, it holds nothing of the kind, or it holds it. */
export type State = 'open' | 'not-found' | 'on-record'

export interface Shown {
  summary: string
  detail: string
  indicator: Indicator
}

export interface Judged {
  facts: Facts
  cards: readonly Shown[]
}

export interface Question {
  fact: string
  asks: string
  state: State
  /** What is on record. */
  evidence: readonly Evidence[]
  reply: Reply | undefined
  /** Cards after this answer, where they are others than now. */
  ifYes: readonly Shown[] | undefined
  ifNo: readonly Shown[] | undefined
}

export interface Group {
  title: string
  questions: readonly Question[]
}

export interface Checked {
  groups: readonly Group[]
  /** With all the answers given so far. */
  cards: readonly Shown[]
}

/**
 * Questions that no rule of this order asks are left out. With `pause` it is found out what each answer would change:
 * `judge` is asked twice for each question that is open or answered, and others are let in between, because each time
 * takes as long as a whole call.
 */
export async function checklistOf(
  { checklist, parameters }: Pick<Content, 'checklist' | 'parameters'>,
  judge: (answers: Answers | undefined) => Judged | undefined,
  replies: Replies,
  at: string,
  pause?: () => Promise<void>,
): Promise<Checked> {
  const alone = judge(undefined)
  const judgeWith = (extra: Replies) => judge(answersOf(checklist, { ...replies, ...extra }, at))?.cards ?? []
  const now = judgeWith({})
  if (!alone) return { groups: [], cards: now }

  const changedBy = async (fact: string, reply: Reply) => {
    await pause?.()
    const cards = judgeWith({ [fact]: reply })
    return isSame(cards, now) ? undefined : cards
  }
  const groups: Group[] = []
  for (const { title, questions } of checklist.groups) {
    const asked: Question[] = []
    for (const { fact, asks } of questions) {
      const known = alone.facts.get(fact)
      if (!known) continue
      const state = known.value === undefined ? 'open' : known.value === true ? 'on-record' : 'not-found'
      const reply = replies[fact]
      const isAsked = pause !== undefined && (state === 'open' || reply !== undefined)
      asked.push({
        fact,
        asks: withNumbers(asks, parameters),
        state,
        evidence: known.evidence,
        reply,
        ifYes: isAsked ? await changedBy(fact, 'yes') : undefined,
        ifNo: isAsked ? await changedBy(fact, 'no') : undefined,
      })
    }
    if (asked.length > 0) groups.push({ title, questions: asked })
  }
  return { groups, cards: now }
}

/** `{{names}}` are numbers of `pathway.yaml`. */
export const withNumbers = (text: string, parameters: Content['parameters']) =>
  text.replace(/\{\{([a-z0-9-]+)\}\}/g, (_, name: string) => String(parameters[name]?.value ?? ''))

const isSame = (some: readonly Shown[], others: readonly Shown[]) =>
  some.length === others.length &&
  some.every(
    ({ summary, indicator }, at) => summary === others[at]?.summary && indicator === others[at]?.indicator,
  )
