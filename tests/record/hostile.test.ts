/** Whatever stands where: gathering never throws. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gather } from '../support/gather.ts'
import { bundle, call, gatherPrefetch, queries, us } from './support.ts'

const odd = fc.jsonValue({ maxDepth: 3 })
const key = fc.constantFrom(
  ...Object.values(queries).map((query) => query.key),
  'encounter',
  'item1',
  '__proto__',
  'toString',
)
const type = fc.constantFrom(
  'Patient',
  'Condition',
  'Encounter',
  'Bundle',
  'OperationOutcome',
  'MedicationOrder',
  'ServiceRequest',
)
const odder = fc.oneof(
  odd,
  fc.constantFrom<unknown>('Patient/p1', 'p1', '#x', 'urn:uuid:x', 'next', 'outcome', '404', []),
)

/** Resources, entries and Bundles in which anything may stand in any known place. */
const resource = fc.record(
  {
    resourceType: fc.oneof(type, odd),
    id: odder,
    subject: fc.oneof(odder, fc.record({ reference: odder })),
    patient: fc.oneof(odder, fc.record({ reference: odder })),
    contained: odder,
    clinicalStatus: odder,
    issue: fc.oneof(odder, fc.array(fc.record({ severity: odder, code: odder }))),
  },
  { requiredKeys: [] },
)
const entry = fc.oneof(
  odd,
  resource,
  fc.record(
    { fullUrl: odder, resource, search: fc.oneof(odd, fc.record({ mode: odder })) },
    { requiredKeys: [] },
  ),
)
const value = fc.oneof(
  odd,
  resource,
  fc.array(entry),
  fc.record(
    {
      resourceType: fc.constant('Bundle'),
      entry: fc.oneof(odder, fc.array(entry)),
      link: odder,
      total: odder,
    },
    { requiredKeys: ['resourceType'] },
  ),
  fc.record(
    { response: fc.oneof(odder, fc.record({ status: odder })), resource: odder },
    { requiredKeys: [] },
  ),
)

async function survives(parts: Parameters<typeof call>[0]): Promise<void> {
  const record = await gather(call(parts), queries)
  for (const queried of Object.keys(queries)) {
    expect(['complete', 'partial', 'missing']).toContain(record.completeness(queried))
  }
  for (const all of record.resources.values()) {
    for (const one of all) {
      if (typeof one.id === 'string') record.resolve(`${one.resourceType}/${one.id}`)
      record.resolve('#x', one)
      record.resolve('urn:uuid:x', one)
    }
  }
}

describe('odd values', () => {
  test('GEN-6: as prefetch', () => fc.assert(fc.asyncProperty(odd, (prefetch) => survives({ prefetch }))))

  test('GEN-6: under any key', () =>
    fc.assert(
      fc.asyncProperty(fc.dictionary(key, value), (prefetch) => survives({ prefetch })),
      { numRuns: 500 },
    ))

  test('GEN-6: as draftOrders', () =>
    fc.assert(
      fc.asyncProperty(value, (draftOrders) => survives({ draftOrders })),
      { numRuns: 500 },
    ))

  test('GEN-6: as an entry', () =>
    fc.assert(
      fc.asyncProperty(entry, fc.array(odder), (one, selections) => {
        const list = { resourceType: 'Bundle', entry: [one, one] }
        const named = selections.filter((selection) => typeof selection === 'string')
        return survives({
          hook: 'order-select',
          selections: named,
          draftOrders: list,
          prefetch: { conditions: list },
        })
      }),
      { numRuns: 500 },
    ))

  test('PF-14: only a Bundle of conditions, null or nothing found makes the list of conditions whole', () =>
    fc.assert(
      fc.asyncProperty(odd, async (conditions) => {
        const record = await gather(call({ prefetch: { conditions } }), queries)
        const saysNothing = conditions === null || (Array.isArray(conditions) && conditions.length === 0)
        expect(record.completeness('Condition') === 'complete').toBe(saysNothing)
      }),
    ))

  test('GEN-6: depth in a resource is not walked', async () => {
    let deep: unknown = 1
    for (let n = 0; n < 100_000; n += 1) deep = { a: [deep] }
    await survives({
      prefetch: { conditions: bundle({ resourceType: 'Condition', id: 'x', subject: deep }) },
    })
  })
})

test('BEST-1: types that nobody reads get no room, however many there are', async () => {
  const made = Array.from({ length: 20_000 }, (_, n) => ({
    resourceType: `Made${n}`,
    id: `${n}`,
    subject: us,
  }))
  const before = process.memoryUsage().heapUsed
  const record = await gatherPrefetch({ conditions: made, others: bundle(...made) })
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000)
  expect([...record.resources.keys()]).toEqual([])
  // What came for conditions was none, so nothing is known of conditions.
  expect(record.completeness('Condition')).toBe('missing')
})
