/** Runs every clinical example against the pathway, and asks that each rule has examples on both of its sides. */
import { describe, expect, test } from 'vitest'
import type { Content } from '../src/content/content.ts'
import { createEvaluator } from '../src/evaluate.ts'
import { parseCall } from '../src/hooks/call.ts'
import { services } from '../src/hooks/services.ts'
import type { Card } from '../src/render/render.ts'
import { toCall } from './support/call.ts'
import { realContent } from './support/evaluator.ts'
import { differences } from './support/expected.ts'
import { loadVignettes, siteSettings, type Vignette } from './support/vignette.ts'

const content = realContent()
const encoded = new Set([...content.rules, ...Object.values(content.orderKinds)].map(({ code }) => code))
const files = loadVignettes()
const examples = files.flatMap(({ vignettes }) => vignettes)

describe.each(files)('$name', ({ vignettes }) => {
  for (const vignette of vignettes) {
    test(`${vignette.vignette} ${vignette.title}`, async () => {
      expect(differences(vignette, await answer(vignette))).toEqual([])
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

async function answer(vignette: Vignette): Promise<Card[]> {
  const service = services.find(({ hook }) => hook === vignette.hook)
  if (!service) throw new Error(`No service for ${vignette.hook}`)
  let made = 0
  const evaluator = createEvaluator(withSite(content, vignette.site), {
    today: () => vignette.today,
    newId: () => `00000000-0000-4000-8000-${String(++made).padStart(12, '0')}`,
  })
  return (await evaluator.evaluate(parseCall(toCall(vignette), service))).cards
}

function withSite(usual: Content, site: Vignette['site']): Content {
  return site ? { ...usual, site: { ...usual.site, ...siteSettings(site) } } : usual
}
