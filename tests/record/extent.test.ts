/** Lists that were cut off: from which day on they are whole, and when nothing proves that they are. */
import { describe, expect, test } from 'vitest'
import { gather } from '../support/gather.ts'
import { call, condition, gatherPrefetch, queries } from './support.ts'

const day = (date: string) => Date.parse(date) / 86_400_000
const next = [{ relation: 'next', url: 'https://ehr.example/fhir/Condition?page=2' }]
const cut = (...resources: unknown[]) => ({
  resourceType: 'Bundle',
  link: next,
  entry: resources.map((resource) => ({ resource })),
})
const on = (...dates: (string | undefined)[]) =>
  dates.map((recordedDate, n) => condition(`c${n}`, recordedDate === undefined ? {} : { recordedDate }))

async function wholeFrom(prefetched: unknown) {
  const record = await gatherPrefetch({ conditions: prefetched })
  return record.wholeFrom('Condition')
}

describe('a list that was cut off is whole from the day after its oldest entry', () => {
  // One day more, because dates of other time zones are compared as they are written.
  test.each([
    ['with days', ['2026-11-20', '2026-10-02', '2026-10-02', '2024-05-06'], '2024-05-08'],
    [
      'with times',
      ['2026-11-20T09:00:00Z', '2026-10-02T23:30:00-08:00', '2024-05-06T10:00:00Z'],
      '2024-05-08',
    ],
    ['with a month last', ['2026-11-20', '2026-10-02', '2024-05'], '2024-06-02'],
    ['with a year between', ['2026-11-20', '2025', '2024-05-06'], '2024-05-08'],
    [
      'with entries without a date before all others',
      [undefined, '2026-11-20', '2026-10-02', '2024-05-06'],
      '2024-05-08',
    ],
    [
      'with entries without a date after all others',
      ['2026-11-20', '2026-10-02', '2024-05-06', undefined],
      '2024-05-08',
    ],
    [
      'with a day written in another time zone',
      ['2026-11-20', '2026-10-02', '2026-10-03', '2024-05-06'],
      '2024-05-08',
    ],
  ])('PF-11: %s', async (_what, dates, from) => {
    expect(await wholeFrom(cut(...on(...dates)))).toBe(day(from))
  })
})

describe('nothing is known of what did not come', () => {
  test.each([
    ['when the oldest came first', ['2024-05-06', '2026-10-02', '2026-11-20']],
    ['when one entry stands out of order', ['2026-11-20', '2024-05-06', '2026-10-02', '2024-05-01']],
    [
      'when an entry without a date stands between others',
      ['2026-11-20', '2026-10-02', undefined, '2024-05-06'],
    ],
    ['when all are of one day', ['2026-11-20', '2026-11-20', '2026-11-20', '2026-11-20']],
    ['when two days stand in order, which may be chance', ['2026-11-20', '2024-05-06']],
    ['when none has a date', [undefined, undefined, undefined]],
    ['when a date is none', ['2026-11-20', '2026-10-02', 'long ago', '2024-05-06']],
  ])('PF-11: %s', async (_what, dates) => {
    expect(await wholeFrom(cut(...on(...dates)))).toBeUndefined()
  })

  test.each([
    ['an entry was lost on the way', [...on('2026-11-20', '2026-10-02', '2024-05-06'), null]],
    [
      'results were left out',
      [
        ...on('2026-11-20', '2026-10-02', '2024-05-06'),
        { resourceType: 'OperationOutcome', issue: [{ severity: 'warning', code: 'suppressed' }] },
      ],
    ],
    [
      "somebody else's entry is among them",
      [
        ...on('2026-11-20', '2026-10-02'),
        condition('x', { subject: { reference: 'Patient/p9' } }),
        ...on('2024-05-06'),
      ],
    ],
  ])('PF-14: when %s', async (_what, resources) => {
    expect(await wholeFrom(cut(...resources))).toBeUndefined()
  })

  test('PF-11: of a list that is whole nothing more needs to be said', async () => {
    expect(
      await wholeFrom({ ...cut(...on('2026-11-20', '2026-10-02', '2024-05-06')), link: [] }),
    ).toBeUndefined()
  })
})

test('PF-11: included resources of other types have no part in the order', async () => {
  const medicine = { resourceType: 'Medication', id: 'm' }
  const [a, b, c] = on('2026-11-20', '2026-10-02', '2024-05-06')
  const record = await gatherPrefetch({ conditions: cut(a, medicine, b, medicine, c) })
  expect([record.wholeFrom('Condition'), record.states.get('conditions')]).toEqual([
    day('2024-05-08'),
    'truncated',
  ])
})

test('PF-11: pages that were read from the server reach as far as the last of them', async () => {
  const [first, second] = [on('2026-11-20', '2026-10-02'), on('2024-05-06', '2020-01-01')]
  const record = await gather(call({ prefetch: { conditions: cut(...first) } }), queries, async () => {
    const entries = second.map((resource, n) => ({ resource: { ...resource, id: `p${n}` } }))
    return new Map([['conditions', { state: 'truncated', entries }]])
  })
  expect(record.wholeFrom('Condition')).toBe(day('2020-01-03'))
})

test('PF-11: a list of which the token shows a part only may lack entries of any date', async () => {
  const record = await gather(call(), queries, async () => {
    const entries = on('2026-11-20', '2026-10-02', '2024-05-06').map((resource) => ({ resource }))
    return new Map([['conditions', { state: 'truncated', entries, hasHoles: true }]])
  })
  expect([record.completeness('Condition'), record.wholeFrom('Condition')]).toEqual(['partial', undefined])
})

test.each([
  ['encounters', 'Encounter', (date: string) => ({ period: { start: date, end: '2026-11-20' } })],
  ['observations', 'Observation', (date: string) => ({ effectivePeriod: { start: date } })],
  ['procedures', 'Procedure', (date: string) => ({ performedDateTime: date })],
  ['procedures', 'Procedure', (date: string) => ({ occurrencePeriod: { start: date } })],
  ['medicationRequests', 'MedicationRequest', (date: string) => ({ authoredOn: date })],
  ['imagingStudies', 'ImagingStudy', (date: string) => ({ started: date })],
])('PF-11: %s of %s are dated by the element that their query sorts by', async (key, type, dated) => {
  const resources = ['2026-11-20', '2026-10-02', '2024-05-06'].map((date, n) => ({
    resourceType: type,
    id: `r${n}`,
    ...dated(date),
  }))
  const record = await gatherPrefetch({ [key]: cut(...resources) })
  expect(record.wholeFrom(type)).toBe(day('2024-05-08'))
})
