/** A client of CDS Hooks 3.0 (ballot) beside one of 2.0, at one service: each is answered by its own, and nobody by both. */
import { describe, expect, test } from 'vitest'
import { fill } from '../../sandbox/ehr/prefetch.ts'
import { gist } from '../support/evaluated.ts'
import {
  bodies,
  newer,
  older,
  serviceOf,
  sign,
  today,
  withFeature,
  withoutFeature,
} from './version-3-service.ts'

describe('A client of 2.0', () => {
  test('sees the same bytes whether or not another client speaks 3.0', async () => {
    const [before, after] = [serviceOf(withoutFeature), serviceOf(withFeature)]
    const [plain, still] = await Promise.all([before, after].map((each) => each.discovery('/cds-services')))
    expect(still?.rawPayload).toEqual(plain?.rawPayload)
    expect(still?.headers.etag).toBe(plain?.headers.etag)
    expect(plain?.body).not.toMatch(/hookVersion|today\(\)|resolve\(\)/)
    for (const body of bodies) {
      const [one, other] = [await before.send(older, sign, body), await after.send(older, sign, body)]
      expect(one.statusCode).toBe(200)
      expect(other.rawPayload).toEqual(one.rawPayload)
      expect(one.body).not.toMatch(/non-adherence|actionSelectionBehavior/)
    }
  })

  test('and so does a client of 3.0 that calls at the address of 2.0', async () => {
    const [before, after] = [serviceOf(withoutFeature), serviceOf(withFeature)]
    for (const body of bodies)
      expect((await after.send(newer, sign, body)).rawPayload).toEqual(
        (await before.send(newer, sign, body)).rawPayload,
      )
  })

  test('is told at the address of 3.0 that it is none of its own', async () => {
    const answer = await serviceOf(withFeature).send(older, `/3.0${sign}`, bodies[0] ?? {})
    expect(answer.statusCode).toBe(404)
    expect(answer.json().issue[0].diagnostics).toContain('cds-hooks')
  })

  test('is told so also where nobody is listed for 3.0', async () => {
    const service = serviceOf(withoutFeature)
    expect((await service.discovery('/3.0/cds-services')).statusCode).toBe(200)
    expect((await service.send(newer, `/3.0${sign}`, bodies[0] ?? {})).statusCode).toBe(404)
  })
})

describe('A client of 3.0', () => {
  const service = serviceOf(withFeature)

  test('DISC-10, DISC-11: finds the versions in discovery, and nothing else changed but the templates', async () => {
    const old = await service.discovery('/cds-services')
    const young = await service.discovery('/3.0/cds-services')
    const without = (json: { services: Record<string, unknown>[] }) =>
      json.services.map((service) => ({ ...service, version: 0, hookVersion: 0, prefetch: 0 }))
    expect(without(young.json())).toEqual(without(old.json()))
    for (const { version, hookVersion } of young.json().services)
      expect([version, hookVersion]).toEqual(['3.0.0-ballot', '1.0'])
  })

  test('PF-7: finds dates where the rules look back a bounded time, and what its drafts refer to', async () => {
    const { prefetch } = (await service.discovery('/3.0/cds-services')).json().services[1]
    const changed = Object.entries<string>(prefetch).filter(([, template]) => /\(\)/.test(template))
    expect(changed.map(([name]) => name)).toEqual(['imagingStudies', 'draftMedicines', 'draftReasons'])
    const context = {
      patientId: 'p1',
      draftOrders: {
        entry: [
          {
            resource: {
              resourceType: 'MedicationRequest',
              medicationReference: { reference: 'Medication/m1' },
            },
          },
          {
            resource: {
              resourceType: 'MedicationRequest',
              medicationReference: { reference: 'Medication/m2' },
            },
          },
          {
            resource: {
              resourceType: 'ServiceRequest',
              reasonReference: [{ reference: 'Condition/c1' }, { reference: 'Observation/o1' }],
            },
          },
        ],
      },
    }
    const filled = (name: string) => fill(prefetch[name], { 'context.patientId': 'p1' }, { context, today })
    expect(filled('imagingStudies')).toBe(
      'ImagingStudy?patient=p1&started=ge2025-02-28&_sort=-started&_count=100',
    )
    expect(filled('draftMedicines')).toBe('Medication?_id=m1%2Cm2')
    expect(filled('draftReasons')).toBe('Condition?_id=c1')
  })

  test('DISC-8: opening a chart asks for no draft', async () => {
    const { prefetch } = (await service.discovery('/3.0/cds-services')).json().services[2]
    expect(JSON.stringify(prefetch)).not.toContain('draftOrders')
  })

  test('gets the cards of 2.0 with reasons that every service may use, each once', async () => {
    const [old, young] = [
      await service.send(newer, sign, bodies[0] ?? {}),
      await service.send(newer, `/3.0${sign}`, bodies[0] ?? {}),
    ]
    const [{ cards: before }, { cards: after }] = [old.json(), young.json()]
    expect(gist(after)).toEqual(gist(before))
    const standard = 'http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes'
    expect(
      after[0].overrideReasons.map(({ system, code }: { system: string; code: string }) => [system, code]),
    ).toEqual([
      [standard, 'cds-not-applicable'],
      [standard, 'action-completed'],
      [standard, 'recipient-disagrees-evidence'],
      ['urn:lumbar:override-reason', 'other'],
    ])
    expect(after[0].overrideReasons[1].display).toBe('Recommended action was already completed')
  })

  test('SUG-5: may choose which of several drafts goes, and takes whole what belongs together', async () => {
    const { cards } = (await service.send(newer, `/3.0${sign}`, bodies[1] ?? {})).json()
    const suggestions = cards.flatMap((card: { suggestions?: object[] }) => card.suggestions ?? [])
    const told = suggestions.map(
      ({
        actions,
        actionSelectionBehavior,
      }: {
        actions: { type: string }[]
        actionSelectionBehavior?: string
      }) => [actions.map(({ type }) => type).join(' '), actionSelectionBehavior],
    )
    expect(told).toContainEqual(['delete delete', 'any'])
    for (const [types, behaviour] of told) if (/create/.test(types)) expect(behaviour).toBeUndefined()
  })

  test('FA-1: may bring scopes of SMART 2, and its feedback is heard at its own address', async () => {
    const fhirAuthorization = {
      access_token: 'a-token',
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'patient/Condition.rs patient/Observation.rs?category=laboratory',
      subject: 'lumbar',
    }
    const body = { ...bodies[0], fhirServer: 'https://ehr.example.org/fhir', fhirAuthorization }
    expect((await service.send(newer, `/3.0${sign}`, body)).statusCode).toBe(200)
    const feedback = {
      feedback: [
        {
          card: '00000000-0000-4000-8000-000000000001',
          outcome: 'overridden',
          overrideReason: {
            reason: {
              system: 'http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes',
              code: 'action-completed',
            },
          },
          outcomeTimestamp: '2026-03-02T10:00:00Z',
        },
      ],
    }
    expect((await service.send(newer, `/3.0${sign}/feedback`, feedback)).statusCode).toBe(200)
  })

  test('is told that a service or a way of asking is not there, as elsewhere', async () => {
    expect((await service.discovery('/3.0/cds-services/other')).json().issue[0].details.coding[0].code).toBe(
      'unknown-service',
    )
    expect((await service.discovery(`/3.0${sign}`)).statusCode).toBe(405)
  })
})
