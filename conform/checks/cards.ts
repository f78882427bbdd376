/** The shape of an answer (RSP, and sections 7a to 7d): cards, suggestions, actions, links. */
import type { Call } from '../calls.ts'
import type { Findings, Judge } from '../findings.ts'
import { type Exchange, type Fields, hasText, isObject, objectsIn, statusOf } from '../http.ts'
import { outcomeOf, shown, worded } from '../shown.ts'
import { checkActions } from './actions.ts'
import { checkType } from './discovery.ts'
import { checkEmpty } from './empty.ts'

/** Cards of an answer, none of one that is none. */
export const cardsIn = ({ received }: Exchange): Fields[] =>
  received?.status === 200 && isObject(received.json) ? objectsIn(received.json.cards) : []

export function checkAnswer(call: Call, exchange: Exchange, findings: Findings): void {
  const { received } = exchange
  const judge: Judge = (id, isMet, says) => findings.judge(id, isMet, says, exchange)
  const body = received?.json
  const isAnswer = statusOf(exchange) === 200 && isObject(body) && Array.isArray(body.cards)
  judge(
    'RSP-1',
    isAnswer,
    received
      ? `${outcomeOf(exchange)}, ${received.form === 'JSON' ? shown(body) : received.form}`
      : outcomeOf(exchange),
  )
  if (!isAnswer) return
  judge('GEN-1', true, 'JSON')
  checkType(exchange, findings)
  checkEmpty(body, findings, exchange)
  const { systemActions, cards } = body
  if (systemActions !== undefined) {
    judge('RSP-3', Array.isArray(systemActions), `systemActions is ${typeof systemActions}`)
    checkActions(objectsIn(systemActions), call, 'systemActions', judge)
  }
  const list = cards as unknown[]
  judge('RSP-1', list.every(isObject), `${list.length} cards, all of them objects`)
  const uuids = objectsIn(list).map(({ uuid }) => uuid)
  if (uuids.length > 0)
    judge(
      '7a-uuid',
      uuids.every(isUuid) && new Set(uuids).size === uuids.length,
      `uuid ${uuids.slice(0, 6).map(shown).join(', ')}`,
    )
  objectsIn(list).forEach((card, at) => {
    checkCard(card, call, `card ${at + 1}`, judge)
  })
}

const isUuid = (value: unknown) =>
  typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)

function checkCard(card: Fields, call: Call, name: string, judge: Judge): void {
  const { summary, detail, indicator, source, extension } = card
  const length = typeof summary === 'string' ? summary.length : 0
  judge('7a-summary', hasText(summary) && length < 140, `${name}: ${length} characters`)
  judge(
    '7a-indicator',
    ['info', 'warning', 'critical'].includes(worded(indicator)),
    `${name}: ${shown(indicator)}`,
  )
  if (detail !== undefined) judge('7a-detail', typeof detail === 'string', `${name}: ${typeof detail}`)
  if (extension !== undefined)
    judge('EXT-1', isObject(extension), `${name}: extension is ${typeof extension}`)
  checkSource(source, name, judge)
  checkReasons(card, name, judge)
  checkSuggestions(card, call, name, judge)
  for (const link of objectsIn(card.links)) checkLink(link, name, judge)
}

function checkSource(source: unknown, name: string, judge: Judge): void {
  const { label, url, icon, topic } = isObject(source) ? source : {}
  const addresses = [url, icon].filter((each) => each !== undefined)
  judge(
    '7a-source',
    hasText(label) && addresses.every((each) => hasText(each) && URL.canParse(each)),
    `${name}: label ${shown(label)}, addresses ${addresses.map(shown).join(', ') || 'none'}`,
  )
  if (topic === undefined) return
  const isCoding = isObject(topic) && hasText(topic.code) && hasText(topic.system)
  judge(
    '7a-topic',
    isCoding,
    `${name}: ${isObject(topic) ? `code ${shown(topic.code)}, system ${shown(topic.system)}` : shown(topic)}`,
  )
}

function checkReasons({ overrideReasons }: Fields, name: string, judge: Judge): void {
  if (overrideReasons === undefined) return
  const reasons = objectsIn(overrideReasons)
  const isWhole = reasons.every(({ code, system, display }) => [code, system, display].every(hasText))
  judge('7a-overrideReasons', Array.isArray(overrideReasons) && isWhole, `${name}: ${reasons.length} reasons`)
}

function checkSuggestions(card: Fields, call: Call, name: string, judge: Judge): void {
  const { suggestions, selectionBehavior } = card
  if (suggestions === undefined) return
  const list = objectsIn(suggestions)
  judge(
    '7a-selectionBehavior',
    ['at-most-one', 'any'].includes(worded(selectionBehavior)),
    `${name}: ${shown(selectionBehavior)} beside ${list.length} suggestions`,
  )
  const recommended = list.filter(({ isRecommended }) => isRecommended === true).length
  judge('SUG-3', recommended <= 1 || selectionBehavior === 'any', `${name}: ${recommended} recommended`)
  list.forEach((suggestion, at) => {
    const { label, uuid, actions, actionSelectionBehavior } = suggestion
    const of = `${name}, suggestion ${at + 1}`
    judge('SUG-1', hasText(label), `${of}: label ${shown(label)}`)
    judge('SUG-2', hasText(uuid), `${of}: uuid ${shown(uuid)}`)
    judge(
      'SUG-5',
      actionSelectionBehavior === undefined,
      `${of}: actionSelectionBehavior ${shown(actionSelectionBehavior)}`,
    )
    if (actions === undefined) return
    const isList = Array.isArray(actions) && actions.length > 0 && actions.every(isObject)
    judge('SUG-4', isList, `${of}: ${Array.isArray(actions) ? actions.length : typeof actions} actions`)
    checkActions(objectsIn(actions), call, of, judge)
  })
}

function checkLink(
  { label, url, type, appContext, autolaunchable }: Fields,
  name: string,
  judge: Judge,
): void {
  const isWhole =
    hasText(label) && hasText(url) && URL.canParse(url) && ['absolute', 'smart'].includes(worded(type))
  judge('LNK-1', isWhole, `${name}: label ${shown(label)}, url ${shown(url)}, type ${shown(type)}`)
  if (appContext !== undefined)
    judge(
      'LNK-2',
      type === 'smart' && typeof appContext === 'string',
      `${name}: appContext on ${shown(type)}`,
    )
  if (autolaunchable !== undefined)
    judge('LNK-4', typeof autolaunchable === 'boolean', `${name}: autolaunchable ${shown(autolaunchable)}`)
}
