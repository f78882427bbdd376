/** What a clinician answered counts as evidence: it opens or closes the way for a card, and never takes back the record. */
import { describe, expect, test } from 'vitest'
import { answersOf, type Replies } from '../../src/checklist/book.ts'
import { factsIn } from '../../src/decide/conditions.ts'
import { createEvaluator } from '../../src/evaluate.ts'
import { parseCall } from '../../src/hooks/call.ts'
import { services } from '../../src/hooks/services.ts'
import type { Vignette } from '../language/vignette.ts'
import { toCall } from '../support/call.ts'
import { content, vignetteOf } from '../support/evaluated.ts'

const questions = content.checklist.groups.flatMap((group) => group.questions.map(({ fact }) => fact))
const nothing: Replies = Object.fromEntries(questions.map((fact) => [fact, 'no']))

async function answered(vignette: Vignette, replies: Replies) {
  const call = toCall(vignette)
  const service = services.find(({ hook }) => hook === call.hook)
  if (!service) throw new Error('no service')
  const evaluator = createEvaluator(content, {
    today: () => vignette.today,
    newId: () => '00000000-0000-4000-8000-000000000000',
    answers: async () => answersOf(content, replies, '10:32'),
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

describe('When the pain began', () => {
  test('is heard where nobody recorded it, and the card says that it was answered', async () => {
    const [card] = await answered(undated, { ...nothing, 'onset-days': 'lately' })
    expect(card).toMatchObject({ rule: 'IM01', indicator: 'warning' })
    expect(card?.detail).toMatch(/0 to 2 weeks|at most 2 weeks|answered at 10:32/)
  })

  test('counts before a day on record, which may be that of another episode', async () => {
    const acute = vignetteOf('V01')
    expect((await answered(acute, {})).map(({ rule }) => rule)).toEqual(['IM01'])
    expect((await answered(acute, { 'onset-days': 'long-ago' })).map(({ rule }) => rule)).toEqual(['IM03'])
  })

  test('grows older with the answer', () => {
    const days = (since: number) =>
      answersOf(content, { 'onset-days': 'some-weeks' }, '9:00', since).get('onset-days')?.value
    expect(days(0)).toEqual({ low: 14, high: 41 })
    expect(days(3)).toEqual({ low: 17, high: 44 })
    expect(answersOf(content, { 'onset-days': 'long-ago' }, '9:00').get('onset-days')?.value).toEqual({
      low: content.parameters['chronic-from-days']?.value,
      high: Number.POSITIVE_INFINITY,
    })
  })

  test('is not heard in words that are no choice', () => {
    expect(answersOf(content, { 'onset-days': 'yes' }, '9:00').size).toBe(0)
  })
})

describe('The checklist', () => {
  test('can answer all that an advice against imaging rests on, so that answers alone make its card', async () => {
    const vignette = vignetteOf('V01')
    const whole = toCall(vignette)
    const { patient } = whole.prefetch
    const bare = { ...whole, prefetch: { patient } }
    const service = services.find(({ hook }) => hook === bare.hook)
    if (!service) throw new Error('no service')
    const evaluator = createEvaluator(content, {
      today: () => vignette.today,
      newId: () => '00000000-0000-4000-8000-000000000000',
      answers: async () => answersOf(content, { ...nothing, 'onset-days': 'lately' }, '10:32'),
    })
    const { decisions } = await evaluator.explain(parseCall(bare, service))
    const open = decisions.flatMap(({ doubts, facts }) =>
      doubts.flatMap(({ rule }) => factsIn(rule.when).filter((fact) => facts.get(fact)?.value === undefined)),
    )
    expect(open).toEqual([])
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
    const answers = answersOf(content, { 'cancer-history': 'no', 'active-cancer': 'yes' }, '9:00')
    expect(answers.get('other-cancer')).toEqual({ value: false, at: '9:00' })
    expect(answers.get('active-cancer')).toEqual({ value: true, at: '9:00' })
    expect(answers.has('marrow-or-metastatic-cancer')).toBe(false)
  })
})
