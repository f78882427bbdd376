/** When a chart is opened: one quiet card with something useful, and never twice within the quiet period. */
import { afterAll, describe, expect, test } from 'vitest'
import type { HookCall } from '../src/hooks/call.ts'
import { type Desk, openDesk } from './ledger/support.ts'
import { evaluatorWith } from './support/evaluator.ts'

const ago = (days: number) =>
  new Date(Date.parse('2026-11-21') - days * 86_400_000).toISOString().slice(0, 10)
const bundle = (...resources: object[]) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: resources.map((resource) => ({ resource })),
})
const pain = (days: number, more: object = {}) => ({
  resourceType: 'Condition',
  id: 'pain',
  subject: { reference: 'Patient/p1' },
  clinicalStatus: { coding: [{ code: 'active' }] },
  code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'M54.50' }] },
  onsetDateTime: ago(days),
  recordedDate: ago(Math.min(days, 3)),
  ...more,
})

function opened(prefetch: Record<string, unknown>, more: Partial<HookCall> = {}): HookCall {
  const keys = [
    'encounters',
    'observations',
    'medicationRequests',
    'procedures',
    'serviceRequests',
    'coverage',
    'allergies',
  ]
  return {
    hook: 'patient-view',
    hookInstance: 'call-1',
    patientId: 'p1',
    draftOrders: [],
    prefetch: {
      patient: { resourceType: 'Patient', id: 'p1', birthDate: '1980-05-01' },
      ...Object.fromEntries(keys.map((key) => [key, bundle()])),
      ...prefetch,
    },
    ...more,
  }
}

const usual = evaluatorWith()
const spoken = async (call: HookCall, evaluator = usual) =>
  (await evaluator.evaluate(call)).cards.map((card) => card.source.topic.code)

describe('An opened chart', () => {
  test.each([
    [0, 'CV01'],
    [13, 'CV01'],
    [14, 'CV02a'],
    [27, 'CV02a'],
    [28, 'CV02b'],
    [42, 'CV02b'],
    [84, 'CV02c'],
    [111, 'CV02c'],
  ])('with back pain of %i days shows %s', async (days, rule) => {
    expect(await spoken(opened({ conditions: bundle(pain(days)) }))).toEqual([rule])
  })

  test.each([43, 83, 112])('with back pain of %i days, between rechecks, shows nothing', async (days) => {
    expect(await spoken(opened({ conditions: bundle(pain(days)) }))).toEqual([])
  })

  test('without back pain shows nothing', async () => {
    expect(await spoken(opened({ conditions: bundle() }))).toEqual([])
  })

  test('is quiet when education was given in the first two weeks', async () => {
    const education = {
      resourceType: 'ServiceRequest',
      id: 'e1',
      status: 'active',
      subject: { reference: 'Patient/p1' },
      authoredOn: ago(2),
      code: { coding: [{ system: 'http://snomed.info/sct', code: '225967005' }] },
    }
    expect(await spoken(opened({ conditions: bundle(pain(9)), serviceRequests: bundle(education) }))).toEqual(
      [],
    )
  })

  test('shows the emergency card beside an emergency sign, and offers nothing quieter', async () => {
    const retention = pain(1, {
      id: 'cauda',
      code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'G83.4' }] },
    })
    expect(await spoken(opened({ conditions: bundle(pain(9), retention) }))).toEqual(['RF04d'])
  })

  test('is quiet when data did not come', async () => {
    expect(await spoken(opened({ conditions: bundle(pain(9)), observations: undefined }))).toEqual([])
  })

  test('names a positive questionnaire before a recheck', async () => {
    const startBack = {
      resourceType: 'Observation',
      id: 'sb',
      status: 'final',
      subject: { reference: 'Patient/p1' },
      effectiveDateTime: ago(3),
      code: { coding: [{ system: 'http://loinc.org', code: '91351-7' }] },
      valueQuantity: { value: 5 },
    }
    expect(await spoken(opened({ conditions: bundle(pain(20)), observations: bundle(startBack) }))).toEqual([
      'CV03',
    ])
  })

  test('offers education, physical therapy and chiropractic care, and changes no order', async () => {
    const { cards } = await usual.evaluate(opened({ conditions: bundle(pain(9)) }))
    expect(cards[0]?.extension.lumbar.suggestions).toEqual([
      'give-education',
      'refer-physical-therapy',
      'refer-chiropractic',
    ])
    const actions = cards.flatMap(({ suggestions = [] }) => suggestions.flatMap((each) => each.actions))
    expect(new Set(actions.map(({ type }) => type))).toEqual(new Set(['create']))
  })
})

describe('The quiet period', () => {
  const chart = { conditions: bundle(pain(9)) }
  const desks: Desk[] = []
  const desk = (quietDays = 28) => {
    const opened = openDesk({ site: { 'quiet-period-days': quietDays } })
    desks.push(opened)
    return opened
  }
  afterAll(() => Promise.all(desks.map(({ close }) => close())))

  test('hides the same card from a second call, and shows it again to the same call', async () => {
    const { evaluator } = desk()
    expect(await spoken(opened(chart), evaluator)).toEqual(['CV01'])
    expect(await spoken(opened(chart, { hookInstance: 'call-2' }), evaluator)).toEqual([])
    expect(await spoken(opened(chart), evaluator)).toEqual(['CV01'])
  })

  test('outlasts the process that began it, and is written down with its reason', async () => {
    const first = desk()
    expect(await spoken(opened(chart), first.evaluator)).toEqual(['CV01'])
    await first.ledger.flush()
    const second = openDesk({ sql: first.sql })
    expect(await spoken(opened(chart, { hookInstance: 'call-2' }), second.evaluator)).toEqual([])
    const rows = await second.rows(
      "select rule, shown, why from lumbar_ledger_card where hook = 'patient-view' order by shown",
    )
    expect(rows.map((row) => ({ ...row }))).toEqual([
      { rule: 'CV01', shown: 0, why: 'told-lately' },
      { rule: 'CV01', shown: 1, why: null },
    ])
  })

  test('is kept for each patient and each server apart', async () => {
    const { evaluator } = desk()
    await spoken(opened(chart), evaluator)
    expect(
      await spoken(opened(chart, { hookInstance: 'b', fhirServer: 'https://other.example' }), evaluator),
    ).toEqual(['CV01'])
  })

  test('of no days is none', async () => {
    const { evaluator } = desk(0)
    expect(await spoken(opened(chart), evaluator)).toEqual(['CV01'])
    expect(await spoken(opened(chart, { hookInstance: 'call-2' }), evaluator)).toEqual(['CV01'])
  })
})
