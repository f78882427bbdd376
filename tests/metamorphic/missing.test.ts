/** What is withheld never clears: of each list a fifth of the vignettes is tried, another fifth for the next list; all by `npm run test:whole`. */
import fc from 'fast-check'
import type { Bundle, FhirResource } from 'fhir/r4.js'
import { describe, expect, test, vi } from 'vitest'
import type { HookBody } from '../../fhir-fixtures/load.ts'
import type { Evidence } from '../../src/pathway/known.ts'
import { content, explainBody, withSite } from '../support/evaluated.ts'
import { isWhole, runsOf, sampleOf } from '../support/sweep.ts'
import {
  answer,
  answerBefore,
  calls,
  isCutOff,
  numbers,
  once,
  runs,
  someFlags,
  type Told,
} from './changed-calls.ts'
import { flag, shuffled, withEntries, withMore } from './changes.ts'

vi.setConfig({ testTimeout: 60_000 })
const fifth = 5
const addsOnly = Object.entries(content.facts).flatMap(([name, fact]) =>
  'adds-only' in fact && fact['adds-only'] ? [name] : [],
)

const isCondition = (fact: string) => content.facts[fact]?.kind === 'condition'
const isReasonInChart = ({ reference }: Evidence) =>
  /^(?:ServiceRequest|MedicationRequest|MedicationStatement|Procedure)\//.test(reference)

