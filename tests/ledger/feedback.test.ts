/** FB: what clinicians did with cards arrives, is kept before it is answered, and joins the card that it is about. */
import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hookCall, loadOrder, loadPatient } from '../../fhir-fixtures/load.ts'
import { buildApp } from '../../src/app.ts'
import { most } from '../../src/hooks/feedback.ts'
import { hearWith } from '../../src/ledger-start.ts'
import { createMetrics } from '../../src/metrics.ts'
import type { Caller } from '../../src/trust/verify.ts'
import { queries } from '../language/vignette.ts'
import { realContent, root } from '../support/evaluator.ts'
import { callOf, type Desk, openDesk, today } from './support.ts'

const url = '/cds-services/lumbar-order-select/feedback'
const outcomeTimestamp = '2026-11-21T18:33:00Z'
const secretComment = 'Zebulon Quux fell off a ladder'

let desk: Desk
let app: FastifyInstance
let caller: Caller | undefined
const log: string[] = []
const metrics = createMetrics({ withProcess: false })

beforeAll(async () => {
  desk = openDesk({ site: { 'alert-burden': { 'overridden-days': 0, 'cards-per-clinician-day': 0 } } })
  app = buildApp({
    ...desk.evaluator,
    elapsed: () => performance.now(),
    content: realContent(),
    evaluate: desk.evaluator.evaluate,
    hear: hearWith(desk.ledger),
    metrics,
    guard: async (request) => {
      if (caller) request.caller = caller
    },
    logger: { level: 'trace', stream: { write: (line: string) => void log.push(line) } },
  })
  await app.ready()
})
afterAll(async () => {
  await app.close()
  await desk.close()
})

async function cardFor(patient = 'acute-week-two', as?: Caller) {
  const { cards } = await desk.evaluator.evaluate(callOf('order-select', patient, ['lumbar-mri']), as)
  await new Promise(setImmediate)
  const [card] = cards
  if (!card) throw new Error('no card')
  return card
}
const send = (body: unknown, as?: Caller) => {
  caller = as
  return app.inject({
    method: 'POST',
    url,
    payload: body as object,
    headers: { 'content-type': 'application/json' },
  })
}
const item = (card: string, more: object = {}) => ({ card, outcome: 'overridden', outcomeTimestamp, ...more })
const keptOf = (card: string) =>
  desk.rows(`select * from lumbar_ledger_feedback where card = '${card}' order by id`)
const lineOf = () => JSON.parse(log.findLast((line) => line.includes('"feedback"')) ?? '{}')
const issuer = (name: string, tenant?: string): Caller => ({
  issuer: name,
  ...(tenant === undefined ? {} : { tenant }),
  jti: randomUUID(),
  fhirServers: ['https://fhir.example.org'],
})

