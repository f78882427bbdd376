/** Draft orders and selections, in the shapes that clients send them. */
import { describe, expect, test } from 'vitest'
import { gather } from '../support/gather.ts'
import { bundle, call, gatherPrefetch, ids, queries, us } from './support.ts'

const epicId = `ez067mnwOAKP5z1.YJwRAsd9g-${'x.Y-'.repeat(42)}`
const service = (id?: string, more: object = {}) => ({
  resourceType: 'ServiceRequest',
  ...(id ? { id } : {}),
  subject: us,
  ...more,
})

async function drafts(draftOrders: unknown, more: object = {}) {
  return gather(call({ draftOrders, ...more }), queries)
}

describe('draft orders', () => {
  test.each([
    ['a Bundle', bundle(service('1'), service('2'))],
    [
      'a Bundle without type',
      { resourceType: 'Bundle', entry: [{ resource: service('1') }, { resource: service('2') }] },
    ],
    ['an object with entries', { entry: [{ resource: service('1') }, { resource: service('2') }] }],
    ['a list of resources', [service('1'), service('2')]],
    ['a Bundle within a Bundle', bundle(bundle(service('1')), service('2'))],
    ['a Bundle within a list', [bundle(service('1'), service('2'))]],
    ['a list of entries', [{ resource: service('1') }, { resource: service('2') }]],
  ])('HK-OS-4: %s is read', async (_what, draftOrders) => {
    const { draftOrders: read } = await drafts(draftOrders)
    expect(read.map(({ reference }) => reference)).toEqual(['ServiceRequest/1', 'ServiceRequest/2'])
  })

  test('HK-OS-4: a single resource is one draft', async () => {
    expect((await drafts(service('1'))).draftOrders).toHaveLength(1)
  })

  test.each([
    {},
    { entry: null },
    { entry: {} },
    [],
    [null, 3, 'x', {}],
    { entry: [null, {}, { resource: 'x' }] },
  ])('HK-OS-2: %j holds no draft', async (draftOrders) => {
    expect((await drafts(draftOrders)).draftOrders).toEqual([])
  })

  test('HK-OS-2: a draft without an id is there, but cannot be named', async () => {
    const { draftOrders } = await drafts(bundle(service()))
    expect(draftOrders.map(({ reference, selected }) => [reference, selected])).toEqual([[undefined, true]])
  })

  test('HK-OS-5: a draft of any status is a draft', async () => {
    const all = ['draft', 'active', 'Xactive', undefined].map((status, n) => service(`${n}`, { status }))
    expect((await drafts(bundle(...all))).draftOrders).toHaveLength(4)
  })

  test('FA-9: a draft for somebody else is no draft of this call', async () => {
    const record = await drafts(bundle(service('1'), service('2', { subject: { reference: 'Patient/p9' } })))
    expect([record.draftOrders.length, record.ignored]).toEqual([1, 1])
  })

  test('HK-OS-2: a draft without a subject is for the patient of the call', async () => {
    expect((await drafts(bundle(service('1', { subject: undefined })))).draftOrders).toHaveLength(1)
  })

  test('HK-OS-3: drafts are no part of the record, not even as the copy that the server holds', async () => {
    const record = await gatherPrefetch(
      { serviceRequests: bundle(service('1'), service('2')) },
      { draftOrders: bundle(service('1')) },
    )
    expect(ids(record, 'ServiceRequest')).toEqual(['2'])
    expect(record.completeness('ServiceRequest')).toBe('complete')
  })

  test('PF-14: a problem that comes both with the drafts and in the prefetch stays in the record', async () => {
    const problem = { resourceType: 'Condition', id: 'c1', subject: us }
    const record = await gatherPrefetch(
      { conditions: bundle(problem) },
      { draftOrders: bundle(service('1'), problem) },
    )
    expect(ids(record, 'Condition')).toEqual(['c1'])
  })
})

describe('selections', () => {
  const two = {
    entry: [
      { fullUrl: 'urn:uuid:one', resource: service('1') },
      { fullUrl: 'https://ehr.example/fhir/ServiceRequest/2', resource: service('2') },
      { resource: service(epicId) },
    ],
  }
  async function selected(selections: string[] | undefined, hook = 'order-select') {
    const { draftOrders } = await drafts(two, { hook, selections })
    return draftOrders.filter((draft) => draft.selected).map(({ reference }) => reference)
  }

  test.each([
    ['type and id', ['ServiceRequest/1'], ['ServiceRequest/1']],
    ['a bare id', ['2'], ['ServiceRequest/2']],
    ['the fullUrl', ['urn:uuid:one'], ['ServiceRequest/1']],
    ['an absolute URL', ['https://ehr.example/fhir/ServiceRequest/2'], ['ServiceRequest/2']],
    ['an absolute URL of another base', ['http://other/ServiceRequest/1'], ['ServiceRequest/1']],
    ['a version', ['ServiceRequest/1/_history/3'], ['ServiceRequest/1']],
    ['the long id of Epic', [`ServiceRequest/${epicId}`], [`ServiceRequest/${epicId}`]],
    ['another name of its type', ['ProcedureRequest/1'], ['ServiceRequest/1']],
    ['a temporary address', ['urn:uuid:2'], ['ServiceRequest/2']],
    [
      'its name beside one that names nothing',
      ['ServiceRequest/1', 'ServiceRequest/9'],
      ['ServiceRequest/1'],
    ],
  ])('HK-OS-1: an order is selected by %s', async (_how, selections, expected) => {
    expect(await selected(selections)).toEqual(expected)
  })

  test.each([
    ['without selections', undefined],
    ['when no selection names a draft', ['ServiceRequest/9', '']],
  ])('HK-OS-1: %s every draft is selected', async (_what, selections) => {
    expect(await selected(selections)).toHaveLength(3)
  })

  test('HK-OS-1: on order-sign every draft is selected, whatever a client adds', async () => {
    expect(await selected(['ServiceRequest/1'], 'order-sign')).toHaveLength(3)
  })

  test('REQ-4: many drafts and many selections take no more than their sum', async () => {
    const many = Array.from({ length: 20_000 }, (_, n) => `${n}`)
    const started = performance.now()
    const record = await drafts(bundle(...many.map((id) => service(id))), {
      hook: 'order-select',
      selections: many,
    })
    expect(record.draftOrders.every((draft) => draft.selected)).toBe(true)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
