/** What each run of the conformance tests puts into a FHIR server, and how a refusal looks. */
import type { Bundle, Communication, Condition, Encounter, FhirResource, OperationOutcome } from 'fhir/r4.js'
import { expect } from 'vitest'
import type { FhirClient, FhirReply } from './fhir-client.ts'

export const loinc = 'http://loinc.org'
export const clinical = 'http://terminology.hl7.org/CodeSystem/condition-clinical'
export const radiology = 'http://terminology.hl7.org/CodeSystem/v2-0074'

export interface Run {
  patient: string
  /** Of a resource of this run. */
  id: (name: string) => string
  /** Seeded by one transaction. */
  resources: readonly FhirResource[]
  condition: Condition
  communication: Communication
}

/** Two invented patients, so that nobody else's is found. */
export function resourcesOf(run: string): Run {
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

export interface Server {
  base: string
  client: FhirClient
  run: Run
}

export function expectRefused(
  { status, headers, body }: FhirReply<unknown>,
  allowed: readonly number[],
): void {
  expect(allowed).toContain(status)
  expect(headers.get('content-type')).toMatch(/^application\/fhir\+json/)
  const outcome = body as OperationOutcome
  expect(outcome.resourceType).toBe('OperationOutcome')
  expect(outcome.issue[0]?.severity).toMatch(/^(error|fatal)$/)
  expect(outcome.issue[0]?.diagnostics ?? '').not.toBe('')
}
