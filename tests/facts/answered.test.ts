/** Examinations and histories in a hospital's own words: a name and its answer, which only together tell of a sign or of none. */
import type { Observation, ServiceRequest } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { coding, concept } from '../language/code.ts'
import { ago, factsOf } from './support.ts'

const signs = [
  ...['cauda-equina-sign', 'bladder-bowel-new', 'severe-motor-deficit', 'cord-sign', 'soft-weakness'],
  ...['injecting-now', 'fever-coded', 'unclear-nerve-sign', 'unclear-sign'],
]

const scan: ServiceRequest = {
  resourceType: 'ServiceRequest',
  id: 'scan',
  status: 'draft',
  intent: 'order',
  code: concept('cpt 72148'),
  subject: { reference: 'Patient/p1' },
}

type Value = Partial<Observation> | string

const answerOf = (value: Value): Partial<Observation> =>
  typeof value === 'string' ? { valueString: value } : value

const observation = (name: string, value: Value, more: Partial<Observation> = {}): Observation => ({
  resourceType: 'Observation',
  id: 'exam',
  status: 'final',
  code: { text: name },
  effectiveDateTime: ago(0),
  ...answerOf(value),
  ...more,
})

/** Signs that this observation tells of, or that nobody can tell for it. */
async function told(entry: Observation): Promise<string[]> {
  const facts = await factsOf({ drafts: [scan], chart: [entry] })
  return signs.filter((sign) => facts.get(sign)?.value !== false)
}

/** As an observation of its own, and as a part of a panel. */
async function toldBothWays(name: string, value: Value): Promise<string[]> {
  const alone = await told(observation(name, value))
  const part = { code: { text: name }, ...answerOf(value) }
  const within = await told(observation('Neurologic examination', {}, { component: [part] }))
  expect(within, 'as a component').toEqual(alone)
  return alone
}

describe('what the body does', () => {
  test.each<[string, Value, string]>([
    ['Perineal sensation', 'absent', 'cauda-equina-sign'],
    ['Perianal pinprick', 'absent bilaterally', 'cauda-equina-sign'],
    ['Sphincter tone, anal', 'lax', 'cauda-equina-sign'],
    ['Anal tone', 'no', 'cauda-equina-sign'],
    ['Anal wink', { valueBoolean: false }, 'cauda-equina-sign'],
    [
      'Saddle sensation',
      { valueCodeableConcept: { coding: [coding('snomed 2667000')], text: 'Absent' } },
      'cauda-equina-sign',
    ],
    ['Bladder control', 'lost', 'bladder-bowel-new'],
    ['Bowel control', 'no', 'bladder-bowel-new'],
    ['Left EHL strength', '1/5', 'severe-motor-deficit'],
    ['Plantarflexion strength right', '2+/5', 'severe-motor-deficit'],
    ['Left ankle dorsiflexion strength', { valueInteger: 3 }, 'severe-motor-deficit'],
    ['Dorsiflexion strength right', { valueQuantity: { value: 2, unit: '{score}' } }, 'severe-motor-deficit'],
    ['Right EHL strength', '4-/5', 'soft-weakness'],
    ['Plantar response', 'upgoing on the right', 'cord-sign'],
    ['Ankle clonus', '6 beats', 'cord-sign'],
    ['Patellar reflexes', 'hyperreflexic', 'cord-sign'],
    ['Rectal tone intact', 'no', 'unclear-nerve-sign'],
  ])('that fails is a sign: "%s": %j', async (name, value, sign) => {
    expect(await toldBothWays(name, value)).toContain(sign)
  })

  test.each<[string, Value]>([
    ['Perineal sensation', 'intact'],
    ['Saddle sensation', 'Intact to light touch bilaterally'],
    ['Perianal sensation', 'preserved'],
    ['Saddle sensation', 'WNL'],
    ['Rectal tone', 'present'],
    ['Anal wink', { valueBoolean: true }],
    ['Anal wink', { valueCodeableConcept: { text: 'Present' } }],
    ['Bladder control', 'yes'],
    ['Left EHL strength', '5/5'],
    ['Ankle dorsiflexion strength', { valueInteger: 5 }],
    ['Left ankle dorsiflexion strength', '5/5 bilaterally'],
    ['Right grip strength', '3/5'],
    ['Left shoulder abduction strength', { valueInteger: 2 }],
    ['Plantar response', 'downgoing'],
    ['Ankle clonus', 'none'],
    ['Babinski sign', 'negative'],
  ])('that is well is none: "%s": %j', async (name, value) => {
    expect(await toldBothWays(name, value)).toEqual([])
  })

  test('its sides stand in a panel that is named for it', async () => {
    const sides = (left: string) => [
      { code: { text: 'Left' }, valueString: left },
      { code: { text: 'Right' }, valueString: '5/5' },
    ]
    const panel = (left: string) => observation('Ankle dorsiflexion strength', {}, { component: sides(left) })
    expect(await told(panel('2/5'))).toContain('severe-motor-deficit')
    expect(await told(panel('5/5'))).toEqual([])
  })
})

