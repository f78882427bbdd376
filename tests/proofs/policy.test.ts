/** What rules of a kind have in common: whom they quiet, and who is heard first. */
import { describe, expect, test } from 'vitest'
import { realContent } from '../support/evaluator.ts'
import { rulesWithDuties, tooLittleQuieted, wronglyRanked } from './policy.ts'

const content = realContent()

describe('rules of one kind', () => {
  test.each(rulesWithDuties(content))('are there, of which it is said that $duty', ({ rules }) => {
    expect(rules).not.toEqual([])
  })

  test('quiet all that such a rule has to quiet', () => {
    expect(tooLittleQuieted(content)).toEqual([])
  })

  test('are heard in the order of their weight', () => {
    expect(wronglyRanked(content)).toEqual([])
  })
})
