/** Coverages and drafts as they really come, each with the demand that it is about: of Da Vinci CRD, or of CDS Hooks. */
import type { Coverage, FhirResource, Organization } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { broken } from './invariants.ts'
import { type Action, answerTo, bodyFor, documented, extensionsIn, settingsOf, valuesOf } from './support.ts'
import { maya, told } from './told.ts'

const settings = settingsOf('2.2.1')
const [payer] = documented().payers ?? []
const policy = payer?.orders['lumbar-imaging']
const identifier = { system: 'urn:oid:2.16.840.1.113883.6.300', value: '00001' }

const coverageOf = (id: string, more: Partial<Coverage>): Coverage => ({
  resourceType: 'Coverage',
  id,
  status: 'active',
  beneficiary: { reference: 'Patient/acute-week-two' },
  payor: [{ display: 'Evergreen Example Health Plan' }],
  ...more,
})

/** The same call, with these coverages and nothing else in the place where coverages come. */
const covered = (...resources: FhirResource[]) => ({
  ...maya,
  prefetch: {
    ...maya.prefetch,
    coverage: {
      resourceType: 'Bundle',
      type: 'searchset',
      entry: resources.map((resource) => ({ resource })),
    },
  },
})

const payersWith = (...others: object[]) => settingsOf('2.2.1', { payers: others })
const saying = (otherwise: object) => ({ 'lumbar-imaging': { ...policy, assertions: [], otherwise } })
const about = (actions: readonly Action[]) =>
  actions
    .flatMap(extensionsIn)
    .map((extension) => [
      (valuesOf(extension, 'coverage')[0] as { reference: string }).reference,
      valuesOf(extension, 'covered')[0],
      valuesOf(extension, 'pa-needed')[0],
    ])

describe('Coverages', () => {
  test('CRD-27, CRD-264: of two payers each has its own policy, in its own words', async () => {
    const second = {
      payer: 'Second',
      names: ['Second Plan'],
      orders: saying({ covered: 'not-covered', reason: 'An invented reason.' }),
    }
    const call = covered(coverageOf('one', {}), coverageOf('two', { payor: [{ display: 'second plan' }] }))
    const { actions } = await answerTo(call, payersWith(payer ?? {}, second))
    expect(about(actions)).toEqual([
      ['Coverage/one', 'covered', 'auth-needed'],
      ['Coverage/two', 'not-covered', undefined],
    ])
    const ids = actions.flatMap(extensionsIn).flatMap((each) => valuesOf(each, 'coverage-assertion-id'))
    expect(new Set(ids).size).toBe(2)
    for (const extension of actions.flatMap(extensionsIn)) expect(broken(extension, '2.2.1')).toEqual([])
  })

  test('CRD-265: one that comes twice is spoken of once', async () => {
    const { actions } = await answerTo(covered(coverageOf('one', {}), coverageOf('one', {})), settings)
    expect(about(actions)).toEqual([['Coverage/one', 'covered', 'auth-needed']])
  })

  test.each<[string, Partial<Coverage>]>([
    ['that has lapsed', { period: { end: '2026-11-20' } }],
    ['of next month', { period: { start: '2026-12-01' } }],
    ['that is cancelled', { status: 'cancelled' }],
    ['that was entered in error', { status: 'entered-in-error' }],
  ])('CRD-23: one %s says nothing of today', async (_what, more) => {
    expect((await answerTo(covered(coverageOf('one', more)), settings)).systemActions).toBeUndefined()
  })

  test.each<[string, Partial<Coverage>]>([
    ['that ends this month', { period: { end: '2026-11' } }],
    ['that ends today', { period: { start: '2025-01-01', end: '2026-11-21' } }],
    ['without a period', {}],
  ])('CRD-23: one %s does', async (_what, more) => {
    expect((await answerTo(covered(coverageOf('one', more)), settings)).actions).toHaveLength(1)
  })

  const without = { payor: undefined } as unknown as Partial<Coverage>
  test.each<[string, Partial<Coverage>]>([
    ['without payor', without],
    ['with an empty payor', { payor: [] }],
    ['whose payor refers to what did not come', { payor: [{ reference: 'Organization/elsewhere' }] }],
    [
      'whose payor has another name that begins alike',
      { payor: [{ display: 'Evergreen Example Health Plan of Ohio' }] },
    ],
  ])(
    'hook-13: one %s is of nobody: cards as ever, or 400 where the site answers for its payers alone',
    async (_what, more) => {
      const call = covered(coverageOf('one', more))
      const passed = await answerTo(call, settings)
      expect([passed.systemActions, passed.cards.length > 0]).toEqual([undefined, true])
      await expect(answerTo(call, settingsOf('2.2.1', { others: 'refuse' }))).rejects.toMatchObject({
        code: 'invalid-request',
        status: 400,
      })
    },
  )

  test('hook-13: no coverage at all is no coverage of a payer of the list', async () => {
    await expect(answerTo(covered(), settingsOf('2.2.1', { others: 'refuse' }))).rejects.toMatchObject({
      status: 400,
    })
  })

  const byIdentifier = {
    payer: 'By number',
    identifiers: [identifier],
    orders: saying({ covered: 'covered', 'pa-needed': 'no-auth' }),
  }
  const organization: Organization = { resourceType: 'Organization', id: 'o', identifier: [identifier] }
  test.each<[string, Partial<Coverage>, FhirResource[]]>([
    ['of the payor in the coverage', { payor: [{ identifier }] }, []],
    ['of an organization that came beside it', { payor: [{ reference: 'Organization/o' }] }, [organization]],
    ['of an organization inside it', { payor: [{ reference: '#o' }], contained: [organization] }, []],
  ])('CRD-27: a payer is known by the identifier %s, without a name', async (_what, more, beside) => {
    const call = covered(coverageOf('one', more), ...beside)
    expect(about((await answerTo(call, payersWith(byIdentifier))).actions)).toEqual([
      ['Coverage/one', 'covered', 'no-auth'],
    ])
    const other = { ...byIdentifier, identifiers: [{ ...identifier, system: 'urn:other' }] }
    expect((await answerTo(call, payersWith(other))).systemActions).toBeUndefined()
  })

  test('CRD-23: a plan is known by the value of its class alone, and the more special one comes first', async () => {
    const gold = {
      ...byIdentifier,
      plans: ['gold-ppo'],
      orders: saying({ covered: 'covered', 'pa-needed': 'performpa' }),
    }
    const type = {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/coverage-class', code: 'plan' }],
    }
    const plan = (value: string) =>
      covered(coverageOf('one', { payor: [{ identifier }], class: [{ type, value }] }))
    const both = payersWith(gold, byIdentifier)
    expect(about((await answerTo(plan('gold-ppo'), both)).actions)).toEqual([
      ['Coverage/one', 'covered', 'performpa'],
    ])
    expect(about((await answerTo(plan('silver'), both)).actions)).toEqual([
      ['Coverage/one', 'covered', 'no-auth'],
    ])
    // Known by nothing but its plan, a coverage is of no payer.
    const unnamed = covered(coverageOf('one', { payor: [], class: [{ type, value: 'gold-ppo' }] }))
    expect((await answerTo(unnamed, both)).systemActions).toBeUndefined()
  })
})

