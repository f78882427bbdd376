/** Runs every clinical example against the pathway, and asks that each rule has examples on both of its sides. */
import { describe, expect, test } from 'vitest'
import { answerTo, content } from '../support/evaluated.ts'
import { differences } from './expected.ts'
import { loadVignettes } from './vignette.ts'

const encoded = new Set([...content.rules, ...Object.values(content.orderKinds)].map(({ code }) => code))
const files = loadVignettes()
const examples = files.flatMap(({ vignettes }) => vignettes)

describe.each(files)('$name', ({ vignettes }) => {
  for (const vignette of vignettes) {
    test(`${vignette.vignette} ${vignette.title}`, async () => {
      expect(differences(vignette, await answerTo(vignette))).toEqual([])
    })
  }
})

describe('every rule', () => {
  const rules = [...encoded].map((code) => ({ code, of: examples.filter(({ rule }) => rule === code) }))

  test.each(rules)('$code has an example in which it speaks, gates or silences', ({ of }) => {
    expect(of.filter(({ side }) => side === 'fires')).not.toEqual([])
  })

  // What holds for every adult has no other side.
  const always = new Set(['CA05'])
  test.each(rules.filter(({ code }) => !always.has(code)))(
    '$code has an example in which it does not',
    ({ of }) => {
      expect(of.filter(({ side }) => side !== 'fires')).not.toEqual([])
    },
  )

  test('no example is about a rule that is not there', () => {
    expect(
      examples.filter(({ rule }) => !encoded.has(rule)).map(({ vignette, rule }) => `${vignette} ${rule}`),
    ).toEqual([])
  })
})
