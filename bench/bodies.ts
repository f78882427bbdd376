/** Calls of three sizes for the same order, so that only the length of the chart differs. Invented, and always the same. */
type Resource = Record<string, unknown>

export interface Body {
  name: string
  /** Resources in the prefetch. */
  resources: number
  text: string
}

/** Published prefetch templates by key, as `Condition?patient=…`. */
export type Templates = Readonly<Record<string, string>>

/** As in the baseline that the budget was set against: hardly a chart, a visit's worth, years of records. */
const sizes = [
  { name: '3 KB', resources: 3 },
  { name: '50 KB', resources: 55 },
  { name: '500 KB', resources: 571 },
]

export function buildBodies(templates: Templates, today: string): Body[] {
  return sizes.map(({ name, resources }) => ({
    name,
    resources,
    text: buildBody(resources, templates, today),
  }))
}

/** One order-select call for a lumbar MRI with low-back pain; every template is answered, so that the rules run. */
export function buildBody(resources: number, templates: Templates, today: string): string {
  const day = (before: number) => new Date(Date.parse(today) - before * 86_400_000).toISOString().slice(0, 10)
  const chart = [
    patient,
    backPain(day(9)),
    thisVisit(today),
    ...Array.from({ length: Math.max(0, resources - 3) }, (_, n) => entry(n + 1, day)),
  ]
  return JSON.stringify({
    hook: 'order-select',
    hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
    context: {
      userId: 'Practitioner/clinician-1',
      patientId: 'bench-patient',
      encounterId: 'encounter-0',
      selections: ['ServiceRequest/draft-mri'],
      draftOrders: { resourceType: 'Bundle', type: 'collection', entry: [{ resource: lumbarMri(today) }] },
    },
    prefetch: answer(templates, chart),
  })
}

function answer(templates: Templates, chart: readonly Resource[]): Resource {
  return Object.fromEntries(
    Object.entries(templates).map(([key, template]) => {
      const type = template.replace(/[?/].*$/s, '')
      const found = chart.filter(({ resourceType }) => resourceType === type)
      if (!template.includes('?')) return [key, found[0] ?? null]
      const entries = found.map((resource) => ({ resource, search: { mode: 'match' } }))
      return [key, { resourceType: 'Bundle', type: 'searchset', entry: entries }]
    }),
  )
}

const subject = { reference: 'Patient/bench-patient', display: 'Bench, Bea' }

const patient: Resource = {
  resourceType: 'Patient',
  id: 'bench-patient',
  identifier: [{ system: 'urn:oid:1.2.36.146', value: '12345' }],
  active: true,
  name: [{ use: 'official', family: 'Bench', given: ['Bea', 'Beatrice'] }],
  gender: 'female',
  birthDate: '1981-07-04',
}

