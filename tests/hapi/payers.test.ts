/**
 * What payer mode writes into an order is what Da Vinci CRD 2.0.1 published, says HAPI's validator: the extension, and the order
 * with it. The package's own definitions are loaded (`tests/payers/crd-2.0.1.json`); of 2.2.1 there is none to be had.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bundle, Extension, OperationOutcome, ServiceRequest } from 'fhir/r4.js'
import { beforeAll, expect, test } from 'vitest'
import { fhirClient } from '../../sandbox/tests/fhir-client.ts'
import { coverageInformation } from '../../src/payers/extension.ts'
import { type Action, answerTo, bodyFor, documented, settingsOf } from '../payers/support.ts'
import { root } from '../support/evaluator.ts'
import { describeWithHapi } from './support.ts'

const profile = 'http://hl7.org/fhir/us/davinci-crd/StructureDefinition/profile-servicerequest'

describeWithHapi('HAPI validates coverage information against Da Vinci CRD 2.0.1', ({ base }) => {
  const client = fhirClient(base)

  beforeAll(async () => {
    const published = JSON.parse(readFileSync(join(root, 'tests/payers/crd-2.0.1.json'), 'utf8')) as Bundle
    const { status, body } = await client.post('', published)
    expect([status, body]).toEqual([200, expect.objectContaining({ type: 'transaction-response' })])
  })

  /** As an EHR whose drafts hold what CRD asks of them; what they lack nobody here can mend. */
  async function complaintsAbout(order: object): Promise<string[]> {
    const whole = { ...order, authoredOn: '2026-11-21', requester: { reference: 'Practitioner/a' } }
    const { body } = await client.post<OperationOutcome>(
      `ServiceRequest/$validate?profile=${encodeURIComponent(profile)}`,
      whole,
    )
    return body.issue.flatMap(({ severity, diagnostics = '' }) =>
      severity === 'error' || severity === 'fatal' || /extension/i.test(diagnostics) ? [diagnostics] : [],
    )
  }

  const orderOf = async (patient: string, more: object = {}) => {
    const [action] = (await answerTo(bodyFor(patient, 'lumbar-mri'), settingsOf('2.0.1', more))).actions
    return (action as Action).resource as ServiceRequest
  }

  const [payer] = documented().payers ?? []
  const policy = payer?.orders['lumbar-imaging']
  const saying = (otherwise: object) => ({
    payers: [{ ...payer, orders: { 'lumbar-imaging': { ...policy, assertions: [], otherwise } } }],
  })
  test.each<[string, string, object]>([
    ['authorization needed, until a day', 'acute-week-two', {}],
    ['no authorization needed', 'subacute-no-care', {}],
    ['what the chart does not tell', 'undated-pain', {}],
    [
      'documents and a form',
      'acute-week-two',
      saying({
        covered: 'covered',
        'pa-needed': 'performpa',
        'doc-needed': 'clinical',
        'doc-purpose': 'withpa',
        reason: 'An invented reason.',
        questionnaires: ['https://payer.example.org/Questionnaire/back'],
      }),
    ],
  ])('%s', async (_what, patient, more) => {
    expect(await complaintsAbout(await orderOf(patient, more))).toEqual([])
  })

  test('not covered, but for an expression of 2.0.1 that contradicts its own words', async () => {
    // It says that pa-needed should not exist then, and, without it, comes to nothing where true is asked for; 2.2.1 mended it.
    const order = await orderOf(
      'acute-week-two',
      saying({ covered: 'not-covered', reason: 'An invented reason.' }),
    )
    expect(await complaintsAbout(order)).toEqual([
      expect.stringMatching(
        /^Constraint failed: crd-ci-q2: 'If covered is set to 'not-covered', then 'pa-needed' should not exist/,
      ),
    ])
  })

  const bend = async (change: (extension: Extension) => void) => {
    const order = structuredClone(await orderOf('acute-week-two'))
    for (const extension of order.extension ?? [])
      if (extension.url === coverageInformation) change(extension)
    return order
  }
  const without = (url: string) => (extension: Extension) => {
    extension.extension = extension.extension?.filter((part) => part.url !== url) ?? []
  }
  test.each<[string, (extension: Extension) => void]>([
    [
      'a code that is none',
      (extension) => Object.assign(extension.extension?.[1] ?? {}, { valueCode: 'maybe' }),
    ],
    ['no word on authorization (crd-ci-q2)', without('pa-needed')],
    ['no id', without('coverage-assertion-id')],
    [
      'a part of 2.2.1',
      (extension) => extension.extension?.push({ url: 'expiry-date', valueDate: '2026-12-24' }),
    ],
  ])('and finds %s', async (_what, change) => {
    expect(await complaintsAbout(await bend(change))).not.toEqual([])
  })
})
