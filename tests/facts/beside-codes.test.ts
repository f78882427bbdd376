/**
 * Words beside a code: interface terms of EHRs say more than the code that they are mapped to. What they say is heard, and
 * the name of a code says no more than the code.
 */
import type { CodeableConcept, Condition } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { coding } from '../language/code.ts'
import icd10Names from '../language/icd10-names.json' with { type: 'json' }
import { ago, content, factsOf } from './support.ts'

const nerveSigns = ['cauda-equina-sign', 'bladder-bowel-new', 'severe-motor-deficit', 'cord-sign']
const signs = [
  ...nerveSigns,
  ...['major-injury-now', 'fever', 'spinal-infection', 'injecting-now', 'any-active-cancer'],
  ...['cancer-history', 'bone-fragile', 'immune-condition', 'long-steroid', 'weight-loss'],
  ...['unclear-nerve-sign', 'unclear-sign', 'unclear-illness'],
]

const problem = (code: CodeableConcept): Condition => ({
  resourceType: 'Condition',
  id: 'back',
  clinicalStatus: { coding: [{ code: 'active' }] },
  code,
  subject: { reference: 'Patient/p1' },
  onsetDateTime: ago(5),
  recordedDate: ago(4),
})

/** Signs that this problem tells of. */
async function told(code: CodeableConcept): Promise<string[]> {
  const facts = await factsOf({ chart: [problem(code)] })
  return signs.filter((sign) => facts.get(sign)?.value !== false)
}

const named = (codes: readonly string[], text: string): CodeableConcept => ({
  coding: codes.map(coding),
  text,
})

describe('beside the code of back pain', () => {
  test.each([
    ['Lumbar pain, cannot urinate since this morning', 'bladder-bowel-new'],
    ['Backache with numb perineum', 'cauda-equina-sign'],
    ['Acute back pain; left foot drop', 'severe-motor-deficit'],
    ['Lumbago following car accident', 'major-injury-now'],
    ['Low back pain in patient with metastatic lung cancer', 'any-active-cancer'],
    ['Lumbago with chills and fever', 'fever'],
    ['Back pain, injects heroin', 'injecting-now'],
    ['Low back pain, kidney transplant recipient', 'immune-condition'],
    ['Back pain, foot feels strange', 'unclear-nerve-sign'],
  ])('"%s" is heard', async (text, sign) => {
    for (const code of ['icd10 M54.50', 'icd10 M54.41', 'snomed 279039007', 'icd9 724.2'])
      expect(await told(named([code], text)), code).toContain(sign)
  })

  test('it is heard in the display of any coding', async () => {
    const term = 'Acute low back pain with loss of bladder control'
    const back = coding('icd10 M54.50')
    const imo = { system: 'urn:oid:2.16.840.1.113883.3.247.1.1', code: '98123', display: term }
    for (const code of [
      { coding: [imo, back], text: term },
      { coding: [back, imo], text: 'Low back pain' },
      { coding: [imo, back] },
      { coding: [{ ...back, display: term }] },
      { coding: [{ ...coding('snomed 279039007'), display: term }], text: term },
    ])
      expect(await told(code), JSON.stringify(code)).toContain('bladder-bowel-new')
  })

  test.each([
    'Low back pain, no leg weakness, no numbness, no incontinence',
    'Lumbago without sciatica, denies fever, trauma, cancer',
    'Red flags reviewed and absent: back pain after gardening',
    'Acute bilateral low back pain without sciatica',
    'Mechanical low back pain, worse with sitting',
    'Low back pain potentially associated with radiculopathy',
    'Lumbar pain on palpation',
    'Back pain; mother has osteoporosis',
    'LBP',
  ])('"%s" alarms nobody', async (text) => {
    for (const code of ['icd10 M54.50', 'icd10 M54.41', 'snomed 279039007'])
      expect(await told(named([code], text)), code).toEqual([])
  })
})

describe('beside other codes', () => {
  test.each([
    ['icd10 Z85.3', 'Breast cancer, bone metastases found', 'any-active-cancer'],
    ['icd10 F11.20', 'Opioid use disorder, injects heroin daily', 'injecting-now'],
    ['icd10 M81.0', 'Osteoporosis; unable to lift the right foot', 'severe-motor-deficit'],
    ['icd10 M48.061', 'Lumbar stenosis with saddle numbness', 'cauda-equina-sign'],
  ])('%s "%s"', async (code, text, sign) => {
    expect(await told(named([code], 'as coded'))).not.toContain(sign)
    expect(await told(named([code], text))).toContain(sign)
  })

  test('what the code says in its words is no news', async () => {
    const names: [code: string, text: string, silent: string][] = [
      ['icd10 S32.010D', 'Compression fracture of L1 with routine healing', 'major-injury-now'],
      ['icd10 Z85.3', 'History of breast cancer, s/p lumpectomy', 'any-active-cancer'],
      ['icd10 F11.21', 'Opioid use disorder in remission', 'injecting-now'],
      ['icd10 M81.0', 'Senile osteoporosis, no fracture', 'major-injury-now'],
    ]
    for (const [code, text, silent] of names)
      expect(await told(named([code], text)), text).not.toContain(silent)
  })

  test('what is taken back by its own words may stand beside something else', async () => {
    const text = 'Cauda equina syndrome ruled out; has a foot drop on the left'
    const found = await told(named(['icd10 G83.4'], text))
    expect(found).toContain('severe-motor-deficit')
    expect(found).not.toContain('cauda-equina-sign')
  })
})

describe('the published name of a code', () => {
  const ofBackPain = content.codes.rows.filter(({ set }) => set === 'a1-lbp-diagnoses')
  const icd10 = 'http://hl7.org/fhir/sid/icd-10-cm'
  /** Of codes of ours. What stands in no value set is read by its words alone. */
  const published = Object.entries(icd10Names)
    .map(([code, display]) => ({ system: icd10, code, display }))
    .filter((coding) => content.codes.lookup(coding).length > 0)

  test('as its text alarms no more than the code alone', async () => {
    const names = [
      ...ofBackPain.map(({ system, code, display }) => ({ system, code, display })),
      ...published,
    ]
    expect(names.length).toBeGreaterThan(250)
    const louder: string[] = []
    for (const { system, code, display } of names) {
      const alone = await told({ coding: [{ system, code }] })
      const withName = await told({ coding: [{ system, code }], text: display })
      if (withName.some((sign) => !alone.includes(sign))) louder.push(`${code} ${display}`)
    }
    expect(louder).toEqual([])
  })

  test('sets that are told of are sets', () => {
    for (const set of Object.values(content.words['beside-codes']).flat())
      expect(content.codes.sets.has(set), set).toBe(true)
  })
})
