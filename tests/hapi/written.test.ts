/** What Lumbar writes into charts is valid R4, and HAPI keeps it: once, however often it is sent. */
import type { Bundle, FhirResource } from 'fhir/r4.js'
import { beforeAll, expect, test } from 'vitest'
import { seed } from '../../sandbox/hapi/seed.ts'
import { fhirClient, runId } from '../../sandbox/tests/fhir-client.ts'
import { observationOf, questionnaireOf, responseOf } from '../../src/checklist/questionnaire.ts'
import {
  communicationOf,
  documentOf,
  type Given,
  identifierSystem,
  procedureOf,
} from '../../src/handouts/app/recording.ts'
import { realContent } from '../support/evaluator.ts'
import { describeWithHapi } from './support.ts'
import { validatorAt } from './validator.ts'

/** A patient of its own: what is written here changes no other test. */
const patientId = `${runId()}-written`
const about = { patientId, encounterId: `${patientId}-visit`, author: 'Practitioner/example-clinician' }

describeWithHapi('What is written into a chart on HAPI', ({ base, today }) => {
  const client = fhirClient(base)
  const complaintsAbout = validatorAt(base)
  const content = realContent()
  const { recording } = content
  if (!recording) throw new Error('handouts/recording.yaml is not read')
  const at = `${today}T09:00:00Z`
  /** The version keeps each run's records apart. */
  const given: Given = {
    ...about,
    at,
    language: 'en',
    title: 'Your back pain',
    sections: ['moving', 'heat'],
    version: runId(),
  }
  const page = { contentType: 'text/html', bytes: new TextEncoder().encode('<p>Stay active.</p>') }
  const facts = content.checklist.groups.flatMap(({ questions }) => questions.map(({ fact }) => fact))
  const replies = Object.fromEntries(facts.map((fact, at) => [fact, at % 2 === 0 ? 'no' : 'yes'] as const))
  const answering = { ...about, replies, at, name: runId() }

  const education: [what: string, resource: FhirResource][] = [
    ['the handout itself', documentOf(given, recording, page, undefined)],
    [
      'the handout under a type of the site',
      documentOf(given, recording, page, { system: 'urn:example:types', code: '72' }),
    ],
    ['a message that it was given', communicationOf(given, recording)],
    ['a procedure of education', procedureOf(given, recording)],
  ]
  const checklist: [what: string, resource: FhirResource][] = [
    ['the answers of a checklist', responseOf(content, answering)],
    ['the answers as an observation', observationOf(content, answering)],
    ['a checklist without answers', responseOf(content, { patientId, replies: {}, at, name: 'none' })],
    ['an observation without answers', observationOf(content, { patientId, replies: {}, at, name: 'none' })],
  ]
  const questionnaire = questionnaireOf(content)
  const containing = {
    ...responseOf(content, answering),
    contained: [questionnaire],
    questionnaire: `#${questionnaire.id}`,
  }

  beforeAll(async () => {
    await seed(base, [
      { resourceType: 'Patient', id: patientId },
      {
        resourceType: 'Encounter',
        id: about.encounterId,
        status: 'in-progress',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
        subject: { reference: `Patient/${patientId}` },
      },
    ])
    const { status } = await client.put(`Questionnaire/${questionnaire.id}`, questionnaire)
    expect([200, 201]).toContain(status)
  })

  test('the questionnaire is valid', async () => {
    expect(await complaintsAbout(questionnaire)).toEqual([])
  })

  test.each([...education, ...checklist])('%s is valid, and is kept', async (_what, resource) => {
    expect(await complaintsAbout(resource)).toEqual([])
    expect((await client.post(resource.resourceType, resource)).status).toBe(201)
  })

  test('the answers of a checklist are answers to its questionnaire', async () => {
    expect(await complaintsAbout(containing)).toEqual([])
  })

  test('answers to questions that nobody asked would be noticed', async () => {
    const item = [{ linkId: 'unasked', answer: [{ valueBoolean: true }] }]
    expect((await complaintsAbout({ ...containing, item })).join()).toContain('unasked')
  })

  test.each([documentOf, communicationOf, procedureOf])(
    '%o is kept once, however often it is sent',
    async (write) => {
      const again = { ...given, version: runId() }
      const resource = write(again, recording, page, undefined)
      const [{ value = '' } = {}] = resource.identifier ?? []
      const once = { 'if-none-exist': `identifier=${identifierSystem}|${value}` }
      const first = await client.post(resource.resourceType, resource, once)
      const second = await client.post(resource.resourceType, resource, once)
      expect([first.status, second.status]).toEqual([201, 200])
      const query = encodeURIComponent(`${identifierSystem}|${value}`)
      const found: Bundle = await client.search(`${resource.resourceType}?identifier=${query}`)
      expect(found.total).toBe(1)
    },
  )
})
