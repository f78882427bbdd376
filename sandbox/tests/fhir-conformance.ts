/**
 * What Lumbar relies on in a FHIR server, claim by claim. It runs against the embedded server and against a real one,
 * so that nothing is developed against a habit that real servers do not have.
 */
import type {
  Bundle,
  CapabilityStatement,
  Communication,
  Condition,
  Encounter,
  FhirResource,
  OperationOutcome,
} from 'fhir/r4.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { type FhirClient, type FhirReply, fhirClient, idsIn, runId } from './fhir-client.ts'

const loinc = 'http://loinc.org'
const clinical = 'http://terminology.hl7.org/CodeSystem/condition-clinical'
const radiology = 'http://terminology.hl7.org/CodeSystem/v2-0074'

/** Registers the tests. `base` is asked when they run. */
export function describeConformance(name: string, base: () => string): void {
  describe(name, () => {
    let client: FhirClient
    let run: Run
    beforeAll(async () => {
      client = fhirClient(base())
      run = resourcesOf(runId())
      const reply = await client.post<Bundle>('', transactionOf(run.resources))
      if (reply.status !== 200) throw new Error(JSON.stringify(reply.body))
    })

    describe('says what it can do', () => {
      test('in a CapabilityStatement of FHIR R4', async () => {
        const { status, headers, body } = await client.get<CapabilityStatement>('metadata')
        expect(status).toBe(200)
        expect(headers.get('content-type')).toMatch(/^application\/fhir\+json/)
        expect(body).toMatchObject({
          resourceType: 'CapabilityStatement',
          fhirVersion: '4.0.1',
          kind: 'instance',
        })
      })

      test.each(searched)('with %s among the searches of %s', async (parameter, type) => {
        const { body } = await client.get<CapabilityStatement>('metadata')
        const described = body.rest?.[0]?.resource?.find((each) => each.type === type)
        expect(described?.interaction?.map(({ code }) => code)).toEqual(
          expect.arrayContaining(['read', 'search-type', 'create', 'update']),
        )
        expect(described?.searchParam?.map(({ name }) => name)).toContain(parameter)
      })
    })

    describe('reads', () => {
      test('a resource with its version and time', async () => {
        const { status, headers, body } = await client.get(`Patient/${run.patient}`)
        expect(status).toBe(200)
        expect(body).toMatchObject({ resourceType: 'Patient', id: run.patient, birthDate: '1980-02-03' })
        expect(headers.get('content-type')).toMatch(/^application\/fhir\+json/)
        expect(headers.get('etag')).toBe('W/"1"')
        expect(body.meta?.versionId).toBe('1')
        expect(Date.parse(headers.get('last-modified') ?? '')).not.toBeNaN()
      })

      test('it under its version', async () => {
        const { status, body } = await client.get(`Patient/${run.patient}/_history/1`)
        expect(status).toBe(200)
        expect(body).toMatchObject({ id: run.patient, meta: { versionId: '1' } })
      })

      test('nothing again that the client has', async () => {
        const { status } = await client.get(`Patient/${run.patient}`, { 'if-none-match': 'W/"1"' })
        expect(status).toBe(304)
      })

      test.each([
        ['an unknown id', 'Patient/nobody-here'],
        ['an unknown version', 'Patient/nobody-here/_history/7'],
        ['an unknown type', 'Pationt/nobody-here'],
      ])('%s as 404', async (_what, path) => {
        expectRefused(await client.get(path), [404])
      })
    })

    describe('finds', () => {
      test.each([
        ['the bare id of the patient', (id: string) => id],
        ['a reference to the patient', (id: string) => `Patient/${id}`],
      ])('by %s, and nobody else’s', async (_how, written) => {
        const reference = encodeURIComponent(written(run.patient))
        const bundle = await client.search(`Condition?patient=${reference}`)
        expect(bundle).toMatchObject({ type: 'searchset', total: 2 })
        expect(idsIn(bundle)).toEqual([run.id('acute'), run.id('old')])
        const [entry] = bundle.entry ?? []
        expect(entry?.search?.mode).toBe('match')
        expect(entry?.fullUrl).toBe(`${base()}/Condition/${entry?.resource?.id}`)
      })

      test('nothing as an empty searchset', async () => {
        const bundle = await client.search(`AllergyIntolerance?patient=${run.patient}`)
        expect(bundle).toMatchObject({ type: 'searchset', total: 0 })
        expect(bundle.entry).toBeUndefined()
      })

      test.each([
        ['a code without its system', '8310-5', ['temperature']],
        ['a code with its system', `${loinc}|8310-5`, ['temperature']],
        [
          'several codes',
          `${loinc}|8310-5,${loinc}|29463-7`,
          ['temperature', 'weight-1', 'weight-2', 'weight-3'],
        ],
        ['a code of another system', 'http://snomed.info/sct|8310-5', []],
      ])('observations by %s', async (_how, code, expected) => {
        const bundle = await client.search(
          `Observation?patient=${run.patient}&code=${encodeURIComponent(code)}`,
        )
        expect(idsIn(bundle)).toEqual(expected.map(run.id))
      })

      test('reports by one of several categories', async () => {
        const category = encodeURIComponent(`${radiology}|RAD,${loinc}|LP29684-5`)
        const bundle = await client.search(`DiagnosticReport?patient=${run.patient}&category=${category}`)
        expect(idsIn(bundle)).toEqual([run.id('scan')])
      })

      test.each([
        ['clinical-status=active', ['acute']],
        [`clinical-status=${encodeURIComponent(`${clinical}|resolved`)}`, ['old']],
        ['clinical-status:not=resolved', ['acute']],
        ['category=encounter-diagnosis', ['acute']],
      ])('conditions by %s', async (query, expected) => {
        const bundle = await client.search(`Condition?patient=${run.patient}&${query}`)
        expect(idsIn(bundle)).toEqual(expected.map(run.id))
      })

      test.each([
        ['date=ge2026-01-10', ['temperature', 'weight-2', 'weight-3']],
        ['date=gt2026-01-10', ['temperature', 'weight-3']],
        ['date=lt2026-01-10', ['weight-1']],
        ['date=le2026-01-10', ['weight-1', 'weight-2']],
        ['date=2026-01-10', ['weight-2']],
        ['date=ge2026-01-01&date=lt2026-01-15', ['weight-1', 'weight-2']],
        ['date=2026', ['temperature', 'weight-1', 'weight-2', 'weight-3']],
      ])('observations by %s', async (query, expected) => {
        const bundle = await client.search(`Observation?patient=${run.patient}&${query}`)
        expect(idsIn(bundle)).toEqual(expected.map(run.id).sort())
      })

      test.each([
        ['its id', (id: string) => `_id=${id}`],
        ['its identifier', (id: string) => `identifier=${encodeURIComponent(`urn:example:mrn|${id}`)}`],
        ['its identifier and birth date', (id: string) => `identifier=${id}&birthdate=1980-02-03`],
      ])('a patient by %s', async (_how, query) => {
        expect(idsIn(await client.search(`Patient?${query(run.patient)}`))).toEqual([run.patient])
      })

      test('the same by POST', async () => {
        const query = `patient=${run.patient}&code=${encodeURIComponent(`${loinc}|29463-7`)}`
        const { status, body } = await client.postSearch('Observation', query)
        expect(status).toBe(200)
        expect(idsIn(body)).toEqual(['weight-1', 'weight-2', 'weight-3'].map(run.id))
      })

      test('the newest first when asked to', async () => {
        const { entry = [] } = await client.search(`Observation?patient=${run.patient}&_sort=-date`)
        const order = ['temperature', 'weight-3', 'weight-2', 'weight-1'].map(run.id)
        expect(entry.map(({ resource }) => resource?.id)).toEqual(order)
      })

      test('also the patient when asked to include it', async () => {
        const { entry = [] } = await client.search(
          `Encounter?patient=${run.patient}&_include=Encounter:patient`,
        )
        const brief = entry.map(({ resource, search }) => `${search?.mode} ${resource?.id}`)
        expect(brief.sort()).toEqual([`include ${run.patient}`, `match ${run.id('visit')}`])
      })

      test('how many there are without bringing them', async () => {
        const bundle = await client.search(`Observation?patient=${run.patient}&_summary=count`)
        expect(bundle.total).toBe(4)
        expect(bundle.entry).toBeUndefined()
      })

      test.each(['GET', 'POST'])('page by page after a %s, each once, on this server', async (method) => {
        const query = `patient=${run.patient}&_count=2`
        const found: string[] = []
        const get = async (path: string) => client.search(path)
        let page: Bundle =
          method === 'GET'
            ? await get(`Observation?${query}`)
            : (await client.postSearch('Observation', query)).body
        const sizes: number[] = []
        for (;;) {
          found.push(...idsIn(page))
          sizes.push(page.entry?.length ?? 0)
          const next = page.link?.find(({ relation }) => relation === 'next')?.url
          if (next === undefined) break
          expect(next.startsWith(base())).toBe(true)
          page = await get(next)
        }
        expect(sizes).toEqual([2, 2])
        expect(found.sort()).toEqual(['temperature', 'weight-1', 'weight-2', 'weight-3'].map(run.id))
      })

      test.each([
        ['a parameter that the type does not have', 'Condition?patient=p1&flavour=sour'],
        ['a parameter of another type', 'Condition?patient=p1&birthdate=1980-02-03'],
        ['a date that is none', 'Observation?patient=p1&date=yesterday'],
        ['a sort by what the type does not have', 'Condition?patient=p1&_sort=flavour'],
      ])('not by %s', async (_what, path) => {
        expectRefused(await client.get(path), [400])
        const [type = '', query = ''] = path.split('?')
        expectRefused(await client.postSearch(type, query), [400])
      })

      test('not in a type that there is not', async () => {
        expectRefused(await client.get('Pationt?name=x'), [404])
      })
    })

    describe('creates', () => {
      test.each(writable)('a %s under an id of its own, at a place that it names', async (type, content) => {
        const draft = { resourceType: type, id: 'not-this-one', ...content(run) }
        const { status, headers, body } = await client.post<FhirResource>(type, draft)
        expect(status).toBe(201)
        expect(body).toMatchObject({ resourceType: type, meta: { versionId: '1' } })
        expect(body.id).not.toBe('not-this-one')
        expect(headers.get('location')).toBe(`${base()}/${type}/${body.id}/_history/1`)
        expect(headers.get('etag')).toBe('W/"1"')
        const { id: _id, ...sent } = draft
        expect((await client.get(`${type}/${body.id}`)).body).toMatchObject(sent)
      })

      test('once under a condition, however often it is sent', async () => {
        const identifier = [{ system: 'urn:example:handout', value: run.id('once') }]
        const draft = { ...run.communication, identifier }
        const condition = { 'if-none-exist': `identifier=urn:example:handout|${run.id('once')}` }
        const first = await client.post('Communication', draft, condition)
        const second = await client.post('Communication', draft, condition)
        expect([first.status, second.status]).toEqual([201, 200])
        expect(second.body.id).toBe(first.body.id)
        const query = encodeURIComponent(`urn:example:handout|${run.id('once')}`)
        expect((await client.search(`Communication?identifier=${query}`)).total).toBe(1)
      })

      test('nothing when several meet the condition', async () => {
        const condition = { 'if-none-exist': `patient=${run.patient}` }
        const draft = { ...run.condition, code: { text: 'One more' } }
        expectRefused(await client.post('Condition', draft, condition), [412])
      })

      test.each([
        ['refers to nobody', { subject: { reference: 'Patient/nobody-here' } }],
        ['is of another type', { resourceType: 'Procedure' }],
      ])('nothing that %s', async (_what, change) => {
        expectRefused(await client.post('Condition', { ...run.condition, ...change }), [400, 422])
      })

      test.each([
        ['is not JSON', '{"resourceType": "Condition"'],
        ['is no object', '[]'],
      ])('nothing from a body that %s', async (_what, body) => {
        expectRefused(await client.post('Condition', body), [400])
      })

      test('nothing of a type that there is not', async () => {
        expectRefused(await client.post('Pationt', { resourceType: 'Pationt' }), [400, 404])
      })
    })

    describe('updates', () => {
      test('a resource to its next version', async () => {
        const id = run.id('changing')
        const one = { ...run.condition, id, code: { text: 'One' } }
        const first = await client.put(`Condition/${id}`, one)
        const second = await client.put(`Condition/${id}`, { ...one, code: { text: 'Two' } })
        expect([first.status, second.status]).toEqual([201, 200])
        expect(second.headers.get('etag')).toBe('W/"2"')
        expect((await client.get(`Condition/${id}`)).body).toMatchObject({
          code: { text: 'Two' },
          meta: { versionId: '2' },
        })
      })

      test('nothing that somebody changed since', async () => {
        const id = run.id('changed')
        const one = { ...run.condition, id, code: { text: 'One' } }
        await client.put(`Condition/${id}`, one)
        const late = await client.put(`Condition/${id}`, one, { 'if-match': 'W/"7"' })
        expectRefused(late, [409, 412])
      })

      test.each([
        ['another id than its address', 'here', 'there'],
        ['a new id without a letter', '77001234', '77001234'],
      ])('nothing under %s', async (_what, place, id) => {
        expectRefused(await client.put(`Condition/${place}`, { ...run.condition, id }), [400])
      })
    })

    describe('does Bundles', () => {
      test('as a transaction, with references between its entries', async () => {
        const patient = { resourceType: 'Patient' as const, name: [{ family: run.id('joined') }] }
        const condition = {
          ...run.condition,
          subject: { reference: 'urn:uuid:2f6b1c8e-0000-4000-8000-000000000001' },
        }
        const { status, body } = await client.post<Bundle>('', {
          resourceType: 'Bundle',
          type: 'transaction',
          entry: [
            {
              fullUrl: 'urn:uuid:2f6b1c8e-0000-4000-8000-000000000002',
              resource: condition,
              request: { method: 'POST', url: 'Condition' },
            },
            {
              fullUrl: 'urn:uuid:2f6b1c8e-0000-4000-8000-000000000001',
              resource: patient,
              request: { method: 'POST', url: 'Patient' },
            },
          ],
        })
        expect(status).toBe(200)
        expect(body.type).toBe('transaction-response')
        expect(body.entry?.map(({ response }) => response?.status?.slice(0, 3))).toEqual(['201', '201'])
        const [conditionPlace = '', patientPlace = ''] = (body.entry ?? []).map(
          ({ response }) => /(?<=^|\/)[A-Z][A-Za-z]+\/[^/]+/.exec(response?.location ?? '')?.[0] ?? '',
        )
        expect(patientPlace).toMatch(/^Patient\//)
        expect((await client.get(conditionPlace)).body).toMatchObject({
          subject: { reference: patientPlace },
        })
      })

      test('as a transaction not at all when one entry cannot be done', async () => {
        const id = run.id('half')
        const good = { ...run.condition, id }
        const bad = { ...run.condition, subject: { reference: 'Patient/nobody-here' } }
        const reply = await client.post('', transactionOf([good, { ...bad, id: run.id('other-half') }]))
        expectRefused(reply, [400, 404, 422])
        expectRefused(await client.get(`Condition/${id}`), [404])
      })

      test('as a batch, each entry for itself', async () => {
        const id = run.id('batched')
        const good = { ...run.condition, id }
        const bad = { ...run.condition, id: run.id('bad'), subject: { reference: 'Patient/nobody-here' } }
        const batch = { ...transactionOf([bad, good]), type: 'batch' }
        const { status, body } = await client.post<Bundle>('', batch)
        expect(status).toBe(200)
        expect(body.type).toBe('batch-response')
        expect(body.entry?.map(({ response }) => response?.status?.slice(0, 1))).toEqual(['4', '2'])
        expect(body.entry?.[0]?.response?.outcome?.resourceType).toBe('OperationOutcome')
        expect((await client.get(`Condition/${id}`)).status).toBe(200)
      })

      test('of no other type', async () => {
        expectRefused(await client.post('', { resourceType: 'Bundle', type: 'document' }), [400, 422])
      })
    })
  })
}

function expectRefused({ status, headers, body }: FhirReply<unknown>, allowed: readonly number[]): void {
  expect(allowed).toContain(status)
  expect(headers.get('content-type')).toMatch(/^application\/fhir\+json/)
  const outcome = body as OperationOutcome
  expect(outcome.resourceType).toBe('OperationOutcome')
  expect(outcome.issue[0]?.severity).toMatch(/^(error|fatal)$/)
  expect(outcome.issue[0]?.diagnostics ?? '').not.toBe('')
}

/** Parameters of Lumbar's own queries, and those by which its pages find what they wrote. */
const searched: [parameter: string, type: string][] = [
  ['patient', 'Encounter'],
  ['patient', 'Condition'],
  ['code', 'Observation'],
  ['patient', 'MedicationRequest'],
  ['patient', 'MedicationDispense'],
  ['patient', 'MedicationStatement'],
  ['patient', 'Procedure'],
  ['patient', 'ServiceRequest'],
  ['category', 'DiagnosticReport'],
  ['patient', 'ImagingStudy'],
  ['patient', 'Coverage'],
  ['patient', 'AllergyIntolerance'],
  ['identifier', 'DocumentReference'],
  ['identifier', 'Communication'],
  ['patient', 'QuestionnaireResponse'],
  ['url', 'Questionnaire'],
]

type Content = (run: Run) => object
const subject = ({ patient }: Run) => ({ reference: `Patient/${patient}` })

/** What Lumbar, its pages or an EHR that accepts a suggestion may write. */
const writable: [type: string, content: Content][] = [
  [
    'DocumentReference',
    (run) => ({
      status: 'current',
      subject: subject(run),
      content: [{ attachment: { contentType: 'text/plain', data: 'c3RheSBhY3RpdmU=', title: 'Handout' } }],
      context: { encounter: [{ reference: `Encounter/${run.id('visit')}` }] },
    }),
  ],
  ['Communication', ({ communication }) => communication],
  ['Procedure', (run) => ({ status: 'completed', code: { text: 'Education' }, subject: subject(run) })],
  [
    'ServiceRequest',
    (run) => ({
      status: 'draft',
      intent: 'proposal',
      code: { text: 'Physical therapy' },
      subject: subject(run),
    }),
  ],
  [
    'MedicationRequest',
    (run) => ({
      status: 'draft',
      intent: 'order',
      medicationCodeableConcept: { text: 'Naloxone' },
      subject: subject(run),
    }),
  ],
  [
    'Observation',
    (run) => ({ status: 'final', code: { text: 'A sum of points' }, subject: subject(run), valueInteger: 4 }),
  ],
  ['Questionnaire', ({ id }) => ({ status: 'draft', url: `urn:example:${id('questions')}` })],
  [
    'QuestionnaireResponse',
    (run) => ({
      status: 'completed',
      subject: subject(run),
      item: [{ linkId: '1', text: 'Better?', answer: [{ valueBoolean: true }] }],
    }),
  ],
]

interface Run {
  patient: string
  /** Of a resource of this run. */
  id: (name: string) => string
  /** Seeded by one transaction. */
  resources: readonly FhirResource[]
  condition: Condition
  communication: Communication
}

/** Two invented patients, so that nobody else's is found. */
function resourcesOf(run: string): Run {
  const id = (name: string) => `${run}-${name}`
  const patient = id('patient')
  const subject = { reference: `Patient/${patient}` }
  const category = (system: string, code: string) => [{ coding: [{ system, code }] }]
  const person = (who: string): FhirResource => ({
    resourceType: 'Patient',
    id: who,
    identifier: [{ system: 'urn:example:mrn', value: who }],
    birthDate: '1980-02-03',
  })
  const condition = (name: string, of: string, status: string, kind: string): FhirResource => ({
    resourceType: 'Condition',
    id: id(name),
    clinicalStatus: { coding: [{ system: clinical, code: status }] },
    category: category('http://terminology.hl7.org/CodeSystem/condition-category', kind),
    code: { text: 'Low back pain' },
    subject: { reference: `Patient/${of}` },
  })
  const observed = (name: string, code: string, when: string): FhirResource => ({
    resourceType: 'Observation',
    id: id(name),
    status: 'final',
    code: { coding: [{ system: loinc, code }] },
    subject,
    effectiveDateTime: when,
  })
  const visit: Encounter = {
    resourceType: 'Encounter',
    id: id('visit'),
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject,
    period: { start: '2026-01-20T12:00:00Z', end: '2026-01-20T12:20:00Z' },
  }
  const report = (name: string, system: string, code: string): FhirResource => ({
    resourceType: 'DiagnosticReport',
    id: id(name),
    status: 'final',
    category: category(system, code),
    code: { text: 'A report' },
    subject,
  })
  return {
    patient,
    id,
    resources: [
      person(patient),
      person(id('stranger')),
      condition('acute', patient, 'active', 'encounter-diagnosis'),
      condition('old', patient, 'resolved', 'problem-list-item'),
      condition('strange', id('stranger'), 'active', 'encounter-diagnosis'),
      observed('temperature', '8310-5', '2026-01-20T12:00:00Z'),
      observed('weight-1', '29463-7', '2026-01-05T12:00:00Z'),
      observed('weight-2', '29463-7', '2026-01-10T12:00:00Z'),
      observed('weight-3', '29463-7', '2026-01-15T12:00:00Z'),
      report('scan', radiology, 'RAD'),
      report('blood', radiology, 'LAB'),
      visit,
    ],
    condition: { resourceType: 'Condition', code: { text: 'Strain' }, subject },
    communication: {
      resourceType: 'Communication',
      status: 'completed',
      subject,
      recipient: [subject],
      payload: [{ contentString: 'Handout given' }],
    },
  }
}

export function transactionOf(resources: readonly FhirResource[]): Bundle {
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
    })),
  }
}
