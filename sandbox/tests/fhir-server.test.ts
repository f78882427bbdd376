/** The embedded FHIR server: it conforms, keeps to scopes, fails on demand, and does not grow without end. */
import Fastify from 'fastify'
import type { Condition, FhirResource } from 'fhir/r4.js'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { listPatients, loadPatient } from '../../fhir-fixtures/load.ts'
import { root } from '../../tests/support/evaluator.ts'
import type { Access } from '../fhir/access.ts'
import { createFaults } from '../fhir/faults.ts'
import { type FhirRoutesOptions, fhirRoutes } from '../fhir/routes.ts'
import { createFhirStore, type FhirStore } from '../fhir/store.ts'
import { fhirClient, idsIn } from './fhir-client.ts'
import { describeConformance } from './fhir-conformance.ts'
import { transactionOf } from './fhir-run.ts'

const now = () => new Date('2026-01-15T09:00:00Z')

async function listen(store: FhirStore, options: Partial<FhirRoutesOptions> = {}) {
  const app = Fastify({ bodyLimit: 1_000_000 })
  app.register(fhirRoutes(store, { base: '/sandbox/fhir', since: now().toISOString(), ...options }))
  return { app, base: `${await app.listen({ host: '127.0.0.1', port: 0 })}/sandbox/fhir` }
}

async function serve(store: FhirStore, options: Partial<FhirRoutesOptions> = {}) {
  const { app, base } = await listen(store, options)
  onTestFinished(() => app.close())
  return { base, client: fhirClient(base) }
}

let conforming: Awaited<ReturnType<typeof listen>>
beforeAll(async () => {
  conforming = await listen(createFhirStore([], { now }))
})
afterAll(() => conforming.app.close())
describeConformance('the embedded FHIR server', () => conforming.base)

const maya: FhirResource = { resourceType: 'Patient', id: 'maya', birthDate: '1991-06-03' }
const ana: FhirResource = { resourceType: 'Practitioner', id: 'ana', name: [{ family: 'Reyes' }] }
const conditionOf = (patient: string, id: string): Condition => ({
  resourceType: 'Condition',
  id,
  category: [{ coding: [{ code: id }] }],
  subject: { reference: `Patient/${patient}` },
})
const some = [
  maya,
  { ...maya, id: 'tom' },
  ana,
  conditionOf('maya', 'strain'),
  conditionOf('maya', 'cough'),
  conditionOf('tom', 'sprain'),
]

describe('the fixtures', () => {
  test('are all kept, and found by patient', async () => {
    const patients = listPatients(root).map((name) => loadPatient(root, name, '2026-11-21'))
    const { client } = await serve(
      createFhirStore(
        patients.flatMap(({ resources }) => resources),
        { now },
      ),
    )
    for (const { patient, resources } of patients) {
      const conditions = resources.filter(({ resourceType }) => resourceType === 'Condition')
      const found = await client.search(`Condition?patient=${patient.id}&_count=100`)
      expect(idsIn(found)).toEqual(conditions.map(({ id }) => id).sort())
    }
    expect((await client.search('Patient?_summary=count')).total).toBe(patients.length)
  })
})

