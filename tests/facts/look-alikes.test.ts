/** Fears, things that were read of, and words that look like those of a sign. */
import { describe, expect, test } from 'vitest'
import { Lexicon } from '../../src/facts/reading/lexicon.ts'
import { content } from './support.ts'

const lexicon = new Lexicon(content)
const heard = (text: string) => {
  const { affirmed, suspected, past } = lexicon.read(text)
  return [...new Set([...affirmed, ...suspected, ...past].map(({ group }) => group))]
}

describe('what somebody fears or has read of', () => {
  test.each([
    "scared it's a tumor",
    'fears its lymphoma',
    'read online about cauda equina',
    'looked up osteomyelitis',
    'worried re: myeloma',
    'genetic predisposition to colon cancer',
  ])('is not there: "%s"', (text) => {
    expect(heard(text)).toEqual([])
  })

  test.each([
    ['read online about sciatica. Foot drop since Monday', 'severe-or-progressive-motor'],
    ['fearful. Saddle numbness since noon', 'saddle-sensory'],
  ])('ends where something of this patient begins: "%s"', (text, group) => {
    expect(heard(text)).toContain(group)
  })
})

describe('words that look alike', () => {
  test.each([
    'Hoffmann neg bilat',
    'negative Babinski bilaterally',
    'toes downgoing bilat',
    'catheter out 2023, voids well',
    'bladder scan 35 ml after voiding',
    'dropped footrest on toe',
    'hx of ca phosphate kidney stone',
    'LMP 3 wks ago',
    'normal PVR in 2021',
  ])('are no sign: "%s"', (text) => {
    expect(heard(text).filter((group) => group !== 'nerve' && group !== 'renal-visceral')).toEqual([])
  })

  test.each([
    ['Babinski positive bilat', 'myelopathy-or-cord'],
    ['toes upgoing', 'myelopathy-or-cord'],
    ['Babinski neg, left foot drop', 'severe-or-progressive-motor'],
    ['bladder scan 1200', 'bladder-bowel-new'],
    ['catheter out, cannot void', 'bladder-bowel-new'],
    ['wets the bed at night, was dry before', 'bladder-bowel-new'],
    ["doesn't realize she is leaking urine", 'bladder-bowel-new'],
    ['lost 25# since August', 'weight-loss'],
    ['prev lumbar compression fx', 'vertebral-fracture-acute'],
  ])('are one: "%s"', (text, group) => {
    expect(heard(text)).toContain(group)
  })
})
