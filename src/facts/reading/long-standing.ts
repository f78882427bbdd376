/** What is called old beside its name, and not new again: "chronic foot drop", "incontinence, longstanding". */
import type { CodeRow } from '../../pathway/codes.ts'
import { wordSet } from '../cue-phrases.ts'
import type { Cues } from '../cues.ts'
import { once, wordsIn } from '../phrases.ts'
import { hasLasted, type ToldTime } from './told-time.ts'

type Words = Pick<Cues, 'long-standing' | 'beside-a-sign' | 'new-again'>

/** Most words between the two: "chronic left urinary incontinence". */
const mostBetween = 3

interface Term {
  rows: readonly Pick<CodeRow, 'key'>[]
  start: number
  end: number
  span?: readonly [from: number, to: number]
}

const nothing: ReadonlySet<string> = new Set()

/** Groups of the terms that a clause calls old. "Acute on chronic", "chronic, now worse" is new. */
export function calledOld(
  clause: readonly string[],
  terms: readonly Term[],
  cues: Words,
): ReadonlySet<string> {
  const { old, between, fresh } = listsOf(cues)
  if (!clause.some((word) => old.some(([first]) => first === word))) return nothing
  if (clause.some((word) => fresh.has(word))) return nothing
  const isOld = ({ start, end, span: [from, to] = [start, end] }: Term) =>
    stepsTo(clause, from - 1, -1, between, (at) => endsAt(clause, at, old)) ||
    stepsTo(clause, to, 1, between, (at) => beginsAt(clause, at, old))
  return new Set(terms.filter(isOld).flatMap(({ rows }) => rows.map(({ key }) => key)))
}

/** What is told to last for long, and stands beside a word of its getting worse, is of a day that nobody told. */
export function unlessWorse(
  time: ToldTime | undefined,
  clause: readonly string[],
  cues: Pick<Cues, 'grows-worse'>,
): ToldTime | undefined {
  if (!time || !hasLasted(time)) return time
  const worse = wordSet(cues['grows-worse'])
  return clause.some((word) => worse.has(word)) ? { isUndated: true } : time
}

/** Is it reached from here over words that may stand between, and, going on, a comma? */
function stepsTo(
  clause: readonly string[],
  from: number,
  step: 1 | -1,
  between: ReadonlySet<string>,
  isThere: (at: number) => boolean,
): boolean {
  for (
    let at = from, steps = 0;
    at >= 0 && at < clause.length && steps <= mostBetween;
    at += step, steps += 1
  ) {
    if (isThere(at)) return true
    if (!between.has(clause[at] ?? '') && !(step === 1 && clause[at] === ',')) return false
  }
  return false
}

const beginsAt = (clause: readonly string[], at: number, old: readonly (readonly string[])[]) =>
  old.some((phrase) => phrase.every((word, n) => clause[at + n] === word))

const endsAt = (clause: readonly string[], at: number, old: readonly (readonly string[])[]) =>
  old.some((phrase) => phrase.every((word, n) => clause[at - phrase.length + 1 + n] === word))

const listsOf = once((cues: Words) => ({
  old: cues['long-standing'].map((phrase) => wordsIn(phrase)),
  between: new Set(cues['beside-a-sign']),
  fresh: new Set(cues['new-again']),
}))
