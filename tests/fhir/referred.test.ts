/** Medicines to which orders only refer: read from the FHIR server, a bounded number, within the deadline of the call. */
import nock from 'nock'
import { describe, expect, test } from 'vitest'
import { bundle, call, queries, us } from '../record/support.ts'
import { gather } from '../support/gather.ts'
import { base, readerWith, tryRead, watchNetwork } from './support.ts'

watchNetwork()
const ehr = () => nock('https://ehr.example')
const alprazolam = (id: string) => ({ resourceType: 'Medication', id, code: { text: 'alprazolam' } })
const order = (id: string, reference: object) => ({
  resourceType: 'MedicationRequest',
  id,
  subject: us,
  medicationReference: reference,
})
const everyKey = Object.fromEntries(Object.values(queries).map(({ key }) => [key, null]))

function gathered(prefetch: object, more: object = {}, wanted?: ReadonlySet<string>) {
  const reader = readerWith(true)
  const about = call({ prefetch: { ...everyKey, ...prefetch }, fhirServer: base, ...more })
  const record = gather(about, queries, reader.readMissing, wanted && (() => wanted))
  return { record, requests: reader.requests }
}
const nameOf = (found: unknown) => (found as { code?: { text?: string } } | undefined)?.code?.text

describe('a medicine that a list only refers to', () => {
  test.each([
    ['a relative reference', { reference: 'Medication/m1' }],
    ['a reference to the same server', { reference: `${base}/Medication/m1` }],
    ['a version', { reference: 'Medication/m1/_history/2' }],
    ['a reference with a name', { reference: 'Medication/m1', display: 'Xanax' }],
  ])('PF-10: is read from the server (%s)', async (_what, reference) => {
    ehr().get('/fhir/Medication/m1').reply(200, alprazolam('m1'))
    const { record } = gathered({ medicationRequests: bundle(order('r1', reference)) })
    expect(nameOf((await record).resolve(String(reference.reference)))).toBe('alprazolam')
  })

  test('PF-10: is read under its name in R5, too', async () => {
    ehr().get('/fhir/Medication/m1').reply(200, alprazolam('m1'))
    const r5 = {
      resourceType: 'MedicationStatement',
      id: 's',
      medication: { reference: { reference: 'Medication/m1' } },
    }
    const { record } = gathered({ medicationStatements: bundle(r5) })
    expect(nameOf((await record).resolve('Medication/m1'))).toBe('alprazolam')
  })

  test('PF-10: is not asked for where it came, beside the orders or within them', async () => {
    const { record, requests } = gathered({
      medicationRequests: bundle(order('r1', { reference: 'Medication/m1' }), alprazolam('m1'), {
        ...order('r2', { reference: '#m' }),
        contained: [{ ...alprazolam('m') }],
      }),
    })
    expect((await record).states.get('medicationRequests')).toBe('given')
    expect(requests()).toBe(0)
  })

  test.each([
    ['on another server', 'https://other.example/fhir/Medication/m1'],
    ['of another type', 'Substance/m1'],
    ['that is no address', 'urn:uuid:0'],
  ])('FA-7: %s is not asked for', async (_what, reference) => {
    const { record, requests } = gathered({ medicationRequests: bundle(order('r1', { reference })) })
    await record
    expect(requests()).toBe(0)
  })

  test('PF-10: is asked for only where medicines are wanted', async () => {
    const prefetch = { medicationRequests: bundle(order('r1', { reference: 'Medication/m1' })) }
    const { record, requests } = gathered(prefetch, {}, new Set(['Condition']))
    await record
    expect(requests()).toBe(0)
  })

  test('BEST-1: no more than twenty are read, each once, and those without a name first', async () => {
    const named = Array.from({ length: 15 }, (_, n) =>
      order(`n${n}`, { reference: `Medication/n${n}`, display: 'x' }),
    )
    const nameless = Array.from({ length: 15 }, (_, n) => order(`m${n}`, { reference: `Medication/m${n}` }))
    for (let n = 0; n < 15; n += 1)
      ehr()
        .get(`/fhir/Medication/m${n}`)
        .reply(200, alprazolam(`m${n}`))
    for (let n = 0; n < 5; n += 1)
      ehr()
        .get(`/fhir/Medication/n${n}`)
        .reply(200, alprazolam(`n${n}`))
    const { record, requests } = gathered({ medicationRequests: bundle(...named, ...nameless, ...nameless) })
    const { resolve } = await record
    expect(requests()).toBe(20)
    expect(nameless.filter((_, n) => resolve(`Medication/m${n}`))).toHaveLength(15)
  })

  test('PF-14: stays unknown when the server has it not', async () => {
    ehr().get('/fhir/Medication/m1').reply(404)
    const { record } = gathered({ medicationRequests: bundle(order('r1', { reference: 'Medication/m1' })) })
    expect((await record).resolve('Medication/m1')).toBeUndefined()
    expect((await record).states.get('medicationRequests')).toBe('given')
  })
})

test('HK-OS-4: a medicine that a draft only refers to is read before it is known what is wanted', async () => {
  ehr().get('/fhir/Medication/m1').reply(200, alprazolam('m1'))
  const seen: (string | undefined)[] = []
  const reader = readerWith(true)
  const draft = { ...order('d1', { reference: 'Medication/m1' }), status: 'draft' }
  const about = call({ prefetch: everyKey, fhirServer: base, draftOrders: bundle(draft) })
  await gather(about, queries, reader.readMissing, ({ resolve }) => {
    seen.push(nameOf(resolve('Medication/m1')))
    return new Set()
  })
  expect(seen).toEqual(['alprazolam'])
})

test('FA-5: is not read where the scopes do not cover it, and its id stands in no report', async () => {
  const authorization = { accessToken: 'secret', scope: 'patient/MedicationRequest.rs' }
  const { report } = await tryRead({ authorization }, [
    { key: 'Medication/m1', type: 'Medication', id: 'm1' },
  ])
  expect([report.keys, report.requests]).toEqual([{ Medication: 'forbidden: out-of-scope' }, 0])
})

test('BEST-1: all reads of a call share one deadline', async () => {
  let clock = 0
  const reader = readerWith(true, { 'deadline-ms': 400 }, {}, () => clock)
  ehr().get('/fhir/Condition?patient=p1').reply(200, bundle())
  await reader.readMissing?.([{ key: 'conditions', type: 'Condition' }])
  clock = 500
  const late = await reader.readMissing?.([{ key: 'Medication/m1', type: 'Medication', id: 'm1' }])
  expect(late?.get('Medication/m1')?.state).toBe('late')
})
