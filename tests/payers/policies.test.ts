/** Mappings of every kind: what may be written, what is written to an order by it, and what is kept of that. */

import { afterAll, describe, expect, test } from 'vitest'
import { forgetPatient } from '../../src/ledger/retention.ts'
import { extensionOf, type Told } from '../../src/payers/extension.ts'
import { type CrdVersion, coverageSchema, crdVersions, type Otherwise } from '../../src/site/coverage.ts'
import { callOf, openDesk } from '../ledger/support.ts'
import { broken } from './invariants.ts'
import { documented, settingsOf, today } from './support.ts'

/** Every sentence that a policy may hold. */
const sentences: Otherwise[] = ['covered', 'not-covered'].flatMap((covered) =>
  [undefined, 'no-auth', 'auth-needed', 'performpa'].flatMap((authorization) =>
    [undefined, 'clinical', 'admin'].flatMap((documents) =>
      [undefined, 'withpa', 'withclaim', 'retain-doc'].flatMap((purpose) =>
        [undefined, 'A reason.'].flatMap((reason) =>
          [[], ['https://payer.example.org/Questionnaire/a']].map((questionnaires) => ({
            covered,
            ...(authorization ? { 'pa-needed': authorization } : {}),
            ...(documents ? { 'doc-needed': documents } : {}),
            ...(purpose ? { 'doc-purpose': purpose } : {}),
            ...(reason ? { reason } : {}),
            questionnaires,
          })),
        ),
      ),
    ),
  ),
) as Otherwise[]

const policyOf = (otherwise: object) => ({ ...documented().payers?.[0]?.orders['lumbar-imaging'], otherwise })
const mayBeWritten = (otherwise: object) =>
  coverageSchema.safeParse({
    payers: [{ ...documented().payers?.[0], orders: { 'lumbar-imaging': policyOf(otherwise) } }],
  }).success
const legal = sentences.filter(mayBeWritten)

const told: Omit<Told, 'ruling'> = {
  coverage: 'Coverage/1',
  billing: [],
  until: '2026-12-24',
  today,
  id: 'an-id',
}

describe.each(crdVersions)('by %s the invariants hold', (version: CrdVersion) => {
  test('of every sentence that may be written', () => {
    for (const said of legal)
      expect(broken(extensionOf({ ...told, ruling: { is: 'told', said } }, version), version)).toEqual([])
  })

  test('of what may be either of two', () => {
    for (const one of legal)
      for (const other of legal)
        for (const is of ['unknown', 'not-read'] as const) {
          const ruling = { is, reason: 'Nobody knows.', oneOf: [one, other] }
          expect(broken(extensionOf({ ...told, ruling }, version), version)).toEqual([])
        }
  })
})

test('a sentence that would break one is refused when it is written', () => {
  expect(legal.length).toBeGreaterThan(30)
  const refused = sentences.filter((each) => !legal.includes(each))
  for (const said of refused) {
    const wrong = crdVersions.flatMap((version) =>
      broken(extensionOf({ ...told, ruling: { is: 'told', said } }, version), version),
    )
    // A purpose without documents breaks none, and says nothing.
    if (!(said['doc-purpose'] && !said['doc-needed'])) expect([said, wrong.length]).not.toEqual([said, 0])
  }
})

describe('The ledger', () => {
  const issuer = 'https://trial.example.org'
  const site = {
    coverage: settingsOf('2.0.1'),
    silent: { callers: [{ name: issuer }], departments: [] },
  }
  const desk = openDesk({ site })
  afterAll(() => desk.close())

  test('keeps each assertion by its id, sent or not, and forgets it with the patient', async () => {
    const call = callOf('order-sign', 'acute-week-two', ['lumbar-mri'])
    const { systemActions = [] } = await desk.evaluator.evaluate(call)
    const trial = await desk.evaluator.evaluate(call, { issuer, fhirServers: [] })
    expect(trial.systemActions).toBeUndefined()
    const rows = await desk.rows('select * from lumbar_ledger_coverage order by sent desc')
    const kept = { payer: 'Evergreen Example', version: '2.0.1', covered: 'covered', doc_needed: null }
    expect(rows).toMatchObject([
      { ...kept, pa_needed: 'auth-needed', told_by: '0', sent: 1, kind: 'lumbar-imaging' },
      { ...kept, pa_needed: 'auth-needed', told_by: '0', sent: 0 },
    ])
    expect(JSON.stringify(systemActions)).toContain(String(rows[0]?.id))
    expect(JSON.stringify(rows)).not.toContain('acute-week-two')
    const gone = await forgetPatient(desk.sql, String(rows[0]?.patient))
    expect(gone.coverage).toBeGreaterThan(0)
    const left = await desk.rows(
      `select * from lumbar_ledger_coverage where patient = '${String(rows[0]?.patient)}'`,
    )
    expect(left).toEqual([])
  })
})
