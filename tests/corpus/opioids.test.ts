/**
 * The opioid cases of other projects against Lumbar: nothing may fail, and the table of differences in `docs/` is the
 * one that these answers make. Its only content from elsewhere are file names.
 */
import { join } from 'node:path'
import type { MedicationRequest } from 'fhir/r4.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { realContent, root } from '../support/evaluator.ts'
import { onCorpus } from './corpus.ts'
import { type Answered, answerTo, doseOf, inShort, ruleOf, says } from './opioid-answers.ts'
import { opioidCases } from './opioid-cases.ts'
import { opioidPage } from './opioid-page.ts'

onCorpus(run)

function run(from: string): void {
  const content = realContent()
  const isOpioid = ({ medicationCodeableConcept }: MedicationRequest) =>
    (medicationCodeableConcept?.coding ?? []).some((coding) =>
      content.codes.lookup(coding).some(({ set }) => /^c[12]-opioid/.test(set)),
    )
  let answered: Answered[] = []

  beforeAll(async () => {
    answered = await Promise.all(opioidCases(from, isOpioid).map((each) => answerTo(each, content)))
  }, 240_000)

  describe('the opioid cases of other projects', () => {
    test('are many, and each is answered or refused with a reason', () => {
      expect(answered.length).toBeGreaterThan(80)
      expect(
        answered.filter(({ why, underOurKeys }) => why === '' && inShort(underOurKeys) === 'no card'),
      ).toEqual([])
    })

    test('get no card where nobody says that low back pain is the reason', () => {
      const spoken = answered.filter(
        ({ asSent }) => !['–', 'no card', '400', '412'].includes(inShort(asSent)),
      )
      expect(spoken.map(({ case: { file } }) => file)).toEqual([])
    })

    test('come to the morphine equivalents that the MME calculator keeps as its answers', () => {
      const doses = answered
        .filter(({ case: { file } }) => file.includes('MMECalculatorTests'))
        .map(({ case: { file }, underOurKeys }) => [file.split('/').at(-2), doseOf(underOurKeys)])
      expect(Object.fromEntries(doses)).toEqual({
        mmecalc: { low: 20, high: 20 },
        'patient-mme-greater-than-fifty': { low: 180, high: 180 },
        'patient-mme-less-than-fifty': { low: 30, high: 30 },
        'patient-mme-with-timeofday': { low: 30, high: 30 },
      })
    })

    test('with back pain as the reason, get our rule in no case that the project excludes', () => {
      const wrong = answered.filter(({ case: { expects }, forBackPain }) => {
        const code = ruleOf(expects)
        return expects.side === 'exclusion' && code !== undefined && says(forBackPain, code)
      })
      expect(wrong.map(({ case: { file } }) => file)).toEqual([])
    })

    test('make the page that stands in docs', async () => {
      await expect(opioidPage(answered)).toMatchFileSnapshot(join(root, 'docs/opioid-corpus.md'))
    })
  })
}
