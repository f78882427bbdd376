/** One patient's desk in one browser session: draft orders, cards on the table, what was signed, and the calls made. */
import type { Hook } from '../../src/hooks/services.ts'
import type { Card, Coding } from './answer.ts'
import type { Exchange } from './call.ts'
import type { Draft } from './drafts.ts'

/** What the service was told about a card, or would have been. */
export interface FeedbackSent {
  /** Address of the service's feedback endpoint. */
  url: string
  body: unknown
  /** `sent`, or that the service offers no such endpoint. */
  outcome: string
}

export interface ShownCard {
  /** The uuid, or one of ours for a card without. */
  id: string
  card: Card
  exchange: string
  service: string
  hook: Hook
  /** Places of the suggestions that were accepted. */
  accepted: readonly number[]
  overridden?: { reason?: Coding; comment?: string } | undefined
}

/** What the last move came to, for the line that is read aloud. */
export interface Said {
  tone: 'good' | 'plain' | 'bad'
  text: string
  /** What is read aloud after it, and stands elsewhere on the page. */
  cards?: string
}

export interface Desk {
  patientId: string
  drafts: readonly Draft[]
  /** Names of orders signed at this desk, latest first. */
  signed: readonly { name: string; reference: string }[]
  cards: readonly ShownCard[]
  /** Signing was asked for, and cards came: the clinician looks at them first. */
  isReviewing: boolean
  /** The draft whose form stands open. */
  open: string | undefined
  said: Said | undefined
  /** Latest first. */
  exchanges: readonly Exchange[]
  feedback: readonly FeedbackSent[]
  isOpened: boolean
}

export const emptyDesk = (patientId: string): Desk => ({
  patientId,
  drafts: [],
  signed: [],
  cards: [],
  isReviewing: false,
  open: undefined,
  said: undefined,
  exchanges: [],
  feedback: [],
  isOpened: false,
})

/** Kept at one desk: each holds a whole call. */
const mostExchanges = 12
const mostFeedback = 20
export const mostDrafts = 12

function withExchanges(desk: Desk, exchanges: readonly Exchange[]): Desk {
  return { ...desk, exchanges: [...exchanges, ...desk.exchanges].slice(0, mostExchanges) }
}

export function withFeedback(desk: Desk, feedback: readonly FeedbackSent[]): Desk {
  return { ...desk, feedback: [...feedback, ...desk.feedback].slice(0, mostFeedback) }
}

/** A hook that fires again takes its old cards away; order-sign those of order-select too (RSP-6). */
export function withCards(desk: Desk, hook: Hook, exchanges: readonly Exchange[]): Desk {
  const replaced: readonly Hook[] =
    hook === 'patient-view' ? ['patient-view'] : ['order-select', 'order-sign']
  const kept = desk.cards.filter((shown) => !replaced.includes(shown.hook))
  const fresh = exchanges.flatMap(({ id, service, cards }) =>
    cards.map(
      (card, at): ShownCard => ({
        id: card.uuid ?? `${id}-${at}`,
        card,
        exchange: id,
        service,
        hook,
        accepted: [],
      }),
    ),
  )
  return { ...withExchanges(desk, exchanges), cards: [...fresh, ...kept] }
}

export const isOpenCard = ({ overridden }: ShownCard) => overridden === undefined

/** An id that no draft of this desk has. */
export function freshId(desk: Pick<Desk, 'drafts'>, wanted: string): string {
  const taken = new Set(desk.drafts.map(({ id }) => id))
  if (!taken.has(wanted)) return wanted
  let number = 2
  while (taken.has(`${wanted}-${number}`)) number++
  return `${wanted}-${number}`
}
