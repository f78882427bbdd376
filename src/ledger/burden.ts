/**
 * Which of the planned cards are shown now, which more quietly, and which not at all, after what this patient's
 * clinicians were told before and what they answered (row G-08). An emergency is never kept back. Pure.
 */
import type { PlannedCard } from '../decide/compose.ts'
import type { Reviewed } from '../explanation.ts'
import type { History, Told } from './history.ts'

interface Circumstances {
  hook: string
  instance: string | null
  /** In ms since 1970. */
  now: number
  /** The site's day of a moment. */
  dayOf: (at: number) => string
  /** A moment as a card tells it. */
  tellTime: (at: number) => string
  findingOf: (card: PlannedCard) => string
  /** Keys of the orders of a card. */
  ordersOf: (card: PlannedCard) => readonly string[]
  quietDays: number
  overriddenDays: number
  /** Interruptive cards of one clinician in one day; 0 is no limit. */
  most: number
}

/** An order that was drafted longer ago is another matter, in ms. */
const oneOrder = 86_400_000
const day = 86_400_000

export function review(
  planned: readonly PlannedCard[],
  history: History,
  circumstances: Circumstances,
): Reviewed[] {
  let shownToday = history.shownToClinician
  return planned.map((card) => {
    const reviewed = reviewOne(card, history, circumstances, shownToday)
    if (reviewed.shown && reviewed.shown.indicator !== 'info') shownToday++
    return reviewed
  })
}

function reviewOne(
  card: PlannedCard,
  { told, sendsFeedback }: History,
  about: Circumstances,
  shownToday: number,
): Reviewed {
  const same = sameIn(told, card, about)
  const overridden = same.find(
    ({ outcome, at }) => outcome === 'overridden' && about.now - at < about.overriddenDays * day,
  )
  if (card.indicator === 'critical') {
    if (!overridden) return { card, shown: card }
    return { card, shown: { ...card, again: about.tellTime(overridden.at) }, why: 'shown-again' }
  }
  const ofSameOrder = ({ orders }: Told) => {
    const own = about.ordersOf(card)
    return orders.some((order) => own.includes(order))
  }
  if (overridden) return { card, why: ofSameOrder(overridden) ? 'overridden-order' : 'overridden-lately' }
  if (wasToldOfChart(card, told, about)) return { card, why: 'told-lately' }
  const before = same.find(
    (each) => each.hook === 'order-select' && about.now - each.at < oneOrder && ofSameOrder(each),
  )
  // A call that is asked again is answered again: its first answer may not have come.
  if (before && !isSameCall(before, about)) {
    if (about.hook === 'order-select') return softer(card, 'repeated')
    if (about.hook === 'order-sign' && !sendsFeedback) return softer(card, 'shown-at-select')
  }
  if (about.most > 0 && card.indicator !== 'info' && shownToday >= about.most) return { card, why: 'cap' }
  return { card, shown: card }
}

/** What was said by the same rule of the same finding. */
function sameIn(told: readonly Told[], card: PlannedCard, about: Circumstances): readonly Told[] {
  const ofRule = told.filter(({ rule }) => rule === card.headline.code)
  if (ofRule.length === 0) return ofRule
  const finding = about.findingOf(card)
  return ofRule.filter((each) => each.finding === finding)
}

const softer = (card: PlannedCard, why: 'repeated' | 'shown-at-select'): Reviewed => ({
  card,
  shown: { ...card, indicator: 'info' },
  why,
})

const isSameCall = ({ instance }: Told, about: Circumstances) =>
  instance !== null && instance === about.instance

/** An opened chart is not told the same thing twice within the site's days, whatever it then found. */
function wasToldOfChart(card: PlannedCard, told: readonly Told[], about: Circumstances): boolean {
  if (card.headline.topic !== 'care' || about.quietDays === 0) return false
  const today = Date.parse(about.dayOf(about.now)) / day
  // Told from its beginning: whoever asks again in the same call is answered as at first.
  const first = told.findLast(
    ({ rule, at }) =>
      rule === card.headline.code && today - Date.parse(about.dayOf(at)) / day < about.quietDays,
  )
  return first !== undefined && !isSameCall(first, about)
}
