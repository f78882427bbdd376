/** What a clinician does at the desk, and what an EHR then does: drafts change, hooks fire, orders are signed. */
import { randomUUID } from 'node:crypto'
import { draftOf } from '../../fhir-fixtures/load.ts'
import type { Hook } from '../../src/hooks/services.ts'
import type { Action } from './answer.ts'
import { type Caller, type CallSettings, fire, post, signed, userId } from './call.ts'
import type { CatalogEntry } from './catalog.ts'
import type { Chart } from './chart.ts'
import {
  type Desk,
  type FeedbackSent,
  freshId,
  isOpenCard,
  mostDrafts,
  type Said,
  type ShownCard,
  withCards,
  withFeedback,
} from './desk.ts'
import { applyActions, change, type Details, type Draft, isOrder, nameOf, signedOrder } from './drafts.ts'
import { epicDraftId } from './epic.ts'
import { FhirProblem } from './fhir.ts'

export interface Room {
  caller: Caller
  settings: CallSettings
  chart: Pick<Chart, 'patient' | 'encounter'>
  /** `2026-11-21` */
  today: string
}

const say = (tone: Said['tone'], text: string): Said => ({ tone, text })

// ---------------------------------------------------------------- hooks

async function fireHook(desk: Desk, hook: Hook, chosen: readonly Draft[], room: Room): Promise<Desk> {
  const { caller, settings, chart } = room
  try {
    const { patientId, drafts } = desk
    const trigger = { hook, patientId, encounter: chart.encounter, drafts, chosen }
    return withCards(desk, hook, await fire(trigger, settings, caller))
  } catch (error) {
    // An EHR goes on without advice, and this one says why there is none.
    const reason = error instanceof Error ? error.message : 'no answer'
    return { ...desk, said: say('bad', `The service could not be asked: ${reason}.`) }
  }
}

/** Fires patient-view, once at each desk. */
export async function openChart(desk: Desk, room: Room): Promise<Desk> {
  if (desk.isOpened) return desk
  const opened = await fireHook({ ...desk, isOpened: true }, 'patient-view', [], room)
  return { ...opened, said: opened.said ?? told(opened, 'patient-view', 'Chart opened.', '') }
}

function told(desk: Desk, hook: Hook, done: string, nothing: string): Said {
  const cards = desk.cards.filter((shown) => shown.hook === hook)
  const problems = desk.exchanges.find((exchange) => exchange.hook === hook)?.problems ?? []
  if (problems.length > 0) return say('bad', `${done} ${problems.join(' ')}`)
  if (cards.length === 0) return say('plain', `${done} ${nothing}`.trim())
  const count = cards.length === 1 ? 'One card.' : `${cards.length} cards.`
  const summaries = cards.map(({ card }) => `${card.indicator}: ${card.summary}.`).join(' ')
  return { ...say('plain', `${done} ${count}`), cards: summaries }
}

/** The call of the moment once more, with the settings of now. */
export async function callAgain(desk: Desk, room: Room): Promise<Desk> {
  const { drafts, isReviewing } = desk
  const hook = drafts.length === 0 ? 'patient-view' : isReviewing ? 'order-sign' : 'order-select'
  const asked = await fireHook({ ...desk, said: undefined }, hook, drafts, room)
  return { ...asked, said: asked.said ?? told(asked, hook, `Called ${hook} again.`, 'No card.') }
}

// ---------------------------------------------------------------- drafts

export async function draftOrder(desk: Desk, entries: readonly CatalogEntry[], room: Room): Promise<Desk> {
  if (desk.drafts.length + entries.length > mostDrafts)
    return { ...desk, said: say('bad', `No more than ${mostDrafts} orders can be drafted here.`) }
  let drafted: Desk = { ...desk, isReviewing: false, open: undefined }
  const chosen: Draft[] = []
  for (const { order, isUsual } of entries) {
    const { patient, encounter } = room.chart
    const made = draftOf(order, 0, [order], patient, encounter, room.today)
    if (!isOrder(made)) continue
    const isEpic = room.settings.profile === 'epic'
    const draft = { ...made, id: isEpic ? epicDraftId() : freshId(drafted, made.id ?? 'draft') }
    chosen.push(draft)
    // What comes from a list of codes says nothing of dose or reason yet.
    const open = isUsual ? drafted.open : draft.id
    drafted = { ...drafted, drafts: [...drafted.drafts, draft], open }
  }
  const asked = await fireHook({ ...drafted, said: undefined }, 'order-select', chosen, room)
  const names = chosen.map(nameOf).join(', ')
  return { ...asked, said: asked.said ?? told(asked, 'order-select', `Drafted: ${names}.`, 'No card.') }
}

