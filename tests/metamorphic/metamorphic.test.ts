/**
 * What must not change an answer: how the chart is sorted, spelled, split and dated, what does not hold and what is
 * about somebody else. Starting from the calls of the vignettes; seeded, so that a failure comes again.
 */
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { type HookBody, shiftDate, shiftDates } from '../../fhir-fixtures/load.ts'
import { isWhole } from '../support/sweep.ts'
import { answer, answerBefore, calls, numbers, runs, someFlags, type Told, whole } from './changed-calls.ts'
import {
  copied,
  dealt,
  type Entry,
  flag,
  hasVagueDate,
  isCondition,
  respelled,
  searchset,
  shuffled,
  withEntries,
  withMore,
  withoutTotals,
  withYearsInWords,
} from './changes.ts'

vi.setConfig({ testTimeout: 60_000 })

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
    'when all dates, vague ones, years in words and birthdays too, move by the four years after which the calendar repeats itself',
    fc.integer({ min: -6, max: 6 }),
    ({ vignette, body }, times) => {
      const days = times * fourYears
      const moved = withYearsInWords(shiftDates(body, days), times * 4)
      return { body: moved, today: shiftDate(vignette.today, days) }
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
