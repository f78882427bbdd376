/** A server that does not answer, or gives no token: nothing is lost, and nothing is asked again and again. */
import { describe, expect } from 'vitest'
import { keptFor } from '../../src/ledger/awaited.ts'
import { clean } from '../../src/ledger/retention.ts'
import { day } from '../ledger/support.ts'
import { newKeyRing } from '../smart/support.ts'
import { realContent } from '../support/evaluator.ts'
import { describeOrders } from './asked-desk.ts'

describeOrders('Orders, asked about', (at, run) => {
  const { jobOf, select, hold, became, waiting, reasons, later } = at

  describe('and a server that does not answer', () => {
    run.each([
      [429, 'http-429'],
      [503, 'http-503'],
      [500, 'http-500'],
    ])('with %i loses nothing, and is left alone for a while', async (status, reason) => {
      hold((await select('acute-week-two', 'lumbar-mri')).draft)
      await select('acute-sciatica', 'lumbar-mri')
      at.desk.clock.pass(day)
      at.ehr.faults.set('ServiceRequest', { status })
      const job = jobOf()
      await job.run()
      expect(reasons()).toEqual([reason])
      // A second try where the status promises one, and the other patient not at all.
      expect(at.ehr.asked.length).toBeLessThanOrEqual(2)
      expect([await waiting(), await became()]).toEqual([2, []])
      const before = at.ehr.asked.length
      await job.run()
      expect(at.ehr.asked.length).toBe(before)
      at.ehr.faults.clear()
      later()
      await job.run()
      expect((await became()).map(({ outcome }) => outcome)).toEqual(['gone', 'signed'])
    })

    run('in time loses nothing', async () => {
      hold((await select('acute-week-two', 'lumbar-mri')).draft)
      at.desk.clock.pass(day)
      at.ehr.faults.set('ServiceRequest', { delay: 2000 })
      await jobOf(at.desk, { deadline: 150 }).run()
      expect(reasons()).toEqual(['deadline'])
      at.ehr.faults.clear()
      later()
      await jobOf().run()
      expect(await became()).toMatchObject([{ outcome: 'signed' }])
    })

    run('until its time is over makes the order unknown, and its ids go', async () => {
      await select('acute-week-two', 'lumbar-mri')
      at.desk.clock.pass(day)
      at.ehr.faults.set('ServiceRequest', { status: 500 })
      await jobOf().run()
      at.desk.clock.pass(keptFor - day - 1)
      await clean(at.desk.sql, realContent().site.ledger, at.desk.clock.time)
      expect(await waiting()).toBe(1)
      at.desk.clock.pass(1)
      await clean(at.desk.sql, realContent().site.ledger, at.desk.clock.time)
      expect([await waiting(), await became()]).toEqual([
        0,
        [{ kind: 'lumbar-imaging', outcome: 'unknown', why: 'no-answer' }],
      ])
    })

    run('because it is taken out of site.yaml is not asked', async () => {
      await select('acute-week-two', 'lumbar-mri')
      at.desk.clock.pass(day)
      await jobOf(at.desk, { servers: [] }).run()
      expect(await became()).toMatchObject([{ outcome: 'unknown', why: 'not-asked' }])
      expect(at.ehr.asked).toEqual([])
    })
  })

  describe('and its token', () => {
    run('is asked for anew when it was withdrawn or has ended', async () => {
      const job = jobOf()
      hold((await select('acute-week-two', 'lumbar-mri')).draft)
      at.desk.clock.pass(day)
      await job.run()
      await select('acute-sciatica', 'lumbar-mri')
      at.ehr.revoke()
      at.desk.clock.pass(day)
      await job.run()
      expect((await became()).map(({ outcome }) => outcome)).toEqual(['signed', 'gone'])
      await select('subacute-no-care', 'lumbar-mri')
      at.desk.clock.pass(day - 120_000)
      await select('acute-sciatica', 'lumbar-xray')
      at.desk.clock.pass(120_000)
      await job.run()
      at.ehr.revoke()
      at.desk.clock.pass(day)
      await job.run()
      expect(await became()).toHaveLength(4)
      expect(at.ehr.refused).toEqual([])
    })

    run('that the server takes for none is not asked for again and again', async () => {
      await select('acute-week-two', 'lumbar-mri')
      at.desk.clock.pass(day)
      at.ehr.trusts = false
      await jobOf().run()
      expect([reasons(), at.ehr.tokens, at.ehr.asked.length]).toEqual([['http-401'], 2, 2])
      expect(await waiting()).toBe(1)
    })

    run('is refused to whoever signs with another key', async () => {
      await select('acute-week-two', 'lumbar-mri')
      at.desk.clock.pass(day)
      await jobOf(at.desk, { keys: await newKeyRing('ES384') }).run()
      expect(reasons()).toEqual(['token-refused: invalid_client'])
      expect(at.ehr.refused).toHaveLength(1)
      expect([await waiting(), at.ehr.asked]).toEqual([1, []])
      later()
      await jobOf().run()
      expect(await became()).toMatchObject([{ outcome: 'gone' }])
    })

    run('may say nothing of orders: then nothing is told', async () => {
      await select('acute-week-two', 'lumbar-mri')
      at.desk.clock.pass(day)
      at.ehr.grants = () => 'system/Patient.rs'
      await jobOf().run()
      expect([reasons(), at.ehr.asked]).toEqual([['out-of-scope'], []])
    })

    run('that shows only some orders clears nothing', async () => {
      await select('acute-week-two', 'lumbar-mri')
      at.desk.clock.pass(day)
      at.ehr.grants = () => 'system/ServiceRequest.rs?status=draft'
      await jobOf().run()
      expect(await became()).toMatchObject([{ outcome: 'unknown', why: 'not-whole' }])
    })

    run.each([
      [{ token_endpoint: 'http://elsewhere.example/token' }, 'ehr-not-fit: unsafe-endpoint'],
      [{ token_endpoint: undefined }, 'ehr-not-fit: incomplete-configuration'],
      [{ token_endpoint_auth_methods_supported: ['client_secret_basic'] }, 'ehr-not-fit: no-private-key-jwt'],
      [{ token_endpoint_auth_signing_alg_values_supported: ['PS512'] }, 'ehr-not-fit: no-common-algorithm'],
    ])('is not asked for where the server says %j', async (configuration, reason) => {
      await select('acute-week-two', 'lumbar-mri')
      at.desk.clock.pass(day)
      at.ehr.configuration = configuration
      await jobOf().run()
      expect([reasons(), at.ehr.tokens, await waiting()]).toEqual([[reason], 0, 1])
    })
  })
})
