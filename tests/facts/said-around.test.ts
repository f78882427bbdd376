/** What stands around a sign: who tells of it, lists of denials, boxes and answers of forms, instructions, and dates. */
import { describe, expect, test } from 'vitest'
import { Lexicon } from '../../src/facts/reading/lexicon.ts'
import type { Said } from '../../src/facts/reading/said.ts'
import { timeIn } from '../../src/facts/reading/told-time.ts'
import { content } from './support.ts'

const lexicon = new Lexicon(content)
const groups = (rows: Said['affirmed']) => new Set(rows.map(({ key }) => key.slice(key.indexOf('/') + 1)))
const heard = (text: string) => {
  const { affirmed, suspected, past } = lexicon.read(text)
  return [...groups([...affirmed, ...suspected, ...past])]
}

describe('a relative', () => {
  test.each([
    ['Daughter reports he dragged his left foot all morning', 'severe-or-progressive-motor'],
    ['per son, soiling himself since Sunday', 'bladder-bowel-new'],
    ['wife noticed foot drop', 'severe-or-progressive-motor'],
    ['brought by her sister for urinary retention', 'bladder-bowel-new'],
    ['esposa refiere incontinencia urinaria', 'bladder-bowel-new'],
    ['husband states wife cannot move her foot', 'severe-or-progressive-motor'],
    ['son on the phone, says his mom cannot urinate', 'bladder-bowel-new'],
  ])('who tells of the patient takes nothing away: "%s"', (text, group) => {
    expect(heard(text)).toContain(group)
  })

  test.each([
    'sister had breast cancer',
    'wife has HIV',
    'partner on chemo for lymphoma',
    'son: osteogenesis imperfecta',
    'madre con osteoporosis',
    'daughter says her aunt has breast cancer',
    'wife states his father had osteoporosis',
  ])('who is ill is not the patient: "%s"', (text) => {
    expect(heard(text)).toEqual([])
  })
})

describe('a denied list', () => {
  test.each([
    'Denies weight loss, hx of malignancy, falls',
    'pt denies chills, incontinence, history of IV drug use',
    'no fever, no trauma, hx of steroid use, foot drop',
  ])('holds what every visit asks, with "history of" before it, too: "%s"', (text) => {
    expect(heard(text)).toEqual([])
  })

  test.each([
    ['Denies fever, history of lung cancer', 'solid-tumor-that-often-spreads-to-bone'],
    ['denies chills, incontinence, h/o L5-S1 fusion', 'history-or-procedure'],
    ['denies trauma, hx of cancer', 'other-malignancy'],
    ['no fever, hx of kidney transplant, no trauma', 'transplant-status'],
  ])('ends where something of this patient begins: "%s"', (text, group) => {
    expect(heard(text)).toContain(group)
  })
})

describe('an item of a list', () => {
  test.each([
    ['denies trauma, legs buckle', 'severe-or-progressive-motor'],
    ['no fever or chills, cannot urinate', 'bladder-bowel-new'],
    ['hx melanoma, leg weakness progressive', 'severe-or-progressive-motor'],
    ['h/o disc herniation, foot drop this morning', 'severe-or-progressive-motor'],
  ])('that tells what is wrong now stands for itself: "%s"', (text, group) => {
    expect([...groups(lexicon.read(text).affirmed)]).toContain(group)
  })

  test.each([
    'denies trauma, fever, or inability to urinate',
    'denies fever, weakness or being unable to void',
    'return if fever, unable to urinate, legs give out',
  ])('goes on denying behind "or", and says nothing of today behind "if": "%s"', (text) => {
    expect(heard(text)).toEqual([])
  })
})

describe('what is called normal', () => {
  test.each([
    ['saddle numbness strength 5/5', 'saddle-sensory'],
    ['L foot drop R LE 5/5', 'severe-or-progressive-motor'],
    ['osteoporosis exam normal', 'osteoporosis'],
    ['T 39.2 labs normal', 'fever'],
  ])('takes back no fault beside it: "%s"', (text, group) => {
    expect(heard(text).some((each) => each.includes(group))).toBe(true)
  })

  test.each([
    'bladder and bowel function normal',
    'rectal tone normal, perianal sensation preserved',
    'has full control of bladder and bowels',
    'walking without difficulty',
    'Perianal sensation: normal',
  ])('is a place or a deed that is well: "%s"', (text) => {
    expect(heard(text)).toEqual([])
  })

  test.each(['bladder does not feel normal', 'barely controls bladder'])(
    'is not what is denied or scarce: "%s"',
    (text) => {
      expect(heard(text)).not.toEqual([])
    },
  )
})

test.each([
  'pain shooting down left leg',
  'Varicose veins both legs',
  'Return if fever, new weakness or trouble urinating',
])('"%s" tells of no red flag', (text) => {
  expect(heard(text).filter((group) => group !== 'radicular')).toEqual([])
})

describe('a sign', () => {
  test.each([
    'foot drop, negative SLR',
    'foot drop, precautions given',
    'no pacemaker, foot drop',
    'xray neg for fracture, foot drop',
    'foot drop after lifting a patient',
    'EHL 3.5/5 left',
  ])('is not taken back by what stands beside it: "%s"', (text) => {
    expect([...groups(lexicon.read(text).affirmed)]).toContain('severe-or-progressive-motor')
  })

  test.each([
    'PMH: HTN, foot drop',
    'LBP, mother had breast cancer, foot drop',
    'my husband has foot drop',
    'depression screening done, foot drop',
  ])(
    'is read by somebody where only a word beyond a comma calls it past or somebody else’s: "%s"',
    (text) => {
      expect([...groups(lexicon.read(text).affirmed)]).toContain('nerve')
    },
  )

  test.each(['denies fever, chills, foot drop, incontinence', 'father paralyzed after a stroke'])(
    'is denied, or of another, in one breath: "%s"',
    (text) => {
      expect(heard(text)).toEqual([])
    },
  )
})

