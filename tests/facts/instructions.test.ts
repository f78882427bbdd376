/** What somebody was told to do, and what he was told to watch for. */
import { describe, expect, test } from 'vitest'
import { Lexicon } from '../../src/facts/reading/lexicon.ts'
import { content } from './support.ts'

const lexicon = new Lexicon(content)
const affirmed = (text: string) => [
  ...new Set(lexicon.read(text).affirmed.map(({ key }) => key.split('/')[1])),
]

describe('an instruction', () => {
  test.each([
    ['told to go to the emergency room, cannot urinate', 'bladder-bowel-new'],
    ['advised to rest at home, foot drop', 'severe-or-progressive-motor'],
    ['should be seen tomorrow, foot drop', 'severe-or-progressive-motor'],
    ['will recheck in clinic, numb between the legs', 'saddle-sensory'],
    ['plans to call ortho, unable to void since noon', 'bladder-bowel-new'],
    ['labs reviewed, foot drop', 'severe-or-progressive-motor'],
    ['was told to go to the ER because he cannot pee', 'bladder-bowel-new'],
    ['told to go in, denies fever, cannot urinate', 'bladder-bowel-new'],
  ])('ends with its own item, and takes nothing back behind it: "%s"', (text, group) => {
    expect(affirmed(text)).toContain(group)
  })

  test.each([
    'told to return for fever, foot drop, incontinence',
    'advised to go to the ED if foot drop, incontinence or numbness between the legs',
    'told to go to the ER for inability to urinate',
    'instructions: foot drop, incontinence',
    'aware of red flags, foot drop, incontinence',
    'return precautions reviewed, foot drop, incontinence, fever',
    'should foot drop, incontinence or saddle numbness occur, come back',
  ])('to watch for something opens a list of what is not there: "%s"', (text) => {
    expect(affirmed(text).filter((group) => group !== 'nonspecific')).toEqual([])
  })

  test.each([
    'return precautions given, foot drop',
    'call if worse, foot drop today',
    'told to go to ED for evaluation, cannot urinate',
  ])('of which nobody can tell is read by somebody: "%s"', (text) => {
    expect(affirmed(text)).toEqual(['nerve'])
  })
})
