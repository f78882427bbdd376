/** Every way in which a client may fill, or not fill, a prefetch key, and what may be concluded from it. */
import { describe, expect, test } from 'vitest'
import type { Completeness, PrefetchState } from '../../src/record/record.ts'
import { bundle, condition, gatherPrefetch, ids, outcome, patient, queries, us } from './support.ts'

const outcomeEntry = (severity: string, code?: string) => ({
  search: { mode: 'outcome' },
  resource: outcome(severity, code),
})
const c1 = condition('c1')
const observation = { resourceType: 'Observation', id: 'o1', subject: us }
const foreign = condition('c9', { subject: { reference: 'Patient/p9' } })

/** A Bundle in a Bundle, and so on, with one entry at the bottom. */
function nested(depth: number): object {
  return depth === 0 ? condition('deep') : bundle(nested(depth - 1))
}
const fullPage = (more: object) => ({
  ...bundle(...Array.from({ length: 100 }, (_, n) => condition(`c${n}`))),
  ...more,
})

const rows: [what: string, value: unknown, state: PrefetchState, whole: Completeness, kept: number][] = [
  // The seven rows of section 6b …
  ['nothing at all', undefined, 'absent', 'missing', 0],
  ['null', null, 'empty', 'complete', 0],
  ['an empty Bundle', bundle(), 'empty', 'complete', 0],
  [
    'a Bundle with a next page',
    { ...bundle(c1), link: [{ relation: 'next', url: 'x' }] },
    'truncated',
    'partial',
    1,
  ],
  ['an OperationOutcome', outcome('error'), 'failed', 'missing', 0],
  [
    'a Bundle with a remark',
    { resourceType: 'Bundle', entry: [{ resource: c1 }, outcomeEntry('warning')] },
    'given',
    'complete',
    1,
  ],
  ['a Bundle', bundle(c1, condition('c2')), 'given', 'complete', 2],
  ['a resource where a Bundle was asked for', c1, 'given', 'complete', 1],
  // … and what clients do beside them.
  ['a Bundle without entry', { resourceType: 'Bundle', total: 0 }, 'empty', 'complete', 0],
  ['a Bundle whose entry is null', { resourceType: 'Bundle', entry: null }, 'empty', 'complete', 0],
  ['a Bundle without type', { resourceType: 'Bundle', entry: [{ resource: c1 }] }, 'given', 'complete', 1],
  ['a Bundle of another type', { ...bundle(c1), type: 'collection' }, 'given', 'complete', 1],
  [
    'a Bundle with only a self link',
    { ...bundle(c1), link: [{ relation: 'self', url: 'x' }] },
    'given',
    'complete',
    1,
  ],
  [
    'an empty Bundle with a next page',
    { ...bundle(), link: [{ relation: 'next' }] },
    'truncated',
    'partial',
    0,
  ],
  ['an empty Bundle that counts three', { ...bundle(), total: 3 }, 'truncated', 'partial', 0],
  [
    'a Bundle whose total counts more than its links say',
    { ...bundle(c1), total: 3, link: [{ relation: 'self', url: 'x' }] },
    'given',
    'complete',
    1,
  ],
  ['a Bundle without links whose total counts more', { ...bundle(c1), total: 3 }, 'truncated', 'partial', 1],
  ['a Bundle whose total counts less', { ...bundle(c1, condition('c2')), total: 1 }, 'given', 'complete', 2],
  ['a full page without links', fullPage({}), 'truncated', 'partial', 100],
  ['a full page without links that counts itself', fullPage({ total: 100 }), 'given', 'complete', 100],
  ['a full page that is the last', fullPage({ link: [{ relation: 'self' }] }), 'given', 'complete', 100],
  ['an outcome of a type that is not kept', outcome('error', 'not-supported'), 'unsupported', 'missing', 0],
  ['an outcome of nothing there', outcome('error', 'not-found'), 'unsupported', 'missing', 0],
  ['an outcome of a right that is missing', outcome('error', 'forbidden'), 'forbidden', 'missing', 0],
  [
    "Epic's answer without results",
    { resourceType: 'Bundle', total: 0, entry: [outcomeEntry('warning')] },
    'empty',
    'complete',
    0,
  ],
  ['a Bundle with an error in it', bundle(c1, outcome('error')), 'truncated', 'partial', 1],
  ['a Bundle with a fatal error in it', bundle(outcome('fatal')), 'truncated', 'partial', 0],
  [
    'a Bundle with suppressed results',
    bundle(c1, outcome('warning', 'suppressed')),
    'truncated',
    'partial',
    1,
  ],
  ['a Bundle with an entry without resource', { ...bundle(c1, undefined) }, 'truncated', 'partial', 1],
  [
    'a Bundle with entries of nothing',
    { resourceType: 'Bundle', entry: [null, {}, 3, ''] },
    'truncated',
    'partial',
    0,
  ],
  ['a wrapper', { response: { status: '200 OK' }, resource: bundle(c1) }, 'given', 'complete', 1],
  ['a wrapper around a resource', { response: { status: 200 }, resource: c1 }, 'given', 'complete', 1],
  ['a wrapper without response', { resource: c1 }, 'given', 'complete', 1],
  [
    'a wrapper of a 404',
    { response: { status: '404 Not Found' }, resource: c1 },
    'unsupported',
    'missing',
    0,
  ],
  ['a wrapper of a 403', { response: { status: 403 } }, 'forbidden', 'missing', 0],
  ['a wrapper of a 500', { response: { status: 500 } }, 'failed', 'missing', 0],
  ['a wrapper without resource', { response: { status: '200 OK' } }, 'unusable', 'missing', 0],
  ['a wrapper of an odd status', { response: { status: { toString: 1 } } }, 'unusable', 'missing', 0],
  [
    'a wrapper around an outcome',
    { response: { status: 200 }, resource: outcome('error') },
    'failed',
    'missing',
    0,
  ],
  ['a list of resources', [c1, condition('c2')], 'given', 'complete', 2],
  ['a Bundle within a list', [bundle(c1), condition('c2')], 'given', 'complete', 2],
  [
    'a Bundle within a Bundle',
    bundle(bundle(c1), condition('c2'), bundle(condition('c3'))),
    'given',
    'complete',
    3,
  ],
  ['nothing but an empty Bundle within a Bundle', bundle(bundle()), 'empty', 'complete', 0],
  [
    'a Bundle within a Bundle that goes on elsewhere',
    bundle(c1, { ...bundle(condition('c2')), link: [{ relation: 'next', url: 'x' }] }),
    'truncated',
    'partial',
    2,
  ],
  ['a Bundle with an error within another', bundle(c1, bundle(outcome('error'))), 'truncated', 'partial', 1],
  [
    'Bundles in one another deeper than any server nests them',
    bundle(c1, nested(9)),
    'truncated',
    'partial',
    1,
  ],
  ['an empty list', [], 'empty', 'complete', 0],
  ['the template itself', 'Condition?patient=p1', 'unusable', 'missing', 0],
  ['a number', 0, 'unusable', 'missing', 0],
  ['false', false, 'unusable', 'missing', 0],
  ['an empty object', {}, 'unusable', 'missing', 0],
  ['a resourceType that is no text', { resourceType: 5 }, 'unusable', 'missing', 0],
  ['resources of another type only', bundle(observation), 'unusable', 'missing', 0],
  ['resources of another type among them', bundle(c1, observation), 'given', 'complete', 1],
  ["somebody else's resources only", bundle(foreign), 'unusable', 'missing', 0],
  ["somebody else's resource among them", bundle(c1, foreign), 'truncated', 'partial', 1],
  ['an STU3 resource', bundle(condition('c1', { clinicalStatus: 'active' })), 'given', 'complete', 1],
  [
    'an STU3 resource among R4 ones',
    bundle(c1, condition('c2', { clinicalStatus: 'active' })),
    'given',
    'complete',
    2,
  ],
]