test('beside a sign that is understood, words that may tell of the same say no more', () => {
  expect(heard('Foot drop, right foot')).toEqual(['severe-or-progressive-motor'])
  expect(heard('foot does its own thing')).toEqual(['nerve'])
  expect(heard('pain down the left leg to the foot')).not.toContain('nerve')
})

describe('a form', () => {
  test.each([
    'Incontinence: no, foot drop: no',
    'Osteoporosis? No. Transplant? No.',
    'weight loss - none, fever - N',
    '[ ] saddle numbness [ ] weight loss [x] lifting injury',
    'Perianal sensation: normal',
    '(-) retention (-) weight loss (-) osteoporosis',
    'Counseled re: signs of infection and incontinence',
    'neg. for fever or chills',
  ])('denies in its own way: "%s"', (text) => {
    expect(heard(text).filter((group) => group !== 'strain-sprain')).toEqual([])
  })

  test.each([
    ['Incontinence: no, foot drop: yes', 'severe-or-progressive-motor'],
    ['Trauma: no, saddle numbness since noon', 'saddle-sensory'],
    ['[ ] fever [x] urinary retention', 'bladder-bowel-new'],
    ['(-) trauma (+) foot drop', 'severe-or-progressive-motor'],
    ['no ca hx. Discitis on MRI', 'spinal-infection'],
    ['Cancer? Yes. Fever? No.', 'other-malignancy'],
  ])('affirms in its own way: "%s"', (text, group) => {
    expect(heard(text)).toContain(group)
  })
})

describe('an instruction', () => {
  test.each([
    'Go to the ER if you cannot urinate or your legs become weak',
    'Return precautions: saddle numbness, fever, foot drop',
    'Educated regarding cauda equina syndrome',
    'acudir si presenta fiebre o incontinencia',
  ])('says nothing of today: "%s"', (text) => {
    expect(heard(text)).toEqual([])
  })

  test.each([
    ['MRI to see if epidural abscess', 'spinal-infection'],
    ['foot drop, call surgeon if worse', 'severe-or-progressive-motor'],
    ['unsure if metastatic', 'metastatic'],
    ['spinal metastases cannot be excluded', 'metastatic'],
  ])('is none where something is asked or found: "%s"', (text, group) => {
    expect(heard(text)).toContain(group)
  })

  test('a doubt is a denial', () => {
    expect(heard('discitis: highly unlikely')).toEqual([])
    expect(heard('low suspicion for epidural abscess')).toEqual([])
    expect(heard('high suspicion for epidural abscess')).toContain('spinal-infection')
  })
})

describe('a word', () => {
  test.each([
    ['urine dribbles', 'bladder-bowel-new'],
    ['dragging her right foot', 'severe-or-progressive-motor'],
    ['injected heroin last month', 'injecting'],
    ['31w0d', 'pregnant-now'],
    ['I soiled myself twice', 'bladder-bowel-new'],
    ['both legs quit working', 'severe-or-progressive-motor'],
    ['b/l leg weakness', 'severe-or-progressive-motor'],
    ['trouble passing water', 'bladder-bowel-new'],
    ['L4-5 fused in 2011', 'history-or-procedure'],
    ['HCC s/p Y90', 'other-malignancy'],
    ['receives Keytruda', 'other-malignancy'],
    ['started Tymlos', 'bone-medicine-status'],
    ['temp 101.4 with foot drop', 'fever'],
    ['T 38.6 this morning', 'fever'],
    ['does not feel wiping', 'saddle-sensory'],
  ])('is heard in any of its forms: "%s"', (text, group) => {
    expect(heard(text)).toContain(group)
  })

  test.each([
    'T 36.9, walking well',
    'lymph node dissection',
    'L4 to S1 tenderness',
    'Type 2 diabetes (HCC)',
    'Ca 9.2, Mg 2.0',
    'the gist of it is a strain',
    'cannot stand the pain',
    'drinks plenty of water',
    'G2P2, two healthy children',
  ])('of something else is not: "%s"', (text) => {
    expect(heard(text)).toEqual([])
  })
})

describe('a time', () => {
  const told = (text: string) => [...lexicon.read(text).times.values()]

  test.each([
    ['foot drop x2d', { least: 1, most: 3, lasts: true }],
    ['incontinence x 5 years', { least: 1643, most: 2009, lasts: true }],
    ['TLIF, POD 9', { least: 8, most: 10 }],
    ['microdiscectomy 6 wks ago', { least: 38, most: 46 }],
    ['MVC 10/28', { day: '1028', year: undefined }],
    ['lumbar fusion 3/4/2019', { day: '0304', year: '2019' }],
  ])('is told by "%s"', (text, time) => {
    expect(told(text)).toContainEqual(time)
  })

  test.each(['tibialis anterior 4/5', 'foot drop, pain 8/10', 'prednisone 20 mg x3, foot drop'])(
    'is not told by "%s"',
    (text) => {
      expect(told(text)).toEqual([])
    },
  )

  test('is told once, or not at all', () => {
    expect(timeIn(['fusion', '2012', 'revision', '2019'])).toBeUndefined()
  })
})
