/** What became of an order, by what the server holds: nothing that is not known makes it gone. */
import { describe, expect, test } from 'vitest'
import { becameOf, dayAfter, type HeldOrder } from '../../src/outcomes/became.ts'

const at = Date.parse('2026-11-21T18:32:00Z')
const day = 86_400_000
/** Somewhere at UTC−8. */
const dayOf = (moment: number) => new Date(moment - 8 * 3_600_000).toISOString().slice(0, 10)
const wasWithin = dayAfter(at, day, dayOf)

const mri = ['lumbar-imaging', '72148']
const drafted = { reference: 'ServiceRequest/draft-1', what: mri }
const held = (more: Partial<HeldOrder> = {}): HeldOrder => ({
  reference: 'ServiceRequest/other',
  what: mri,
  isKnown: true,
  status: 'active',
  intent: 'order',
  authored: '2026-11-21T18:40:00Z',
  ...more,
})
const own = (more: Partial<HeldOrder> = {}) => held({ reference: drafted.reference, ...more })
const xray = (more: Partial<HeldOrder> = {}) => held({ what: ['lumbar-imaging', '72100'], ...more })
const undated = { authored: undefined }

const cases: [string, HeldOrder[], string, string | null, boolean?][] = [
  ['there under its id', [own()], 'signed', 'active'],
  ['there under its id, whenever it was written', [own(undated)], 'signed', 'active'],
  ['there under another id', [held()], 'signed', 'active'],
  ['done already', [own({ status: 'completed' })], 'signed', 'completed'],
  ['held for a while', [own({ status: 'on-hold' })], 'signed', 'on-hold'],
  ['there, with more codes than its draft', [held({ what: [...mri, '24968-8'] })], 'signed', 'active'],
  ['there, and another beside it', [own(), xray()], 'signed', 'active'],
  ['signed, though not all was read', [own()], 'signed', 'active', false],
  ['another of its kind', [xray()], 'replaced', null],
  ['revoked, and another of its kind', [own({ status: 'revoked' }), xray()], 'replaced', 'revoked'],
  ['another under its own id', [own({ what: ['lumbar-imaging', '72100'] })], 'replaced', null],
  ['replaced, though not all was read', [xray()], 'replaced', null, false],
  ['nowhere', [], 'gone', null],
  ['revoked', [own({ status: 'revoked' })], 'gone', 'revoked'],
  ['cancelled', [own({ status: 'cancelled' })], 'gone', 'cancelled'],
  ['stopped', [own({ status: 'stopped' })], 'gone', 'stopped'],
  ['entered in error', [own({ status: 'entered-in-error' })], 'gone', 'entered-in-error'],
  ['a draft still', [own({ status: 'draft' })], 'gone', 'draft'],
  ['only proposed', [held({ intent: 'proposal' })], 'gone', 'not-ordered'],
  ['there from the day before', [held({ authored: '2026-11-20' })], 'gone', null],
  ['there from a week before, to the second', [held({ authored: '2026-11-14T10:00:00Z' })], 'gone', null],
  ['written two days later', [held({ authored: '2026-11-23T18:40:00Z' })], 'gone', null],
  ['of another kind', [held({ what: ['opioid', '7804'] })], 'gone', null],
  ['nowhere, and not all was read', [], 'unknown', 'not-whole', false],
  ['there without a status', [own({ status: undefined })], 'unknown', 'no-status'],
  ['there with a status of its own', [own({ status: 'Pending' })], 'unknown', 'no-status'],
  ['there without a date, under another id', [held(undated)], 'unknown', 'no-date'],
  ['another of its kind without a date', [xray(undated)], 'unknown', 'no-date'],
  ['another of its kind with a year only', [xray({ authored: '2026' })], 'unknown', 'no-date'],
  ['perhaps one that nobody can name', [xray({ isKnown: false })], 'unknown', 'not-read'],
]

test.each(cases)('An order that is %s', (_, orders, outcome, why, isWhole = true) => {
  expect(becameOf(drafted, { held: orders, isWhole }, wasWithin)).toEqual({ outcome, why })
})

test('A draft without an id is known again by its codes alone', () => {
  const nameless = { reference: null, what: mri }
  const whole = (orders: HeldOrder[]) => becameOf(nameless, { held: orders, isWhole: true }, wasWithin)
  expect(whole([held()]).outcome).toBe('signed')
  expect(whole([held({ reference: undefined, authored: '2026-11-14' })]).outcome).toBe('gone')
})

describe('The day after a draft', () => {
  test.each([
    ['2026-11-21T17:31:59Z', false],
    ['2026-11-21T17:32:00Z', true],
    ['2026-11-22T18:32:00Z', true],
    ['2026-11-22T18:32:01Z', false],
    ['2026-11-21T10:40:00-08:00', true],
    ['2026-11-21', true],
    ['2026-11-22', true],
    ['2026-11-20', false],
    ['2026-11-23', false],
    ['2026-11-21T18:40:00', undefined],
    ['2026-11', undefined],
    ['yesterday', undefined],
    ['', undefined],
  ])('%s: %s', (authored, answer) => {
    expect(wasWithin(authored)).toBe(answer)
  })
})
