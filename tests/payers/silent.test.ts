/** When payer mode says nothing, and what a caller can bring it without measure: by the requirements of Da Vinci CRD. */
import { describe, expect, test } from 'vitest'
import { parseCall } from '../../src/hooks/call.ts'
import { services } from '../../src/hooks/services.ts'
import { coverageInformation } from '../../src/payers/extension.ts'
import { answerTo, bodyFor, documented, extensionsIn, payerEvaluator, settingsOf } from './support.ts'
import { maya, told } from './told.ts'

describe('Nothing is said', () => {
  test.each([
    ['while it is off', settingsOf('off'), maya, {}],
    ['when an order is only selected', settingsOf('2.0.1'), { ...maya, hook: 'order-select' }, {}],
    ['of an order without a policy', settingsOf('2.0.1'), bodyFor('opioid-chronic', 'oxycodone-er'), {}],
    ['of an order that is not about the back', settingsOf('2.0.1'), bodyFor('no-back-pain', 'hip-xray'), {}],
    [
      'to a caller that does not take it',
      settingsOf('2.0.1'),
      maya,
      { caller: { fhirServers: [], coverageInformation: 'off' as const } },
    ],
    [
      'in a trial run',
      settingsOf('2.0.1'),
      maya,
      {
        caller: { issuer: 'https://ehr.example.org', fhirServers: [] },
        site: { silent: { callers: [{ name: 'https://ehr.example.org' }], departments: [] } },
      },
    ],
  ])('%s', async (_when, settings, body, more) => {
    const answer = await answerTo(body, settings, more)
    expect(answer).not.toHaveProperty('systemActions')
  })

  const coverageWith = (more: object) => {
    const coverage = structuredClone(maya.prefetch.coverage) as unknown as { entry: { resource: object }[] }
    const [entry] = coverage.entry
    Object.assign(entry?.resource ?? {}, more)
    return { ...maya, prefetch: { ...maya.prefetch, coverage } }
  }
  test.each([
    ['is cancelled', { status: 'cancelled' }],
    ['has ended', { period: { end: '2026-10-31' } }],
    ['has ended with last month', { period: { end: '2026-10' } }],
    ['has not begun', { period: { start: '2027-01-01' } }],
    [
      'is of a payer with more in its name',
      { payor: [{ display: 'Evergreen Example Health Plan Medicaid' }] },
    ],
    ['names nobody', { payor: [] }],
    ['has no id', { id: undefined }],
  ])('where the coverage %s', async (_what, more) => {
    expect(await answerTo(coverageWith(more), settingsOf('2.0.1'))).not.toHaveProperty('systemActions')
  })

  test('hook-13: and a server of a payer refuses those of others with 400', async () => {
    const refusing = settingsOf('2.2.1', { others: 'refuse' })
    await expect(answerTo(coverageWith({ status: 'cancelled' }), refusing)).rejects.toMatchObject({
      status: 400,
    })
    expect((await answerTo(maya, refusing)).systemActions).toHaveLength(1)
  })

  test('of a plan that is not meant, and the special plan before the others', async () => {
    const [payer] = documented().payers ?? []
    const policy = {
      ...payer?.orders['lumbar-imaging'],
      assertions: [],
      otherwise: { covered: 'not-covered' },
    }
    const settings = settingsOf('2.0.1', {
      payers: [{ ...payer, plans: ['Gold-PPO'], orders: { 'lumbar-imaging': policy } }, payer],
    })
    const plan = (value: string) => coverageWith({ class: [{ type: { coding: [{ code: 'plan' }] }, value }] })
    expect(told((await answerTo(plan('gold-ppo'), settings)).actions)).toEqual([['not-covered', undefined]])
    expect(told((await answerTo(plan('silver'), settings)).actions)).toEqual([['covered', 'auth-needed']])
  })

  test('by identifier, too', async () => {
    const [payer] = documented().payers ?? []
    const identifiers = [{ system: 'urn:example:naic', value: '12345' }]
    const settings = settingsOf('2.0.1', { payers: [{ ...payer, names: [], identifiers }] })
    const identified = (value: string) =>
      coverageWith({ payor: [{ identifier: { system: 'urn:example:naic', value } }] })
    expect((await answerTo(identified('12345'), settings)).systemActions).toHaveLength(1)
    expect(await answerTo(identified('1234'), settings)).not.toHaveProperty('systemActions')
  })
})

describe('What a caller can bring without measure', () => {
  const settings = settingsOf('2.2.1')
  const withOrder = (extension: unknown) => {
    const [entry] = maya.context.draftOrders?.entry ?? []
    const resource = { ...entry?.resource, extension }
    return {
      ...maya,
      context: { ...maya.context, draftOrders: { resourceType: 'Bundle', entry: [{ resource }] } },
    }
  }

  test('is a matter of no time: thousands of coverages and of extensions', async () => {
    const coverage = structuredClone(maya.prefetch.coverage) as { entry: { resource: object }[] }
    const [entry] = coverage.entry
    for (let at = 0; at < 20_000; at += 1)
      coverage.entry.push({ ...entry, resource: { ...entry?.resource, id: `c${at}` } })
    const old = { url: coverageInformation, extension: [{ url: 'covered', valueCode: 'covered' }] }
    const body = { ...withOrder(Array(20_000).fill(old)), prefetch: { ...maya.prefetch, coverage } }
    const began = performance.now()
    const { actions } = await answerTo(body, settings)
    expect(performance.now() - began).toBeLessThan(5000)
    expect(actions.flatMap(extensionsIn)).toHaveLength(20_020)
  })

  test('an extension nested without end, or of an odd shape, fails nothing', async () => {
    let deep: object = { url: 'covered', valueCode: 'covered' }
    for (let at = 0; at < 20_000; at += 1) deep = { url: 'covered', extension: [deep] }
    const call = parseCall(withOrder([{ url: coverageInformation, extension: [deep] }]), services[1])
    await expect(payerEvaluator(settings).evaluate(call)).resolves.toHaveProperty('systemActions')
    for (const odd of ['x', 3, null, [null, 'x'], {}, [{ url: coverageInformation, extension: 'x' }]])
      expect((await answerTo(withOrder(odd), settings)).systemActions).toHaveLength(1)
  })

  test('a coverage of an odd shape is of nobody', async () => {
    for (const odd of [
      { payor: 'x' },
      { payor: [null] },
      { payor: [{ identifier: 'x', display: 3 }] },
      { period: 'x' },
      { period: { start: 3 } },
      { class: 'x' },
    ]) {
      const coverage = {
        resourceType: 'Bundle',
        entry: [
          {
            resource: {
              resourceType: 'Coverage',
              id: 'odd',
              status: 'active',
              beneficiary: { reference: 'Patient/acute-week-two' },
              ...odd,
            },
          },
        ],
      }
      expect(
        await answerTo({ ...maya, prefetch: { ...maya.prefetch, coverage } }, settings),
      ).not.toHaveProperty('systemActions')
    }
  })
})
