/**
 * What hospitals send beside what is usual, by type: dates that are not whole, references in every spelling, several codings
 * and none, quotes and other scripts, statuses that take an entry back. In these lines engines could differ.
 */
const snomed = 'http://snomed.info/sct'
const icd10 = 'http://hl7.org/fhir/sid/icd-10-cm'
const rxnorm = 'http://www.nlm.nih.gov/research/umls/rxnorm'
const cpt = 'http://www.ama-assn.org/go/cpt'
const us = 'http://hl7.org/fhir/us/core/StructureDefinition'

const backPain = { system: icd10, code: 'M54.50', display: 'Low back pain, unspecified' }
const to = (reference: string) => ({ reference })
const race = (...displays: string[]) => ({
  url: `${us}/us-core-race`,
  extension: displays.map((display) => ({
    url: 'ombCategory',
    valueCoding: { system: 'urn:oid:2.16.840.1.113883.6.238', display },
  })),
})

const visit = (id: string, patient: string, begins: string, more: object = {}) => ({
  resourceType: 'Encounter',
  id,
  status: 'finished',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
  subject: to(patient),
  period: { start: begins },
  reasonCode: [{ coding: [backPain] }],
  ...more,
})

const problem = (id: string, patient: string, more: object) => ({
  resourceType: 'Condition',
  id,
  subject: to(patient),
  code: { coding: [backPain] },
  ...more,
})

