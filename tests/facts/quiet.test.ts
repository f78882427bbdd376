/** Facts that nothing stirs are not asked: their answers, and their order, are those that they would have given. */
import { describe, expect, test } from 'vitest'
import { hookCall, listOrders, listPatients, loadOrder, loadPatient } from '../../fhir-fixtures/load.ts'
import type { Answer } from '../../src/facts/answers.ts'
import { compileFacts } from '../../src/facts/find-facts.ts'
import { Lexicon } from '../../src/facts/reading/lexicon.ts'
import { affirmedTerms } from '../../src/facts/words.ts'
import { type HookCall, parseCall } from '../../src/hooks/call.ts'
import { findService, type Service } from '../../src/hooks/services.ts'
import { realContent, root } from '../support/evaluator.ts'
import { gather } from '../support/gather.ts'

const today = '2026-11-21'
const content = realContent()
const facts = compileFacts(content)
const wanted = Object.keys(content.facts)

/** Answers that settle nothing, for each fact but the one that hears them: what is answered is asked. */
const askingAll = new Map<string, Answer>(
  wanted
    .filter((name) => content.facts[name]?.kind !== 'episode')
    .map((name) => [name, { value: { low: 1, high: 1 }, at: '' }]),
)

function callAbout(name: string): HookCall {
  const patient = loadPatient(root, name, today)
  const orders = listOrders(root).map((order, at) => ({ ...loadOrder(root, order), id: `draft-${at}` }))
  const body = hookCall({ patient, orders, hook: 'order-sign', queries: content.queries, today })
  return parseCall(body, findService('lumbar-order-sign') as Service)
}

const keys = Object.values(content.queries).map(({ key }) => key)
const without = (call: HookCall, left: readonly string[]): HookCall => ({
  ...call,
  prefetch: Object.fromEntries(Object.entries(call.prefetch ?? {}).filter(([key]) => !left.includes(key))),
})
const states = (call: HookCall, at: number) => [
  call,
  without(call, keys),
  // A different key is missing for each patient.
  without(call, [keys[at % keys.length] ?? '']),
]

describe('The facts', () => {
  test.each(listPatients(root).map((name, at) => [name, at] as const))(
    'of %s are the same, whether each is asked or only those that something stirs',
    async (name, at) => {
      const whole = callAbout(name)
      for (const call of states(whole, at)) {
        const record = await gather(call, content.queries)
        const { orders } = facts.ordersUnderReview(record)
        // Of a chart that lacks something a few orders tell as much.
        const some = call === whole ? orders : orders.slice(0, 2)
        for (const order of [...some, facts.openedChart]) {
          const found = facts.open(record, today).find(order, wanted)
          const asked = facts.open(record, today, askingAll).find(order, wanted)
          expect([...found]).toEqual([...asked])
        }
      }
    },
  )
})

describe('What texts say', () => {
  const texts = ['Low back pain, no fever', 'Cauda equina syndrome, ruled out', 'fell 2024', '?']

  test('is the same when it was read before, and for other words around it', () => {
    const [fresh, used] = [new Lexicon(content), new Lexicon(content)]
    for (const text of [...texts, ...texts.toReversed()]) used.read(text)
    for (const text of texts) expect(used.read(text)).toEqual(fresh.read(text))
  })

  test('is remembered for its own list of terms and its own cues', () => {
    const { words } = content
    expect(affirmedTerms('no fever, cough', ['fever', 'cough'], words)).toEqual([])
    expect(affirmedTerms('no fever but cough', ['fever', 'cough'], words)).toEqual(['cough'])
    expect(affirmedTerms('no fever but cough', ['fever'], words)).toEqual([])
    expect(affirmedTerms('no fever but cough', ['fever'], { ...words, negations: [] })).toEqual(['fever'])
  })
})
