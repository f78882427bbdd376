/** A card's sentences: those of the content with `{{names}}` in them, days as people say them, and a card's own text. */
import type { Content } from '../pathway/content.ts'
import type { Range } from '../pathway/known.ts'
import { countWords, sentencesOf } from './words.ts'

// A sentence of the content with `{{names}}` in it, cut once at start. A name without a value is left out.

type Values = Readonly<Record<string, string | number | undefined>>
type Sentence = (values: Values) => string

export function compileTemplate(text: string): Sentence {
  const [start = '', ...rest] = text.split(/\{\{([a-z-]+)\}\}/)
  const gaps = rest.flatMap((name, at) => (at % 2 === 0 ? [{ name, after: rest[at + 1] ?? '' }] : []))
  return (values) => {
    let said = start
    for (const { name, after } of gaps) said += (values[name] ?? '') + after
    return said
  }
}

export function compileTemplates<Name extends string>(
  texts: Readonly<Record<Name, string>>,
): Readonly<Record<Name, Sentence>> {
  const entries = Object.entries<string>(texts).map(([name, text]) => [name, compileTemplate(text)])
  return Object.fromEntries(entries) as Record<Name, Sentence>
}

// Days as people say them: "9 days", "3 weeks", "over 2 months", "more than a year", "6 to 7 years".

type SayDuration = (range: Range) => string

const week = 7
const year = 365.25
const month = year / 12
/** Below these days it is said in days, weeks and months; from there on in years. */
const until = { days: 2 * week, weeks: 20 * week, months: 365 }

export function compileDurations({ phrases: { phrases } }: Content): SayDuration {
  const say = compileTemplates(phrases)

  return ({ low, high }) => {
    if (high === Number.POSITIVE_INFINITY)
      return low > 0 ? say['at-least']({ for: told(low, false) }) : say['not-dated']({})
    // Midnight elsewhere makes one day two.
    if (high - low <= 1) return told(low, true)
    return low === 0 ? say['less-than']({ for: told(high + 1, false) }) : between(low, high)
  }

  /** `exactly`: a week and some days is over a week. */
  function told(days: number, exactly: boolean): string {
    if (days >= until.months) return say['over-a-year']({})
    if (days < until.days) return counted('day', days)
    const [unit, size] = days < until.weeks ? (['week', week] as const) : (['month', month] as const)
    const whole = Math.floor(days / size)
    const isWhole = unit === 'week' && days % week === 0
    return exactly && !isWhole ? say.over({ for: counted(unit, whole) }) : counted(unit, whole)
  }

  function between(low: number, high: number): string {
    if (low >= year && high >= 2 * year) {
      const [from, to] = [Math.round(low / year), Math.round(high / year)]
      return from === to ? say['about-years']({ count: to }) : say['about-from-to-years']({ from, to })
    }
    const [unit, size] =
      high < until.days
        ? (['day', 1] as const)
        : high < until.months
          ? (['week', week] as const)
          : (['month', month] as const)
    const [from, to] = [Math.floor(low / size), Math.ceil(high / size)]
    return from === to ? counted(unit, to) : say['from-to']({ from, to: counted(unit, to) })
  }

  function counted(unit: 'day' | 'week' | 'month', count: number): string {
    return count === 1 ? say[`one-${unit}`]({}) : say[`${unit}s`]({ count })
  }
}

// A card's own text as it was written: what was found and what to do, then what else is worth a line.

export interface Written {
  /** Sentences of the first paragraph, each with the placeholders that it needs. */
  lead: readonly Piece[]
  bullets: readonly Piece[]
}

export interface Piece {
  say: Sentence
  needs: readonly string[]
  /** Words beside what the placeholders bring. */
  words: number
  /** A line that begins with **Ask**: red flags to ask about are named in one line of a card. */
  asks: boolean
  /** A line that begins with **ED**: what is an emergency is told whatever else there is to tell. */
  warns: boolean
}

export function readBody(markdown: string): Written {
  const blocks = markdown
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter(Boolean)
  const paragraphs = blocks.filter((block) => !block.startsWith('- '))
  const bullets = blocks
    .filter((block) => block.startsWith('- '))
    .flatMap((block) => block.split(/\n(?=- )/))
    .map((item) =>
      item
        .slice(2)
        .split('\n')
        .map((line) => line.trim())
        .join(' '),
    )
  return { lead: paragraphs.slice(0, 1).flatMap(sentencesOf).map(pieceOf), bullets: bullets.map(pieceOf) }
}

export function pieceOf(text: string): Piece {
  const needs = [...text.matchAll(/\{\{([a-z-]+)\}\}/g)].map(([, name = '']) => name)
  return {
    say: compileTemplate(text),
    needs,
    asks: text.startsWith('**Ask'),
    warns: text.startsWith('**ED'),
    words: countWords(text.replace(/\{\{[a-z-]+\}\}/g, ' ')),
  }
}

/** Undefined where something that it needs is not there: half a sentence is none. */
export function said({ say, needs }: Piece, values: Values): string | undefined {
  return needs.every((name) => values[name] !== undefined) ? say(values) : undefined
}
