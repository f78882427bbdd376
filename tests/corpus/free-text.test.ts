/**
 * How well the word lists hear what people wrote: on every text of the collected records, judged by hand, and on
 * invented orders that they are known to get wrong.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { affirmedTerms } from '../../src/facts/words.ts'
import { realContent, root } from '../support/evaluator.ts'
import { onCorpus } from './corpus.ts'
import { type Kind, type Saying, sayings } from './free-text.ts'
import { freeTextPage, type Judged, type Mistake, percent, sum } from './free-text-page.ts'

const { words } = realContent()
const terms = (list: string) => words.lists[list]?.terms ?? []

const trials = [
  { list: 'back-pain', kind: 'order or problem', of: 'reasons, problems and notes' },
  { list: 'red-flags', kind: 'order or problem', of: 'reasons, problems and notes' },
] as const satisfies readonly { list: string; kind: Kind; of: string }[]
type Trial = (typeof trials)[number]

function isHeard({ text }: Saying, { list }: Trial): boolean {
  const heard = affirmedTerms(text, terms(list), words).length > 0
  return heard && (list !== 'back-pain' || affirmedTerms(text, terms('other-back'), words).length === 0)
}

const ids = z
  .array(z.array(z.string()))
  .default([])
  .transform((lines) => lines.flat())
const byKind = z.record(z.string(), ids).default({})
const judgements = z
  .record(z.string(), z.strictObject({ right: ids, wrong: byKind, denied: ids, missed: byKind }))
  .parse(parse(readFileSync(join(root, 'tests/corpus/free-text-judged.yaml'), 'utf8')))

const mistakes: readonly Mistake[] = [
  { text: 'MVA in 1998, no injury', heard: ['mva'], meant: [], because: 'nothing tells when it was' },
  {
    text: 'wrist fracture last week',
    heard: ['fracture'],
    meant: [],
    because: 'nothing tells which part of the body',
  },
]

describe('invented orders that are known to be heard wrongly', () => {
  test.each(mistakes)('"$text" still is', ({ text, heard, meant }) => {
    const now = affirmedTerms(text, terms('red-flags'), words)
    expect(now).toEqual(heard)
    expect(now, 'heard rightly now: take it out of the list').not.toEqual(meant)
  })
})

onCorpus(run)

interface Tried {
  texts: readonly Saying[]
  heard: readonly string[]
}

function run(from: string): void {
  const tried = new Map<string, Tried>()

  beforeAll(() => {
    const all = sayings(from)
    for (const trial of trials) {
      const texts = all.filter(({ kinds }) => kinds.has(trial.kind))
      const heard = texts.filter((saying) => isHeard(saying, trial)).map(({ id }) => id)
      tried.set(trial.list, { texts, heard })
    }
  }, 60_000)

  const triedOf = (list: string): Tried => tried.get(list) ?? { texts: [], heard: [] }

  describe.each(trials)('the list $list', ({ list }) => {
    const { right, wrong, denied, missed } = judgementOf(list)
    const known = new Set([...right, ...Object.values(wrong).flat()])

    test('hears only what a person has judged', () => {
      const { texts, heard } = triedOf(list)
      const unjudged = heard.filter((id) => !known.has(id))
      expect(unjudged.map((id) => `${id} ${texts.find((saying) => saying.id === id)?.text}`)).toEqual([])
    })

    test('has no judgement of what it does not hear', () => {
      const { heard } = triedOf(list)
      expect([...known].filter((id) => !heard.includes(id))).toEqual([])
    })

    test('still misses what was found to be missed, and leaves out what is denied', () => {
      const { texts, heard } = triedOf(list)
      const silent = [...denied, ...Object.values(missed).flat()]
      expect(silent.filter((id) => heard.includes(id) || !texts.some((saying) => saying.id === id))).toEqual(
        [],
      )
    })
  })

  test('each hears rightly most of what it hears, as the page in docs says', async () => {
    const counts = trials.map((trial) => countsOf(trial, triedOf(trial.list)))
    for (const { list, right, wrong } of counts) {
      console.log(
        `${list}: ${percent(right, right + sum(wrong))} of ${right + sum(wrong)} texts rightly heard`,
      )
      expect(right, list).toBeGreaterThan(2 * sum(wrong))
    }
    await expect(freeTextPage(counts, mistakes)).toMatchFileSnapshot(join(root, 'docs/free-text.md'))
  })
}

const judgementOf = (list: string) => judgements[list] ?? { right: [], wrong: {}, denied: [], missed: {} }

function countsOf({ list, of }: Trial, { texts }: Tried): Judged {
  const { right, wrong, denied, missed } = judgementOf(list)
  const count = (kinds: Readonly<Record<string, readonly string[]>>) =>
    Object.fromEntries(Object.entries(kinds).map(([kind, each]) => [kind, each.length]))
  return {
    list,
    of,
    texts: texts.length,
    right: right.length,
    wrong: count(wrong),
    denied: denied.length,
    missed: count(missed),
  }
}
