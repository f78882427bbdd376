/** What became of the cards (FB): only a card that was really shown is spoken of. */
import { randomUUID } from 'node:crypto'
import { type Client, pathOf } from '../client.ts'
import type { Findings } from '../findings.ts'
import { type Exchange, hasText, objectsIn, statusOf } from '../http.ts'
import type { RequirementId } from '../requirements.ts'
import { outcomeOf } from '../shown.ts'
import type { Told } from './calls.ts'
import { cardsIn } from './cards.ts'

const ids: readonly RequirementId[] = ['FB-1', 'FB-2', 'FB-3', 'FB-4', 'FB-8']

export async function checkFeedback(
  client: Client,
  told: readonly Told[],
  findings: Findings,
): Promise<void> {
  const shown = told.flatMap(({ entry, exchange }) => cardsIn(exchange).map((card) => ({ entry, card })))
  const found = shown.find(({ card }) => hasText(card.uuid) && objectsIn(card.suggestions).length > 0)
  const { entry, card } = found ?? shown.find((each) => hasText(each.card.uuid)) ?? {}
  if (!entry || !card) {
    for (const id of ids) findings.cannotTell(id, 'no card with a uuid came')
    return
  }
  const path = `${pathOf(entry)}/feedback`
  const send = (...feedback: object[]) => client.post(path, { feedback })
  const at = () => new Date().toISOString()
  const [suggestion] = objectsIn(card.suggestions)
  const [reason] = objectsIn(card.overrideReasons)
  const accepted = {
    card: card.uuid,
    outcome: 'accepted',
    acceptedSuggestions: suggestion ? [{ id: suggestion.uuid }] : [],
    outcomeTimestamp: at(),
  }
  const overridden = { card: card.uuid, outcome: 'overridden', outcomeTimestamp: at() }
  const coded = reason ?? { system: 'urn:example', code: 'other', display: 'Other' }
  const withReason = { ...overridden, overrideReason: { reason: coded, userComment: 'conformance check' } }
  const first = await send(suggestion ? accepted : overridden)
  if ([404, 405, 501].includes(statusOf(first))) {
    for (const id of ids) findings.cannotTell(id, `no feedback is offered: ${statusOf(first)}`, first)
    return
  }
  const heard = (id: RequirementId, what: string, exchange: Exchange) =>
    findings.judge(
      id,
      statusOf(exchange) >= 200 && statusOf(exchange) < 300,
      `${what}: ${outcomeOf(exchange)}`,
      exchange,
    )
  heard('FB-1', 'the first', first)
  if (suggestion) heard('FB-2', 'accepted', first)
  heard('FB-2', 'overridden with a reason', await send(withReason))
  heard('FB-4', 'overridden without a reason', await send(overridden))
  heard('FB-3', 'several at once', await send(overridden, withReason, { ...overridden, card: randomUUID() }))
  heard('FB-3', 'the same again', await send(overridden))
  heard('FB-8', 'an unknown card', await send({ ...overridden, card: randomUUID() }))
  const wrong: [string, unknown][] = [
    ['no JSON', '{"feedback":'],
    ['no list', { feedback: 'none' }],
    ['an outcome that is none', { feedback: [{ ...overridden, outcome: 'ignored' }] }],
  ]
  for (const [what, body] of wrong) {
    const exchange = await client.post(path, body)
    findings.judge('FB-8', statusOf(exchange) === 400, `${what}: ${outcomeOf(exchange)}`, exchange)
    findings.judge(
      'RSP-4',
      statusOf(exchange) > 0 && statusOf(exchange) < 500,
      `feedback, ${what}: ${statusOf(exchange)}`,
      exchange,
    )
  }
}
