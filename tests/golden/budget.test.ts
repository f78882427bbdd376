/**
 * A card is read in eight seconds. Every card of every fixture pair, vignette and opened chart stays within the words,
 * lines and offers that can be read, in both shapes; the figures are printed.
 */
import { join } from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { hookCall, listOrders, listPatients, loadOrder, loadPatient } from '../../fhir-fixtures/load.ts'
import type { Card } from '../../src/cards/render.ts'
import { toCall } from '../support/call.ts'
import { asOpenedChart, content, explainBody, vignettes, withSite } from '../support/evaluated.ts'
import { fidelityCalls } from './fidelity-calls.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 })

const root = join(import.meta.dirname, '../..')
const today = '2026-11-28'
const limits = { critical: 50, warning: 70, info: 50 } as const

interface Answered {
  name: string
  cards: readonly Card[]
}

let answers: readonly Answered[] = []
const cards = () => answers.flatMap(({ name, cards }) => cards.map((card) => ({ name, card })))

beforeAll(async () => {
  answers = [...(await ofVignettes()), ...(await ofFixtures()), ...(await ofFidelity())].filter(
    (answer) => answer.cards.length > 0,
  )
})

async function ofVignettes(): Promise<Answered[]> {
  const epic = { 'com.epic.cdshooks.request.bpa-trigger-action': '3' }
  const found: Answered[] = []
  for (const vignette of vignettes) {
    const call = toCall(vignette)
    for (const body of [call, { ...call, extension: epic }, asOpenedChart(call)]) {
      const { cards } = await explainBody(body, vignette.today, withSite(vignette))
      found.push({ name: `${vignette.vignette}${'extension' in body ? ' for Epic' : ''}`, cards })
    }
  }
  return found
}

async function ofFixtures(): Promise<Answered[]> {
  const found: Answered[] = []
  const patients = listPatients(root).map((name) => loadPatient(root, name, today))
  const names = listOrders(root)
  const pairs = [...names.map((name) => [name]), ['lumbar-mri', 'oxycodone'], ['lumbar-xray', 'lumbar-mri']]
  for (const [at, patient] of patients.entries()) {
    for (const orders of pairs) {
      const body = hookCall({
        patient,
        orders: orders.map((name) => loadOrder(root, name)),
        hook: 'order-sign',
        queries: content.queries,
        today,
      })
      const { cards } = await explainBody(body, today)
      found.push({ name: `${listPatients(root)[at]} ${orders.join(' and ')}`, cards })
    }
  }
  return found
}

async function ofFidelity(): Promise<Answered[]> {
  const found: Answered[] = []
  for (const { name, body, today } of await fidelityCalls()) {
    found.push({ name, cards: (await explainBody(body, today)).cards })
  }
  return found
}

