/**
 * Da Vinci CRD, as far as payer mode offers it: the server checks of Inferno's test kit (inferno-framework/davinci-crd-test-kit
 * at 1d1f2c4) by the numbers of its requirements (`CRD-226` is hl7.fhir.us.davinci-crd_2.0.1@226), and demands of 2.2.1 by the
 * names that its pages give them (`resp-37`).
 */
import { describe, expect, test } from 'vitest'
import { listPatients } from '../../fhir-fixtures/load.ts'
import { discovery } from '../../src/hooks/discovery.ts'
import { coverageInformation } from '../../src/payers/extension.ts'
import { realContent, root } from '../support/evaluator.ts'
import { broken } from './invariants.ts'
import {
  type Action,
  answerTo,
  bodyFor,
  documented,
  extensionsIn,
  payerEvaluator,
  settingsOf,
  today,
  valuesOf,
} from './support.ts'
import { maya, told } from './told.ts'

const versions = ['2.0.1', '2.2.1'] as const

describe.each(versions)('by %s', (version) => {
  const settings = settingsOf(version)

  test('CRD-226, CRD-164, CRD-247: a signed order is answered with coverage information as a system action', async () => {
    const { actions } = await answerTo(maya, settings)
    expect(actions).toHaveLength(1)
    expect(actions[0]).toMatchObject({ type: 'update', description: expect.stringMatching(/./) })
    expect(actions[0]?.resource.resourceType).toBe('ServiceRequest')
    expect(told(actions)).toEqual([['covered', 'auth-needed']])
  })

  test('CRD-272 to CRD-277, resp-37: the order is whole, and nothing of it is changed but these extensions', async () => {
    const order = maya.context.draftOrders?.entry?.[0]?.resource
    const [action] = (await answerTo(maya, settings)).actions
    const { extension, ...rest } = action?.resource ?? {}
    expect(rest).toEqual(order)
    expect(extension?.map(({ url }) => url)).toEqual([coverageInformation])
  })

  test('CRD-264: two coverages have an extension each, with ids of their own', async () => {
    const coverage = structuredClone(maya.prefetch.coverage) as { entry: { resource: { id?: string } }[] }
    const [entry] = coverage.entry
    coverage.entry.push({ ...structuredClone(entry), resource: { ...entry?.resource, id: 'second' } })
    const { actions } = await answerTo({ ...maya, prefetch: { ...maya.prefetch, coverage } }, settings)
    const found = actions.flatMap(extensionsIn)
    const of = (url: string) => found.flatMap((extension) => valuesOf(extension, url))
    expect(of('coverage')).toEqual([
      { reference: 'Coverage/acute-week-two-coverage' },
      { reference: 'Coverage/second' },
    ])
    expect(new Set(of('coverage-assertion-id')).size).toBe(2)
    expect(of('satisfied-pa-id')).toEqual([])
  })

  test('CRD-267, resp-35: an order that carries the same is left alone, and what is new takes its place', async () => {
    const [action] = (await answerTo(maya, settings)).actions
    const resource = structuredClone(action?.resource)
    const withOrder = (order: unknown) => ({
      ...maya,
      context: { ...maya.context, draftOrders: { resourceType: 'Bundle', entry: [{ resource: order }] } },
    })
    expect((await answerTo(withOrder(resource), settings)).systemActions).toBeUndefined()
    const other = {
      url: coverageInformation,
      extension: [{ url: 'coverage', valueReference: { reference: 'Coverage/of-another-payer' } }],
    }
    const foreign = { url: 'https://ehr.example.org/priority', valueString: 'A' }
    const old = JSON.parse(JSON.stringify(resource).replace('auth-needed', 'no-auth'))
    old.extension.unshift(foreign, other)
    const [changed] = (await answerTo(withOrder(old), settings)).actions
    expect(changed?.resource.extension?.slice(0, 2)).toEqual([foreign, other])
    expect(changed?.resource.extension).toHaveLength(3)
    expect(
      told([
        {
          ...(changed as Action),
          resource: {
            ...changed?.resource,
            extension: changed?.resource.extension?.slice(2),
          } as Action['resource'],
        },
      ]),
    ).toEqual([['covered', 'auth-needed']])
  })

  test('CRD-262, resp-30: what limits the assertion is told: codes of the bill, and how long it holds', async () => {
    const [extension] = (await answerTo(maya, settings)).actions.flatMap(extensionsIn)
    if (!extension) throw new Error('nothing was said')
    expect(valuesOf(extension, 'billingCode')).toEqual([
      { system: 'http://www.ama-assn.org/go/cpt', code: '72148' },
    ])
    // The pain began nine days ago, and the policy is about the first 42.
    const until = '2026-12-24'
    if (version === '2.2.1') expect(valuesOf(extension, 'expiry-date')).toEqual([until])
    else expect(JSON.stringify(extension)).toContain(`"valuePeriod":{"end":"${until}"}`)
  })

  test('CRD-23, CRD-24: what the chart does not tell is not asserted', async () => {
    const undated = (await answerTo(bodyFor('undated-pain', 'lumbar-mri'), settings)).actions
    expect(told(undated)).toEqual([['covered', 'conditional']])
    const [extension] = undated.flatMap(extensionsIn)
    if (!extension) throw new Error('nothing was said')
    expect(valuesOf(extension, 'info-needed')).toEqual(['OTH'])
    expect(valuesOf(extension, 'reason')).toEqual([
      { text: documented().payers?.[0]?.orders['lumbar-imaging']?.['if-unknown'] },
    ])
  })

  test('resp-43: what did not come is told as that', async () => {
    const { conditions: _, ...prefetch } = maya.prefetch
    const failed = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception' }] }
    const { actions } = await answerTo({ ...maya, prefetch: { ...prefetch, conditions: failed } }, settings)
    const open = version === '2.2.1' ? 'indeterminate' : 'conditional'
    expect(told(actions)).toEqual([['covered', open]])
    const [extension] = actions.flatMap(extensionsIn)
    const [reason] = extension ? valuesOf(extension, 'reason') : []
    expect(JSON.stringify(reason).includes('technical')).toBe(version === '2.2.1')
  })

  test('CRD-128 to CRD-131: a client may switch it off, need not say anything, and may say what nobody knows', async () => {
    const asking = (configuration: unknown) =>
      answerTo({ ...maya, extension: { 'davinci-crd.configuration': configuration } }, settings)
    expect((await asking({ 'coverage-info': false })).systemActions).toBeUndefined()
    for (const odd of [
      { 'coverage-info': true },
      { 'max-cards': 3 },
      [],
      null,
      'off',
      { 'coverage-info': 'no' },
    ])
      expect((await asking(odd)).systemActions).toHaveLength(1)
  })

  test('a client that asks for another version is told so', async () => {
    const asking = (requested: unknown) =>
      answerTo({ ...maya, extension: { 'davinci-crd.requestedVersion': requested } }, settings)
    expect((await asking(version)).systemActions).toHaveLength(1)
    expect((await asking(version.slice(0, 3))).systemActions).toHaveLength(1)
    await expect(asking('1.0.0')).rejects.toMatchObject({ code: 'invalid-request' })
    await expect(asking('2')).resolves.toBeTruthy()
  })

  test('the invariants hold of whatever is said of every patient and order', async () => {
    let said = 0
    for (const patient of listPatients(root))
      for (const order of ['lumbar-mri', 'lumbar-ct', 'lumbar-mri-stat', 'oxycodone']) {
        const { actions } = await answerTo(bodyFor(patient, order), settings)
        for (const extension of actions.flatMap(extensionsIn)) {
          expect(broken(extension, version)).toEqual([])
          said += 1
        }
      }
    expect(said).toBeGreaterThan(40)
  })
})

