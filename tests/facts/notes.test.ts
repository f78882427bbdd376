/** Notes beside entries of the chart: what they say of the patient is heard, on the day on which it was written. */
import type { FhirResource } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { concept } from '../language/code.ts'
import { ago, factsOf } from './support.ts'

const signs = ['cauda-equina-sign', 'bladder-bowel-new', 'severe-motor-deficit', 'fever', 'injecting-now']
const subject = { reference: 'Patient/p1' }

async function told(entry: FhirResource): Promise<string[]> {
  const isAsked = entry.resourceType !== 'ClinicalImpression'
  const facts = await factsOf(isAsked ? { chart: [entry] } : { unasked: [entry] })
  return signs.filter((sign) => facts.get(sign)?.value !== false)
}

const backPain = (more: object): FhirResource => ({
  resourceType: 'Condition',
  id: 'back',
  clinicalStatus: { coding: [{ code: 'active' }] },
  code: concept('icd10 M54.50', 'Low back pain'),
  subject,
  onsetDateTime: ago(12),
  recordedDate: ago(3),
  ...more,
})

const entries: [string, (note: object) => FhirResource][] = [
  ['a problem', (note) => backPain(note)],
  ['another problem', (note) => backPain({ code: concept('icd10 I10'), ...note })],
  [
    'a treatment',
    (note) => ({
      resourceType: 'Procedure',
      id: 'therapy',
      status: 'completed',
      code: concept('cpt 97110', 'Therapeutic exercise'),
      subject,
      performedDateTime: ago(2),
      ...note,
    }),
  ],
  [
    'a referral',
    (note) => ({
      resourceType: 'ServiceRequest',
      id: 'referral',
      status: 'active',
      intent: 'order',
      code: concept('snomed 306252003'),
      subject,
      authoredOn: ago(2),
      ...note,
    }),
  ],
]

describe.each(entries)('beside %s', (_, entry) => {
  const withNote = (text: string) => entry({ note: [{ text }] })

  test('a sign is heard', async () => {
    expect(await told(withNote('Today she cannot lift her left foot'))).toContain('severe-motor-deficit')
    expect(await told(withNote('Numb around the anus since last night'))).toContain('cauda-equina-sign')
  })

  test('what is denied, past or plain alarms nobody', async () => {
    expect(await told(withNote('Denies numbness, weakness, incontinence. No fever.'))).toEqual([])
    expect(await told(withNote('Better with heat, walks 2 miles a day'))).toEqual([])
    expect(await told(withNote('Mother had a foot drop'))).toEqual([])
  })
})

test('a note counts on the day on which it was written', async () => {
  const old = { onsetDateTime: ago(900), recordedDate: ago(900), clinicalStatus: undefined }
  const text = 'Foot drop on the right'
  expect(await told(backPain({ ...old, note: [{ text, time: ago(1) }] }))).toContain('severe-motor-deficit')
  expect(await told(backPain({ ...old, note: [{ text, time: ago(900) }] }))).toEqual([])
})

test('a sign that a problem was concluded from is one', async () => {
  const evidence = [{ code: [concept('snomed 449813001')] }]
  expect(await told(backPain({ evidence }))).toContain('cauda-equina-sign')
  expect(await told(backPain({ evidence: [{ code: [concept('snomed 279039007')] }] }))).toEqual([])
})

describe('why it was ordered', () => {
  const referral = (reason: object, on = ago(2)): FhirResource => ({
    resourceType: 'ServiceRequest',
    id: 'referral',
    status: 'active',
    intent: 'order',
    code: { text: 'Urology' },
    subject,
    authoredOn: on,
    reasonCode: [reason],
  })

  test('is heard, by its code and in words', async () => {
    expect(await told(referral(concept('icd10 G83.4')))).toContain('cauda-equina-sign')
    expect(await told(referral({ text: 'saddle numbness since Monday' }))).toContain('cauda-equina-sign')
    expect(await told(referral(concept('icd10 M54.50')))).toEqual([])
    expect(await told(referral({ text: 'no saddle numbness' }))).toEqual([])
  })

  test('is heard where the order only refers to it: by name, in the spelling of R5, and on other entries', async () => {
    const { reasonCode: _, ...plain } = referral({}) as FhirResource & { reasonCode: object }
    const named = { reference: 'Condition/of-another-server', display: 'Cauda equina syndrome' }
    expect(await told({ ...plain, reasonReference: [named] } as FhirResource)).toContain('cauda-equina-sign')
    const inR5 = { ...plain, reason: [{ concept: { text: 'Cauda equina syndrome' } }] }
    expect(await told(inR5 as unknown as FhirResource)).toContain('cauda-equina-sign')
    const study = { resourceType: 'ImagingStudy', id: 'study', status: 'available', subject, started: ago(2) }
    const seen = { ...study, reasonCode: [concept('icd10 G83.4')] } as FhirResource
    expect(await told(seen)).toContain('cauda-equina-sign')
  })

  test('counts on the day of the order, however long that stays open', async () => {
    expect(await told(referral(concept('icd10 G83.4'), ago(900)))).toEqual([])
  })

  test('of a withdrawn order counts for nothing', async () => {
    const withdrawn = { ...referral(concept('icd10 G83.4')), status: 'entered-in-error' } as FhirResource
    expect(await told(withdrawn)).toEqual([])
  })
})

describe("a clinician's impression", () => {
  const impression = (more: object): FhirResource =>
    ({
      resourceType: 'ClinicalImpression',
      id: 'i',
      status: 'completed',
      subject,
      date: ago(1),
      ...more,
    }) as FhirResource

  test('that came along is heard, in its summary and by its findings', async () => {
    expect(await told(impression({ summary: 'New foot drop on the left' }))).toContain('severe-motor-deficit')
    const finding = [{ itemCodeableConcept: concept('icd10 G83.4') }]
    expect(await told(impression({ finding }))).toContain('cauda-equina-sign')
    expect(await told(impression({ summary: 'Mechanical pain, no neurological sign' }))).toEqual([])
    expect(await told(impression({ summary: 'Foot drop', date: ago(900) }))).toEqual([])
  })
})