export async function changeDraft(desk: Desk, id: string, details: Details, room: Room): Promise<Desk> {
  const at = desk.drafts.findIndex((draft) => draft.id === id)
  const draft = desk.drafts[at]
  if (!draft) return { ...desk, said: say('bad', 'This order is no longer drafted.') }
  const changed = change(draft, details)
  const drafts = desk.drafts.with(at, changed)
  const next = { ...desk, drafts, isReviewing: false, open: id, said: undefined }
  const asked = await fireHook(next, 'order-select', [changed], room)
  return {
    ...asked,
    said: asked.said ?? told(asked, 'order-select', `Changed: ${nameOf(changed)}.`, 'No card.'),
  }
}

/** No hook fires; cards about orders go when no order is left. */
export function removeDraft(desk: Desk, id: string): Desk {
  const draft = desk.drafts.find((each) => each.id === id)
  if (!draft) return { ...desk, said: say('bad', 'This order is no longer drafted.') }
  const drafts = desk.drafts.filter((each) => each !== draft)
  const cards = drafts.length > 0 ? desk.cards : desk.cards.filter(({ hook }) => hook === 'patient-view')
  const isReviewing = desk.isReviewing && drafts.length > 0
  return { ...desk, drafts, cards, isReviewing, said: say('plain', `Removed: ${nameOf(draft)}.`) }
}

// ---------------------------------------------------------------- cards

/** Takes suggestions of one card: every action of all of them, or none. */
export async function accept(desk: Desk, cardId: string, at: readonly number[], room: Room): Promise<Desk> {
  const shown = desk.cards.find(({ id }) => id === cardId)
  const chosen = at.flatMap((each) => shown?.card.suggestions?.[each] ?? [])
  if (!shown || chosen.length === 0) return { ...desk, said: say('bad', 'Choose what to take up.') }
  if (shown.card.selectionBehavior === 'at-most-one' && shown.accepted.length + chosen.length > 1)
    return { ...desk, said: say('bad', 'Of these suggestions one can be taken.') }
  const actions = chosen.flatMap((suggestion) => suggestion.actions ?? [])
  const applied = apply(desk, actions, room)
  if ('problem' in applied) return { ...desk, said: say('bad', `Nothing was changed. ${applied.problem}`) }
  const labels = chosen.map(({ label }) => label).join('; ')
  const taken = { ...shown, accepted: [...shown.accepted, ...at], overridden: undefined }
  const next: Desk = {
    ...desk,
    drafts: applied.drafts,
    cards: desk.cards.map((each) => (each === shown ? taken : each)),
    said: say('good', `Done: ${labels}.`),
  }
  const ids = chosen.flatMap(({ uuid }) => (uuid === undefined ? [] : [{ id: uuid }]))
  return giveFeedback(next, shown, { outcome: 'accepted', acceptedSuggestions: ids }, room)
}

function apply(desk: Desk, actions: readonly Action[], room: Room) {
  const isEpic = room.settings.profile === 'epic'
  if (isEpic && actions.some(({ type }) => type === 'update'))
    return { problem: 'Epic takes no updates in suggestions.' }
  let made = 0
  const newId = () => (isEpic ? epicDraftId() : `suggested-${randomUUID().slice(0, 8)}-${++made}`)
  return applyActions(desk.drafts, actions, { patientId: desk.patientId, newId })
}