describe('What is asserted follows the policy and the chart', () => {
  const settings = settingsOf('2.2.1')
  test.each([
    ['nine days of pain and no red flag', 'acute-week-two', 'auth-needed'],
    ['signs of cauda equina', 'cauda-equina', 'no-auth'],
    ['a cancer in the past', 'cancer-history', 'no-auth'],
    ['ten weeks of pain', 'subacute-no-care', 'no-auth'],
    ['a day of onset that nobody wrote down', 'undated-pain', 'conditional'],
  ])('CRD-24: %s', async (_what, patient, authorization) => {
    expect(told((await answerTo(bodyFor(patient, 'lumbar-mri'), settings)).actions)).toEqual([
      ['covered', authorization],
    ])
  })

  test('by facts as well as by rules', async () => {
    const payer = documented().payers?.[0]
    const policy = payer?.orders['lumbar-imaging']
    const assertions = [
      { when: { 'onset-days': { below: 5 } }, covered: 'not-covered' },
      {
        when: { 'onset-days': { below: 10 } },
        covered: 'covered',
        'pa-needed': 'performpa',
        'doc-needed': 'clinical',
        'doc-purpose': 'withpa',
        reason: 'An invented reason.',
        questionnaires: ['https://payer.example.org/Questionnaire/back'],
      },
    ]
    const byFacts = settingsOf('2.2.1', {
      payers: [{ ...payer, orders: { 'lumbar-imaging': { ...policy, assertions } } }],
    })
    const [extension] = (await answerTo(maya, byFacts)).actions.flatMap(extensionsIn)
    if (!extension) throw new Error('nothing was said')
    expect(valuesOf(extension, 'pa-needed')).toEqual(['performpa'])
    expect(valuesOf(extension, 'questionnaire')).toEqual(['https://payer.example.org/Questionnaire/back'])
    expect(broken(extension, '2.2.1')).toEqual([])
    // All may be said of this one, so even whether it is covered is open.
    expect(told((await answerTo(bodyFor('undated-pain', 'lumbar-mri'), byFacts)).actions)).toEqual([
      ['conditional', 'conditional'],
    ])
  })
})

