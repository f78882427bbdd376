/** The encounter of the call, which some clients send, some name, and some leave out. */
import { describe, expect, test } from 'vitest'
import { bundle, condition, gatherPrefetch, outcome, us } from './support.ts'

describe('the encounter of the call', () => {
  const encounter = (id?: string) => ({ resourceType: 'Encounter', ...(id ? { id } : {}), subject: us })

  test.each([
    ['by the key, without an id to compare', { encounter: encounter('e1') }, undefined, 'e1'],
    ['by the key', { encounter: encounter('e1') }, 'e1', 'e1'],
    ['among all encounters', { encounters: bundle(encounter('e0'), encounter('e1')) }, 'e1', 'e1'],
    ['not if only others came', { encounters: bundle(encounter('e0')) }, 'e1', undefined],
    ['not without id and key', { encounters: bundle(encounter('e0')) }, undefined, undefined],
    ['not if another came by the key', { encounter: encounter('e0') }, 'e1', undefined],
    ['not if it is no encounter', { encounter: condition('c1') }, undefined, undefined],
    ['not if it failed', { encounter: outcome('error') }, 'e1', undefined],
  ])('HK-1: is found %s', async (_how, prefetch, encounterId, id) => {
    expect((await gatherPrefetch(prefetch, { encounterId })).encounter?.id).toBe(id)
  })

  test('HK-1: an encounter without an id is taken from its key', async () => {
    const record = await gatherPrefetch({ encounter: encounter() }, { encounterId: 'e1' })
    expect(record.encounter).toBeDefined()
  })

  test.each([
    ['null came for it', { encounter: null, encounters: bundle(encounter('e0')) }],
    ['nothing is there', { encounter: outcome('error', 'not-found'), encounters: bundle() }],
    ['the answer was a 404', { encounter: { response: { status: '404' } }, encounters: bundle() }],
  ])('HK-1: an id that names none is as none, when %s', async (_how, prefetch) => {
    const record = await gatherPrefetch(prefetch, { encounterId: 'e1' })
    expect([record.encounterId, record.encounter]).toEqual([undefined, undefined])
  })

  test.each([
    ['it did not come', { encounters: bundle() }],
    ['it failed', { encounter: outcome('error'), encounters: bundle() }],
    ['it may not be read', { encounter: outcome('error', 'forbidden'), encounters: bundle() }],
    [
      'the server keeps no encounters',
      { encounter: outcome('error', 'not-found'), encounters: outcome('error', 'not-supported') },
    ],
  ])('PF-14: an encounter stays unknown when %s', async (_how, prefetch) => {
    expect((await gatherPrefetch(prefetch, { encounterId: 'e1' })).encounterId).toBe('e1')
  })

  test('HK-1: an encounter that the list holds is there, though null came for it', async () => {
    const record = await gatherPrefetch(
      { encounter: null, encounters: bundle(encounter('e1')) },
      { encounterId: 'e1' },
    )
    expect([record.encounterId, record.encounter?.id]).toEqual(['e1', 'e1'])
  })

  test('PF-14: the current encounter alone does not make the list of encounters whole', async () => {
    const record = await gatherPrefetch({ encounter: encounter('e1') })
    expect(record.completeness('Encounter')).toBe('partial')
    expect(record.states.get('encounter')).toBe('given')
  })
})