describe('a token', () => {
  const tokens: Record<string, Access> = {
    read: {
      scopes: 'launch openid patient/Condition.rs patient/Patient.r patient/Practitioner.r',
      patient: 'maya',
    },
    old: { scopes: 'patient/*.read', patient: 'maya' },
    write: { scopes: 'patient/Condition.cu', patient: 'maya' },
    filtered: { scopes: 'patient/Condition.rs?category=cough', patient: 'maya' },
    user: { scopes: 'user/Condition.rs' },
    nobody: { scopes: 'patient/*.*' },
  }
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const guarded = () =>
    serve(createFhirStore(some, { now }), {
      authorize: ({ headers }) => tokens[headers.authorization?.replace('Bearer ', '') ?? ''],
    })

  test('is not needed for the CapabilityStatement, and for everything else is', async () => {
    const { client } = await guarded()
    expect((await client.get('metadata')).status).toBe(200)
    for (const path of ['Patient/maya', 'Condition?patient=maya', 'Nothing/here']) {
      const { status, headers, body } = await client.get(path, bearer('unknown'))
      expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
      expect(body).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'login' }] })
    }
  })

  test.each([
    ['read', 'Patient/maya', 200],
    ['read', 'Patient/tom', 403],
    ['read', 'Condition/sprain', 403],
    ['read', 'Practitioner/ana', 200],
    ['read', 'Patient?_id=maya', 403],
    ['read', 'Observation?patient=maya', 403],
    ['old', 'Observation?patient=maya', 200],
    ['old', 'Condition/sprain', 403],
    ['user', 'Condition/sprain', 200],
    ['filtered', 'Condition/cough', 200],
    ['filtered', 'Condition/strain', 403],
    ['nobody', 'Condition/strain', 403],
  ])('with the scopes "%s" gets for %s a %i', async (token, path, expected) => {
    const { client } = await guarded()
    expect((await client.get(path, bearer(token))).status).toBe(expected)
  })

  test.each([
    ['read', ['cough', 'strain']],
    ['filtered', ['cough']],
    ['user', ['cough', 'sprain', 'strain']],
  ])('with the scopes "%s" finds what they cover, and nothing else', async (token, expected) => {
    const { client } = await guarded()
    const { body } = await client.get('Condition?_count=50', bearer(token))
    expect(idsIn(body as never)).toEqual(expected)
  })

  test.each([
    ['for its patient', 'maya', 201],
    ['for nobody else', 'tom', 403],
  ])('that may write does so %s', async (_what, patient, expected) => {
    const { client } = await guarded()
    const sent = await client.post('Condition', conditionOf(patient, 'new'), bearer('write'))
    expect(sent.status).toBe(expected)
    const inBundle = await client.post(
      '',
      transactionOf([conditionOf(patient, 'in-bundle')]),
      bearer('write'),
    )
    expect(inBundle.status).toBe(expected === 201 ? 200 : 403)
  })

  test('cannot move the resource of another to its own patient', async () => {
    const { client } = await guarded()
    const { status } = await client.put('Condition/sprain', conditionOf('maya', 'sprain'), bearer('write'))
    expect(status).toBe(403)
  })

  test('that may only read writes nothing', async () => {
    const { client } = await guarded()
    expect((await client.post('Condition', conditionOf('maya', 'new'), bearer('read'))).status).toBe(403)
    expect((await client.put('Condition/strain', conditionOf('maya', 'strain'), bearer('read'))).status).toBe(
      403,
    )
  })
})

describe('a switched-on fault', () => {
  test('fails one type with its status until it is switched off', async () => {
    const faults = createFaults()
    const { client } = await serve(createFhirStore(some, { now }), { faults })
    faults.set('Condition', { status: 503 })
    const { status, body } = await client.get('Condition?patient=maya')
    expect(status).toBe(503)
    expect(body).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'transient' }] })
    expect((await client.get('Patient/maya')).status).toBe(200)
    expect(faults.list()).toEqual({ Condition: { status: 503 } })
    faults.set('Condition', undefined)
    expect((await client.get('Condition?patient=maya')).status).toBe(200)
  })

  test('delays one type', async () => {
    const faults = createFaults()
    const { client } = await serve(createFhirStore(some, { now }), { faults })
    faults.set('Condition', { delay: 300 })
    const begun = performance.now()
    await client.get('Condition?patient=maya')
    expect(performance.now() - begun).toBeGreaterThan(290)
  })

  test.each([
    ['of an unknown type', 'Pationt', { status: 500 }],
    ['with a status that is no failure', 'Condition', { status: 200 }],
    ['with a delay without end', 'Condition', { delay: 1e9 }],
  ])('%s is refused', (_what, type, fault) => {
    expect(() => createFaults().set(type, fault)).toThrow(RangeError)
  })
})

describe('the store', () => {
  test('refuses with 507 what is more than it keeps, and keeps answering', async () => {
    const { client } = await serve(createFhirStore(some, { now, mostResources: some.length + 1 }))
    expect((await client.post('Condition', conditionOf('maya', 'one'))).status).toBe(201)
    const { status, body } = await client.post('Condition', conditionOf('maya', 'two'))
    expect([status, body.resourceType]).toEqual([507, 'OperationOutcome'])
    expect((await client.put('Condition/strain', conditionOf('maya', 'strain'))).status).toBe(200)
  })

  test('counts how much a resource holds, however often it is written', async () => {
    const store = createFhirStore(some, { now, mostCharacters: 20_000 })
    const { client } = await serve(store)
    const long = (length: number) => ({
      ...conditionOf('maya', 'strain'),
      note: [{ text: 'x'.repeat(length) }],
    })
    for (let time = 0; time < 5; time += 1) {
      expect((await client.put('Condition/strain', long(10_000))).status).toBe(200)
    }
    expect((await client.put('Condition/strain', long(30_000))).status).toBe(507)
    expect((await client.get('Condition/strain')).body).toMatchObject({ meta: { versionId: '6' } })
  })

  test('is as in the beginning after a reset', () => {
    const store = createFhirStore(some, { now })
    store.put({ ...maya, birthDate: '1950-01-01' })
    store.put(conditionOf('maya', 'new'))
    store.reset()
    expect(store.size).toBe(some.length)
    expect(store.read('Patient', 'maya')).toMatchObject({ birthDate: '1991-06-03' })
    expect(store.read('Condition', 'new')).toBeUndefined()
  })
})