describe('what is missing', () => {
  const keys = [...new Set(calls.flatMap(({ body }) => Object.keys(body.prefetch)))].filter(
    (key) => key !== 'patient',
  )
  /** Many EHRs do not have these: that such a key does not come is no sign of anything. That it failed is. */
  const optional = new Set(
    Object.values(content.queries).flatMap((query) => (query.optional ? query.key : [])),
  )
  const needed = keys.filter((key) => !optional.has(key))
  const against = new Set(['not-now', 'opioid-first'])

  test('never turns an answer into advice against the order that has no condition, whatever keys are withheld or failed', async () => {
    let advised = 0
    const some = fc.subarray(needed, { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...calls), some, fc.boolean(), async (told, keysGone, failed) => {
        const before = await adviceBefore(told)
        const gone = failed ? keysGone.map((key) => [key, errorAnswer]) : []
        const sent = Object.entries(told.body.prefetch).filter(([key]) => !keysGone.includes(key))
        const prefetch = Object.fromEntries([...sent, ...gone])
        const after = await adviceAgainst({ ...told, body: { ...told.body, prefetch } })
        advised += before.length > 0 ? 1 : 0
        expect(new Set(before), told.vignette.vignette).toEqual(new Set([...before, ...after]))
      }),
      { ...runs, numRuns: runsOf(200, 400) },
    )
    expect(advised).toBeGreaterThan(25)
  })

  test.each(keys)(
    'never does so for any vignette when %s is withheld (or fails) or is cut off',
    async (key) => {
      const wrong: string[] = []
      for (const [told, before] of sampleOf(await whereItMay, fifth, keys.indexOf(key))) {
        if (await restsOnWhatOnlyAdds(told)) continue
        for (const [how, body] of worsened(told.body, key)) {
          const after = await adviceAgainst({ ...told, body })
          if (after.some((topic) => !before.includes(topic))) wrong.push(`${told.vignette.vignette} ${how}`)
        }
      }
      expect(wrong).toEqual([])
    },
  )

  test('of a list that was cut off out of order never adds advice against the order', async () => {
    const cutOff = calls.filter(isCutOff)
    expect(cutOff.length).toBeGreaterThan(5)
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...cutOff), numbers, async (told, order) => {
        const before = await adviceBefore(told)
        const body = withEntries(told.body, (entries) => shuffled(entries, order))
        const after = await adviceAgainst({ ...told, body })
        expect(new Set(before), told.vignette.vignette).toEqual(new Set([...before, ...after]))
      }),
      runs,
    )
  })

  test.each(keys)(
    'makes advice conditional on all that the rest of %s might have held against it',
    async (key) => {
      const unnamed: string[] = []
      let conditional = 0
      for (const told of sampleOf(calls, fifth, keys.indexOf(key))) {
        if (await restsOnWhatOnlyAdds(told)) continue
        for (const [how, body] of worsened(told.body, key)) {
          const after = await explained({ ...told, body })
          for (const { headline, conditions } of after.planned.filter((card) => card.conditions.length > 0)) {
            conditional += 1
            const { decisions, planned } = await explainedBefore(told)
            const isHeld = conditions.some(({ fact }) =>
              decisions.some(({ facts }) => facts.get(fact)?.value !== false),
            )
            const stands = planned.some((card) => card.headline === headline || card.lines.includes(headline))
            if (!isHeld && !stands) unnamed.push(`${told.vignette.vignette} ${how}: ${headline.code}`)
          }
        }
      }
      expect(unnamed).toEqual([])
      if (key === 'procedures') expect(conditional).toBeGreaterThan(isWhole ? 20 : 4)
    },
  )

  test('because another patient came in its place makes that list doubtful, and adds no card but the one that says so', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...calls), someFlags, async (told, codes) => {
        const flags = codes.map((code, n) => flag(code, n, { patient: 'Patient/somebody-else' }))
        const before = await answerBefore(told)
        const after = await answer({ ...told, body: withMore(told.body, 'conditions', flags) })
        // A line may become the headline of the card that it rode on.
        const known = new Set([...before.flatMap(({ rule, lines = [] }) => [rule, ...lines]), 'G09'])
        expect(
          after.filter(({ rule }) => !known.has(rule)),
          told.vignette.vignette,
        ).toEqual([])
      }),
      runs,
    )
  })

  const explainedBefore = once(explained)
  const adviceBefore = once(adviceAgainst)

  /** Calls that are not advised against as it is; of several orders one more may be. */
  const whereItMay = Promise.all(calls.map(async (told) => [told, await adviceBefore(told)] as const)).then(
    (all) => all.filter(([{ vignette }, before]) => before.length === 0 || vignette.orders.length > 1),
  )

  /**
   * A report that tells of a flag is heard, and one that is there and cannot be read may; that none came is no doubt, by the
   * fact's own declaration (`adds-only`). So is why something of the chart was ordered or done: illnesses stand among problems.
   */
  async function restsOnWhatOnlyAdds(told: Told): Promise<boolean> {
    const { decisions } = await explained(told)
    // Of an imaging order nobody asks what only an opioid's rules ask.
    return decisions.some(
      ({ facts }) =>
        addsOnly.some((fact) => facts.has(fact) && facts.get(fact)?.value !== false) ||
        [...facts].some(([fact, { evidence }]) => isCondition(fact) && evidence.some(isReasonInChart)),
    )
  }

  function explained({ vignette, body }: Told) {
    return explainBody(body, vignette.today, withSite(vignette))
  }

  async function adviceAgainst(told: Told): Promise<string[]> {
    const { planned } = await explained(told)
    const rules = planned
      .filter(({ conditions }) => conditions.length === 0)
      .flatMap(({ headline, lines }) => [headline, ...lines])
    return rules.flatMap((rule) => (rule.role === 'headline' && against.has(rule.topic) ? rule.topic : []))
  }

  function worsened(body: HookBody, key: string): [string, HookBody][] {
    const { [key]: whole = null, ...rest } = body.prefetch
    if (!whole) return []
    const ways: [string, HookBody['prefetch']][] = [
      optional.has(key) ? ['failed', { ...rest, [key]: errorAnswer }] : ['withheld', rest],
    ]
    if (whole.resourceType === 'Bundle') ways.push(['cut off', { ...rest, [key]: firstPageOf(whole) }])
    return ways.map(([how, prefetch]) => [how, { ...body, prefetch }])
  }

  const errorAnswer: FhirResource = {
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'exception' }],
  }

  /** Nothing of it, and word that there is more. */
  const firstPageOf = (bundle: Bundle): Bundle => ({
    ...bundle,
    link: [{ relation: 'next', url: 'https://ehr.example/next' }],
    entry: [],
  })
})
