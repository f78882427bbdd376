/** Everything that Lumbar ships or sends as FHIR is valid R4, says HAPI's `$validate`: no errors, no unlisted warnings. */
import type { Bundle, FhirResource } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { hookCall, listOrders, listPatients, loadOrder, loadPatient } from '../../fhir-fixtures/load.ts'
import { capabilityStatement } from '../../sandbox/fhir/capability.ts'
import { FhirFailure, outcomeOf } from '../../sandbox/fhir/failures.ts'
import { createFaults } from '../../sandbox/fhir/faults.ts'
import { answer } from '../../sandbox/fhir/server.ts'
import { createFhirStore } from '../../sandbox/fhir/store.ts'
import { allResources } from '../../sandbox/hapi/seed.ts'
import { transactionOf } from '../../sandbox/tests/fhir-run.ts'
import { failures, LumbarError, operationOutcome } from '../../src/errors.ts'
import { realContent, root } from '../support/evaluator.ts'
import { suggestedResources } from './suggested.ts'
import { describeWithHapi } from './support.ts'
import { validatorAt } from './validator.ts'

describeWithHapi('HAPI validates against R4', ({ base, today }) => {
  const complaintsAbout = validatorAt(base)

  const named = (resources: readonly FhirResource[]) =>
    resources.map((resource) => [`${resource.resourceType}/${resource.id}`, resource] as const)

  test.each(named(allResources(root, today)))('the fixture %s', async (_name, resource) => {
    expect(await complaintsAbout(resource)).toEqual([])
  })

  test.each(named(listOrders(root).map((name) => loadOrder(root, name))))(
    'the order %s',
    async (_name, order) => {
      expect(await complaintsAbout(order)).toEqual([])
    },
  )

  describe('what a suggestion drafts', async () => {
    const suggested = await suggestedResources(today)
    test.each(suggested.map(({ of, resource }) => [of, resource] as const))('%s', async (_of, resource) => {
      expect(await complaintsAbout(resource)).toEqual([])
    })

    test('with every order of cards/orders.yaml among them', () => {
      const texts = new Set(suggested.map(({ text }) => text))
      expect(Object.values(realContent().suggestions.orders).filter(({ text }) => !texts.has(text))).toEqual(
        [],
      )
    })
  })

  describe('what tells a caller of a failure', () => {
    test.each(Object.keys(failures))('%s', async (code) => {
      const failure = new LumbarError(code as keyof typeof failures, 'What to mend.', ['context.patientId'])
      expect(await complaintsAbout(operationOutcome(failure))).toEqual([])
    })
  })

  describe('what the sandbox sends', () => {
    const maya = loadPatient(root, 'acute-week-two', today)
    const setting = {
      store: createFhirStore(maya.resources, { now: () => new Date() }),
      base: 'http://127.0.0.1:3000/sandbox/fhir',
      faults: createFaults(),
      since: new Date().toISOString(),
      access: undefined,
    }
    const ask = (method: string, url: string, resource?: unknown) =>
      answer({ method, url, resource }, setting).body as FhirResource
    const sent: [what: string, resource: () => FhirResource][] = [
      ['its CapabilityStatement', () => capabilityStatement(setting)],
      ['a searchset', () => ask('GET', `Encounter?patient=${maya.patient.id}&_include=Encounter:patient`)],
      ['an empty searchset', () => ask('GET', 'Condition?patient=nobody')],
      ['a page of several', () => ask('GET', 'Condition?_count=1&_offset=1')],
      ['the answer to a transaction', () => ask('POST', '', transactionOf(maya.resources))],
      ['the answer to a batch', () => ask('POST', '', batchOfTwo)],
      ['an OperationOutcome', () => outcomeOf(new FhirFailure(400, 'What to mend.', ['Patient.id']))],
      ['the draft orders of a call', () => call().context.draftOrders as Bundle],
      ['the prefetch of a call', () => call().prefetch.conditions as Bundle],
    ]
    const batchOfTwo = {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [
        { request: { method: 'GET', url: `Patient/${maya.patient.id}` } },
        { request: { method: 'GET', url: 'Patient/nobody' } },
      ],
    }
    const call = () =>
      hookCall({
        patient: maya,
        orders: listOrders(root).map((name) => loadOrder(root, name)),
        hook: 'order-sign',
        queries: realContent().queries,
        today,
      })
    test.each(sent)('%s', async (_what, resource) => {
      expect(await complaintsAbout(resource())).toEqual([])
    })
  })

  describe('and does find', () => {
    const patient: FhirResource = { resourceType: 'Patient', id: 'wrong' }
    const wrong: [what: string, resource: object][] = [
      ['an unknown element', { ...patient, height: 180 }],
      ['a code that its value set lacks', { ...patient, gender: 'zzz' }],
      ['a date that is none', { ...patient, birthDate: '2026-02-31' }],
      ['what is required and missing', { resourceType: 'Observation', id: 'wrong', status: 'final' }],
      ['an invariant that does not hold', { ...patient, contact: [{ gender: 'male' }] }],
    ]
    test.each(wrong)('%s', async (_what, resource) => {
      expect(await complaintsAbout(resource as FhirResource)).not.toEqual([])
    })
  })

  test('all patients are there to be validated', () => {
    expect(listPatients(root).length).toBeGreaterThan(15)
  })
})