export const oddLines: Readonly<Record<string, readonly object[]>> = {
  Patient: [
    { resourceType: 'Patient', id: 'odd-leap', birthDate: '1980-02-29', gender: 'female' },
    { resourceType: 'Patient', id: 'odd-year', birthDate: '1980', extension: [race('Asian', 'White')] },
    { resourceType: 'Patient', id: 'odd-month', birthDate: '1980-05', gender: 'unknown' },
    {
      resourceType: 'Patient',
      id: 'odd.none-1',
      extension: [{ url: `${us}/us-core-race`, extension: [{ url: 'text', valueString: "O'Neill" }] }],
      communication: [
        { language: { text: 'Español' } },
        { language: { coding: [{ code: 'es-MX' }, { code: 'es' }] }, preferred: true },
      ],
      generalPractitioner: [to('Organization/clinic-1'), to('Practitioner/dr-1')],
    },
  ],
  Encounter: [
    visit('odd-visit-1', 'Patient/odd-leap', '2024-02-28T23:30:00-08:00', {
      participant: [{ type: [{ text: 'scribe' }] }, { individual: to('Practitioner/dr-1/_history/3') }],
      serviceProvider: to('https://fhir.example.org/r4/Organization/clinic-1'),
      diagnosis: [
        { condition: to('Condition/odd-2'), rank: 2 },
        { condition: to('https://fhir.example.org/r4/Condition/odd-1'), rank: 1 },
      ],
    }),
    visit('odd-visit-2', 'https://fhir.example.org/r4/Patient/odd-year', '2024-03', {}),
    visit('odd-visit-3', 'https://fhir.example.org/r4/Patient/odd-year/_history/2', '2024-03-04', {}),
    visit('odd-visit-4', 'urn:uuid:0b3c4d5e-0000-4000-8000-000000000001', '2024-04-05', {}),
    visit('odd-visit-5', 'Patient/odd-month', '2024-05-06', { status: 'cancelled' }),
    visit('odd-visit-6', 'Patient/odd-month', '2024-05-07', {
      class: { code: 'EMER' },
      reasonCode: [
        { coding: [{ system: snomed, code: '279039007', display: 'Low back pain' }, backPain] },
        { text: 'Rücken' },
      ],
      diagnosis: [{ condition: to('Condition/odd-3') }],
    }),
    visit('odd-visit-7', 'Patient/odd.none-1', '2024-06-30', { class: undefined }),
    visit('odd-visit-8', 'Patient/odd-leap', '2024-08-27', {}),
    visit('odd-visit-9', 'Patient/nobody', '2024-08-27', {}),
  ],
  Condition: [
    problem('odd-1', 'Patient/odd-leap', {
      encounter: to('Encounter/odd-visit-1'),
      recordedDate: '2024-02',
      onsetDateTime: '2024-02-28',
    }),
    problem('odd-2', 'Patient/odd-leap', {
      onsetPeriod: { start: '2019-01-01' },
      code: { coding: [{ system: 'urn:oid:2.16.840.1.113883.6.90', code: 'M54.5' }, { code: 'LBP' }, {}] },
    }),
    problem('odd-3', 'Patient/odd-month', { code: { text: '腰痛, "acute"' }, recordedDate: '2024-05-07' }),
    problem('odd-4', 'Patient/odd-month', {
      verificationStatus: { coding: [{ code: 'refuted' }] },
      recordedDate: '2024-05-07',
    }),
    problem('odd-5', 'Patient/odd.none-1', {
      code: { coding: [{ system: icd10, code: 'C50.911' }] },
      recordedDate: '2023-05-07T10:00:00.000Z',
    }),
  ],
  Coverage: [
    {
      resourceType: 'Coverage',
      id: 'odd-cover-1',
      status: 'active',
      type: { coding: [{ code: '1' }, { system: 'https://nahdo.org/sopt', code: '121' }] },
      beneficiary: to('Patient/odd-leap'),
      payor: [{ reference: 'Organization/payer' }],
      period: { start: '2020' },
    },
    {
      resourceType: 'Coverage',
      id: 'odd-cover-2',
      status: 'cancelled',
      beneficiary: to('Patient/odd-year'),
      payor: [{ display: 'Example' }],
    },
  ],
  Procedure: [
    {
      resourceType: 'Procedure',
      id: 'odd-mri',
      status: 'completed',
      subject: to('Patient/odd-leap'),
      code: {
        coding: [
          { system: cpt, code: '72148' },
          { system: 'urn:local', code: 'MR L/S' },
        ],
      },
      performedPeriod: { start: '2024-03-05T08:00:00Z', end: '2024-03-05T09:00:00Z' },
      basedOn: [{ display: 'on paper' }, to('ServiceRequest/odd-order')],
    },
    {
      resourceType: 'Procedure',
      id: 'odd-xray',
      status: 'completed',
      subject: to('Patient/odd-month'),
      code: { coding: [{ system: cpt, code: '72100' }] },
      performedDateTime: '2024-05-10',
      reasonReference: [to('Condition/odd-3')],
    },
    {
      resourceType: 'Procedure',
      id: 'odd-not-done',
      status: 'not-done',
      subject: to('Patient/odd-month'),
      code: { coding: [{ system: cpt, code: '72148' }] },
      performedDateTime: '2024-05-11',
    },
  ],
  ServiceRequest: [
    {
      resourceType: 'ServiceRequest',
      id: 'odd-order',
      status: 'completed',
      intent: 'order',
      subject: to('Patient/odd-leap'),
      code: { coding: [{ system: cpt, code: '72148', display: 'MRI lumbar spine without contrast' }] },
      authoredOn: '2024-03-01T09:00:00-08:00',
      requester: to('PractitionerRole/role-1'),
      // Words that were copied from elsewhere bring marks at which some readers part lines.
      note: [{ text: 'Asked for by phone.\u2028No fever.\u2029\u0085No trauma.' }],
    },
    {
      resourceType: 'ServiceRequest',
      id: 'odd-undated',
      status: 'active',
      intent: 'order',
      subject: to('Patient/odd-month'),
      code: { text: "MRI of the low back, patient's wish" },
      authoredOn: '2024',
    },
    {
      resourceType: 'ServiceRequest',
      id: 'odd-plan',
      status: 'active',
      intent: 'plan',
      subject: to('Patient/odd-month'),
      code: { coding: [{ system: cpt, code: '72148' }] },
      authoredOn: '2024-05-07',
    },
  ],
  MedicationRequest: [
    {
      resourceType: 'MedicationRequest',
      id: 'odd-opioid',
      status: 'active',
      intent: 'order',
      subject: to('Patient/odd-month'),
      medicationCodeableConcept: {
        coding: [{ system: rxnorm, code: '1049621', display: 'oxycodone 5 mg tablet' }],
      },
      authoredOn: '2024-05-08',
      dispenseRequest: { expectedSupplyDuration: { value: 7.5, unit: 'd' } },
    },
    {
      resourceType: 'MedicationRequest',
      id: 'odd-elsewhere',
      status: 'active',
      intent: 'order',
      subject: to('Patient/odd-month'),
      medicationReference: to('Medication/1'),
      authoredOn: '2024-05-08',
    },
  ],
  MedicationDispense: [
    {
      resourceType: 'MedicationDispense',
      id: 'odd-fill',
      status: 'completed',
      subject: to('Patient/odd-month'),
      medicationCodeableConcept: { coding: [{ system: rxnorm, code: '1049502' }] },
      whenHandedOver: '2024-05-09T12:00:00Z',
      authorizingPrescription: [to('MedicationRequest/odd-opioid')],
      daysSupply: { value: 0.5 },
    },
  ],
  Communication: [
    {
      resourceType: 'Communication',
      id: 'odd-handout',
      status: 'completed',
      category: [{ text: 'leaflet' }, { coding: [{ code: 'instruction' }] }],
      subject: to('Patient/odd.none-1'),
      sent: '2024-06-30T16:00:00Z',
      language: 'es-US',
    },
  ],
}
