/** Headings over lines: what they deny, what they affirm, and where they end. */
import { describe, expect, test } from 'vitest'
import { Lexicon } from '../../src/facts/reading/lexicon.ts'
import { content } from './support.ts'

const lexicon = new Lexicon(content)
const heard = (...lines: string[]) => {
  const { affirmed, suspected } = lexicon.read(lines.join('\n'))
  return [...new Set([...affirmed, ...suspected].map(({ key }) => key.split('/')[1]))].sort()
}

describe('a heading that denies', () => {
  test.each([
    ['marks', ['Denies:', '- fever', '- saddle numbness', '- cannot urinate']],
    ['marks and no colon', ['Patient denies any of the following', '* foot drop', '* saddle numbness']],
    ['numbers', ['ROS negative for:', '1. fever', '2) urinary retention']],
    ['no marks', ['Negative for:', 'fever', 'saddle numbness', 'foot drop']],
    ['an empty line before its list', ['Pertinent negatives:', '', '- foot drop', '- incontinence']],
    ['a broken line', ['Denies:', '- loss of bladder', '  control', '- foot drop']],
    ['a summary', ['Red flags: none of the following', '- cauda equina', '- fever']],
    ['Spanish', ['Niega:', '- fiebre', '- retencion urinaria']],
    ['semicolons', ['Denies the following: fever; saddle numbness; foot drop. Strength 5/5.']],
  ])('denies each line below it: with %s', (_, lines) => {
    expect(heard(...lines)).toEqual([])
  })

  test.each([
    ['an empty line', ['Denies:', '- fever', '', 'Foot drop on the left'], ['severe-or-progressive-motor']],
    ['the next heading', ['Denies:', 'fever', 'Exam:', 'foot drop'], ['severe-or-progressive-motor']],
    [
      'a heading with its own words',
      ['Denies:', '- fever', 'Exam: foot drop'],
      ['severe-or-progressive-motor'],
    ],
    ['a heading that affirms', ['Denies:', 'fever', 'Endorses', 'saddle numbness'], ['saddle-sensory']],
    ['a line without a mark', ['Denies:', '- fever', 'Saddle numbness since noon'], ['saddle-sensory']],
    ['a statement', ['Denies:', 'fever', 'cannot urinate'], ['bladder-bowel-new']],
  ])('ends at %s', (_, lines, groups) => {
    expect(heard(...lines)).toEqual(groups)
  })

  test('leaves a line that answers for itself', () => {
    expect(heard('Denies:', '- fever', '- saddle numbness: yes')).toEqual(['saddle-sensory'])
  })

  test.each([['Straight leg raise negative:', '- foot drop'], ['Denies fever; foot drop on the left']])(
    'is no test and no sentence: "%s"',
    (...lines) => {
      expect(heard(...lines)).toEqual(['severe-or-progressive-motor'])
    },
  )
})

test('a heading that affirms is heard line by line', () => {
  expect(
    heard('Positive for:', 'saddle numbness', 'urinary retention', '', 'Negative for:', 'fever'),
  ).toEqual(['bladder-bowel-new', 'saddle-sensory'])
})

test('what to come back for is of a day to come, in lines too', () => {
  expect(heard('Return to the ED if you have any of these:', '- foot drop', '- cannot urinate')).toEqual([])
})

test('a history of the family is nobody else’s, in lines too', () => {
  expect(heard('Family history:', '- prostate cancer', '- osteoporosis')).toEqual([])
})
