/** The questions of one patient's checklist: what the chart says of each, and what an answer would change. Pure. */

import type { Answers } from '../facts/answers.ts'
import type { Content } from '../pathway/content.ts'
import type { Evidence, Facts, Known } from '../pathway/known.ts'
import type { Indicator } from '../pathway/schema.ts'
import { answersOf, type Replies, type Reply } from './book.ts'

/** What the chart alone says: it cannot tell, it holds nothing of the kind, or it holds it. */
export type State = 'open' | 'not-found' | 'on-record'

/** Asked first: more would not be answered before the next patient. */
export const mostFirst = 6

export interface Shown {
  summary: string
  detail: string
  indicator: Indicator
}

interface Judged {
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

/** When the pain began. */
export interface Onset {
  fact: string
  asks: string
  state: State
  evidence: readonly Evidence[]
  reply: Reply | undefined
  choices: readonly { id: string; label: string }[]
  /** Whether some choice makes other cards than now. */
  matters: boolean
}

export interface Group {
  /** Its place in the checklist, from 0. */
  at: number
  title: string
  questions: readonly Question[]
}

export interface Checked {
  onset: Onset | undefined
  /** Those that would change the advice most, or were answered. */
  first: readonly Question[]
  /** All others. */
  groups: readonly Group[]
  /** With all the answers given so far. */
  cards: readonly Shown[]
}

type Asked = Pick<Content, 'checklist' | 'parameters'>

/**
 * Questions that no rule of this order asks are left out. With `pause` it is found out what each answer would change:
 * `judge` is asked once or twice for each question, and others are let in between, because each time may take as long
 * as a whole call.
 */
export async function checklistOf(
  content: Asked,
  judge: (answers: Answers | undefined) => Judged | undefined,
  replies: Replies,
  at: string,
  pause?: () => Promise<void>,
): Promise<Checked> {
  const { checklist, parameters } = content
  const judgeWith = (extra: Replies) => judge(answersOf(content, { ...replies, ...extra }, at))
  const now = judgeWith({})
  if (!now) return { onset: undefined, first: [], groups: [], cards: [] }

  const changedBy = async (fact: string, reply: Reply) => {
    if (!pause) return undefined
    await pause()
    const cards = judgeWith({ [fact]: reply })?.cards ?? []
    return isSame(cards, now.cards) ? undefined : cards
  }
  const groups: Group[] = []
  for (const [at, { title, questions }] of checklist.groups.entries()) {
    const asked: Question[] = []
    for (const { fact, asks } of questions) {
      const recorded = recordedOf(now.facts.get(fact))
      if (!recorded) continue
      const state =
        recorded.value === undefined ? 'open' : recorded.value === true ? 'on-record' : 'not-found'
      const reply = replies[fact]
      asked.push({
        fact,
        asks: withNumbers(asks, parameters),
        state,
        evidence: recorded.evidence,
        reply,
        ifYes: state === 'on-record' || reply === 'yes' ? undefined : await changedBy(fact, 'yes'),
        // A no to what was not found is what the advice rests on already.
        ifNo: state === 'open' && reply !== 'no' ? await changedBy(fact, 'no') : undefined,
      })
    }
    if (asked.length > 0) groups.push({ at, title, questions: asked })
  }
  const first = foremost(groups.flatMap(({ questions }) => questions))
  return {
    onset: await onsetOf(),
    first,
    groups: groups.flatMap(({ at, title, questions }) => {
      const rest = questions.filter((question) => !first.includes(question))
      return rest.length > 0 ? [{ at, title, questions: rest }] : []
    }),
    cards: now.cards,
  }

  async function onsetOf(): Promise<Onset | undefined> {
    const { onset } = checklist
    const recorded = onset && recordedOf(now?.facts.get(onset.fact))
    if (!onset || !recorded) return undefined
    const basis = recordedOf(now?.facts.get(onset.dated.fact))
    const choices = choicesOf(onset, parameters)
    let matters = replies[onset.fact] !== undefined
    for (const { id } of choices) matters ||= (await changedBy(onset.fact, id)) !== undefined
    return {
      fact: onset.fact,
      asks: onset.asks,
      state: isExact(recorded) && basis?.value === onset.dated.word ? 'on-record' : 'open',
      evidence: recorded.evidence,
      reply: replies[onset.fact],
      choices,
      matters,
    }
  }
}

/** What was answered stays in sight; else what is open comes before what was not found, and the graver card first. */
function foremost(questions: readonly Question[]): Question[] {
  const answered = questions.filter(({ reply }) => reply !== undefined)
  const others = questions.filter(
    ({ reply, state, ifYes, ifNo }) =>
      reply === undefined && (ifYes || ifNo) && (answered.length === 0 || state === 'open'),
  )
  const ranked = others.sort((a, b) => worthOf(b) - worthOf(a))
  return [...answered, ...ranked].slice(0, mostFirst)
}

const graveness: Readonly<Record<Indicator, number>> = { info: 1, warning: 2, critical: 3 }
const worthOf = ({ state, ifYes }: Question) =>
  (state === 'open' ? 10 : 0) + graveness[ifYes?.[0]?.indicator ?? 'info'] + (ifYes?.length === 0 ? -1 : 0)

const recordedOf = (known: Known | undefined) => known?.recorded ?? known

/** A day, and no vague span. */
function isExact({ value }: Known): boolean {
  return typeof value === 'object' && value.high - value.low <= 1
}

/** `{{names}}` are numbers of `pathway.yaml`. */
export const withNumbers = (text: string, parameters: Content['parameters']) =>
  text.replace(/\{\{([a-z0-9-]+)\}\}/g, (_, name: string) => String(parameters[name]?.value ?? ''))

export const choicesOf = (
  { choices }: NonNullable<Content['checklist']['onset']>,
  parameters: Content['parameters'],
) =>
  choices.map(({ id, label, 'at-least': from, below }) => ({
    id,
    label: inWeeks(label, { from, below }, parameters),
  }))

function inWeeks(
  label: string,
  numbers: Readonly<Record<string, string | undefined>>,
  parameters: Content['parameters'],
): string {
  return label.replace(/\{\{([a-z]+)\}\}/g, (_, name: string) => {
    const days = parameters[numbers[name]?.slice(1) ?? '']?.value ?? 0
    return String(Math.round(days / 7))
  })
}

const isSame = (some: readonly Shown[], others: readonly Shown[]) =>
  some.length === others.length &&
  some.every(
    ({ summary, indicator }, at) => summary === others[at]?.summary && indicator === others[at]?.indicator,
  )