describe('a sign', () => {
  test.each(['no', 'absent', 'none', 'Denies', 'not present'])('is not there: "%s"', async (answer) => {
    for (const name of [
      'Saddle numbness',
      'Loss of bladder control',
      'Foot drop',
      'Change in saddle sensation',
    ])
      expect(await toldBothWays(name, answer), name).toEqual([])
  })

  test('is there', async () => {
    expect(await toldBothWays('Saddle numbness', 'yes')).toContain('cauda-equina-sign')
    expect(await toldBothWays('Foot drop', 'present')).toContain('severe-motor-deficit')
  })
})

describe('what an answer says itself', () => {
  const history = [
    { text: 'Drug use' },
    { coding: [{ system: 'http://snomed.info/sct', code: '228366006' }], text: 'Drug use' },
    { coding: [{ system: 'http://loinc.org', code: '29762-2', display: 'Social history' }] },
  ]

  test.each(['Injects heroin, last time on Monday', 'IV meth, last week'])('"%s"', async (answer) => {
    for (const code of history)
      expect(await told(observation('', answer, { code })), JSON.stringify(code)).toContain('injecting-now')
  })

  test.each(['Never injected', 'Denies IV drug use', 'None', 'Occasional wine'])(
    '"%s" is none',
    async (answer) => {
      for (const code of history)
        expect(await told(observation('', answer, { code })), JSON.stringify(code)).not.toContain(
          'injecting-now',
        )
    },
  )

  test('a finding in a sentence is heard, whatever was asked', async () => {
    const code = { coding: [{ system: 'http://loinc.org', code: '29545-1', display: 'Physical findings' }] }
    const found = 'Tender L4. Cannot lift the left foot, numb around the anus.'
    expect(await told(observation('', found, { code }))).toContain('severe-motor-deficit')
    const well = 'Tender L4. Normal gait, strength and sensation intact.'
    expect(await told(observation('', well, { code }))).toEqual([])
  })
})

describe('when it began', () => {
  test.each<[string, string]>([
    ['Foot drop', 'Present, since 2014'],
    ['Interval history', 'Right foot drop 2018.'],
    ['Review of symptoms', 'Urinary incontinence for 6 years'],
  ])('is told by the answer, and not by the day on which somebody looked: "%s": %j', async (name, value) => {
    expect(await toldBothWays(name, value)).toEqual([])
  })

  test.each<[string, string]>([
    ['Foot drop', 'Present, since yesterday'],
    ['Interval history', 'Right foot drop for 4 days.'],
    ['Interval history', 'Back pain since 2018, foot drop today.'],
  ])('may be of these days: "%s": %j', async (name, value) => {
    expect(await toldBothWays(name, value)).toContain('severe-motor-deficit')
  })

  test('what lasts for years is an older sign, and is asked about', async () => {
    const facts = await factsOf({ drafts: [scan], chart: [observation('Legs', 'Foot drop since childhood')] })
    expect(facts.get('nerve-sign-before')?.value).toBe(true)
    expect(facts.get('severe-motor-deficit')?.value).toBe(false)
  })
})

test('an operation on the lumbar spine stands in a surgical history that is an observation', async () => {
  const surgery = async (answer: string) =>
    (await factsOf({ drafts: [scan], chart: [observation('Past surgical history', answer)] })).get(
      'lumbar-surgery',
    )?.value
  expect(await surgery('Appendectomy, L5-S1 microdiscectomy')).toBe(true)
  expect(await surgery('Appendectomy')).toBe(false)
})
