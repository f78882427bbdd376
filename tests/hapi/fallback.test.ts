/**
 * PF-10 against a server that nobody here wrote: the real service, called by a verified EHR whose FHIR server is HAPI,
 * shows the same cards whether the EHR sends all prefetch, some or none.
 */
import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FhirResource } from 'fhir/r4.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  hookCall,
  listPatients,
  loadOrder,
  loadPatient,
  type PatientFixture,
} from '../../fhir-fixtures/load.ts'
import { realContent, root } from '../support/evaluator.ts'
import { type Service, startService } from '../support/service.ts'
import { Clock, iss, type Key, newKey, publicUrl, published, sign, token } from '../trust/support.ts'
import { describeWithHapi } from './support.ts'

class RealClock extends Clock {
  override readonly seconds = () => Math.floor(Date.now() / 1000)
}

interface Card {
  uuid?: string
  source: { topic: { code: string } }
  suggestions?: { uuid?: string; actions?: { resource?: { id?: string } }[] }[]
}

describeWithHapi('With HAPI as the FHIR server of the EHR', ({ base, today }) => {
  let key: Key
  let keyServer: Server
  let service: Service

  beforeAll(async () => {
    key = await newKey()
    keyServer = createServer((_request, reply) =>
      reply.setHeader('content-type', 'application/json').end(JSON.stringify(published(key))),
    )
    await new Promise<void>((resolve) => keyServer.listen(0, '127.0.0.1', resolve))
    const { port } = keyServer.address() as AddressInfo
    service = await startService({
      callers: {
        'public-url': publicUrl,
        issuers: [{ iss, 'jwks-url': `http://127.0.0.1:${port}/keys`, 'fhir-servers': [base] }],
      },
      // Pages of five, so that there are several. A busy machine is no reason to answer less.
      fhir: { 'development-http': true, 'deadline-ms': 30_000, 'page-size': 5 },
      'time-zone': 'UTC',
    })
  })

  afterAll(async () => {
    await service.stop()
    keyServer.close()
  })

  async function ask(body: object): Promise<{ status: number; cards: Card[] }> {
    const response = await fetch(service.url + sign, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await token(key, new RealClock(), { iss })}`,
      },
      body: JSON.stringify(body),
    })
    const { cards = [] } = (await response.json()) as { cards?: Card[] }
    return { status: response.status, cards: cards.map(withoutIds) }
  }

  const callAbout = (patient: PatientFixture, order: string) =>
    hookCall({
      patient,
      orders: [loadOrder(root, order)],
      hook: 'order-sign',
      queries: realContent().queries,
      today,
    })

  const reading = {
    fhirServer: base,
    fhirAuthorization: {
      access_token: 'opaque',
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'patient/*.rs',
      subject: 'lumbar',
    },
  }

  const patients = listPatients(root)
  const cases = patients.flatMap((patient) =>
    ['lumbar-mri', 'oxycodone'].map((order) => [patient, order] as const),
  )

  test.each(cases)('%s and %s bring the same cards without prefetch', async (patient, order) => {
    const body = callAbout(loadPatient(root, patient, today), order)
    const sent = await ask({ ...body, hookInstance: randomUUID() })
    const { prefetch: _withheld, ...bare } = body
    const read = await ask({ ...bare, ...reading, hookInstance: randomUUID() })
    expect(read).toEqual(sent)
    expect(sent.status).toBe(200)
  })

  test('some of the patients bring a card, so that equal is not just empty', async () => {
    const { prefetch: _withheld, ...bare } = callAbout(
      loadPatient(root, 'acute-week-two', today),
      'lumbar-mri',
    )
    const { cards } = await ask({ ...bare, ...reading })
    expect(cards.map(({ source }) => source.topic.code)).toEqual(['IM01'])
  })

  test.each(['conditions', 'encounters', 'observations', 'patient'])(
    'a prefetch that lacks only %s is completed',
    async (missing) => {
      const body = callAbout(loadPatient(root, 'cauda-equina', today), 'lumbar-xray')
      const whole = await ask(body)
      const { [missing]: _left, ...prefetch } = body.prefetch as Record<string, FhirResource | null>
      expect(await ask({ ...body, prefetch, ...reading, hookInstance: randomUUID() })).toEqual(whole)
      expect(whole.cards.length).toBeGreaterThan(0)
    },
  )

  test('a patient whom HAPI does not know is data that did not come', async () => {
    const { patient, resources } = loadPatient(root, 'acute-week-two', today)
    const unknown = { patient: { ...patient, id: 'nobody-here' }, resources }
    const { prefetch: _withheld, ...bare } = callAbout(unknown, 'lumbar-mri')
    expect((await ask({ ...bare, ...reading })).status).toBe(412)
  })
})

/** Ids of cards and of what they would create are new in each answer. */
function withoutIds({ uuid: _uuid, suggestions, ...card }: Card): Card {
  if (!suggestions) return card
  return {
    ...card,
    suggestions: suggestions.map(({ uuid: _id, actions = [], ...suggestion }) => ({
      ...suggestion,
      actions: actions.map(({ resource, ...action }) => ({
        ...action,
        ...(resource ? { resource: { ...resource, id: 'new' } } : {}),
      })),
    })),
  }
}
