/** What a launch's token and chart are guarded from: other servers, other patients, answers without end (specification 2.2). */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { beforeEach, describe, expect, test } from 'vitest'
import { ask } from '../../src/net/asker.ts'
import { json, openedLaunch, thief } from './strangers.ts'

const condition = (id: string, patient = 'Patient/p1') => ({
  resource: { resourceType: 'Condition', id, subject: { reference: patient } },
})

describe('F8, R22: the token', () => {
  test('stays at home when a bundle names its next page elsewhere', async () => {
    const { heard, url } = await thief()
    const { fhir } = await openedLaunch({
      fhir: (_request, reply) =>
        json(reply, {
          resourceType: 'Bundle',
          entry: [condition('c1')],
          link: [{ relation: 'next', url: `${url}/Condition?page=2` }],
        }),
    })
    await expect(fhir.search('Condition')).rejects.toMatchObject({ reason: 'elsewhere' })
    expect(heard).toEqual([])
  })

  test.each(['/other/Condition', '/sandbox/fhir/..%2f..%2fother', '/sandbox/fhirs/Condition'])(
    'stays at home when the next page is beside the FHIR base: %s',
    async (path) => {
      let requests = 0
      const { fhir } = await openedLaunch({
        fhir: (_request, reply) => {
          requests += 1
          return json(reply, { resourceType: 'Bundle', link: [{ relation: 'next', url: path }] })
        },
      })
      await expect(fhir.search('Condition')).rejects.toMatchObject({ reason: 'elsewhere' })
      expect(requests).toBe(1)
    },
  )

  test('stays at home when a creation says that it is elsewhere', async () => {
    const { heard, url } = await thief()
    const { fhir } = await openedLaunch({
      fhir: (_request, reply) => reply.code(201).header('location', `${url}/Procedure/n1/_history/1`).send(),
    })
    const resource = {
      resourceType: 'Procedure',
      status: 'completed',
      subject: { reference: 'Patient/p1' },
    } as const
    expect(await fhir.create(resource)).toEqual({ id: 'n1' })
    expect(heard).toEqual([])
  })

  test('stays at home when the FHIR server redirects', async () => {
    const { heard, url } = await thief()
    const { fhir } = await openedLaunch({ fhir: (_request, reply) => reply.redirect(`${url}/Patient/p1`) })
    await expect(fhir.read('Patient', 'p1')).rejects.toMatchObject({ reason: 'redirected' })
    expect(heard).toEqual([])
  })

  test('reads all pages where they are at home', async () => {
    const asked: string[] = []
    const { fhir } = await openedLaunch({
      fhir: (request, reply) => {
        asked.push(request.url)
        const next = [{ relation: 'next', url: 'Condition?page=2' }]
        const isFirst = request.url.includes('patient=p1')
        return json(reply, {
          resourceType: 'Bundle',
          entry: [condition(isFirst ? 'c1' : 'c2')],
          ...(isFirst ? { link: next } : {}),
        })
      },
    })
    const { resources, isComplete } = await fhir.search('Condition', { category: 'problem-list-item' })
    expect([resources.map(({ id }) => id), isComplete]).toEqual([['c1', 'c2'], true])
    expect(asked[0]).toBe('/sandbox/fhir/Condition?category=problem-list-item&patient=p1')
  })

  test('reads so many pages and no more', async () => {
    let pages = 0
    const { fhir } = await openedLaunch({
      fhir: (_request, reply) => {
        pages += 1
        return json(reply, {
          resourceType: 'Bundle',
          link: [{ relation: 'next', url: `Condition?page=${pages}` }],
        })
      },
    })
    expect(await fhir.search('Condition')).toEqual({ resources: [], isComplete: false })
    expect(pages).toBe(10)
  })
})

