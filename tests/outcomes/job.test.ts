/** What became of orders, asked of a FHIR server as a backend service: answered once, and lost never. */
import type { MedicationRequest, ServiceRequest } from 'fhir/r4.js'
import { expect } from 'vitest'
import { evaluationLines } from '../../src/cli/explain.ts'
import { orderOutcomeLines } from '../../src/cli/ledger.ts'
import { ledgerKeys } from '../../src/ledger/keys.ts'
import { outcomesByCalls, outcomesByServers } from '../../src/ledger/outcomes.ts'
import { findEvaluations } from '../../src/ledger/reports.ts'
import { clean, forgetPatient } from '../../src/ledger/retention.ts'
import { callOf, day, hour, shown } from '../ledger/support.ts'
import { realContent } from '../support/evaluator.ts'
import { describeOrders, xray } from './asked-desk.ts'

describeOrders('Orders, asked about', (at, run) => {
  const { openPlain, deskAt, jobOf, select, hold, became, waiting } = at

  run('are signed, replaced or gone, each a day after it was drafted', async () => {
    const { draft } = await select('acute-week-two', 'lumbar-mri')
    hold(draft)
    const second = await select('acute-sciatica', 'lumbar-mri')
    hold({ ...second.draft, id: 'film', code: { coding: [xray] } } as ServiceRequest)
    await select('subacute-no-care', 'lumbar-mri')
    const job = jobOf()
    at.desk.clock.pass(day - 1)
    await job.run()
    expect(await became()).toEqual([])
    expect(at.ehr.asked).toEqual([])
    at.desk.clock.pass(1)
    await job.run()
    expect(await became()).toEqual([
      { kind: 'lumbar-imaging', outcome: 'gone', why: null },
      { kind: 'lumbar-imaging', outcome: 'replaced', why: null },
      { kind: 'lumbar-imaging', outcome: 'signed', why: 'active' },
    ])
    expect(await waiting()).toBe(0)
    // One token for all of them, and one question each.
    expect([at.ehr.tokens, at.ehr.asked.length]).toEqual([1, 3])
    expect(at.ehr.refused).toEqual([])
    const counted = await at.metrics.text()
    expect(counted).toContain('lumbar_order_outcomes_total{outcome="replaced",status="none"} 1')
    expect(counted).toContain('lumbar_order_outcome_questions_total{result="answered"} 3')
  })

  run.each([
    ['revoked', 'gone'],
    ['completed', 'signed'],
    ['entered-in-error', 'gone'],
    ['draft', 'gone'],
    ['unknown', 'unknown'],
  ])('that are %s are %s', async (status, outcome) => {
    const { draft } = await select('acute-week-two', 'lumbar-mri')
    hold(draft, { status })
    at.desk.clock.pass(day)
    await jobOf().run()
    expect(await became()).toMatchObject([{ outcome, why: outcome === 'unknown' ? 'no-status' : status }])
  })

  run('are asked about where the EHR calls at signing alone, and once however often it calls', async () => {
    const { draft } = await select('acute-week-two', 'lumbar-mri', 'order-sign')
    hold(draft)
    at.desk.clock.pass(hour)
    await select('acute-week-two', 'lumbar-mri', 'order-sign')
    expect(await waiting()).toBe(1)
    at.desk.clock.pass(day)
    await jobOf().run()
    expect(await became()).toMatchObject([{ outcome: 'signed' }])
  })

  run('of medicines are known by what they refer to', async () => {
    const { draft, patient } = await select('acute-week-two', 'oxycodone')
    const { medicationCodeableConcept: code, ...rest } = draft as MedicationRequest
    at.ehr.store.put({ resourceType: 'Medication', id: 'm1', ...(code ? { code } : {}) })
    hold({
      ...rest,
      id: 'signed-one',
      medicationReference: { reference: 'Medication/m1' },
    } as MedicationRequest)
    at.desk.clock.pass(day)
    await jobOf().run()
    expect(await became()).toEqual([{ kind: 'opioid', outcome: 'signed', why: 'active' }])
    expect(at.ehr.asked).toEqual([
      `MedicationRequest?patient=${patient}&authoredon=ge2026-11-20&_include=MedicationRequest:medication&_count=200`,
    ])
  })

  run('of other patients and servers are not taken for theirs', async () => {
    const { draft } = await select('acute-week-two', 'lumbar-mri')
    hold({ ...draft, subject: { reference: 'Patient/somebody-else' } } as ServiceRequest)
    await shown(
      at.desk,
      callOf('order-select', 'acute-sciatica', ['lumbar-mri'], { fhirServer: 'https://b.example' }),
    )
    at.desk.clock.pass(day)
    await jobOf().run()
    expect(await became()).toMatchObject([{ outcome: 'gone' }])
  })

  run('that are drafted while the site follows no server are never kept', async () => {
    const plain = openPlain()
    await shown(plain, callOf('order-select', 'acute-week-two', ['lumbar-mri'], { fhirServer: at.ehr.base }))
    await plain.ledger.flush()
    expect(await waiting()).toBe(0)
  })

  run('are each answered once, whichever of two instances asks', async () => {
    const patients = ['acute-week-two', 'acute-sciatica', 'subacute-no-care', 'no-back-pain', 'cauda-equina']
    for (const patient of patients) {
      await select(patient, 'lumbar-mri')
      await select(patient, 'oxycodone')
    }
    const orders = await waiting()
    at.desk.clock.pass(day)
    const other = deskAt(at.ehr.base, { now: at.desk.clock.now })
    other.clock.time = at.desk.clock.time
    await Promise.all([jobOf(at.desk, { mostAtOnce: 2 }).run(), jobOf(other, { mostAtOnce: 2 }).run()])
    expect(orders).toBeGreaterThanOrEqual(8)
    expect([(await became()).length, await waiting()]).toEqual([orders, 0])
    const questions = at.ehr.asked.map((address) => address.split('&')[0])
    expect(new Set(questions).size).toBe(questions.length)
  })

  run('that an instance held when it was killed are asked about by another', async () => {
    await select('acute-week-two', 'lumbar-mri')
    at.desk.clock.pass(day)
    expect(await at.desk.ledger.awaited.claim(10, hour)).toHaveLength(1)
    await jobOf().run()
    expect(await became()).toEqual([])
    at.desk.clock.pass(hour)
    await jobOf().run()
    expect(await became()).toMatchObject([{ outcome: 'gone' }])
  })

  run('are no more in one run than it may take up', async () => {
    for (const patient of ['acute-week-two', 'acute-sciatica', 'subacute-no-care'])
      await select(patient, 'lumbar-mri')
    at.desk.clock.pass(day)
    await jobOf(at.desk, { mostOfRun: 2 }).run()
    expect(await waiting()).toBe(1)
  })

  run('are told by the rule whose card was shown, and beside the evaluation', async () => {
    const first = await select('acute-week-two', 'lumbar-mri')
    hold({ ...first.draft, id: 'film', code: { coding: [xray] } } as ServiceRequest)
    at.desk.clock.pass(hour)
    // Its card was shown at signing, an hour after it was selected.
    await select('acute-week-two', 'lumbar-mri', 'order-sign')
    hold((await select('no-back-pain', 'lumbar-mri')).draft)
    at.desk.clock.pass(day)
    await jobOf().run()
    const span = { from: 0, to: at.desk.clock.time }
    const none = { drafted: 1, signed: 0, replaced: 0, gone: 0, unknown: 0 }
    expect(await outcomesByServers(at.desk.sql, span)).toEqual([
      { ...none, rule: undefined, signed: 1 },
      { ...none, rule: 'IM01', replaced: 1 },
    ])
    const [row] = await at.desk.rows(
      "select id from lumbar_ledger_evaluation where hook = 'order-select' order by at limit 1",
    )
    const [told] = await findEvaluations(at.desk.sql, String(row?.id))
    expect(told?.became).toEqual([{ kind: 'lumbar-imaging', outcome: 'replaced', why: undefined }])
    expect(evaluationLines(told as never, realContent())).toContain('A day later: lumbar-imaging replaced')
    const [byCalls] = [await outcomesByCalls(at.desk.sql, span)]
    const lines = orderOutcomeLines(span.to, byCalls, await outcomesByServers(at.desk.sql, span)).join('\n')
    expect(lines).toMatch(/By FHIR servers[\s\S]*IM01 +1 +0 +1 +0 +0 +100 %/)
    expect(lines.indexOf('By calls')).toBeLessThan(lines.indexOf('By FHIR servers'))
    await clean(at.desk.sql, { ...realContent().site.ledger, 'evaluation-days': 1 }, at.desk.clock.time + day)
    expect(await became()).toEqual([])
  })

  run('of a patient who is forgotten meanwhile are not written', async () => {
    const { patient } = await select('acute-week-two', 'lumbar-mri')
    at.desk.clock.pass(day)
    const [order] = await at.desk.ledger.awaited.claim(10, hour)
    await forgetPatient(at.desk.sql, at.desk.keys.keyOf('patient', at.ehr.base, patient))
    expect(await waiting()).toBe(0)
    if (order)
      await at.desk.ledger.awaited.settle([{ made: order.made, at: order.at, outcome: 'gone', why: null }])
    expect(await became()).toEqual([])
  })

  run('that were sealed by another key are unknown', async () => {
    await select('acute-week-two', 'lumbar-mri')
    at.desk.clock.pass(day)
    const other = deskAt(at.ehr.base, { keys: ledgerKeys(Buffer.alloc(32, 9)), now: at.desk.clock.now })
    await jobOf(other).run()
    expect(await became()).toMatchObject([{ outcome: 'unknown', why: 'other-key' }])
  })
})