describe('Cards and discovery', () => {
  test('resp-25: cards are the same with it as without it', async () => {
    const without = await answerTo(maya, settingsOf('off'))
    const beside = await answerTo(maya, settingsOf('2.2.1'))
    // But for the day of what they draft, which CRD's profiles ask for.
    const plain = (cards: object) =>
      JSON.stringify(cards)
        .replace(/"uuid":"[^"]*"/g, '""')
        .replace(/"authoredOn":"2026-11-21",/g, '')
    expect(JSON.stringify(without.cards)).not.toContain('authoredOn')
    expect(plain(beside.cards)).toBe(plain(without.cards))
  })

  test('CRD-108 to CRD-116: discovery tells what may be switched off, where payers are answered for', () => {
    const content = realContent()
    const evaluator = payerEvaluator(settingsOf('2.0.1'))
    const documentOf = (coverage: ReturnType<typeof settingsOf>) =>
      discovery({ ...content, site: { coverage } }, evaluator.reads, evaluator.observationCodes)
    const options = documentOf(settingsOf('2.0.1')).services.map(
      ({ extension }) => extension['davinci-crd.configuration-options'],
    )
    expect(options).toEqual([
      undefined,
      [
        expect.objectContaining({
          code: 'coverage-info',
          type: 'boolean',
          default: true,
          name: expect.any(String),
          description: expect.any(String),
        }),
      ],
      undefined,
    ])
    expect(JSON.stringify(documentOf(settingsOf('2.0.1', { payers: [] })))).not.toContain('davinci')
    expect(evaluator.reads('order-sign').has('Coverage')).toBe(true)
  })

  test('CRD-265: of one coverage one thing is said, today', async () => {
    const said = (await answerTo(maya, settingsOf('2.0.1'))).actions.flatMap(extensionsIn)
    expect(said.map((extension) => valuesOf(extension, 'date'))).toEqual([[today]])
  })
})
