/** What is asked first: at most six questions, those that would change this card, and when the pain began where nobody knows. */
import { describe, expect, test } from 'vitest'
import { firstField, noneField, noneOfThese, questionsIn, repliesIn } from '../../src/checklist/ask.ts'
import { answersOf, type Replies } from '../../src/checklist/book.ts'
import { checklistOf, mostFirst } from '../../src/checklist/questions.ts'
import { createEvaluator, type Evaluator } from '../../src/evaluate.ts'
import type { Answers } from '../../src/facts/answers.ts'
import { parseCall } from '../../src/hooks/call.ts'
import { services } from '../../src/hooks/services.ts'
import type { Vignette } from '../language/vignette.ts'
import { toCall } from '../support/call.ts'
import { content, gist, vignetteOf, vignettes } from '../support/evaluated.ts'

const evaluators = new Map<string, Evaluator>()
function evaluatorOn(day: string): Evaluator {
  const known =
    evaluators.get(day) ??
    createEvaluator(content, { today: () => day, newId: () => '00000000-0000-4000-8000-000000000000' })
  evaluators.set(day, known)
  return known
}

async function opened(vignette: Vignette) {
  const call = toCall(vignette)
  const service = services.find(({ hook }) => hook === call.hook)
  if (!service) throw new Error('no service')
  return evaluatorOn(vignette.today).open(parseCall(call, service))
}

async function asked(number: string, replies: Replies = {}) {
  const call = await opened(vignetteOf(number))
  const judge = (answers: Answers | undefined) => {
    const { decisions, cards } = call.judge(answers)
    const [decision] = decisions
    return decision && { facts: decision.facts, cards }
  }
  return checklistOf(content, judge, replies, '10:32', async () => undefined)
}

describe('Asked first', () => {
  test('are at most six, each of which would change the card, the gravest before the others', async () => {
    const { first } = await asked('V01')
    expect(first).toHaveLength(mostFirst)
    expect(first.every(({ ifYes }) => ifYes !== undefined)).toBe(true)
    expect(first[0]?.ifYes?.[0]?.indicator).toBe('critical')
    expect(first.map(({ fact }) => fact)).toContain('cauda-equina-sign')
  })

  test('is what the chart cannot tell before what it does not hold', async () => {
    const { first } = await asked('L281')
    expect(first[0]?.state).toBe('open')
  })

  test('is no question that is on record already', async () => {
    const { first } = await asked('V22')
    expect(first.filter(({ state }) => state === 'on-record')).toEqual([])
  })

  test('and the rest are all questions, each once', async () => {
    const checked = await asked('V01')
    const facts = questionsIn(checked).map(({ fact }) => fact)
    expect(new Set(facts).size).toBe(facts.length)
  })

  test('stay in sight once they were answered, and no six others come', async () => {
    const { first } = await asked('V01')
    const replies = Object.fromEntries(first.map(({ fact }) => [fact, 'no']))
    const again = await asked('V01', replies)
    expect(new Set(again.first.map(({ fact }) => fact))).toEqual(new Set(first.map(({ fact }) => fact)))
  })
})

describe('When the pain began', () => {
  test.each([
    ['V05', 'open', 'nobody recorded it'],
    ['V01', 'on-record', 'somebody wrote the day down'],
  ])('%s is %s where %s', async (number, state) => {
    expect((await asked(number)).onset).toMatchObject({ fact: 'onset-days', state })
  })

  test('is asked in weeks', async () => {
    const { onset } = await asked('V05')
    expect(onset?.choices.map(({ label }) => label)).toEqual([
      'Less than 2 weeks ago',
      '2 to 6 weeks ago',
      '6 to 12 weeks ago',
      'More than 12 weeks ago',
    ])
    expect(onset?.matters).toBe(true)
  })
})

describe('One click', () => {
  test('answers the first questions with no, but not what was answered otherwise, and nothing below', async () => {
    const checked = await asked('V01')
    const [one, ...others] = checked.first.map(({ fact }) => fact)
    const replies = repliesIn(
      { [noneOfThese]: 'yes', [firstField]: [one, ...others].join(' '), [`reply-${one}`]: 'yes' },
      checked,
    )
    expect(replies).toEqual({ [one ?? '']: 'yes', ...Object.fromEntries(others.map((fact) => [fact, 'no'])) })
  })

  test('on the box of a group answers that group alone', async () => {
    const checked = await asked('V01')
    const group = checked.groups.find(({ questions }) => questions.length > 1)
    const replies = repliesIn(
      { [noneField(group?.at ?? 0)]: 'yes', [firstField]: checked.first.map(({ fact }) => fact).join(' ') },
      checked,
    )
    expect(Object.keys(replies).sort()).toEqual(group?.questions.map(({ fact }) => fact).sort())
  })

  test('never answers what is on record, nor what is no question', async () => {
    const checked = await asked('V22')
    const replies = repliesIn(
      { [noneOfThese]: 'yes', [firstField]: 'severe-motor-deficit adult __proto__' },
      checked,
    )
    expect(replies).toEqual({})
  })
})

describe('Facts that were kept', () => {
  const imaging = vignettes.filter(({ expect: { cards } }) => cards.length > 0)

  test('hear when the pain began', async () => {
    const vignette = vignetteOf('V05')
    const { decisions, orders } = (await opened(vignette)).judge(undefined)
    const cases = decisions.map(({ kind, facts }, at) => ({ kind, name: orders[at]?.name ?? '', facts }))
    const { cards } = evaluatorOn(vignette.today).judgeKept(
      cases,
      answersOf(content, { 'onset-days': 'lately' }, '10:32'),
    )
    expect(cards.map(({ source }) => source.topic.code)).toEqual(['IM01'])
  })

  test('give the same cards as the record they were found in, also with answers', async () => {
    const questions = content.checklist.groups.flatMap((group) => group.questions.map(({ fact }) => fact))
    const different: string[] = []
    for (const [at, vignette] of imaging.entries()) {
      const call = await opened(vignette)
      const { decisions, orders } = call.judge(undefined)
      const cases = decisions.map(({ kind, facts }, each) => ({
        kind,
        name: orders[each]?.name ?? '',
        facts,
      }))
      const fact = questions[at % questions.length] ?? ''
      for (const replies of [{}, { [fact]: 'yes' }, { [fact]: 'no' }]) {
        const answers = answersOf(content, replies, '10:32')
        const again = evaluatorOn(vignette.today).judgeKept(cases, answers)
        const told = (cards: Parameters<typeof gist>[0]) =>
          JSON.stringify(gist(cards).map(({ rule, indicator }) => [rule, indicator]))
        if (told(again.cards) !== told(call.judge(answers).cards))
          different.push(`${vignette.vignette} ${JSON.stringify(replies)}`)
      }
    }
    expect(different).toEqual([])
  })
})