test('a client that prefers so gets no body back for what it writes', async () => {
  const { client } = await serve(createFhirStore(some, { now }))
  const minimal = { prefer: 'return=minimal' }
  const { status, body } = await client.post('Condition', conditionOf('maya', 'new'), minimal)
  expect([status, body]).toEqual([201, undefined])
  expect((await client.get('Condition/strain', minimal)).body).toMatchObject({ id: 'strain' })
})

describe('whatever is sent', () => {
  const nested = (levels: number) =>
    `{"resourceType":"Condition","subject":${'{"extension":['.repeat(levels)}1${']}'.repeat(levels)}}`
  test.each([
    ['a resource nested without end', 'Condition', nested(40_000), 400],
    ['a body that is too large', 'Condition', `"${'x'.repeat(1_100_000)}"`, 413],
    ['a poisoned key', 'Condition', '{"resourceType":"Condition","__proto__":{"x":1}}', 400],
    ['nothing', 'Condition', '', 400],
    ['null', '', 'null', 400],
    ['a Bundle whose entries are no list', '', '{"resourceType":"Bundle","type":"batch","entry":{}}', 400],
    ['a Bundle with empty entries', '', '{"resourceType":"Bundle","type":"transaction","entry":[null]}', 400],
    ['a resource without a type', 'Condition', '{"meta":[],"subject":[null]}', 400],
    ['a meta that is none', 'Condition', '{"resourceType":"Condition","meta":"x"}', 400],
  ])('%s is refused with an OperationOutcome', async (_what, path, body, expected) => {
    const { client } = await serve(createFhirStore(some, { now }))
    const reply = await client.post(path, body)
    expect([reply.status, reply.body.resourceType]).toEqual([expected, 'OperationOutcome'])
  })

  test('a Bundle in a batch is not unpacked', async () => {
    const { client } = await serve(createFhirStore(some, { now }))
    const inner = { resourceType: 'Bundle', type: 'batch', entry: [] }
    const { body } = await client.post('', {
      ...inner,
      entry: [{ resource: inner, request: { method: 'POST', url: '' } }],
    })
    expect(body).toMatchObject({ type: 'batch-response', entry: [{ response: { status: '400' } }] })
  })

  test.each([
    ['XML', 'Condition', 'application/fhir+xml', '<Condition/>', 415],
    ['a form that is no search', 'Condition', 'application/x-www-form-urlencoded', 'a=b', 415],
  ])('%s is refused with 415', async (_what, path, type, body, expected) => {
    const { client } = await serve(createFhirStore(some, { now }))
    expect((await client.post(path, body, { 'content-type': type })).status).toBe(expected)
  })

  test.each([
    ['GET', '', 405],
    ['DELETE', '/Condition/strain', 405],
    ['PATCH', '/Condition/strain', 405],
    ['GET', '/Condition/strain/_history', 404],
    ['GET', '/Condition/strain/of/something', 404],
    ['GET', '/Condition%3Fpatient=maya', 404],
    ['GET', '/Condition?_format=xml', 406],
    ['GET', '/constructor/x', 404],
    ['GET', '/Condition?constructor=x', 400],
    ['GET', '/Condition?patient=', 400],
    ['GET', '/Condition?code:sideways=1', 400],
    ['GET', '/Condition?_count=-1', 400],
    ['GET', '/Condition?_include=Condition:code', 400],
  ])('%s %s is a %i', async (method, path, expected) => {
    const { base } = await serve(createFhirStore(some, { now }))
    const reply = await fetch(`${base}${path}`, { method })
    expect(reply.status).toBe(expected)
    expect(await reply.json()).toMatchObject({ resourceType: 'OperationOutcome' })
  })
})