describe('Drafts', () => {
  const drafts = (...resources: object[]) => ({
    ...maya,
    context: {
      ...maya.context,
      draftOrders: { resourceType: 'Bundle', entry: resources.map((resource) => ({ resource })) },
    },
  })
  const draft = maya.context.draftOrders?.entry?.[0]?.resource as FhirResource & { extension?: object[] }

  test('CRD-27: what no policy is about is left alone, and what is not covered says no word on authorization', async () => {
    expect((await answerTo(bodyFor('acute-week-two', 'hip-xray'), settings)).systemActions).toBeUndefined()
    const refusing = payersWith({
      ...payer,
      orders: saying({ covered: 'not-covered', reason: 'An invented reason.' }),
    })
    const { actions } = await answerTo(maya, refusing)
    expect(told(actions)).toEqual([['not-covered', undefined]])
    const [extension] = actions.flatMap(extensionsIn)
    expect(extension && broken(extension, '2.2.1')).toEqual([])
  })

  test('CRD-164, CRD-279: each of several orders has its own update, and one of another kind none', async () => {
    const { actions } = await answerTo(
      bodyFor('acute-week-two', 'lumbar-mri', 'lumbar-ct', 'oxycodone'),
      settings,
    )
    expect(actions.map(({ type, resource }) => [type, resource.id])).toEqual([
      ['update', 'draft-lumbar-mri'],
      ['update', 'draft-lumbar-ct'],
    ])
    const ids = actions.flatMap(extensionsIn).flatMap((each) => valuesOf(each, 'coverage-assertion-id'))
    expect(new Set(ids).size).toBe(2)
  })

  test('CRD-274: a medicine is answered as a service is', async () => {
    const opioids = {
      ...payer,
      orders: {
        opioid: { ...policy, assertions: [], otherwise: { covered: 'covered', 'pa-needed': 'auth-needed' } },
      },
    }
    const { actions } = await answerTo(bodyFor('acute-week-two', 'oxycodone'), payersWith(opioids))
    expect(actions.map(({ resource }) => resource.resourceType)).toEqual(['MedicationRequest'])
    expect(told(actions)).toEqual([['covered', 'auth-needed']])
  })

  test('ACT-2: an order without an id cannot be updated, and gets its card', async () => {
    const { id: _, ...nameless } = draft
    const { systemActions, cards } = await answerTo(drafts(nameless), settings)
    expect([systemActions, cards.length > 0]).toEqual([undefined, true])
  })

  test('CRD-167: other hooks than signing are answered with cards alone', async () => {
    const select = {
      ...maya,
      hook: 'order-select',
      context: { ...maya.context, selections: ['ServiceRequest/draft-lumbar-mri'] },
    }
    const { systemActions, cards } = await answerTo(select, settings)
    expect([systemActions, cards.length > 0]).toEqual([undefined, true])
    const { draftOrders: _, ...chart } = maya.context
    expect(
      (await answerTo({ ...maya, hook: 'patient-view', context: chart }, settings)).systemActions,
    ).toBeUndefined()
  })

  test.each([
    ['the address of its server', 'https://ehr.example.org/fhir/Coverage/acute-week-two-coverage'],
    ['a version', 'Coverage/acute-week-two-coverage/_history/3'],
  ])(
    'CRD-265, CRD-267: what was said before is known again where the reference has %s',
    async (_what, reference) => {
      const [action] = (await answerTo(maya, settings)).actions
      const spelled = (change: (text: string) => string) =>
        drafts(
          JSON.parse(
            change(JSON.stringify(action?.resource)).replace(
              '"Coverage/acute-week-two-coverage"',
              JSON.stringify(reference),
            ),
          ),
        )
      expect(
        (
          await answerTo(
            spelled((text) => text),
            settings,
          )
        ).systemActions,
      ).toBeUndefined()
      const { actions } = await answerTo(
        spelled((text) => text.replace('auth-needed', 'no-auth')),
        settings,
      )
      expect(about(actions)).toEqual([['Coverage/acute-week-two-coverage', 'covered', 'auth-needed']])
    },
  )
})
