/** What a card tells about the case: when the pain began, what was found, what was looked for, what is missing. */
import type { Content } from '../content/content.ts'
import type { Evidence, Facts, Known, Range } from '../content/known.ts'
import type { Rule, RuleOf } from '../content/schema.ts'
import { factsIn } from '../decide/conditions.ts'
import type { Decision } from '../decide/decide.ts'
import { compileAnswered } from './answered.ts'
import { markdownText } from './escape.ts'
import { fill, listOf } from './template.ts'

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

export type TellStory = (headline: RuleOf<'headline'>, decision: Decision) => Story

export function compileStory(content: Content): TellStory {
  const { phrases, records } = content.phrases
  const waitWeeks = waitWeeksOf(content)
  const lookedFor = compileLookedFor(content)
  const tellAnswers = compileAnswered(content)

  return (headline, decision) => {
    const { facts } = decision
    const asked = lookedFor(headline)
    const own = factsIn(headline.when).flatMap((fact) => nounOf(content, fact, facts, true))
    const missing = asked.flatMap((fact) => nounOf(content, fact, facts, false))
    const gaps = unique(
      asked.flatMap((fact) => (facts.get(fact)?.value === undefined ? (facts.get(fact)?.gaps ?? []) : [])),
    )
    return {
      onset: onsetOf(facts),
      days: rangeOf(facts)?.low,
      found: own.length > 0 ? fill(phrases.found, { list: listOf(unique(own)) }) : undefined,
      notFound: phrase(phrases['not-found'], unique(absentNouns(asked, facts))),
      unchecked: phrase(phrases.unchecked, unique(missing)),
      didNotCome: phrase(
        phrases['did-not-come'],
        gaps.map((type) => records[type] ?? type),
      ),
      ...tellAnswers(facts),
    }
  }

  function onsetOf(facts: Facts): string | undefined {
    const basis = facts.get('onset-basis')?.value
    const known = facts.get('onset-days')
    const [source] = known?.evidence ?? []
    const what = source ? markdownText(source.what) : ''
    const range = rangeOf(facts)
    if (basis === 'none') return phrases['onset-unknown']
    if (!range || typeof basis !== 'string') return undefined
    if (basis === 'term') return fill(phrases['onset-term'], { what })
    if (range.high - range.low > 1 && Number.isFinite(range.high))
      return fill(phrases['onset-imprecise'], { what, wait: waitWeeks })
    const template = basis === 'onset' ? phrases['onset-known'] : phrases['onset-recorded']
    return fill(template, {
      days: range.low,
      week: weekOf(range.low),
      date: dateOf(source),
      what,
      wait: waitWeeks,
    })
  }

  function absentNouns(asked: readonly string[], facts: Facts): string[] {
    return asked.flatMap((fact) => {
      const declared = content.facts[fact]
      const known = facts.get(fact)
      const isAbsent = known?.value === false && known.evidence[0]?.how !== 'answer'
      return declared?.['red-flag'] && isAbsent ? (declared.noun ?? []) : []
    })
  }

  /** The name of a fact that holds (with its evidence), or that nobody can tell. */
  function nounOf(from: Content, fact: string, facts: Facts, holding: boolean): string[] {
    const noun = from.facts[fact]?.noun
    const known = facts.get(fact)
    if (!noun || !known) return []
    if (!holding) return known.value === undefined ? [noun] : []
    if (known.value !== true) return []
    const evidence = describeAll(known)
    return [evidence ? `${noun} (${evidence})` : noun]
  }

  function describeAll(known: Known): string {
    return listOf(unique(known.evidence.slice(0, mostEvidence).map(describe))).trim()
  }

  function describe(evidence: Evidence): string {
    const what = markdownText(evidence.what)
    if (evidence.how === 'answer')
      return fill(what === 'yes' ? phrases['answered-yes'] : phrases['answered-no'], {
        at: markdownText(evidence.date ?? ''),
      })
    const said =
      evidence.how === 'name'
        ? fill(phrases['by-name'], { what })
        : evidence.how === 'words'
          ? fill(phrases['in-words'], { what })
          : what
    return evidence.date ? fill(phrases.dated, { what: said, date: dateOf(evidence) }) : said
  }
}

export const waitWeeksOf = (content: Content) =>
  Math.round((content.parameters['imaging-wait-days']?.value ?? 0) / 7)

const weekOf = (days: number) => Math.floor(days / 7) + 1

/** The date part as written; anything else that came in its place is escaped like all text. */
const dateOf = (evidence: Evidence | undefined) => markdownText((evidence?.date ?? '').slice(0, 10))

function rangeOf(facts: Facts): Range | undefined {
  const value = facts.get('onset-days')?.value
  return typeof value === 'object' ? value : undefined
}

const phrase = (template: string, items: readonly string[]) =>
  items.length > 0 ? fill(template, { list: listOf(items) }) : undefined

const unique = (items: readonly string[]) => [...new Set(items)]

/** Facts whose answer a headline rests on: those that could have quieted it, and gates, by name. */
function compileLookedFor(content: Content): (headline: RuleOf<'headline'>) => readonly string[] {
  const memo = new Map<string, readonly string[]>()
  return (headline) => {
    const known = memo.get(headline.id)
    if (known) return known
    const facts = unique(
      content.rules.filter((rule) => couldQuiet(rule, headline)).flatMap((rule) => factsIn(rule.when)),
    )
    memo.set(headline.id, facts)
    return facts
  }
}

function couldQuiet(rule: Rule, headline: RuleOf<'headline'>): boolean {
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
