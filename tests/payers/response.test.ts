/**
 * Answers in payer mode as Inferno's CRD test kit validates them (at 1d1f2c4): `crd_service_response_validation`,
 * `crd_card_optional_fields_validation` and the kinds of answers that a CRD server must show. Restated by its requirements.
 */
import { beforeAll, describe, expect, test } from 'vitest'
import { listOrders, listPatients } from '../../fhir-fixtures/load.ts'
import type { Card } from '../../src/cards/render.ts'
import { toCall } from '../support/call.ts'
import { vignetteOf } from '../support/evaluated.ts'
import { root } from '../support/evaluator.ts'
import { type Action, answerTo, bodyFor, settingsOf } from './support.ts'

interface Answered {
  call: string
  cards: readonly Card[]
  actions: readonly Action[]
}

const answers: Answered[] = []

/** All fixtures, and a chart of which hardly anything is known: then somebody has to look for themselves. */
const calls: [call: string, body: object][] = [
  ...listPatients(root).flatMap((patient) =>
    listOrders(root).map((order): [string, object] => [`${patient}, ${order}`, bodyFor(patient, order)]),
  ),
  ['vignette L902', toCall(vignetteOf('L902'))],
]

/** The same while orders are only selected: what is drafted is selected whole where nobody says otherwise. */
const selected = calls.slice(0, -1).map(([call, body]): [string, object] => {
  const signed = body as ReturnType<typeof bodyFor>
  const context = { ...signed.context, selections: undefined }
  return [`${call}, selected`, { ...signed, hook: 'order-select', context }]
})

beforeAll(async () => {
  for (const version of ['2.0.1', '2.2.1'] as const)
    for (const [call, body] of [...calls, ...selected]) {
      const { cards, actions } = await answerTo(body, settingsOf(version))
      // As it stands on the wire.
      const answered = JSON.parse(JSON.stringify({ cards, actions })) as Pick<Answered, 'cards' | 'actions'>
      answers.push({ call: `${call}, by ${version}`, ...answered })
    }
})

const isText = (value: unknown) => typeof value === 'string' && value.trim() !== ''

/** What Inferno says of one card, in its own order; empty where it says nothing. */
function wrongWith(card: Card): string[] {
  const { summary, indicator, source, detail, uuid, suggestions, selectionBehavior, links, overrideReasons } =
    card as unknown as Record<string, unknown> & { source: Record<string, unknown> }
  const topic = source?.topic as Record<string, unknown> | undefined
  const list = (value: unknown) => (Array.isArray(value) ? (value as Record<string, unknown>[]) : [])
  const checks: [what: string, holds: boolean][] = [
    ['summary below 140 characters', isText(summary) && String(summary).length < 140],
    ['indicator', ['info', 'warning', 'critical'].includes(String(indicator))],
    ['source with label and topic', isText(source?.label) && isText(topic?.code) && isText(topic?.system)],
    ['uuid', uuid === undefined || isText(uuid)],
    ['detail', detail === undefined || isText(detail)],
    [
      'selectionBehavior where something is suggested',
      suggestions === undefined || ['at-most-one', 'any'].includes(String(selectionBehavior)),
    ],
    [
      'reasons with code, system and display',
      list(overrideReasons).every((each) => isText(each.code) && isText(each.system) && isText(each.display)),
    ],
    [
      'links with label, type and url',
      list(links).every(
        (each) =>
          isText(each.label) &&
          URL.canParse(String(each.url)) &&
          (each.type === 'smart' || (each.type === 'absolute' && each.appContext === undefined)),
      ),
    ],
    [
      'suggestions with a label and actions',
      list(suggestions).every((each) => isText(each.label) && list(each.actions).length > 0),
    ],
    ...list(suggestions).flatMap((each) => list(each.actions).map(actionHolds)),
  ]
  return checks.flatMap(([what, holds]) => (holds ? [] : [what]))
}

function actionHolds({
  type,
  description,
  resource,
  resourceId,
}: Record<string, unknown>): [string, boolean] {
  const isDrafted = type === 'create' || type === 'update'
  const names = isDrafted
    ? isText((resource as { resourceType?: unknown } | undefined)?.resourceType)
    : type === 'delete' && /^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/.test(String(resourceId))
  return [`action ${String(type)} with a description and what it is about`, isText(description) && names]
}

describe('Every answer to an order that is signed or selected', () => {
  test('CRD-168, CRD-208, CRD-217: has cards that hold what CDS Hooks asks', () => {
    const wrong = answers.flatMap(({ call, cards }) =>
      cards.flatMap((card) => wrongWith(card).map((what) => `${call}: ${what}`)),
    )
    expect(wrong).toEqual([])
    const ofSelected = answers.filter(({ call }) => call.includes('selected'))
    for (const some of [answers, ofSelected])
      expect(some.flatMap(({ cards }) => cards).length).toBeGreaterThan(100)
  })

  test('CRD-226: has system actions wherever its payer has a word on the order', () => {
    const said = answers.filter(({ actions }) => actions.length > 0)
    const wrong = said.flatMap(({ call, actions }) =>
      actions.flatMap((action) =>
        action.type === 'update' && actionHolds(action as unknown as Record<string, unknown>)[1]
          ? []
          : [call],
      ),
    )
    expect(wrong).toEqual([])
    expect(said.length).toBeGreaterThan(60)
  })
})

describe('Of the kinds of answers that a server must be able to give', () => {
  const all = () => answers.flatMap(({ cards }) => cards)
  const kinds: [kind: string, is: (card: Card) => boolean][] = [
    [
      'CRD-248, CRD-258, CRD-259: an external reference, with links of type absolute alone',
      ({ links = [] }) => links.length > 0 && links.every(({ type }) => type === 'absolute'),
    ],
    [
      'CRD-249: instructions, without links and without suggestions',
      ({ links, suggestions }) => !links && !suggestions,
    ],
  ]
  test.each(kinds)('%s, is one among the cards', (_kind, is) => {
    expect(all().some(is)).toBe(true)
  })
})
