/** One id and several resources: which of them are one, which are versions, and which both count. */
import { anything, assert as check, constantFrom, dictionary, property } from 'fast-check'
import type { FhirResource } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { contentOf, hasSameContent } from '../../src/record/identity.ts'
import { condition, gatherPrefetch } from './support.ts'

const at = (base: string, resource: { resourceType: string; id?: string | undefined }) => ({
  fullUrl: `${base}/${resource.resourceType}/${resource.id}`,
  resource,
})
const list = (...entry: unknown[]) => ({ resourceType: 'Bundle', type: 'searchset', entry })
const [here, there] = ['https://a.example/fhir', 'https://b.example/r4']
const pain = condition('7', { code: { text: 'back pain' } })
const cancer = condition('7', { code: { text: 'cancer' } })
const version = (resource: typeof pain, meta: object) => ({ ...resource, meta })

async function kept(...entry: unknown[]) {
  const record = await gatherPrefetch({ conditions: list(...entry) })
  return (record.resources.get('Condition') ?? []).map(
    (each) => (each as typeof pain & { code: { text: string } }).code.text,
  )
}

describe('two entries under one id', () => {
  test.each([
    ['are one when their content is the same', [pain, { ...pain }], ['back pain']],
    [
      'are one when only the order of elements differs',
      [pain, Object.fromEntries(Object.entries(pain).reverse())],
      ['back pain'],
    ],
    ['both count when their contents differ', [pain, cancer], ['back pain', 'cancer']],
  ])('FA-9: %s', async (_what, resources, expected) => {
    expect(await kept(...resources.map((resource) => ({ resource })))).toEqual(expected)
  })

  test('FA-9: are different resources on different servers, whatever their versions', async () => {
    const older = version(cancer, { lastUpdated: '2020-01-01T00:00:00Z' })
    const newer = version(pain, { lastUpdated: '2026-01-01T00:00:00Z' })
    expect(await kept(at(here, newer), at(there, older))).toEqual(['back pain', 'cancer'])
  })

  test.each([
    ['lastUpdated', { lastUpdated: '2026-11-18T00:00:00Z' }, { lastUpdated: '2026-11-20T00:00:00Z' }],
    ['versionId', { versionId: '9' }, { versionId: '10' }],
    ['a tag that one is only a part', { tag: [{ code: 'SUBSETTED' }] }, {}],
  ])(
    'FA-9: are versions where meta says so by %s, and the newer counts in any order',
    async (_how, old, young) => {
      const versions = [at(here, version(pain, old)), at(here, version(cancer, young))]
      expect(await kept(...versions)).toEqual(['cancer'])
      expect(await kept(...versions.reverse())).toEqual(['cancer'])
    },
  )

  test('FA-9: both count where versions cannot be told apart', async () => {
    expect(
      await kept(
        { resource: version(pain, { versionId: 'W/"abc"' }) },
        { resource: version(cancer, { versionId: 'W/"abd"' }) },
      ),
    ).toEqual(['back pain', 'cancer'])
  })

  test('FA-9: an entry without an address is a version of what came with one', async () => {
    const old = version(pain, { versionId: '1' })
    const young = version(cancer, { versionId: '2' })
    expect(await kept(at(here, old), { resource: young })).toEqual(['cancer'])
  })
})

describe('a reference', () => {
  const medicine = (text: string) => ({ resourceType: 'Medication', id: 'm', code: { text } })
  const order = (base: string, id: string) =>
    at(base, {
      resourceType: 'MedicationRequest',
      id,
      medicationReference: { reference: 'Medication/m' },
    } as never)
  const prefetch = {
    medicationRequests: list(
      at(here, medicine('here')),
      at(there, medicine('there')),
      order(here, 'r1'),
      order(there, 'r2'),
    ),
  }
  const nameOf = (found: unknown) => (found as { code: { text: string } } | undefined)?.code.text

  test('FA-9: leads to the server that it names, and to no other', async () => {
    const { resolve } = await gatherPrefetch(prefetch)
    expect(nameOf(resolve(`${here}/Medication/m`))).toBe('here')
    expect(nameOf(resolve(`${there}/Medication/m/_history/3`))).toBe('there')
    expect(resolve('https://c.example/Medication/m')).toBeUndefined()
  })

  test('FA-9: without a server leads to that of the resource that it stands in', async () => {
    const { resolve, resources } = await gatherPrefetch(prefetch)
    const names = (resources.get('MedicationRequest') ?? []).map((from) =>
      nameOf(resolve('Medication/m', from)),
    )
    expect(names).toEqual(['here', 'there'])
  })

  test('FA-9: of any server leads to what came without an address', async () => {
    const { resolve } = await gatherPrefetch({
      medicationRequests: list({ resource: medicine('somewhere') }),
    })
    expect(nameOf(resolve('https://c.example/Medication/m'))).toBe('somewhere')
  })
})

test('REQ-4: thousands of contents under one id are each kept once, in time that grows with their number', async () => {
  const timed = async (count: number) => {
    const many = Array.from({ length: count }, (_, n) => ({
      resource: condition('7', { note: [{ text: `${n}` }] }),
    }))
    const started = performance.now()
    const record = await gatherPrefetch({ conditions: list(...many), again: list(...many) })
    expect(record.resources.get('Condition')).toHaveLength(count)
    return performance.now() - started
  }
  await timed(2000)
  const [some, more] = [await timed(2000), await timed(16_000)]
  expect(more).toBeLessThan(some * 8 * 4 + 200)
})

test('REQ-4: a resource of endless depth is kept and never compared', async () => {
  let deep: unknown = 'x'
  for (let n = 0; n < 5000; n += 1) deep = [deep]
  const odd = (n: number) => ({ resource: condition('7', { extension: deep, note: n }) })
  expect(
    (await gatherPrefetch({ conditions: list(odd(1), odd(2)) })).resources.get('Condition'),
  ).toHaveLength(2)
})

test('Two contents are the same by either way of comparing them', () => {
  const some = anything({
    maxDepth: 3,
    key: constantFrom('a', 'b', '0', 'meta'),
    values: [constantFrom(0, 1, '', 'a', null, true)],
  })
  const resources = dictionary(constantFrom('a', 'b', 'meta', 'id'), some).map(
    (content) => JSON.parse(JSON.stringify({ resourceType: 'Condition', ...content })) as FhirResource,
  )
  check(
    property(resources, resources, (one, other) => {
      const turned = Object.fromEntries(Object.entries(one).reverse()) as unknown as FhirResource
      expect(hasSameContent(one, turned)).toBe(true)
      expect(hasSameContent(one, other)).toBe(contentOf(one) === contentOf(other))
    }),
    { numRuns: 2000 },
  )
})
