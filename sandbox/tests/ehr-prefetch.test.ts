/** Prefetch of the mock EHR: templates filled and asked for, and each way in which a key goes wrong. */
import type { FhirResource } from 'fhir/r4.js'
import { describe, expect, it } from 'vitest'
import { type FhirAnswer, type FhirStore, openFhir } from '../ehr/fhir.ts'
import { fill, type KeyMode, prefetchAll } from '../ehr/prefetch.ts'

const tokens = { 'context.patientId': 'p1', 'context.encounterId': undefined, userPractitionerId: 'u1' }

describe('A template', () => {
  it.each([
    ['Patient/{{context.patientId}}', 'Patient/p1'],
    ['Condition?patient={{ context.patientId }}&code=a|b', 'Condition?patient=p1&code=a|b'],
    ['Practitioner?_id={{userPractitionerId}}', 'Practitioner?_id=u1'],
  ])('PF-2: %s is filled', (template, query) => {
    expect(fill(template, tokens)).toBe(query)
  })

  it.each([
    'Encounter/{{context.encounterId}}',
    'Basic?x={{context.unknown}}',
    'Basic?x={{context.draftOrders.entry}}',
    'Basic?x={{today() - 90 days}}',
  ])('%s without a value is none', (template) => {
    expect(fill(template, tokens)).toBeUndefined()
  })

  it('is filled with no more than a value: an id cannot add parameters', () => {
    expect(fill('Condition?patient={{x}}', { x: 'p1&_include=*' })).toBe(
      'Condition?patient=p1%26_include%3D*',
    )
  })
})

const found: FhirResource = {
  resourceType: 'Bundle',
  type: 'searchset',
  entry: [{ resource: { resourceType: 'Patient', id: 'p1' } }],
}

async function one(mode: KeyMode, answer: () => Promise<FhirAnswer>, template = 'Condition?patient=x') {
  const asked: string[] = []
  const fhir: FhirStore = {
    ...openFhir('http://127.0.0.1:9'),
    query: (query) => {
      asked.push(query)
      return answer()
    },
  }
  const settings = { fhir, modes: { key: mode }, stopwatch: () => 0 }
  const [prefetched] = await prefetchAll({ key: template }, tokens, settings)
  return { asked, answer: prefetched?.answer, outcome: prefetched?.outcome }
}

const answered = (status: number, body?: FhirResource) => async () => ({ status, body })

describe('A key', () => {
  it('brings what the server answers', async () => {
    expect(await one('send', answered(200, found))).toMatchObject({ answer: found, outcome: 'sent: 1 found' })
  })

  it('is left out when it is withheld, and the server is not asked', async () => {
    expect(await one('withhold', answered(200, found))).toMatchObject({ asked: [], answer: undefined })
  })

  it('is null when nothing is to be found, and an OperationOutcome when the query is to fail (section 6b)', async () => {
    expect((await one('null', answered(200, found))).answer).toBeNull()
    expect((await one('fail', answered(200, found))).answer).toMatchObject({
      resourceType: 'OperationOutcome',
    })
  })

  it('is an OperationOutcome when the server refuses', async () => {
    expect((await one('send', answered(403))).answer).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ diagnostics: 'The FHIR server answered 403' }],
    })
  })

  it('is left out when the server cannot be reached, or answers something else than FHIR', async () => {
    const unreachable = () => Promise.reject(new Error('no'))
    expect((await one('send', unreachable)).answer).toBeUndefined()
    expect((await one('send', answered(200))).answer).toBeUndefined()
  })

  it('is left out when its query takes longer than this EHR waits', async () => {
    const slow = await one('delay', answered(200, found))
    expect(slow).toMatchObject({ answer: undefined, outcome: 'left out: no answer within 1000 ms' })
  })

  it('is left out when a token has no value', async () => {
    const none = await one('send', answered(200, found), 'Encounter/{{context.encounterId}}')
    expect(none).toMatchObject({ asked: [], answer: undefined })
  })
})
