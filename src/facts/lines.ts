/**
 * Notes come with lines of some eighty characters, broken wherever a sentence has filled one: "… saddle anesthesia,⏎bowel …".
 * Others put each thing on a line of its own, without a mark at its end. Where nobody can tell, a text is read both ways.
 */
import { wordSet } from './cue-phrases.ts'
import type { Cues } from './cues.ts'

type LineCues = Pick<Cues, 'joins' | 'never-last' | 'negations'>

/** Lines joined that surely are one sentence: after a comma or "with", before "or". */
export const joined = (text: string, cues: LineCues) =>
  text.includes('\n') ? join(text, (last, next) => isSure(last, next, cues)) : text

/** The text as if long lines went on, too; undefined where none may. */
export function joinedPerhaps(text: string, cues: LineCues): string | undefined {
  if (!text.includes('\n')) return undefined
  let mayGoOn = false
  const whole = join(text, (last, next) => {
    if (isSure(last, next, cues)) return true
    const goesOn = isPerhaps(last, next)
    mayGoOn ||= goesOn
    return goesOn
  })
  return mayGoOn ? whole : undefined
}

function isSure(last: string, next: string, cues: LineCues): boolean {
  if (!/^\p{L}/u.test(next)) return false
  if (last.endsWith(',') && /^\p{Ll}/u.test(next)) return true
  const word = lastWord(last)
  // "… injection drugs. No⏎immunosuppression": a sentence that has begun; "trauma: no" is one that ended.
  const begins = wordSet(cues.negations).has(word) && /[.;]$/.test(last.slice(0, -word.length).trimEnd())
  return begins || wordSet(cues['never-last']).has(word) || wordSet(cues.joins).has(firstWord(next))
}

const isPerhaps = (last: string, next: string) =>
  last.endsWith(',')
    ? /^\p{Lu}/u.test(next)
    : last.length >= wrappedFrom && /[^.;:!?]$/.test(last) && /^\p{Ll}/u.test(next)

/** DESIGN: characters of a line that may have been broken for its length; shorter ones are lines of a list. */
const wrappedFrom = 50

const firstWord = (line: string) =>
  line
    .slice(0, longestWord)
    .split(/[^\p{L}]/u, 1)[0]
    ?.toLowerCase() ?? ''
const lastWord = (line: string) => line.slice(-longestWord).split(/\s/).at(-1)?.toLowerCase() ?? ''
const longestWord = 20

function join(text: string, goesOn: (last: string, next: string) => boolean): string {
  let last = ''
  return text
    .split('\n')
    .map((line, at) => {
      const written = line.trim()
      const isNext = at > 0 && last !== '' && goesOn(last, written)
      last = written
      return at === 0 ? line : `${isNext ? ' ' : '\n'}${line}`
    })
    .join('')
}