describe('R25: the chart of one patient', () => {
  const answers = (body: object) => ({
    fhir: (_request: FastifyRequest, reply: FastifyReply) => json(reply, body),
  })

  test.each([
    ['Patient/p2', condition('c1', 'Patient/p2').resource],
    ['nobody', { resourceType: 'Condition', id: 'c1' }],
    ['Patient/p1 of another server', condition('c1', 'https://other.example.org/Patient/p1').resource],
  ])('holds nothing of %s', async (_, resource) => {
    const { fhir } = await openedLaunch(answers({ resourceType: 'Bundle', entry: [{ resource }] }))
    await expect(fhir.search('Condition')).rejects.toMatchObject({ reason: 'other-patient' })
  })

  test('is not that of the patient whom the server gives instead', async () => {
    const { fhir } = await openedLaunch(answers({ resourceType: 'Patient', id: 'p2' }))
    await expect(fhir.read('Patient', 'p1')).rejects.toMatchObject({ reason: 'other-patient' })
  })

  test('takes nothing for another patient, and then asks nobody', async () => {
    let requests = 0
    const { fhir } = await openedLaunch({ fhir: () => (requests += 1) })
    const resource = {
      resourceType: 'Procedure',
      status: 'completed',
      subject: { reference: 'Patient/p2' },
    } as const
    await expect(fhir.create(resource)).rejects.toMatchObject({ reason: 'other-patient' })
    await expect(fhir.read('Condition', '../Patient/p2')).rejects.toMatchObject({ reason: 'no-id' })
    expect(requests).toBe(0)
  })

  test.each(['subject', 'patient', 'beneficiary'])('holds what names its patient as %s', async (owner) => {
    const resource = { resourceType: 'Coverage', id: 'c1', [owner]: { reference: 'Patient/p1' } }
    const { fhir } = await openedLaunch(answers({ resourceType: 'Bundle', entry: [{ resource }] }))
    expect((await fhir.search('Coverage')).resources.map(({ id }) => id)).toEqual(['c1'])
  })

  test('lets colleagues be read, who are no patients', async () => {
    const { fhir } = await openedLaunch(answers({ resourceType: 'Practitioner', id: 'd1' }))
    expect(await fhir.read('Practitioner', 'd1')).toMatchObject({ id: 'd1' })
  })

  test.each([
    [403, 'http-403'],
    [404, 'http-404'],
    [422, 'http-422'],
    [500, 'http-500'],
  ])('tells %i of the server by its number alone', async (status, reason) => {
    const { fhir } = await openedLaunch({
      fhir: (_request, reply) => reply.code(status).send({ resourceType: 'OperationOutcome', text: 'Ada' }),
    })
    const failure = await fhir.read('Patient', 'p1').catch((error: unknown) => error)
    expect(failure).toMatchObject({ reason, status })
    expect(JSON.stringify([failure, String(failure)])).not.toContain('Ada')
  })

  test.each([
    ['no JSON', '{"resourceType":'],
    ['another type', '{"resourceType":"Basic"}'],
    ['nothing', ''],
  ])('is not read from an answer that is %s', async (_, text) => {
    const { fhir } = await openedLaunch({
      fhir: (_request, reply) => reply.type('application/fhir+json').send(text),
    })
    await expect(fhir.read('Patient', 'p1')).rejects.toMatchObject({ reason: 'unreadable' })
  })
})

describe('F12: an answer', () => {
  let patience = 0
  const hastily: typeof ask = (url, question) => ask(url, { ...question, patience })
  beforeEach(() => {
    patience = 5000
  })

  test('that does not come in time is not waited for', async () => {
    const { fhir } = await openedLaunch({ fhir: () => new Promise(() => {}), setup: { ask: hastily } })
    patience = 200
    await expect(fhir.read('Patient', 'p1')).rejects.toMatchObject({ reason: 'too-slow' })
  })

  test('without end is not read to its end', async () => {
    const { fhir } = await openedLaunch({
      fhir: (_request, reply) => reply.type('application/fhir+json').send(`"${'x'.repeat(9_000_000)}"`),
    })
    await expect(fhir.read('Patient', 'p1')).rejects.toMatchObject({ reason: 'too-large' })
  })
})