/** Counted otherwise than the renderer does: whatever is written without blanks and holds a letter or a digit. */
const wordsIn = (text: string) => text.match(/\S*[\p{L}\p{N}]\S*/gu)?.length ?? 0
const paragraphsOf = ({ detail }: Card) => detail.split('\n\n')
const bulletsOf = ({ detail }: Card) => detail.split('\n').filter((line) => line.startsWith('- '))
const sentencesOf = ({ detail }: Card) =>
  detail
    .split('\n')
    .map((line) => line.replace(/^- /, ''))
    .flatMap((line) => line.match(/[^.!?]+(?:[.!?](?!\s|$)[^.!?]*)*[.!?]*["”)]*/g) ?? [])
    .map((sentence) => sentence.replace(/[*_]/g, '').trim().toLowerCase())
    .filter(Boolean)

const wrong = (fits: (card: Card) => boolean, told: (card: Card) => unknown = ({ detail }) => detail) =>
  cards()
    .filter(({ card }) => !fits(card))
    .map(({ name, card }) => `${name} ${card.source.topic.code}: ${String(told(card))}`)

describe('Every card', () => {
  test('has a summary of at most 90 characters', () => {
    expect(wrong(({ summary }) => summary.length <= 90)).toEqual([])
  })

  test('says it in at most 50 words, or 70 where it warns', () => {
    expect(wrong((card) => wordsIn(card.detail) <= limits[card.indicator])).toEqual([])
  })

  test('begins with a paragraph of at most 25 words: what was found, and what to do', () => {
    expect(wrong((card) => wordsIn(paragraphsOf(card)[0] ?? '') <= 25)).toEqual([])
    expect(wrong((card) => !card.detail.startsWith('- '))).toEqual([])
  })

  test('has at most three lines below it', () => {
    expect(wrong((card) => bulletsOf(card).length <= 3)).toEqual([])
  })

  test('speaks no shorthand of a guideline and counts no weeks', () => {
    const shorthand = /\b(UNA|UA|MBA|WHA\?|DESIGN)\b|\b[AB],\s?[1-4]\b|\bscope\b|\bweek \d/
    expect(wrong(({ detail }) => !shorthand.test(detail))).toEqual([])
  })

  test('says durations as people do, in days only while they are few', () => {
    const days = ({ detail }: Card) =>
      [...detail.matchAll(/Pain (?:on record )?for (\d+) days/g)].map(([, count]) => Number(count))
    expect(wrong((card) => days(card).every((count) => count < 14))).toEqual([])
  })

  test('offers at most three things, and recommends exactly one where it warns', () => {
    const recommended = ({ suggestions = [] }: Card) =>
      suggestions.filter((each) => each.isRecommended).length
    const told = ({ suggestions = [] }: Card) => suggestions.map(({ label }) => label)
    expect(wrong(({ suggestions = [] }) => suggestions.length <= 3, told)).toEqual([])
    const fits = (card: Card) =>
      card.indicator === 'info' ? recommended(card) <= 1 : recommended(card) === 1
    expect(wrong(fits, told)).toEqual([])
  })

  test('has no caption that says its label again', () => {
    const same = (card: Card) =>
      (card.suggestions ?? []).some(({ label, actions }) =>
        actions.some(({ description }) => description.toLowerCase() === label.toLowerCase()),
      )
    // For Epic, which takes one action an offer, the action is the label.
    expect(wrong((card) => !same(card)).filter((told) => !told.includes('for Epic'))).toEqual([])
  })

  test('asks for at most five reasons, each once', () => {
    expect(wrong(({ overrideReasons = [] }) => overrideReasons.length <= 5)).toEqual([])
  })
})

describe('One answer', () => {
  test('says no sentence twice, on one card or on two', () => {
    expect(repetitions()).toEqual([])
  })
})

function repetitions(): string[] {
  return answers.flatMap(({ name, cards }) => {
    const all = cards.flatMap(sentencesOf)
    return [...new Set(all.filter((sentence, at) => all.indexOf(sentence) !== at))].map(
      (sentence) => `${name}: ${sentence}`,
    )
  })
}

test('the figures', () => {
  const rows = (['critical', 'warning', 'info'] as const).map((indicator) => {
    const own = cards().filter(({ card }) => card.indicator === indicator)
    const words = own.map(({ card }) => wordsIn(card.detail)).sort((a, b) => a - b)
    const at = (share: number) => words[Math.min(words.length - 1, Math.floor(words.length * share))] ?? 0
    const recommending = own.filter(({ card }) => card.suggestions?.some((each) => each.isRecommended)).length
    return {
      indicator,
      cards: own.length,
      median: at(0.5),
      p90: at(0.9),
      most: at(1),
      limit: limits[indicator],
      'recommends %': Math.round((100 * recommending) / Math.max(own.length, 1)),
    }
  })
  console.table(rows)
  console.log(`${answers.length} answers, repetitions: ${repetitions().length}`)
  expect(rows.every(({ cards }) => cards > 0)).toBe(true)
})
