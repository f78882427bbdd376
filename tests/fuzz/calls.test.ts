/**
 * Posts calls that were sound until chance changed them, over HTTP: none may bring a 5xx, an answer that is not
 * valid, a wait, or memory that is not given back. Always the same calls; others for `FUZZ_SECONDS`, one again by `FUZZ_SEED`.
 */
import { randomUUID } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { hookCall, listOrders, listPatients, loadOrder, loadPatient } from '../../fhir-fixtures/load.ts'
import { buildApp } from '../../src/app.ts'
import { loadVignettes, queries } from '../language/vignette.ts'
import { assertValidAnswer } from '../support/answer.ts'
import { toCall } from '../support/call.ts'
import { evaluatorWith, realContent, root } from '../support/evaluator.ts'
import { Client, type Reply } from '../support/http.ts'
import { randomFrom } from '../support/random.ts'
import { assertUsefulRefusal } from '../support/refusal.ts'
import { runsOf } from '../support/sweep.ts'
import { mutate } from './mutations.ts'

const { FUZZ_SECONDS, FUZZ_SEED } = process.env
const seconds = Number(FUZZ_SECONDS || 0)
const usualCalls = runsOf(120, 240)
const only = FUZZ_SEED ? Number(FUZZ_SEED) : undefined
/** Longer runs look elsewhere each time; the short one of every day looks at the same. */
const firstSeed = only ?? (FUZZ_SECONDS ? Date.now() % 1_000_000_000 : 1)

/** No answer may cost more, in ms. */
const mostTime = 2000
/** How long an answer may be waited for on a busy machine, in ms. */
const patience = 60_000
/** Memory that may be left over from one third of the run to the next, in bytes. */
const mostGrowth = 24 * 1024 * 1024

const today = '2026-11-21'

test('SEC-14: what chance makes of a sound call is answered or refused, and leaves nothing behind', {
  timeout: (seconds + 120) * 1000,
}, async () => {
  const mistakes: string[] = []
  let seed = firstSeed
  const note = (what: string) => void mistakes.push(`FUZZ_SEED=${seed} ${what}`)
  const content = realContent()
  const evaluator = evaluatorWith(
    {},
    {
      newId: randomUUID,
      onFactError: (fact, error) => note(`fact ${fact} failed: ${String(error).slice(0, 200)}`),
    },
  )
  const app = buildApp({
    elapsed: () => performance.now(),
    content,
    ...evaluator,
    logger: { level: 'error', stream: { write: (line: string) => note(`logged ${line}`) } },
    limits: { ...content.site.limits, 'calls-per-minute': 0, 'event-loop-delay-ms': 0 },
  })
  const client = new Client(await app.listen({ host: '127.0.0.1', port: 0 }))
  const calls = soundCalls()
  const heaps: number[] = []
  const statuses = new Map<number, number>()
  const begun = performance.now()
  /** How much of the run is over, from 0 to 1. */
  const done = () =>
    seconds > 0 ? (performance.now() - begun) / 1000 / seconds : (seed - firstSeed) / usualCalls

  while (mistakes.length < 10 && (only === undefined ? done() < 1 : seed === only)) {
    const random = randomFrom(seed)
    const call = random.pick(calls)
    const body = mutate(call, random)
    const path = `/cds-services/lumbar-${random.chance(0.9) ? call.hook : random.pick(['order-select', 'order-sign', 'patient-view'])}`
    try {
      const reply = await inTime(() => client.post(path, body, patience))
      statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1)
      check(reply, body)
    } catch (error) {
      note(error instanceof Error ? error.message.slice(0, 2000) : String(error))
    }
    seed += 1
    if (done() > (heaps.length + 1) / 4) heaps.push(usedHeap())
  }
  client.close()
  await app.close()
  console.log(
    `fuzz: seeds ${firstSeed} to ${seed - 1}; ${[...statuses].map(([status, n]) => `${n} x ${status}`).join(', ')}`,
  )
  expect(mistakes).toEqual([])
  if (only !== undefined) return
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400]))
  // The first part warms up; a leak grows in every part after it.
  const growth = heaps.slice(1).map((heap, at) => heap - (heaps[at] ?? heap))
  expect(Math.min(...growth), `heap after each part: ${heaps.join(', ')}`).toBeLessThan(mostGrowth)
})

function soundCalls() {
  const orders = listOrders(root).map((name) => loadOrder(root, name))
  const fixtures = listPatients(root).flatMap((name) => {
    const patient = loadPatient(root, name, today)
    return orders.flatMap((order, at) => {
      const drafts = at % 3 === 0 ? [order, ...orders.slice(0, 2)] : [order]
      const hook = at % 2 === 0 ? ('order-sign' as const) : ('order-select' as const)
      const call = hookCall({ patient, orders: drafts, hook, queries, today })
      return at % 5 === 0 ? [call, { ...call, hook: 'patient-view' as const }] : [call]
    })
  })
  return [...fixtures, ...loadVignettes().flatMap(({ vignettes }) => vignettes.map(toCall))]
}

function check({ status, headers, text }: Reply, body: string): void {
  expect(headers['content-type']).toMatch(/^application\/json/)
  const answer: unknown = JSON.parse(text)
  if (status === 200) assertValidAnswer(answer, JSON.parse(body))
  else assertUsefulRefusal(status, answer)
}

/** In CPU of this process, service and sender together: a busy machine makes nothing dearer. */
async function inTime(post: () => Promise<Reply>): Promise<Reply> {
  const begun = process.cpuUsage()
  const reply = await post()
  const { user, system } = process.cpuUsage(begun)
  const ms = (user + system) / 1000
  if (ms > mostTime) throw new Error(`took ${ms.toFixed(0)} ms`)
  return reply
}

function usedHeap(): number {
  setFlagsFromString('--expose_gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}
