/** Many drafts in one call: what is the same for each is found once, and no answer depends on which came first. */
import { describe, expect, test } from 'vitest'
import { hookCall, listOrders, listPatients, loadOrder, loadPatient } from '../../fhir-fixtures/load.ts'
import { compileFacts } from '../../src/facts/find-facts.ts'
import { parseCall } from '../../src/hooks/call.ts'
import { findService, type Service } from '../../src/hooks/services.ts'
import { evaluatorWith, realContent, root } from '../support/evaluator.ts'
import { gather } from '../support/gather.ts'

const today = '2026-11-21'
const content = realContent()
const facts = compileFacts(content)
const most = content.site.limits['drafts-judged']

function callWith(name: string, orders: readonly string[]) {
  const drafts = orders.map((order, at) => ({ ...loadOrder(root, order), id: `draft-${at}` }))
  const patient = loadPatient(root, name, today)
  const body = hookCall({ patient, orders: drafts, hook: 'order-sign', queries: content.queries, today })
  return parseCall(body, findService('lumbar-order-sign') as Service)
}

const many = (order: string, count: number) => Array.from({ length: count }, () => order)

describe('The answers about an order', () => {
  test.each(listPatients(root))(
    'of %s are the same, whichever orders were asked about before it',
    async (name) => {
      const call = callWith(name, listOrders(root))
      const record = await gather(call, content.queries)
      const { orders } = facts.ordersUnderReview(record)
      expect(orders.length).toBeGreaterThan(3)
      const wanted = Object.keys(content.facts)
      const inTurn = facts.open(record, today)
      for (const order of [...orders, ...orders.toReversed()]) {
        const alone = facts.open(record, today).find(order, wanted)
        expect(Object.fromEntries(inTurn.find(order, wanted))).toEqual(Object.fromEntries(alone))
      }
    },
  )
})

describe('Drafts beyond the most that are judged', () => {
  const evaluator = evaluatorWith()

  test('are counted for the log, and change nothing about the others', async () => {
    const atMost = await evaluator.evaluate(callWith('opioid-chronic', many('oxycodone', most)))
    const beyond = await evaluator.evaluate(callWith('opioid-chronic', many('oxycodone', most + 7)))
    expect([atMost.report.passedOver, beyond.report.passedOver]).toEqual([0, 7])
    expect(beyond.rules).toEqual(atMost.rules)
    const details = (answer: typeof beyond) => answer.cards.map(({ detail }) => detail).join('\n')
    expect(details(beyond)).toContain(`the first ${most} of ${most + 7} drafted orders`)
    expect(details(atMost)).not.toContain('drafted orders')
  })

  test.each([
    ['opioid-chronic', 'oxycodone'],
    ['acute-week-two', 'lumbar-mri'],
  ])('BEST-1: a thousand of %s with %s are answered in a moment', async (name, order) => {
    await evaluator.evaluate(callWith(name, many(order, 10)))
    const call = callWith(name, many(order, 1000))
    const started = performance.now()
    const { cards } = await evaluator.evaluate(call)
    expect(performance.now() - started).toBeLessThan(1000)
    expect(cards.length).toBeGreaterThan(0)
  })
})