const coded = (system: string, code: string, display: string) => ({
  coding: [{ system, code, display }],
  text: display,
})
const snomed = 'http://snomed.info/sct'
const icd10 = 'http://hl7.org/fhir/sid/icd-10-cm'
const loinc = 'http://loinc.org'
const rxnorm = 'http://www.nlm.nih.gov/research/umls/rxnorm'
const status = (name: string, code: string) => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${name}`, code }],
})

const backPain = (onset: string): Resource =>
  condition('back-pain', onset, coded(icd10, 'M54.50', 'Low back pain, unspecified'))

const lumbarMri = (today: string): Resource => ({
  resourceType: 'ServiceRequest',
  id: 'draft-mri',
  status: 'draft',
  intent: 'order',
  priority: 'routine',
  code: coded('http://www.ama-assn.org/go/cpt', '72148', 'MRI of the lumbar spine without contrast'),
  subject,
  encounter: { reference: 'Encounter/encounter-0' },
  authoredOn: today,
  requester: { reference: 'Practitioner/clinician-1', display: 'Clinician One' },
  reasonCode: [coded(icd10, 'M54.50', 'Low back pain, unspecified')],
})

/** What charts are full of; each kind in turn, so that a longer chart is more of the same. */
function entry(n: number, day: (before: number) => string): Resource {
  const on = day(20 + n * 3)
  const make = kinds[n % kinds.length]
  if (!make) throw new Error('there are no kinds of entries')
  return make(n, on)
}

type Make = (n: number, on: string) => Resource

const kinds: readonly Make[] = [
  (n, on) =>
    observation(n, on, coded(loinc, '8310-5', 'Body temperature'), 'vital-signs', {
      value: 36.8,
      unit: 'Cel',
    }),
  (n, on) => condition(`condition-${n}`, on, pick(problems, n)),
  (n, on) => medication(n, on, pick(medicines, n)),
  (n, on) =>
    observation(n, on, coded(loinc, '29463-7', 'Body weight'), 'vital-signs', {
      value: 71.5 + (n % 4),
      unit: 'kg',
    }),
  (n, on) => procedure(n, on, pick(procedures, n)),
  (n, on) => encounter(n, on),
  (n, on) =>
    observation(n, on, coded(loinc, '2345-7', 'Glucose [Mass/volume] in Serum or Plasma'), 'laboratory', {
      value: 96,
      unit: 'mg/dL',
    }),
]

const pick = <T>(list: readonly T[], n: number): T => list[Math.floor(n / kinds.length) % list.length] as T

const problems = [
  coded(snomed, '38341003', 'Hypertensive disorder'),
  coded(icd10, 'E11.9', 'Type 2 diabetes mellitus without complications'),
  coded(icd10, 'J45.909', 'Unspecified asthma, uncomplicated'),
  coded(snomed, '444814009', 'Viral sinusitis'),
  coded(icd10, 'E78.5', 'Hyperlipidemia, unspecified'),
]

const medicines = [
  coded(rxnorm, '314076', 'lisinopril 10 MG Oral Tablet'),
  coded(rxnorm, '860975', 'metformin hydrochloride 500 MG Oral Tablet'),
  coded(rxnorm, '197361', 'amlodipine 5 MG Oral Tablet'),
  coded(rxnorm, '310965', 'ibuprofen 200 MG Oral Tablet'),
]

const procedures = [
  coded(snomed, '430193006', 'Medication reconciliation'),
  coded('http://www.ama-assn.org/go/cpt', '90686', 'Influenza immunization'),
  coded(snomed, '73761001', 'Colonoscopy'),
]

const common = (type: string, id: string, on: string): Resource => ({
  resourceType: type,
  id,
  meta: { versionId: '1', lastUpdated: `${on}T14:05:09.000Z` },
})

const condition = (id: string, on: string, code: Resource): Resource => ({
  ...common('Condition', id, on),
  clinicalStatus: status('condition-clinical', 'active'),
  verificationStatus: status('condition-ver-status', 'confirmed'),
  category: [status('condition-category', 'encounter-diagnosis')],
  code,
  subject,
  encounter: { reference: 'Encounter/encounter-0' },
  onsetDateTime: on,
  recordedDate: on,
  recorder: { reference: 'Practitioner/clinician-1', display: 'Clinician One' },
})

const observation = (
  n: number,
  on: string,
  code: Resource,
  category: string,
  value: { value: number; unit: string },
): Resource => ({
  ...common('Observation', `observation-${n}`, on),
  status: 'final',
  category: [status('observation-category', category)],
  code,
  subject,
  encounter: { reference: `Encounter/encounter-${n}` },
  effectiveDateTime: `${on}T14:01:00+00:00`,
  issued: `${on}T14:05:09.000Z`,
  performer: [{ reference: 'Practitioner/clinician-1', display: 'Clinician One' }],
  valueQuantity: { ...value, system: 'http://unitsofmeasure.org', code: value.unit },
})

const medication = (n: number, on: string, product: Resource): Resource => ({
  ...common('MedicationRequest', `medication-${n}`, on),
  status: n % 2 === 0 ? 'active' : 'stopped',
  intent: 'order',
  category: [status('medicationrequest-category', 'outpatient')],
  medicationCodeableConcept: product,
  subject,
  encounter: { reference: `Encounter/encounter-${n}` },
  authoredOn: on,
  requester: { reference: 'Practitioner/clinician-1', display: 'Clinician One' },
  dosageInstruction: [
    {
      sequence: 1,
      text: 'Take 1 tablet by mouth once daily',
      timing: { repeat: { frequency: 1, period: 1, periodUnit: 'd' } },
      route: coded(snomed, '26643006', 'Oral route'),
      doseAndRate: [{ doseQuantity: { value: 1, unit: 'tablet' } }],
    },
  ],
  dispenseRequest: {
    numberOfRepeatsAllowed: 1,
    expectedSupplyDuration: { value: 90, unit: 'days', code: 'd' },
  },
})

const procedure = (n: number, on: string, code: Resource): Resource => ({
  ...common('Procedure', `procedure-${n}`, on),
  status: 'completed',
  category: coded(snomed, '103693007', 'Diagnostic procedure'),
  code,
  subject,
  encounter: { reference: `Encounter/encounter-${n}` },
  performedPeriod: { start: `${on}T14:01:00+00:00`, end: `${on}T14:31:00+00:00` },
  performer: [{ actor: { reference: 'Practitioner/clinician-1', display: 'Clinician One' } }],
})

const visit = (n: number, on: string): Resource => ({
  ...common('Encounter', `encounter-${n}`, on),
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB', display: 'ambulatory' },
  type: [coded(snomed, '185345009', 'Encounter for symptom')],
  subject,
})

const thisVisit = (today: string): Resource => ({
  ...visit(0, today),
  status: 'in-progress',
  period: { start: `${today}T14:00:00+00:00` },
})

const encounter = (n: number, on: string): Resource => ({
  ...visit(n, on),
  status: 'finished',
  period: { start: `${on}T14:00:00+00:00`, end: `${on}T14:40:00+00:00` },
  reasonCode: [coded(icd10, 'Z00.00', 'General adult medical examination')],
})
