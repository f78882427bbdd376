/**
 * What cards offer, as Inferno's CRD test kit (at 1d1f2c4) validates it: `crd_propose_alternate_request_card_validation`,
 * `crd_additional_orders_card_validation` and `crd_launch_smart_app_card_validation`, for signed and for selected orders. What it
 * finds stands in docs/payer-mode.md, offer by offer, and nothing else.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { listOrders, listPatients } from '../../fhir-fixtures/load.ts'
import type { Card } from '../../src/cards/render.ts'
import type { Action, Suggestion } from '../../src/cards/suggestions.ts'
import { root } from '../support/evaluator.ts'
import { answerTo, bodyFor, settingsOf } from './support.ts'

interface Offered {
  card: Card
  suggestion: Suggestion
  /** `ServiceRequest/abc` of the call. */
  drafted: readonly string[]
}

const alternates: Offered[] = []
const additions: Offered[] = []
const caller = (profile: 'standard' | 'epic') => ({ fhirServers: [], profile })

beforeAll(async () => {
  for (const hook of ['order-sign', 'order-select'] as const)
    for (const patient of listPatients(root))
      for (const order of listOrders(root))
        for (const profile of ['standard', 'epic'] as const) {
          const signed = bodyFor(patient, order)
          const body = { ...signed, hook, context: { ...signed.context, selections: undefined } }
          const { cards } = await answerTo(body, settingsOf('2.0.1'), { caller: caller(profile) })
          const drafted = (signed.context.draftOrders?.entry ?? []).map(
            ({ resource }) => `${resource?.resourceType}/${resource?.id}`,
          )
          for (const card of cards as readonly Card[]) {
            const suggestions = card.suggestions ?? []
            if (suggestions.length === 0) continue
            const offers = suggestions.map((suggestion) => ({ card, suggestion, drafted }))
            if (isAlternate(suggestions)) alternates.push(...offers)
            if (isAddition(suggestions)) additions.push(...offers)
          }
        }
})

// Inferno's own words for the kinds of cards (`cards_identification.rb`).

const replaceable =
  /^(Device|DeviceRequest|Encounter|Medication|MedicationRequest|NutritionOrder|ServiceRequest|VisionPrescription)$/
const addable =
  /^(CommunicationRequest|Device|DeviceRequest|Medication|MedicationRequest|NutritionOrder|ServiceRequest|VisionPrescription)$/

const typeOf = ({ resource, resourceId }: Action) => resource?.resourceType ?? resourceId?.split('/')[0] ?? ''

const isAlternate = (suggestions: readonly Suggestion[]) =>
  suggestions.some(({ actions }) => {
    const has = (wanted: Action['type']) =>
      actions.some((action) => action.type === wanted && replaceable.test(typeOf(action)))
    return has('update') || (has('delete') && has('create'))
  })

const isAddition = (suggestions: readonly Suggestion[]) =>
  suggestions.every(({ actions }) =>
    actions.every((action) => action.type === 'create' && addable.test(typeOf(action))),
  )

/** What `actions_check` says of the actions of one suggestion. */
function wrongWith({ suggestion: { actions }, drafted }: Offered): string[] {
  const created = actions.flatMap(({ type, resource }) => (type === 'create' ? [resource?.resourceType] : []))
  return actions.flatMap(({ type, resource, resourceId = '' }) => {
    if (type === 'create') return []
    const reference = type === 'update' ? `${resource?.resourceType}/${resource?.id}` : resourceId
    if (!drafted.includes(reference)) return [`${type} of ${reference}, which is no draft of the call`]
    const [deleted = ''] = resourceId.split('/')
    return type === 'delete' && !created.some((each) => each === deleted)
      ? [`no create for the ${deleted} that is deleted`]
      : []
  })
}

/** The lines of the page on what is offered otherwise, by the label of the offer. */
function listed(): string[] {
  const page = readFileSync(join(root, 'docs/payer-mode.md'), 'utf8')
  return [...page.matchAll(/^ {2}- \*(.+?)\*:/gm)].map(([, label = '']) => label)
}

describe('What cards offer', () => {
  test('CRD-282: names drafts of the call alone, and replaces like by like but for the offers that the page lists', () => {
    const found = alternates.flatMap((offered) =>
      wrongWith(offered).map((what) => [offered.suggestion.label, what]),
    )
    expect(found.filter(([, what]) => !what?.startsWith('no create for the'))).toEqual([])
    expect([...new Set(found.map(([label]) => label))].toSorted()).toEqual(listed().toSorted())
    expect(alternates.length).toBeGreaterThan(200)
  })

  test('CRD-282: is one update, or a removal with what takes its place, where it replaces', () => {
    for (const { suggestion } of alternates) {
      const kinds = suggestion.actions
        .map(({ type }) => type)
        .toSorted()
        .join(' ')
      expect(['update', 'create delete', 'delete', 'create']).toContain(kinds)
    }
  })

  test('CRD-211: adds nothing that is drafted already, and drafts what it adds', () => {
    expect(additions.length).toBeGreaterThan(50)
    // As the profiles of orders ask (CRD-274, CRD-276).
    for (const { suggestion } of additions)
      for (const { resource } of suggestion.actions)
        expect(resource).toMatchObject({
          authoredOn: '2026-11-21',
          requester: { reference: 'Practitioner/example-clinician' },
          status: 'draft',
          subject: { reference: expect.stringMatching(/^Patient\//) },
        })
  })

  test('CRD-240: says in words what each action does, for who does it by hand', () => {
    for (const { suggestion } of [...alternates, ...additions])
      for (const { description } of suggestion.actions) expect(description).toMatch(/^\S.{5,}$/)
  })
})
