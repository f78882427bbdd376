/** Which keys are read, and how several go together. */
import nock from 'nock'
import { describe, expect, test } from 'vitest'
import type { HookCall } from '../../src/hooks/call.ts'
import { call, condition, patient, queries, us } from '../record/support.ts'
import { gather } from '../support/gather.ts'
import { page, readerWith, watchNetwork } from './support.ts'

watchNetwork()

describe('which keys are read', () => {
  async function asked(about: Partial<HookCall>, wanted?: readonly string[]) {
    nock.cleanAll()
    const paths: string[] = []
    nock('https://ehr.example')
      .get(/.*/)
      .times(50)
      .reply(({ url }: Request) => {
        paths.push(new URL(url).pathname.replace('/fhir/', ''))
        return [200, url.includes('/Patient/') ? patient : page(undefined)]
      })
    const { readMissing } = readerWith(true, {}, about)
    const record = await gather(call(about), queries, readMissing, wanted && (() => new Set(wanted)))
    return { paths: paths.sort(), record }
  }

  test('those that are wanted and did not come', async () => {
    const { paths, record } = await asked({ prefetch: { conditions: null } }, [
      'Patient',
      'Condition',
      'Procedure',
    ])
    expect(paths).toEqual(['Patient/p1', 'Procedure'])
    expect([record.patient?.id, record.states.get('procedures')]).toEqual(['p1', 'empty'])
    expect(record.states.get('observations')).toBe('absent')
  })

  test('none, when the rules of the call want none', async () => {
    expect((await asked({}, [])).paths).toEqual([])
  })

  test('all, when nobody says what is wanted', async () => {
    expect((await asked({})).paths.length).toBe(Object.keys(queries).length)
  })

  test('what is wanted is found out from the drafts', async () => {
    const { readMissing } = readerWith(true)
    let seen: number | undefined
    await gather(
      call({ draftOrders: page(undefined, { resourceType: 'ServiceRequest', id: 'd1', subject: us }) }),
      queries,
      readMissing,
      (record) => {
        seen = record.draftOrders.length
        return new Set()
      },
    )
    expect(seen).toBe(1)
  })

  test('the encounter of the call by its id, beside earlier ones', async () => {
    expect((await asked({ encounterId: 'e1' }, ['Encounter'])).paths).toEqual(['Encounter', 'Encounter/e1'])
    expect((await asked({}, ['Encounter'])).paths).toEqual(['Encounter'])
  })

  test('not the encounter of the call when it came among the others', async () => {
    const encounters = page(undefined, { resourceType: 'Encounter', id: 'e1', subject: us })
    const { paths, record } = await asked({ encounterId: 'e1', prefetch: { encounters } }, ['Encounter'])
    expect([paths, record.encounter?.id]).toEqual([[], 'e1'])
  })
})

describe('several keys', () => {
  test('PF-14: each has its own state', async () => {
    nock('https://ehr.example')
      .get('/fhir/Patient/p1')
      .reply(200, patient)
      .get(/Condition/)
      .reply(200, page(undefined, condition('c1')))
      .get(/Procedure/)
      .reply(403)
      .get(/Coverage/)
      .reply(500)
    nock('https://ehr.example')
      .get(/AllergyIntolerance/)
      .reply(() => new Promise<never>(() => {}))
    const { readMissing } = readerWith(true, { 'deadline-ms': 1000 })
    const wanted = new Set(['Patient', 'Condition', 'Procedure', 'Coverage', 'AllergyIntolerance'])
    const record = await gather(call(), queries, readMissing, () => wanted)
    const states = ['patient', 'conditions', 'procedures', 'coverage', 'allergies', 'observations']
    expect(states.map((key) => record.states.get(key))).toEqual([
      'given',
      'given',
      'forbidden',
      'failed',
      'late',
      'absent',
    ])
    expect([...wanted].map((type) => record.completeness(type))).toEqual([
      'complete',
      'complete',
      'missing',
      'missing',
      'missing',
    ])
  })

  test('FA-9: a Patient that is somebody else is no patient', async () => {
    nock('https://ehr.example').get('/fhir/Patient/p1').reply(200, { resourceType: 'Patient', id: 'p2' })
    const record = await gather(call(), queries, readerWith(true).readMissing, () => new Set(['Patient']))
    expect([record.patient, record.states.get('patient'), record.ignored]).toEqual([undefined, 'unusable', 1])
  })
})
