/**
 * What must not change an answer: how the chart is sorted, spelled, split and dated, what does not hold and what is
 * about somebody else. Starting from the calls of the vignettes; seeded, so that a failure comes again. Of each list that
 * is withheld a fifth of the vignettes is tried, another fifth for the next list; all by `npm run test:whole`.
 */
import fc from 'fast-check'
import type { Bundle, FhirResource } from 'fhir/r4.js'
import { describe, expect, test, vi } from 'vitest'
import { type HookBody, shiftDate, shiftDates } from '../fhir-fixtures/load.ts'
import { toCall } from './support/call.ts'
import {
  copied,
  dealt,
  type Entry,
  flag,
  hasVagueDate,
  isCondition,
  redFlags,
  respelled,
  searchset,
  shuffled,
  withEntries,
  withMore,
  withoutTotals,
} from './support/changes.ts'
import { content, explainBody, gist, vignettes, withSite } from './support/evaluated.ts'
import { isWhole, runsOf, sampleOf } from './support/sweep.ts'
import type { Vignette } from './support/vignette.ts'

vi.setConfig({ testTimeout: 60_000 })
const runs = { numRuns: runsOf(80, 150), seed: 20261121 }

interface Told {
  vignette: Vignette
  body: HookBody
}

const calls = vignettes.map((vignette): Told => ({ vignette, body: toCall(vignette) }))
const fifth = 5
const numbers = fc.infiniteStream(fc.nat())
const someFlags = fc.subarray(redFlags, { minLength: 1, maxLength: 6 })

async function answer({ vignette, body }: Told, today = vignette.today) {
  const { cards } = await explainBody(body, today, withSite(vignette))
  return gist(cards)
}

/** Of a call as it is: asked once, however many changes are tried on it. */
function once<T>(ask: (told: Told) => Promise<T>): (told: Told) => Promise<T> {
  const known = new Map<Told, Promise<T>>()
  return (told) => {
    const asked = known.get(told) ?? ask(told)
    known.set(told, asked)
    return asked
  }
}
const answerBefore = once(answer)

type Changed = HookBody | { body: HookBody; today: string }

/** The answer to the changed call is the answer to the call as it was. */
function staysTheSame<T>(
  when: string,
  how: fc.Arbitrary<T>,
  change: (told: Told, how: T) => Changed,
  from = calls,
) {
  test(when, async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...from), how, async (told, chosen) => {
        const changed = change(told, chosen)
        const { body, today = undefined } = 'body' in changed ? changed : { body: changed }
        const after = await answer({ ...told, body }, today)
        expect(after, `${told.vignette.vignette} ${told.vignette.title}`).toEqual(await answerBefore(told))
      }),
      runs,
    )
  })
}

/** A list that was cut off answers as far back as its order proves: there the order says something. */
const isCutOff = ({ vignette }: Told) => (vignette.truncated ?? []).length > 0
const whole = calls.filter((told) => !isCutOff(told))

describe('the answer stays the same', () => {
  staysTheSame(
    'in whatever order the entries of every whole Bundle come',
    numbers,
    ({ body }, order) => withEntries(body, (entries) => shuffled(entries, order)),
    whole,
  )

  staysTheSame(
    'when resources of whole lists come twice under the same id',
    numbers,
    ({ body }, order) =>
      withEntries(body, (entries) => shuffled([...entries, ...structuredClone(entries)], order), 'prefetch'),
    whole,
  )

  staysTheSame('when a problem is recorded a second time under another id', fc.constant(0), ({ body }) =>
    withEntries(body, (entries) => [...entries, ...entries.filter(isCondition).map(copied)], 'prefetch'),
  )

  staysTheSame(
    'when red flags are recorded that were refuted or entered in error',
    fc.tuple(someFlags, fc.constantFrom('refuted', 'entered-in-error')),
    ({ body }, [codes, certainty]) =>
      withMore(
        body,
        'conditions',
        codes.map((code, n) => flag(code, n, { certainty })),
      ),
  )

  staysTheSame(
    'when red flags of another patient come under a key that we did not ask for',
    someFlags,
    ({ body }, codes) => {
      const flags = codes.map((code, n) => flag(code, n, { patient: 'Patient/somebody-else' }))
      return { ...body, prefetch: { ...body.prefetch, byHand: searchset(flags) } }
    },
  )

  staysTheSame(
    'whatever unknown fields, extensions and prefetch keys come along',
    fc.jsonValue(),
    ({ body }, value) => {
      const unknown = { 'x-unknown': value, extension: [{ url: 'urn:example:unknown', valueString: 'x' }] }
      const decorated = withEntries(body, (entries) =>
        entries.map((entry) => ({ ...entry, ...unknown, resource: { ...entry.resource, ...unknown } })),
      )
      const prefetch: Record<string, unknown> = { ...decorated.prefetch, '-user': value, words: 'none' }
      const extension = { 'org.example.unknown': value }
      return { ...decorated, ...unknown, extension, prefetch } as unknown as HookBody
    },
  )

  staysTheSame(
    'when the whole chart and today are as many days earlier or later',
    // Each other day is one more evaluator: over leap days, months and years; any day in a whole run.
    isWhole ? fc.integer({ min: -3000, max: 3000 }) : fc.constantFrom(-2999, -366, -59, -1, 1, 31, 365, 1000),
    ({ vignette, body }, days) => ({ body: shiftDates(body, days), today: shiftDate(vignette.today, days) }),
    // A year, a month and a birthday are no whole number of days away.
    calls.filter(
      ({ vignette, body }) => vignette.patient.birthday === 'half a year ago' && !hasVagueDate(body),
    ),
  )

  const fourYears = 1461
  staysTheSame(
    'when all dates, vague ones and birthdays too, move by the four years after which the calendar repeats itself',
    fc.integer({ min: -6, max: 6 }),
    ({ vignette, body }, times) => {
      const days = times * fourYears
      return { body: shiftDates(body, days), today: shiftDate(vignette.today, days) }
    },
  )

  staysTheSame('however senders spell the names of the code systems', numbers, ({ body }, choice) =>
    respelled(body, () => choice.next().value ?? 0),
  )

  staysTheSame(
    'when a part of whole lists comes under a key that we did not ask for',
    numbers,
    ({ body }, sides) => {
      const moved: Entry[] = []
      const kept = withEntries(
        body,
        (entries) => {
          const [here, there] = dealt(entries, sides)
          moved.push(...there)
          return here
        },
        'prefetch',
      )
      const byHand = searchset(moved.map(({ resource }) => resource))
      return withoutTotals({ ...kept, prefetch: { ...kept.prefetch, byHand } })
    },
    whole,
  )
})

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
