/** Two findings at once: signs that change each other's meaning, in every pair. */
import type { FhirResource } from 'fhir/r4.js'
import { addDays } from '../language/when.ts'
import { type Finding, hl7, status, subject, today } from './findings.ts'

const icd = (code: string) => ({ coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code }] })
const loinc = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] })
const cpt = (code: string) => ({ coding: [{ system: 'http://www.ama-assn.org/go/cpt', code }] })

const problem = (code: string, days: number, more: object = {}) => ({
  resourceType: 'Condition',
  ...status('active'),
  code: icd(code),
  onsetDateTime: addDays(today, -days),
  ...more,
})
const score = (code: string, value: number) => ({
  resourceType: 'Observation',
  status: 'final',
  code: loinc(code),
  effectiveDateTime: addDays(today, -3),
  valueQuantity: { value },
})
const medicine = (rxnorm: string, began: number, days: number) => ({
  resourceType: 'MedicationRequest',
  status: 'active',
  intent: 'order',
  medicationCodeableConcept: {
    coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: rxnorm }],
  },
  authoredOn: addDays(today, -began),
  dosageInstruction: [
    {
      route: { text: 'oral' },
      timing: { repeat: { frequency: 1, period: 1, periodUnit: 'd' } },
      doseAndRate: [{ doseQuantity: { value: 1, unit: 'tablet' } }],
    },
  ],
  dispenseRequest: {
    quantity: { value: days },
    expectedSupplyDuration: {
      value: days,
      unit: 'days',
      code: 'd',
      system: 'http://unitsofmeasure.org',
    },
  },
})

/** Each stands for a kind: the emergencies, the flags, the care, the dangers. */
const signs: Readonly<Record<string, object>> = {
  'cauda equina': problem('G83.4', 3),
  'urinary retention': problem('R33.9', 3),
  'foot drop': problem('M21.371', 3),
  'foot drop of before': problem('M21.371', 200),
  discitis: problem('M46.46', 3),
  fever: problem('R50.9', 2),
  'weakness, unspecific': problem('M62.81', 5),
  'injects drugs': problem('Z72.89', 5, {
    code: { coding: [{ system: 'http://snomed.info/sct', code: '226034001' }] },
  }),
  'injected in the past': problem('Z72.89', 900, {
    code: { coding: [{ system: 'http://snomed.info/sct', code: '226034001' }] },
    ...status('resolved'),
    abatementDateTime: addDays(today, -700),
  }),
  'opioid use disorder': problem('F11.20', 300),
  'opioid use disorder in remission': problem('F11.21', 300),
  'alcohol use disorder': problem('F10.20', 300),
  'bone metastases': problem('C79.51', 100),
  'breast cancer': problem('C50.911', 100),
  'history of breast cancer': problem('Z85.3', 900),
  'weight loss': problem('R63.4', 30),
  'car crash this week': problem('V43.52XA', 3),
  'car crash last month': problem('V43.52XA', 40),
  'a fall': problem('W19.XXXA', 3),
  osteoporosis: problem('M81.0', 900),
  HIV: problem('B20', 900),
  'spine surgery': {
    resourceType: 'Procedure',
    status: 'completed',
    code: cpt('63030'),
    performedDateTime: addDays(today, -900),
  },
  'ankylosing spondylitis': problem('M45.9', 900),
  psoriasis: problem('L40.0', 900),
  'aortic aneurysm': problem('I71.40', 300),
  'kidney stone': problem('N20.0', 3),
  pregnancy: problem('Z34.90', 60),
  'pain for 60 days': problem('M54.50', 60),
  'pain for 100 days': problem('M54.50', 100),
  sciatica: problem('M54.41', 10),
  'physical therapy': {
    resourceType: 'Procedure',
    status: 'completed',
    code: cpt('97110'),
    performedDateTime: addDays(today, -8),
  },
  manipulation: {
    resourceType: 'Procedure',
    status: 'completed',
    code: cpt('98941'),
    performedDateTime: addDays(today, -8),
  },
  'an MRI of before': {
    resourceType: 'DiagnosticReport',
    status: 'final',
    category: [{ coding: [{ system: `${hl7}/v2-0074`, code: 'RAD' }] }],
    code: cpt('72148'),
    effectiveDateTime: addDays(today, -100),
  },
  'an X-ray of this week': {
    resourceType: 'DiagnosticReport',
    status: 'final',
    category: [{ coding: [{ system: `${hl7}/v2-0074`, code: 'RAD' }] }],
    code: cpt('72100'),
    effectiveDateTime: addDays(today, -4),
  },
  'prednisone for long': medicine('198145', 150, 240),
  lorazepam: medicine('197901', 10, 60),
  'oxycodone for long': medicine('1860129', 100, 200),
  'oxycodone last month': medicine('1049621', 30, 5),
  buprenorphine: medicine('1010604', 30, 60),
  naloxone: medicine('1725059', 200, 365),
  warfarin: medicine('855332', 30, 90),
  'sleep apnea': problem('G47.33', 300),
  'kidney disease, stage 5': problem('N18.5', 300),
  'PHQ-9 of 14': score('44261-6', 14),
  'STarT Back of 6': score('91351-7', 6),
  'hospice care': problem('Z51.5', 30),
  'cancer pain': problem('G89.3', 30),
  'sickle cell disease': problem('D57.1', 900),
}

export const pairs: readonly Finding[] = Object.entries(signs).flatMap(([one, first], at) =>
  Object.entries(signs)
    .slice(at + 1)
    .map(([other, second]) => ({
      key: one,
      told: other,
      resources: [
        { id: 'finding-0', subject, ...first },
        { id: 'finding-1', subject, ...second },
      ] as unknown as FhirResource[],
    })),
)
