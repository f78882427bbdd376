/** What a card tells about the case: when the pain began, what was found, what was looked for, what is missing. */
import type { Content } from '../content/content.ts'
import type { Evidence, Facts, Known, Range } from '../content/known.ts'
import type { Rule } from '../content/schema.ts'
import { factsIn } from '../decide/conditions.ts'
import { compileAnswered } from './answered.ts'
import { markdownText } from './escape.ts'
import type { Headline } from './per-headline.ts'
import { compileTemplates, listOf, type Sentence } from './template.ts'

/** Evidence named for one finding before the rest is left to the chart. */
const mostEvidence = 3

export interface Story {
  onset: string | undefined
  days: number | undefined
  found: string | undefined
  notFound: string | undefined
  unchecked: string | undefined
  didNotCome: string | undefined
  answered: string | undefined
  differs: string | undefined
}

export type TellStory = (facts: Facts) => Story

/** A fact by the name that cards use. */
interface Named {
  fact: string
  noun: string
}

/** For each headline the facts that its story is about, worked out once. */
export function compileStory(content: Content): (headline: Headline) => TellStory {
  const { records } = content.phrases
  const say = compileTemplates(content.phrases.phrases)
  const wait = waitWeeksOf(content)
  const tellAnswers = compileAnswered(content)
  const named = (facts: readonly string[]): Named[] =>
    facts.flatMap((fact) => {
      const noun = content.facts[fact]?.noun
      return noun ? [{ fact, noun }] : []
    })

  return (headline) => {
    const own = named(factsIn(headline.when))
    const asked = lookedFor(headline, content.rules)
    const askedByName = named(asked)
    const redFlags = askedByName.filter(({ fact }) => content.facts[fact]?.['red-flag'])
    return (facts) => ({
      onset: onsetOf(facts),
      days: rangeOf(facts)?.low,
      found: phrase(
        say.found,
        own.flatMap((each) => holding(each, facts.get(each.fact))),
      ),
      notFound: phrase(
        say['not-found'],
        redFlags.flatMap(({ fact, noun }) => (isAbsent(facts.get(fact)) ? [noun] : [])),
      ),
      unchecked: phrase(
        say.unchecked,
        askedByName.flatMap(({ fact, noun }) => (isUnknown(facts.get(fact)) ? [noun] : [])),
      ),
      didNotCome: phrase(
        say['did-not-come'],
        unique(asked.flatMap((fact) => gapsBehind(facts.get(fact)))).map((type) => records[type] ?? type),
      ),
      ...tellAnswers(facts),
    })
  }

  function onsetOf(facts: Facts): string | undefined {
    const basis = facts.get('onset-basis')?.value
    const range = rangeOf(facts)
    if (basis === 'none') return say['onset-unknown']({})
    if (!range || typeof basis !== 'string') return undefined
    const [source] = facts.get('onset-days')?.evidence ?? []
    const what = source ? markdownText(source.what) : ''
    if (basis === 'term') return say['onset-term']({ what })
    if (range.high - range.low > 1 && Number.isFinite(range.high))
      return say['onset-imprecise']({ what, wait })
    const tell = basis === 'onset' ? say['onset-known'] : say['onset-recorded']
    return tell({ days: range.low, week: weekOf(range.low), date: dateOf(source), what, wait })
  }

  /** The name of a fact that holds, with its evidence. */
  function holding({ noun }: Named, known: Known | undefined): string[] {
    if (known?.value !== true) return []
    const evidence = listOf(unique(known.evidence.slice(0, mostEvidence).map(describe))).trim()
    return [evidence ? `${noun} (${evidence})` : noun]
  }

  function describe(evidence: Evidence): string {
    const what = markdownText(evidence.what)
    if (evidence.how === 'answer')
      return say[what === 'yes' ? 'answered-yes' : 'answered-no']({ at: markdownText(evidence.date ?? '') })
    const said =
      evidence.how === 'name'
        ? say['by-name']({ what })
        : evidence.how === 'words'
          ? say['in-words']({ what })
          : what
    return evidence.date ? say.dated({ what: said, date: dateOf(evidence) }) : said
  }
}

/** By the data; what a clinician answered is told apart. */
const isAbsent = (known: Known | undefined) => known?.value === false && known.evidence[0]?.how !== 'answer'

const isUnknown = (known: Known | undefined) => known !== undefined && known.value === undefined

const nothing: readonly string[] = []
const gapsBehind = (known: Known | undefined) => (known && known.value === undefined ? known.gaps : nothing)

export const waitWeeksOf = (content: Content) =>
  Math.round((content.parameters['imaging-wait-days']?.value ?? 0) / 7)

const weekOf = (days: number) => Math.floor(days / 7) + 1

/** The date part as written; anything else that came in its place is escaped like all text. */
const dateOf = (evidence: Evidence | undefined) => markdownText((evidence?.date ?? '').slice(0, 10))

function rangeOf(facts: Facts): Range | undefined {
  const value = facts.get('onset-days')?.value
  return typeof value === 'object' ? value : undefined
}

const phrase = (sentence: Sentence, items: readonly string[]) =>
  items.length > 0 ? sentence({ list: listOf(unique(items)) }) : undefined

const unique = (items: readonly string[]) => (items.length > 1 ? [...new Set(items)] : items)

/** Facts whose answer a headline rests on: those that could have quieted it, and gates, by name. */
const lookedFor = (headline: Headline, rules: readonly Rule[]) =>
  unique(rules.filter((rule) => couldQuiet(rule, headline)).flatMap((rule) => factsIn(rule.when)))

function couldQuiet(rule: Rule, headline: Headline): boolean {
  if (rule === headline) return false
  if (!rule.on.some((kind) => headline.on.includes(kind))) return false
  // What could not be checked is told for the advice that was held back, which is the "not now" kind.
  const topics =
    headline.topic === 'not-checked' ? (['not-now', 'opioid-first'] as const) : ([headline.topic] as const)
  if (rule.role === 'gate') return headline.stance === 'discourages' || headline.topic === 'not-checked'
  return (
    (rule.role === 'silencer' || rule.role === 'headline') &&
    topics.some((topic) => rule.silences.includes(topic))
  )
}
