/** Words that people wrote on an order: what is said, what is denied, and where a denial ends. */
import { describe, expect, test } from 'vitest'
import { affirmedTerms, saysOneOf } from '../../src/facts/words.ts'
import { content } from './support.ts'

const flags = (text: string) =>
  affirmedTerms(text, content.words.lists['red-flags']?.terms ?? [], content.words)

describe('a red flag in words is heard', () => {
  test.each([
    ['r/o cauda equina', ['cauda equina']],
    ['LBP x 3 weeks, new FOOT DROP', ['foot drop']],
    ['Foot-drop? leg weakness since Monday', ['foot drop', 'leg weakness']],
    ['IVDU, fever 38.9', ['fever', 'ivdu']],
    ['hx breast ca', ['breast ca']],
    ['s/p MVC yesterday', ['mvc']],
    ['no trauma. Foot drop since today', ['foot drop']],
    ['denies fever; urinary retention since yesterday', ['urinary retention']],
    ['no fever but weight loss of 10 kg', ['weight loss']],
    ['without trauma\nknown osteoporosis', ['osteoporosis']],
    ['denies incontinence, now with saddle anesthesia', ['saddle anesthesia']],
    ['fever | no trauma', ['fever']],
    ['foot drop, ruled out trauma', ['foot drop']],
    ['cauda equina not ruled out', ['cauda equina']],
  ])('in "%s"', (text, expected) => {
    expect(flags(text)).toEqual(expected)
  })
})

describe('a red flag in words is not heard', () => {
  test.each([
    ['where it is denied', 'denies fever, weight loss or incontinence'],
    ['where there is no sign of it', 'no evidence of cauda equina'],
    ['where it is abbreviated away', 'w/o trauma'],
    ['where the family had it', 'family history of breast ca'],
    ['where it is ruled out before it', 'ruled out fracture'],
    ['where it is ruled out behind it', 'cauda equina ruled out'],
    ['where a line stands between', 'Cauda equina - ruled out'],
    ['inside another word', 'feverfew tea, hivemind, cancerous'],
    ['where nothing is said', ''],
    ['where the denial stands in another tongue', 'Rückenschmerzen, keine Lähmung'],
  ])('%s', (_, text) => {
    expect(flags(text)).toEqual([])
  })
})

describe('a term', () => {
  test('is looked for as whole words, whatever case and marks surround it', () => {
    expect(saysOneOf('Refused: (Physical  THERAPY)!', ['physical therapy'])).toBe(true)
    expect(saysOneOf('therapypool', ['therapy'])).toBe(false)
    expect(saysOneOf('PT eval', ['pt'])).toBe(true)
    expect(saysOneOf('apt', ['pt'])).toBe(false)
  })

  test('with an apostrophe, a slash or an accent stays one word', () => {
    expect(saysOneOf("can't sit", ["can't"])).toBe(true)
    expect(saysOneOf('w/o contrast', ['w/o'])).toBe(true)
    expect(saysOneOf('Lähmung', ['lähmung'])).toBe(true)
  })

  test('is found to the end of the longest text that a record keeps', () => {
    expect(flags(`${'x '.repeat(9_900)} fever`)).toEqual(['fever'])
  })

  test('is not found where no record keeps a text, so that none takes long', () => {
    expect(flags(`${'x '.repeat(70_000)} fever`)).toEqual([])
  })
})