describe('one key', () => {
  test.each(rows)('PF-9, PF-14: %s', async (_what, value, state, completeness, kept) => {
    const record = await gatherPrefetch(value === undefined ? {} : { conditions: value })
    expect({
      state: record.states.get('conditions'),
      completeness: record.completeness('Condition'),
      kept: ids(record, 'Condition').length,
    }).toEqual({ state, completeness, kept })
  })

  const lumbarMri = { coding: [{ system: 'http://www.ama-assn.org/go/cpt', code: '72148' }] }
  test.each([
    [
      'medicationRequests',
      'MedicationRequest',
      { resourceType: 'MedicationOrder', id: 'x', status: 'active', dateWritten: '2016-03-01', patient: us },
      { status: 'active', authoredOn: '2016-03-01', subject: us },
    ],
    [
      'serviceRequests',
      'ServiceRequest',
      {
        resourceType: 'ProcedureRequest',
        id: 'x',
        status: 'requested',
        orderedOn: '2016-03-01',
        code: lumbarMri,
      },
      { status: 'active', authoredOn: '2016-03-01', code: lumbarMri },
    ],
    [
      'serviceRequests',
      'ServiceRequest',
      { resourceType: 'DiagnosticOrder', id: 'x', status: 'rejected', item: [{ code: lumbarMri }] },
      { status: 'revoked', code: { coding: lumbarMri.coding } },
    ],
    [
      'serviceRequests',
      'ServiceRequest',
      { resourceType: 'ReferralRequest', id: 'x', date: '2016-03-01', serviceRequested: [{ text: 'PT' }] },
      { authoredOn: '2016-03-01', code: { coding: [], text: 'PT' } },
    ],
  ])('GEN-8: %s with orders of DSTU2 or STU3 are read as %s', async (key, type, old, renewed) => {
    const record = await gatherPrefetch({ [key]: bundle(old) })
    expect([record.states.get(key), record.completeness(type)]).toEqual(['given', 'complete'])
    expect(record.resources.get(type)).toMatchObject([{ resourceType: type, id: 'x', ...renewed }])
    expect(record.resources.has(old.resourceType)).toBe(false)
  })

  test('PF-8: a Bundle where a single resource was asked for is read', async () => {
    const record = await gatherPrefetch({ patient: bundle(patient) })
    expect(record.patient?.id).toBe('p1')
    expect(record.completeness('Patient')).toBe('complete')
  })
})

