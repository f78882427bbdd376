/** What a clinician answered counts as evidence: it opens or closes the way for a card, and never takes back the record. */
import { describe, expect, test } from 'vitest'
import { answersOf, type Replies } from '../../src/checklist/given.ts'
import { createEvaluator } from '../../src/evaluate.ts'
import { parseCall } from '../../src/hooks/call.ts'
import { services } from '../../src/hooks/services.ts'
import { toCall } from '../support/call.ts'
import { content, vignetteOf } from '../support/evaluated.ts'
import type { Vignette } from '../support/vignette.ts'

const questions = content.checklist.groups.flatMap((group) => group.questions.map(({ fact }) => fact))
const nothing: Replies = Object.fromEntries(questions.map((fact) => [fact, 'no']))

async function answered(vignette: Vignette, replies: Replies) {
  const call = toCall(vignette)
  const service = services.find(({ hook }) => hook === call.hook)
  if (!service) throw new Error('no service')
  const evaluator = createEvaluator(content, {
    today: () => vignette.today,
    newId: () => '00000000-0000-4000-8000-000000000000',
    answers: async () => answersOf(content.checklist, replies, '10:32'),
  })
  const { cards } = await evaluator.evaluate(parseCall(call, service))
  return cards.map(({ indicator, detail, source }) => ({ indicator, detail, rule: source.topic.code }))
}

/** Without measurements and results: G09 says what could not be checked. */
const untold = vignetteOf('L281')
/** Without the problem list, so that the beginning of the pain is not known either. */
const undated = vignetteOf('L280')

describe('A card that cannot tell', () => {
  test('stays as it is when nothing was answered', async () => {
    const [card] = await answered(untold, {})
    expect(card?.rule).toBe('G09')
    expect(card?.detail).not.toContain('answered')
  })

  test.each([untold, undated])(
    'becomes the emergency card when a cauda equina sign was answered with yes: $vignette',
    async (vignette) => {
      const [card] = await answered(vignette, { 'cauda-equina-sign': 'yes' })
      expect(card).toMatchObject({ rule: 'RF04a', indicator: 'critical' })
      expect(card?.detail).toMatch(/^cauda equina signs: answered yes at 10:32/i)
    },
  )

  test('becomes the not-now card when every question was answered with no, and counts the answers apart from the record', async () => {
    const [card] = await answered(untold, nothing)
    expect(card).toMatchObject({ rule: 'IM01', indicator: 'warning' })
    expect(card?.detail).toMatch(/\d+ answered no at 10:32/)
  })

  test('does not become the not-now card while fever alone is open', async () => {
    const { fever: _, ...rest } = nothing
    expect((await answered(untold, rest)).map(({ rule }) => rule)).toEqual(['G09'])
  })

  test('does not become the not-now card while nobody knows when the pain began', async () => {
    expect((await answered(undated, nothing)).map(({ rule }) => rule)).toEqual(['G09'])
  })
})

describe('A no against the record', () => {
  const flagged = vignetteOf('V22')

  test('leaves the finding and the card, which shows both', async () => {
    const before = await answered(flagged, {})
    const after = await answered(flagged, nothing)
    expect(before[0]?.rule).toBe('RF05a')
    expect(after.map(({ rule }) => rule)).toEqual(before.map(({ rule }) => rule))
    expect(after[0]?.detail).toMatch(
      /^Foot drop[^.]*, severe or worsening leg weakness: answered no at 10:32/,
    )
  })
})

describe('A no', () => {
  test('also answers what it implies, but not over an answer of its own', () => {
    const answers = answersOf(content.checklist, { 'cancer-history': 'no', 'active-cancer': 'yes' }, '9:00')
    expect(answers.get('other-cancer')).toEqual({ value: false, at: '9:00' })
    expect(answers.get('active-cancer')).toEqual({ value: true, at: '9:00' })
    expect(answers.has('marrow-or-metastatic-cancer')).toBe(false)
  })
})
