/**
 * Whole cards as a clinician gets them: one golden file, reviewed as a diff (`UPDATE_GOLDEN=1` writes it anew). And
 * every card of every vignette, in both shapes, is what the specification allows (section 7).
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import type { Card } from '../../src/cards/render.ts'
import type { Action } from '../../src/cards/suggestions.ts'
import type { Vignette } from '../language/vignette.ts'
import { assertValidAnswer } from '../support/answer.ts'
import { toCall } from '../support/call.ts'
import { asOpenedChart, explain, explainBody, vignetteOf, vignettes, withSite } from '../support/evaluated.ts'

vi.setConfig({ testTimeout: 60_000 })

/** Each shows something that no other does. */
const telling = [
  'V01', // Not now, with every alternative
  'V04', // Sciatica, more specific
  'V05', // Nobody recorded when it began
  'V17', // A line about the order itself
  'V25', // An old sign to ask about
  'V28', // The right test in place of the wrong one
  'V41', // A repeat
  'V22', // An emergency, and the wrong test
  'L294', // An emergency, the right test too late, and data missing
  'V64', // A safety card beside another
  'V47', // Two orders, two cards, one set of offers
  'V58', // A dose, and a medicine offered
  'V62', // Care under way is not offered again
  'L280', // What could not be checked
]

const file = join(import.meta.dirname, 'cards.md')
const epic = { 'com.epic.cdshooks.request.bpa-trigger-action': '3' }

test('the telling cards read as they were last approved', async () => {
  const pages: string[] = []
  for (const number of telling) {
    const vignette = vignetteOf(number)
    pages.push(page(vignette, (await explain(vignette)).cards))
  }
  const written = `${header}\n${pages.join('\n')}`
  if (process.env.UPDATE_GOLDEN) writeFileSync(file, written)
  expect(written).toBe(readFileSync(file, 'utf8'))
})

const header = `# Golden cards

Whole answers to some vignettes, as the service gives them. Written by \`UPDATE_GOLDEN=1 npx vitest run tests/golden\`:
read the difference before it is kept.
`

function page({ vignette, title }: Vignette, cards: readonly Card[]): string {
  return `## ${vignette} ${title}\n\n${cards.map(shown).join('\n')}`
}

/** The words as they stand, then what can be clicked, then everything else. */
function shown(card: Card): string {
  const { summary, indicator, detail, suggestions = [], source, links = [], overrideReasons = [] } = card
  const { topic, ...named } = source
  return [
    `### ${indicator}: ${summary}\n`,
    ...detail.split('\n').map((line) => `> ${line}`.trimEnd()),
    '',
    ...suggestions.flatMap(({ label, uuid, isRecommended, actions }) => [
      `- [${isRecommended ? 'x' : ' '}] ${label} \`${uuid}\``,
      ...actions.map(clicked),
    ]),
    `- card: ${inCode({ uuid: card.uuid, selectionBehavior: card.selectionBehavior, topic })}`,
    `- source: ${inCode(named)}`,
    ...links.map((link) => `- link: ${inCode(link)}`),
    `- override reasons: ${overrideReasons.map(({ code }) => code).join(', ')}`,
    `- extension: ${inCode(card.extension)}\n`,
  ].join('\n')
}

const clicked = ({ type, description, resource, resourceId }: Action) =>
  `  - ${type}: ${description} ${inCode(resource ?? resourceId)}`

const inCode = (value: unknown) => `\`${JSON.stringify(value)}\``

describe('every answer to a vignette', () => {
  type Change = (vignette: Vignette) => object
  interface Answered {
    cards: readonly Card[]
    body: object
  }
  const answered = new Map<Change, Promise<Answered[]>>()

  /** Each call is answered once, whatever is claimed of the answers. */
  async function answers(change: Change, claim: (cards: readonly Card[], body: object) => void) {
    const given = answered.get(change) ?? answerAll(change)
    answered.set(change, given)
    for (const { cards, body } of await given) claim(cards, body)
  }

  async function answerAll(change: Change): Promise<Answered[]> {
    const given: Answered[] = []
    for (const vignette of vignettes) {
      const body = change(vignette)
      given.push({ body, cards: (await explainBody(body, vignette.today, withSite(vignette))).cards })
    }
    expect(given.flatMap(({ cards }) => cards).length).toBeGreaterThan(100)
    return given
  }

  const opened = (vignette: Vignette) => asOpenedChart(toCall(vignette))
  const forEpic = (vignette: Vignette) => ({ ...toCall(vignette), extension: epic })
  const isLegal = (cards: readonly Card[], body: object) => {
    expect(() => assertValidAnswer({ cards }, body)).not.toThrow()
  }

  test('is legal for any client', () => answers(toCall, isLegal))

  test('is legal for Epic: one action a suggestion, no update', () => answers(forEpic, isLegal))

  test('is legal when the same chart is opened without an order', () => answers(opened, isLegal))

  test('offers no more than four things on a card, also where each action is an offer of its own', () =>
    answers(forEpic, (cards) => {
      for (const { suggestions = [] } of cards) expect(suggestions.length).toBeLessThanOrEqual(4)
    }))

  test('drafts orders that are proposals for this patient, on this visit', () =>
    answers(toCall, (cards, body) => {
      const { context } = body as ReturnType<typeof toCall>
      for (const made of createdBy(cards)) {
        const encounter = context.encounterId && { reference: `Encounter/${context.encounterId}` }
        expect(made).toMatchObject({
          status: 'draft',
          intent: 'proposal',
          subject: { reference: `Patient/${context.patientId}` },
          ...(encounter ? { encounter } : {}),
        })
      }
    }))

  test('is said in order of urgency, and never twice', () =>
    answers(toCall, (cards) => {
      const urgency = cards.map(({ indicator }) => ['critical', 'warning', 'info'].indexOf(indicator))
      expect(urgency).toEqual([...urgency].sort((a, b) => a - b))
      expect(new Set(cards.map(({ summary }) => summary)).size).toBe(cards.length)
    }))

  test('leaves no placeholder, no unknown name and no undefined in the words', () =>
    answers(toCall, (cards) => {
      for (const { summary, detail } of cards) {
        expect(`${summary}\n${detail}`).not.toMatch(/\{\{|\}\}|undefined|null|NaN|\[object|Infinity/)
      }
    }))
})

const createdBy = (cards: readonly Card[]) =>
  cards
    .flatMap(({ suggestions = [] }) => suggestions)
    .flatMap(({ actions }) => actions)
    .flatMap(({ type, resource }) => (type === 'create' ? [resource] : []))
