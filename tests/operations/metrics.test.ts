/** The figures: what is counted, under which labels, and that nobody can make them without end. */
import { describe, expect, test } from 'vitest'
import { parseCall } from '../../src/hooks/call.ts'
import { findService } from '../../src/hooks/services.ts'
import { createMetrics } from '../../src/metrics.ts'
import { harness, post, shown, signCall, signUrl } from '../hooks/support.ts'
import { loadVignettes } from '../language/vignette.ts'
import { toCall } from '../support/call.ts'
import { evaluatorWith, realContent } from '../support/evaluator.ts'

const [example] = loadVignettes().flatMap(({ vignettes }) =>
  vignettes.filter(({ hook, rule, side }) => hook === 'order-sign' && rule === 'IM01' && side === 'fires'),
)
if (!example) throw new Error('no vignette of IM01')
const body = JSON.stringify(toCall(example))

const figures = async (metrics: ReturnType<typeof createMetrics>) =>
  (await metrics.text()).split('\n').filter((line) => line.startsWith('lumbar_'))

describe('an answered call', () => {
  test('BEST-6: counts its cards, its prefetch states and the time of each stage', async () => {
    const metrics = createMetrics({ withProcess: false })
    let time = 0
    const evaluator = evaluatorWith({}, { stopwatch: () => (time += 2) })
    const { app } = harness(undefined, {
      ...evaluator,
      content: { ...shown, queries: realContent().queries },
      metrics,
    })
    const answer = await post(app, body)
    expect(answer.statusCode).toBe(200)
    const lines = await figures(metrics)
    expect(lines).toContain('lumbar_cards_total{rule="IM01",indicator="warning"} 1')
    expect(lines).toContain('lumbar_prefetch_total{key="patient",state="given"} 1')
    for (const stage of ['gather', 'facts', 'decide', 'render']) {
      expect(lines).toContain(
        `lumbar_request_seconds_sum{service="lumbar-order-sign",stage="${stage}"} 0.002`,
      )
    }
    expect(lines).toContain('lumbar_request_seconds_count{service="lumbar-order-sign",stage="total"} 1')
  })

  test('SEC-15: leaves its report out of the answer', async () => {
    const { app } = harness(undefined, evaluatorWith({}, { stopwatch: () => 0 }))
    expect(Object.keys((await post(app, body)).json())).toEqual(['cards'])
  })
})

describe('what is counted', () => {
  test('BEST-6: failures by code, and callers not trusted by reason', async () => {
    const metrics = createMetrics({ withProcess: false })
    const { app } = harness(undefined, { metrics })
    await post(app, '{')
    await app.inject('/nowhere')
    metrics.onRefusal('replayed')
    metrics.onRead('conditions', 'late: deadline')
    metrics.onFactError('pregnant')
    metrics.onPrefetch('patient', 'absent')
    metrics.onCard('IM01', 'warning')
    expect(await figures(metrics)).toEqual(
      expect.arrayContaining([
        'lumbar_failures_total{code="malformed-json",status="400"} 1',
        'lumbar_failures_total{code="unknown-route",status="404"} 1',
        'lumbar_refusals_total{reason="replayed"} 1',
        'lumbar_fhir_reads_total{key="conditions",outcome="late: deadline"} 1',
        'lumbar_fact_failures_total{fact="pregnant"} 1',
        'lumbar_prefetch_total{key="patient",state="absent"} 1',
        'lumbar_cards_total{rule="IM01",indicator="warning"} 1',
      ]),
    )
  })

  test('SEC-15: has labels of our own words alone, whatever a caller sends', async () => {
    const metrics = createMetrics({ withProcess: false })
    const evaluator = evaluatorWith()
    const { app } = harness(undefined, { evaluate: evaluator.evaluate, metrics })
    const odd = JSON.parse(body)
    odd.prefetch = { ...odd.prefetch, Zebulon: { resourceType: 'Zebulon' } }
    odd.hookInstance = 'Zebulon'
    await post(app, JSON.stringify(odd))
    await post(app, JSON.stringify({ ...odd, hook: 'Zebulon' }))
    await app.inject({ method: 'POST', url: '/cds-services/Zebulon?Zebulon=Zebulon', payload: '{}' })
    expect(await metrics.text()).not.toContain('Zebulon')
  })

  test('SEC-15: stays bounded', async () => {
    const metrics = createMetrics({ withProcess: false })
    for (let n = 0; n < 5000; n += 1) metrics.onRead('conditions', `unreachable-${n}`)
    const lines = (await figures(metrics)).filter((line) => line.startsWith('lumbar_fhir_reads_total'))
    expect(lines).toHaveLength(1001)
    expect(lines).toContain('lumbar_fhir_reads_total{key="other",outcome="other"} 4000')
  })
})

test('SEC-15: a report names states by our own keys, and cards by rule', async () => {
  const service = findService('lumbar-order-sign')
  if (!service) throw new Error(`no service at ${signUrl}`)
  const call = parseCall({ ...signCall(), ...JSON.parse(body) }, service)
  const { report, cards } = await evaluatorWith().evaluate(call)
  expect(report.times).toEqual({})
  expect(report.spoken).toEqual(
    cards.map(({ source, indicator }) => ({ rule: source.topic.code, indicator })),
  )
  const keys = Object.values(realContent().queries).map(({ key }) => key)
  expect([...report.prefetch.keys()].sort()).toEqual([...keys, 'encounter'].sort())
})
