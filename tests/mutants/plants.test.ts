/**
 * Mistakes that a hurried editor of the content would make, by name: each is noticed by an example of the rule that it
 * is in. Fast, so that it runs beside every change; `mutants.test.ts` takes a sample of all.
 */
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { loadVignettes } from '../language/vignette.ts'
import { realContent } from '../support/evaluator.ts'
import { type Noticed, whoNotices } from './caught.ts'
import { type Mistake, nameOf } from './equivalent.ts'
import type { Mutant } from './mutant.ts'
import { mutantsOf } from './mutants.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const plants: readonly (Mistake & { mistake: string; rule: string })[] = [
  {
    mistake: 'the card against a scan no longer offers to remove it',
    kind: 'a suggestion is left out',
    where: 'IM01 suggests remove-order',
    rule: 'CA01',
  },
  {
    mistake: '"below" written where "at least" was meant',
    kind: 'a condition is turned round',
    where: 'IM03 when not onset-days: at-least $imaging-wait-days',
    rule: 'IM03',
  },
  {
    mistake: 'a condition lost while lines were moved: any opioid for acute pain is the first',
    kind: 'a part of a condition is left out',
    where: 'OP01 when without opioid-exposed: false',
    rule: 'OP01r',
  },
  {
    mistake: '"any" for "all": every scan after six weeks is told that no care was tried',
    kind: 'all becomes any, or any all',
    where: 'IM03 when all of (onset-days: at-least $imaging-wait-days, care-tried: false)',
    rule: 'IM05',
  },
  {
    mistake: 'long-term therapy no longer quiets "opioids are not first-line"',
    kind: 'a silenced topic is left out',
    where: 'OP12 silences opioid-first',
    rule: 'OP12',
  },
  {
    mistake: 'treatment is offered to who is in treatment',
    kind: 'a silenced topic is left out',
    where: 'OP11t silences use-disorder',
    rule: 'OP11t',
  },
  {
    mistake: 'a foot drop of years ago is an emergency of today',
    kind: 'a window is left out',
    where: 'severe-motor-deficit within',
    rule: 'RF16',
  },
  {
    mistake: 'a cancer that has spread is no longer read',
    kind: 'a group of codes is left out',
    where: 'marrow-or-metastatic-cancer codes d01-redflag-cancer/metastatic',
    rule: 'RF01a',
  },
  {
    mistake: 'an NSAID is named beside an anticoagulant',
    kind: 'a member of a group of facts is left out',
    where: 'nsaid-unsafe any-of bleeds-easily',
    rule: 'CA06',
  },
  {
    mistake: 'eight days of an opioid are too many, not more than seven',
    kind: 'a number is one more',
    where: '$acute-supply-days 7',
    rule: 'OP04',
  },
  {
    mistake: 'fifty-one morphine equivalents in place of fifty',
    kind: 'a number is one more',
    where: '$mme-caution 50',
    rule: 'OP06',
  },
  {
    mistake: 'a cauda equina sign is a warning like others',
    kind: 'another indicator',
    where: 'RF04a indicator',
    rule: 'RF04a',
  },
  {
    mistake: 'physical therapy is offered by no rule',
    kind: 'an offer is left out',
    where: 'CA03 offers refer-physical-therapy',
    rule: 'IM01',
  },
  {
    mistake: 'the rule on an aortic aneurysm is lost',
    kind: 'a rule is left out',
    where: 'RF12 all of it',
    rule: 'RF12',
  },
]

const content = realContent()
const mutants = mutantsOf(content)
const planted = plants.map((plant) => ({
  plant,
  found: mutants.filter((mutant) => nameOf(mutant) === nameOf(plant)),
}))

describe('an editor makes a mistake:', () => {
  const noticed = new Map<Mutant, Noticed | undefined>()
  beforeAll(async () => {
    const rules = new Set(plants.map(({ rule }) => rule))
    const vignettes = loadVignettes().flatMap((file) => file.vignettes)
    const asked = vignettes.filter(({ rule }) => rules.has(rule))
    for (const [mutant, by] of await whoNotices(
      content,
      asked,
      planted.flatMap(({ found }) => found),
    ))
      noticed.set(mutant, by)
  })

  test.each(planted)('$plant.mistake', ({ found: [mutant, ...others] }) => {
    if (!mutant) throw new Error('is no mistake that can be planted')
    expect(others).toEqual([])
    expect(noticed.get(mutant)?.by).toBe('a vignette')
  })
})