/** Puts a card away, with a reason of the card or none. */
export async function override(
  desk: Desk,
  cardId: string,
  why: { code?: string | undefined; comment?: string | undefined },
  room: Room,
): Promise<Desk> {
  const shown = desk.cards.find(({ id }) => id === cardId)
  if (!shown) return { ...desk, said: say('bad', 'This card is no longer shown.') }
  const reason = shown.card.overrideReasons?.find(({ code }) => code === why.code)
  const overridden = { ...(reason ? { reason } : {}), ...(why.comment ? { comment: why.comment } : {}) }
  const next: Desk = {
    ...desk,
    cards: desk.cards.map((each) => (each === shown ? { ...shown, overridden } : each)),
    said: say('plain', reason?.display ? `Card put away: ${reason.display}.` : 'Card put away.'),
  }
  const overrideReason = {
    ...(reason ? { reason } : {}),
    ...(why.comment ? { userComment: why.comment } : {}),
  }
  const isTold = Object.keys(overrideReason).length > 0
  return giveFeedback(next, shown, { outcome: 'overridden', ...(isTold ? { overrideReason } : {}) }, room)
}

/** FB-2. A card without uuid cannot be spoken of (FB-7). */
async function giveFeedback(
  desk: Desk,
  shown: ShownCard,
  item: object,
  { caller, settings }: Room,
): Promise<Desk> {
  if (shown.card.uuid === undefined) return desk
  const path = `/cds-services/${shown.service}/feedback`
  const outcomeTimestamp = caller.now().toISOString()
  const body = { feedback: [{ card: shown.card.uuid, ...item, outcomeTimestamp }] }
  const token = await signed(caller, settings.profile, caller.audience + path, randomUUID())
  const url = caller.service + path
  const { response } = await post(url, token, body)
  const sent: FeedbackSent = { url, body, outcome: outcomeOf(response?.status) }
  return withFeedback(desk, [sent])
}

function outcomeOf(status: number | undefined): string {
  if (status === undefined) return 'not sent: nothing answered'
  if (status === 404 || status === 405) return 'not taken: this service has no feedback endpoint'
  return status < 300 ? `taken (${status})` : `refused (${status})`
}

// ---------------------------------------------------------------- signing

/** Fires order-sign; without cards the orders are signed at once. */
export async function review(desk: Desk, room: Room): Promise<Desk> {
  if (desk.drafts.length === 0) return { ...desk, said: say('bad', 'There is nothing to sign.') }
  const asked = await fireHook({ ...desk, said: undefined, open: undefined }, 'order-sign', desk.drafts, room)
  const isStopped = asked.cards.some((shown) => shown.hook === 'order-sign' && isOpenCard(shown))
  if (!isStopped) return sign(asked, room)
  return { ...asked, isReviewing: true, said: told(asked, 'order-sign', 'Before you sign:', '') }
}

/** Writes the orders to the FHIR server. Those that it refuses stay drafts. */
export async function sign(desk: Desk, { caller, today }: Room): Promise<Desk> {
  const left: Draft[] = []
  const signedNow: { name: string; reference: string }[] = []
  const problems: string[] = []
  for (const draft of desk.drafts) {
    const order = signedOrder(draft, userId, today)
    try {
      const id = await caller.fhir.create(order)
      signedNow.push({ name: nameOf(draft), reference: `${order.resourceType}/${id}` })
    } catch (error) {
      if (!(error instanceof FhirProblem)) throw error
      left.push(draft)
      problems.push(`${nameOf(draft)}: ${error.message}`)
    }
  }
  return {
    ...desk,
    drafts: left,
    signed: [...signedNow, ...desk.signed],
    cards: left.length > 0 ? desk.cards : desk.cards.filter(({ hook }) => hook === 'patient-view'),
    isReviewing: false,
    open: undefined,
    said: signingSaid(signedNow, problems, desk.said),
  }
}

function signingSaid(
  done: readonly { name: string }[],
  problems: readonly string[],
  before: Said | undefined,
): Said {
  const names = done.map(({ name }) => name).join(', ')
  if (problems.length > 0)
    return say('bad', `${names ? `Signed: ${names}. ` : ''}Not signed: ${problems.join(' ')}`)
  const warning = before?.tone === 'bad' ? `${before.text} ` : ''
  return say(warning ? 'bad' : 'good', `${warning}Signed: ${names}.`)
}