describe('all keys', () => {
  test.each([undefined, {}, null, 'text', []])(
    'PF-10: prefetch %j leaves every key absent',
    async (prefetch) => {
      const record = await gatherPrefetch(prefetch)
      expect(new Set(record.states.values())).toEqual(new Set(['absent']))
      expect([...record.states.keys()].sort()).toEqual(
        [...Object.values(queries).map(({ key }) => key), 'encounter'].sort(),
      )
    },
  )

  test('PF-10: what comes under a key that was typed by hand is used, but proves nothing', async () => {
    const record = await gatherPrefetch({ '-user': c1, item1: bundle(condition('c2'), observation) })
    expect(ids(record, 'Condition')).toEqual(['c1', 'c2'])
    expect(record.completeness('Condition')).toBe('partial')
    expect(record.completeness('Observation')).toBe('partial')
    expect(record.completeness('Procedure')).toBe('missing')
    expect(record.states.has('item1')).toBe(false)
  })

  test('PF-14: a failed key with the same data elsewhere is partial', async () => {
    const record = await gatherPrefetch({ conditions: outcome('error'), item1: c1 })
    expect(record.completeness('Condition')).toBe('partial')
  })

  test('PF-14: a type that nobody asks for is never complete', async () => {
    const record = await gatherPrefetch({ conditions: bundle(c1, { resourceType: 'Medication', id: 'm1' }) })
    expect(record.completeness('Medication')).toBe('partial')
    expect(record.completeness('Goal')).toBe('missing')
  })

  test('PF-8: a resource that comes several times is there once', async () => {
    const record = await gatherPrefetch({
      conditions: bundle(c1, c1, condition('c2'), condition(undefined), condition(undefined)),
      item1: bundle(condition('c2'), condition('c3')),
    })
    expect(ids(record, 'Condition')).toEqual(['c1', 'c2', undefined, undefined, 'c3'])
  })

  test('PF-8: equal ids of different types are different resources', async () => {
    const record = await gatherPrefetch({ conditions: c1, observations: { ...observation, id: 'c1' } })
    expect([ids(record, 'Condition'), ids(record, 'Observation')]).toEqual([['c1'], ['c1']])
  })

  test('REQ-5: resources are passed on and not copied', async () => {
    const record = await gatherPrefetch({ conditions: bundle(c1) })
    expect(record.resources.get('Condition')?.[0]).toBe(c1)
  })

  test.each([
    ['ids that differ', (n: number) => `id-${n}`],
    [
      'ids that are alike in most places',
      (n: number) => `${'a'.repeat(n % 40)}b${'a'.repeat(200 - (n % 40))}-${n}`,
    ],
    [
      'ids that are made to collide',
      (n: number) => n.toString(2).padStart(11, '0').replaceAll('0', 'Aa').replaceAll('1', 'BB'),
    ],
  ])('REQ-4: two thousand resources with %s are each kept and found', async (_what, idOf) => {
    const all = Array.from({ length: 2000 }, (_, n) => condition(idOf(n)))
    const record = await gatherPrefetch({ conditions: bundle(...all), again: bundle(...all) })
    expect(record.resources.get('Condition')).toEqual(all)
    for (const one of all) expect(record.resolve(`Condition/${one.id}`)).toBe(one)
    expect(record.resolve('Condition/none')).toBeUndefined()
  })
})
