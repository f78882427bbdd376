/** Reasons to keep an order: their codes are published, and EHRs map and count them over years. */
import { describe, expect, test } from 'vitest'
import { realContent } from '../support/evaluator.ts'

/** Every code that was ever published. One may stop being offered; it never goes, and never comes to mean another thing. */
const published = [
  'alternatives-contraindicated',
  'already-in-therapy',
  'care-already-tried',
  'cause-being-sought',
  'chart-entry-wrong',
  'chart-reviewed',
  'dose-being-lowered',
  'in-remission',
  'longer-supply-needed',
  'medicine-stopped',
  'mood-treated',
  'mri-not-possible',
  'no-opioid',
  'obstetrics-agreed',
  'other',
  'pain-gone',
  'pain-over-six-weeks',
  'pain-specialist-consulted',
  'patient-declined',
  'plan-reviewed',
  'pregnancy-ended',
  'red-flag-not-in-record',
  'risk-weighed',
  'rule-does-not-apply',
  'safety-assessed',
  'sedative-stopped',
  'sign-old-or-explained',
  'sign-ruled-out',
  'specialist-asked',
  'symptoms-changed',
  'takes-opioids-daily',
  'transfer-arranged',
  'treatment-agreed',
  'xray-not-enough',
]

const { overrideReasons } = realContent()

describe('reasons to keep an order', () => {
  test('have the codes that were published, and no other before it is listed here', () => {
    expect(overrideReasons.system).toBe('urn:lumbar:override-reason')
    expect(Object.keys(overrideReasons.reasons).sort()).toEqual([...published].sort())
  })

  test('say different things', () => {
    const displays = Object.values(overrideReasons.reasons).map(({ display }) => display)
    expect(new Set(displays).size).toBe(displays.length)
  })

  test('leave room for another one on every card, as the last', () => {
    const without = overrideReasons.families.filter(({ reasons }) => reasons.at(-1) !== 'other')
    expect(without.map(({ family }) => family)).toEqual([])
  })
})
