/** The parts of a card's words: how durations are said, how long texts are cut, and what is never cut. */
import { assert as check, constantFrom, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileDurations, readBody } from '../../src/cards/sentences.ts'
import { countWords, firstWords, listWithin, sentencesOf } from '../../src/cards/words.ts'
import { content } from '../support/evaluated.ts'

const say = compileDurations(content)
const exactly = (days: number) => say({ low: days, high: days })

describe('A duration', () => {
  test.each([
    [1, '1 day'],
    [9, '9 days'],
    [13, '13 days'],
    [14, '2 weeks'],
    [20, 'over 2 weeks'],
    [41, 'over 5 weeks'],
    [42, '6 weeks'],
    [139, 'over 19 weeks'],
    [140, 'over 4 months'],
    [364, 'over 11 months'],
    [365, 'more than a year'],
    [4_683, 'more than a year'],
  ])('of %i days is %s', (days, said) => {
    expect(exactly(days)).toBe(said)
  })

  test.each([
    [{ low: 0, high: 13 }, 'less than 2 weeks'],
    [{ low: 14, high: 41 }, '2 to 6 weeks'],
    [{ low: 42, high: 84 }, '6 to 12 weeks'],
    [{ low: 27, high: 57 }, '3 to 9 weeks'],
    [{ low: 300, high: 700 }, '9 to 23 months'],
    [{ low: 9, high: Number.POSITIVE_INFINITY }, 'at least 9 days'],
    [{ low: 85, high: Number.POSITIVE_INFINITY }, 'at least 12 weeks'],
    [{ low: 0, high: Number.POSITIVE_INFINITY }, 'an unknown time'],
    // Midnight lies elsewhere in another time zone.
    [{ low: 9, high: 10 }, '9 days'],
  ])('between %o is %s', (range, said) => {
    expect(say(range)).toBe(said)
  })
})

describe('Words', () => {
  test('are counted without marks that stand alone', () => {
    expect(countWords('54 MME a day: draft 30 / codeine 9 – “so”')).toBe(9)
  })

  test('are cut behind a whole one, with a sign that there were more', () => {
    expect(firstWords('one two, three four', 2)).toBe('one two…')
    expect(firstWords('one two', 2)).toBe('one two')
  })

  test('of a list leave out whole items, and say how many', () => {
    const more = (list: string, left: number) => `${list} and ${left} more`
    expect(listWithin(['fever', 'weight loss', 'injury'], 3, more)).toBe('fever, weight loss and 1 more')
    expect(listWithin(['a very long first item', 'b'], 2, more)).toBe('a very… and 1 more')
  })

  test('make sentences at their stops, and not inside of numbers', () => {
    expect(sentencesOf('Fever 38.2 today. Ask now! Then? "Yes." So')).toEqual([
      'Fever 38.2 today.',
      'Ask now!',
      'Then?',
      '"Yes."',
      'So',
    ])
  })

  test('of thousands of stops are read in a moment', () => {
    const long = `${'.'.repeat(50_000)} ${'a.b '.repeat(20_000)}`
    expect(sentencesOf(long).length).toBeGreaterThan(0)
    expect(countWords(long)).toBe(20_000)
  })
})

describe('A card’s own text', () => {
  test('is a paragraph of sentences, then lines', () => {
    const { lead, bullets } = readBody('{{found}}. Do it\nnow.\n\n- One {{pain}}\n  goes on.\n- Two.')
    expect(lead.map(({ needs, words }) => [needs, words])).toEqual([
      [['found'], 0],
      [[], 3],
    ])
    expect(bullets.map(({ say, needs }) => [say({ pain: 'x' }), needs])).toEqual([
      ['One x goes on.', ['pain']],
      ['Two.', []],
    ])
  })
})

test('Words are counted in one walk as pieces between blanks that have a letter or a digit', () => {
  const odd = constantFrom(
    ...['a', '9', ' ', '\t', '\u00a0', 'é', '…', '–', '*', '😀', '𝔸', '\ud800', '\ufeff', '本'],
  )
  const pieces = (text: string) => text.split(/\s+/).filter((piece) => /[\p{L}\p{N}]/u.test(piece))
  check(
    property(string({ unit: odd, maxLength: 30 }), (text) => countWords(text) === pieces(text).length),
    { numRuns: 2000 },
  )
})