describe('Feedback of a card that was shown', () => {
  test('FB-1, FB-2: accepted suggestions are kept, and join their card', async () => {
    const card = await cardFor()
    const [suggestion] = card.suggestions ?? []
    const answer = await send({
      feedback: [
        {
          card: card.uuid,
          outcome: 'accepted',
          acceptedSuggestions: [{ id: suggestion?.uuid }],
          outcomeTimestamp,
        },
      ],
    })
    expect([answer.statusCode, answer.json()]).toEqual([200, {}])
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(await keptOf(card.uuid)).toMatchObject([
      { outcome: 'accepted', suggestions: suggestion?.uuid, service: 'lumbar-order-select' },
    ])
    expect(lineOf()).toMatchObject({ feedback: { joined: 1 }, cardIds: [card.uuid], rules: ['IM01'] })
  })

  test('FB-2: a reason of the card is kept as its code, and the comment sealed and in no log', async () => {
    const card = await cardFor()
    const [reason] = card.overrideReasons ?? []
    const answer = await send({
      feedback: [item(card.uuid, { overrideReason: { reason, userComment: secretComment } })],
    })
    expect(answer.statusCode).toBe(200)
    const [kept] = await keptOf(card.uuid)
    expect(kept).toMatchObject({ reason_system: reason?.system, reason_code: reason?.code })
    const [comment] = await desk.rows(`select * from lumbar_ledger_comment where told = '${kept?.told}'`)
    expect(String(comment?.sealed)).not.toContain('Zebulon')
    expect(desk.keys.open(String(kept?.told), String(comment?.sealed))).toBe(secretComment)
    expect(log.join('')).not.toMatch(/Zebulon|ladder/)
  })

  test('FB-2: a reason of the client itself is kept; words in place of its code go with the comment', async () => {
    const card = await cardFor()
    const own = { system: 'urn:ehr:why', code: 'NOT-NOW' }
    await send({ feedback: [item(card.uuid, { overrideReason: { reason: own } })] })
    await send({
      feedback: [item(card.uuid, { overrideReason: { reason: { code: 'Zebulon said so' } } })],
    })
    const [coded, worded] = await keptOf(card.uuid)
    expect(coded).toMatchObject({ reason_system: own.system, reason_code: own.code })
    expect(worded).toMatchObject({ reason_system: null, reason_code: null })
    const [comment] = await desk.rows(`select * from lumbar_ledger_comment where told = '${worded?.told}'`)
    expect(desk.keys.open(String(worded?.told), String(comment?.sealed))).toBe('Zebulon said so')
  })

  test('FB-3: several entries about several cards come in one request; the same twice is kept once', async () => {
    const [one, two] = [await cardFor(), await cardFor('acute-sciatica')]
    const body = { feedback: [item(one.uuid), item(two.uuid), item(one.uuid)] }
    expect((await send(body)).statusCode).toBe(200)
    expect(lineOf().feedback).toEqual({ joined: 2, repeated: 1 })
    expect((await send(body)).statusCode).toBe(200)
    expect(lineOf().feedback).toEqual({ repeated: 3 })
    expect([await keptOf(one.uuid), await keptOf(two.uuid)].map(({ length }) => length)).toEqual([1, 1])
  })

  test('FB-4: overridden without a reason is normal', async () => {
    const card = await cardFor()
    for (const overrideReason of [undefined, null, {}, { userComment: '' }]) {
      expect((await send({ feedback: [item(card.uuid, { overrideReason })] })).statusCode).toBe(200)
    }
    expect(await keptOf(card.uuid)).toHaveLength(1)
  })

  test('FB-5: what is dismissed after something was accepted is both, and the later counts', async () => {
    const card = await cardFor('acute-week-two')
    await send({
      feedback: [
        { card: card.uuid, outcome: 'accepted', acceptedSuggestions: [], outcomeTimestamp },
        item(card.uuid, { outcomeTimestamp: '2026-11-21T18:34:00Z' }),
      ],
    })
    expect((await keptOf(card.uuid)).map(({ outcome }) => outcome)).toEqual(['accepted', 'overridden'])
  })

  test('FB-6: another caller, or another tenant, has no say about it and learns nothing', async () => {
    const own = issuer('https://one.example', 'north')
    const card = await cardFor('acute-week-two', own)
    const answers = []
    for (const other of [
      issuer('https://two.example', 'north'),
      issuer('https://one.example', 'south'),
      undefined,
    ]) {
      answers.push(await send({ feedback: [item(card.uuid)] }, other))
      expect(lineOf().feedback).toEqual({ 'unknown-card': 1 })
    }
    answers.push(await send({ feedback: [item(card.uuid)] }, own))
    expect(lineOf().feedback).toEqual({ joined: 1 })
    expect(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`))).toEqual(
      new Set(['200 {}']),
    )
  })

  test('comes late: it is kept, and told as late', async () => {
    const card = await cardFor()
    desk.clock.pass(25 * 3_600_000)
    expect((await send({ feedback: [item(card.uuid)] })).statusCode).toBe(200)
    expect(lineOf().feedback).toEqual({ late: 1 })
    expect(await keptOf(card.uuid)).toHaveLength(1)
  })
})

describe('Feedback that is odd', () => {
  test('FB-7, FB-8: about an unknown card is answered as any other, and its name is not kept as it came', async () => {
    const answer = await send({ feedback: [item('card of Zebulon Quux')] })
    expect([answer.statusCode, answer.json()]).toEqual([200, {}])
    expect(lineOf()).toMatchObject({ feedback: { 'unknown-card': 1 }, cardIds: [] })
    expect(JSON.stringify(await desk.rows('select * from lumbar_ledger_feedback'))).not.toContain('Zebulon')
  })

  test('FB-2: an empty list tells nothing, and is answered', async () => {
    expect((await send({ feedback: [] })).statusCode).toBe(200)
  })

  test('FB-8: entries that cannot be read do not spoil the others', async () => {
    const card = await cardFor()
    const answer = await send({ feedback: [null, { card: card.uuid }, item(card.uuid), 7, item('')] })
    expect(answer.statusCode).toBe(200)
    expect(lineOf().feedback).toEqual({ unread: 4, joined: 1 })
  })

  const valid = item('a')
  test.each([
    ['no object', '[]', 'feedback'],
    ['no list', '{"feedback":{}}', 'feedback'],
    ['no entry at all that can be read', JSON.stringify({ feedback: ['x'] }), 'feedback[0]'],
    ['no card', JSON.stringify({ feedback: [{ ...valid, card: ' ' }] }), 'feedback[0].card'],
    [
      'another outcome',
      JSON.stringify({ feedback: [{ ...valid, outcome: 'ignored' }] }),
      'feedback[0].outcome',
    ],
    [
      'acceptance of nothing',
      JSON.stringify({ feedback: [{ ...valid, outcome: 'accepted' }] }),
      'feedback[0].acceptedSuggestions',
    ],
    [
      'a day without its time',
      JSON.stringify({ feedback: [{ ...valid, outcomeTimestamp: '2026-11-21' }] }),
      'feedback[0].outcomeTimestamp',
    ],
    [
      'too many entries',
      JSON.stringify({ feedback: Array.from({ length: most.items + 1 }, () => valid) }),
      'feedback',
    ],
  ])('FB-8: %s is refused with 400 and where to mend it', async (_, payload, place) => {
    caller = undefined
    const answer = await app.inject({
      method: 'POST',
      url,
      payload,
      headers: { 'content-type': 'application/json' },
    })
    expect([answer.statusCode, answer.json().issue[0].expression]).toEqual([400, [place]])
  })

  test('FB-10: a comment without end is cut, and a body without end refused', async () => {
    const card = await cardFor()
    await send({ feedback: [item(card.uuid, { overrideReason: { userComment: 'x'.repeat(100_000) } })] })
    const [kept] = await keptOf(card.uuid)
    const [comment] = await desk.rows(`select * from lumbar_ledger_comment where told = '${kept?.told}'`)
    expect(desk.keys.open(String(kept?.told), String(comment?.sealed))).toHaveLength(most.comment)
    const huge = await send({ feedback: [item(card.uuid, { more: 'x'.repeat(1_048_576) })] })
    expect([huge.statusCode, huge.json().resourceType]).toEqual([413, 'OperationOutcome'])
  })

  test('goes to services that there are, by POST', async () => {
    const nowhere = await app.inject({ method: 'POST', url: '/cds-services/nothing/feedback', payload: {} })
    expect([nowhere.statusCode, nowhere.json().issue[0].details.coding[0].code]).toEqual([
      404,
      'unknown-service',
    ])
    const read = await app.inject({ method: 'GET', url })
    expect([read.statusCode, read.headers.allow]).toEqual([405, 'POST'])
  })

  test('is counted by outcome and by what it was', async () => {
    const text = await metrics.text()
    expect(text).toMatch(/lumbar_feedback_total\{outcome="accepted",state="joined"\} \d/)
    expect(text).toMatch(/lumbar_feedback_total\{outcome="overridden",state="unknown-card"\} \d/)
    expect(text).toMatch(/lumbar_feedback_total\{outcome="unread",state="unread"\} \d/)
  })
})

test('FB-9: an answer holds cards and nothing else that feedback could not be about', async () => {
  const { hook, hookInstance } = callOf('order-select', 'acute-week-two', ['lumbar-mri'])
  const body = hookCall({
    patient: loadPatient(root, 'acute-week-two', today),
    orders: [loadOrder(root, 'lumbar-mri')],
    hook: 'order-select',
    queries,
    today,
  })
  const answer = await app.inject({
    method: 'POST',
    url: '/cds-services/lumbar-order-select',
    payload: { ...body, hook, hookInstance },
  })
  expect(answer.statusCode).toBe(200)
  expect(Object.keys(answer.json())).toEqual(['cards'])
  const ids = answer
    .json()
    .cards.flatMap(({ uuid, suggestions = [] }: CardWithIds) => [
      uuid,
      ...suggestions.map((each) => each.uuid),
    ])
  expect(ids.length).toBeGreaterThan(1)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-/)
})
interface CardWithIds {
  uuid: string
  suggestions?: { uuid: string }[]
}
