/** What Lumbar, its pages or an EHR that accepts a suggestion write into a FHIR server, and what the server makes of it. */
import type { Bundle, FhirResource } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { expectRefused, type Run, type Server, transactionOf } from './fhir-run.ts'

/** Registers the tests. The server is asked when they run. */
export function describeWriting(server: Server): void {
  describe('creates', () => {
    test.each(writable)('a %s under an id of its own, at a place that it names', async (type, content) => {
      const draft = { resourceType: type, id: 'not-this-one', ...content(server.run) }
      const { status, headers, body } = await server.client.post<FhirResource>(type, draft)
      expect(status).toBe(201)
      expect(body).toMatchObject({ resourceType: type, meta: { versionId: '1' } })
      expect(body.id).not.toBe('not-this-one')
      expect(headers.get('location')).toBe(`${server.base}/${type}/${body.id}/_history/1`)
      expect(headers.get('etag')).toBe('W/"1"')
      const { id: _id, ...sent } = draft
      expect((await server.client.get(`${type}/${body.id}`)).body).toMatchObject(sent)
    })

    test('once under a condition, however often it is sent', async () => {
      const identifier = [{ system: 'urn:example:handout', value: server.run.id('once') }]
      const draft = { ...server.run.communication, identifier }
      const condition = { 'if-none-exist': `identifier=urn:example:handout|${server.run.id('once')}` }
      const first = await server.client.post('Communication', draft, condition)
      const second = await server.client.post('Communication', draft, condition)
      expect([first.status, second.status]).toEqual([201, 200])
      expect(second.body.id).toBe(first.body.id)
      const query = encodeURIComponent(`urn:example:handout|${server.run.id('once')}`)
      expect((await server.client.search(`Communication?identifier=${query}`)).total).toBe(1)
    })

    test('nothing when several meet the condition', async () => {
      const condition = { 'if-none-exist': `patient=${server.run.patient}` }
      const draft = { ...server.run.condition, code: { text: 'One more' } }
      expectRefused(await server.client.post('Condition', draft, condition), [412])
    })

    test.each([
      ['refers to nobody', { subject: { reference: 'Patient/nobody-here' } }],
      ['is of another type', { resourceType: 'Procedure' }],
    ])('nothing that %s', async (_what, change) => {
      expectRefused(await server.client.post('Condition', { ...server.run.condition, ...change }), [400, 422])
    })

    test.each([
      ['is not JSON', '{"resourceType": "Condition"'],
      ['is no object', '[]'],
    ])('nothing from a body that %s', async (_what, body) => {
      expectRefused(await server.client.post('Condition', body), [400])
    })

    test('nothing of a type that there is not', async () => {
      expectRefused(await server.client.post('Pationt', { resourceType: 'Pationt' }), [400, 404])
    })
  })

  describe('updates', () => {
    test('a resource to its next version', async () => {
      const id = server.run.id('changing')
      const one = { ...server.run.condition, id, code: { text: 'One' } }
      const first = await server.client.put(`Condition/${id}`, one)
      const second = await server.client.put(`Condition/${id}`, { ...one, code: { text: 'Two' } })
      expect([first.status, second.status]).toEqual([201, 200])
      expect(second.headers.get('etag')).toBe('W/"2"')
      expect((await server.client.get(`Condition/${id}`)).body).toMatchObject({
        code: { text: 'Two' },
        meta: { versionId: '2' },
      })
    })

    test('nothing that somebody changed since', async () => {
      const id = server.run.id('changed')
      const one = { ...server.run.condition, id, code: { text: 'One' } }
      await server.client.put(`Condition/${id}`, one)
      const late = await server.client.put(`Condition/${id}`, one, { 'if-match': 'W/"7"' })
      expectRefused(late, [409, 412])
    })

    test.each([
      ['another id than its address', 'here', 'there'],
      ['a new id without a letter', '77001234', '77001234'],
    ])('nothing under %s', async (_what, place, id) => {
      expectRefused(await server.client.put(`Condition/${place}`, { ...server.run.condition, id }), [400])
    })
  })

  describe('does Bundles', () => {
    test('as a transaction, with references between its entries', async () => {
      const patient = { resourceType: 'Patient' as const, name: [{ family: server.run.id('joined') }] }
      const condition = {
        ...server.run.condition,
        subject: { reference: 'urn:uuid:2f6b1c8e-0000-4000-8000-000000000001' },
      }
      const { status, body } = await server.client.post<Bundle>('', {
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
      expect((await server.client.get(conditionPlace)).body).toMatchObject({
        subject: { reference: patientPlace },
      })
    })

    test('as a transaction not at all when one entry cannot be done', async () => {
      const id = server.run.id('half')
      const good = { ...server.run.condition, id }
      const bad = { ...server.run.condition, subject: { reference: 'Patient/nobody-here' } }
      const reply = await server.client.post(
        '',
        transactionOf([good, { ...bad, id: server.run.id('other-half') }]),
      )
      expectRefused(reply, [400, 404, 422])
      expectRefused(await server.client.get(`Condition/${id}`), [404])
    })

    test('as a batch, each entry for itself', async () => {
      const id = server.run.id('batched')
      const good = { ...server.run.condition, id }
      const bad = {
        ...server.run.condition,
        id: server.run.id('bad'),
        subject: { reference: 'Patient/nobody-here' },
      }
      const batch = { ...transactionOf([bad, good]), type: 'batch' }
      const { status, body } = await server.client.post<Bundle>('', batch)
      expect(status).toBe(200)
      expect(body.type).toBe('batch-response')
      expect(body.entry?.map(({ response }) => response?.status?.slice(0, 1))).toEqual(['4', '2'])
      expect(body.entry?.[0]?.response?.outcome?.resourceType).toBe('OperationOutcome')
      expect((await server.client.get(`Condition/${id}`)).status).toBe(200)
    })

    test('of no other type', async () => {
      expectRefused(await server.client.post('', { resourceType: 'Bundle', type: 'document' }), [400, 422])
    })
  })
}

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
