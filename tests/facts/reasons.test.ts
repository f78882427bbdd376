/** Reasons for a scan that lie in who the patient is: illnesses, medicines, what was done; and words that only look so. */
import { describe, expect, test } from 'vitest'
import { Lexicon } from '../../src/facts/reading/lexicon.ts'
import { content } from './support.ts'

const lexicon = new Lexicon(content)
const heard = (text: string) => {
  const { affirmed, suspected, past } = lexicon.read(text)
  return new Set([...affirmed, ...suspected, ...past].map(({ key }) => key.slice(key.indexOf('/') + 1)))
}

describe('a reason is heard', () => {
  test.each([
    // Kinds of cancer and of medicines by the ending of their names.
    ['rhabdomyosarcoma of the thigh, 2009', 'other-malignancy'],
    ['oligoastrocytoma, watched', 'other-malignancy'],
    ['takes zanubrutinib', 'other-malignancy'],
    ['apalutamide since May', 'other-malignancy'],
    ['on peficitinib', 'immunosuppression-status'],
    ['etidronate for years', 'bone-medicine-status'],
    ['bictegravir once a day', 'hiv'],
    ['takes obexelimab', 'illness'],
    ["'beat colon cancer' ten years back", 'other-malignancy'],
    ['non-Hodgkin lymphoma, treated', 'immunocompromised-condition'],
    ['pT2N0 colon, resected', 'other-malignancy'],
    ['melanoma excised, margins negative', 'other-malignancy'],
    ['SPEP with an M-spike', 'illness'],
    ['PSA 45', 'illness'],
    ['DXA -3.1 at the hip', 'osteoporosis'],
    ['fracture after fall from standing height', 'illness'],
    ['Medrol 8 mg every day for sarcoidosis', 'long-term-steroid-status'],
    ['HIV, VL undetectable', 'hiv'],
    ['hx of discitis in 2016', 'illness'],
    ['ESI 1 week ago', 'sign'],
    ['hCG + in clinic', 'pregnant-now'],
    ['+UPT', 'pregnant-now'],
    ['HLA-B27+ with uveitis', 'illness'],
    ['hx of AS, new pain', 'illness'],
    ['DISH, fell yesterday', 'illness'],
    ['tethered cord, released as a child', 'illness'],
    ['warfarin, sudden severe pain', 'illness'],
    ['platelets 18k', 'illness'],
    ['fracture of the pubic ramus', 'pelvic-fracture'],
    ['fractura de pelvis', 'pelvic-fracture'],
    ['toma inmunosupresores', 'immunosuppression-status'],
    ['ha bajado 10 kilos', 'weight-loss'],
  ])('"%s"', (text, group) => {
    expect(heard(text)).toContain(group)
  })
})

describe('words that look so', () => {
  test.each([
    'pain radiating to pelvis and thigh',
    'PSA 0.6',
    'Hgb 14.5, INR 1.0, CRP 0.4',
    'T-score +0.4',
    'wants to lose 20 lb',
    'lost 20 lb as intended',
    'steroid shot in the shoulder last month',
    'hydrocortisone cream daily',
    'allergy shots weekly',
    'galcanezumab monthly',
    'evolocumab for cholesterol',
    'PrEP with Descovy',
    'sees a doctor as needed',
    'CALL AS SOON AS POSSIBLE',
    'dishes and laundry hurt',
    'spina bifida occulta',
    'works at a lumber yard',
    'slipped on a wet floor',
    'epidural in labor 2009',
    'mother on prednisone for lupus',
    'no known cancer, steroids, HIV or IV drug use',
    'nervous about cancer',
  ])('are none: "%s"', (text) => {
    const back = new Set(['nonspecific', 'radicular', 'minor-fall', 'spinal-injection'])
    expect([...heard(text)].filter((group) => !back.has(group))).toEqual([])
  })
})

describe('a medicine whose name ends like those that weaken the defences', () => {
  test('and does not is told apart by its name', () => {
    for (const name of ['dupilumab', 'omalizumab', 'erenumab', 'alirocumab', 'pimecrolimus'])
      expect(heard(`on ${name}`), name).toEqual(new Set())
  })
})
