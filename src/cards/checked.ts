/** The last line of a card: how much was looked for, what could not be read or checked, and how strong the advice is. */

import { factsIn } from '../decide/conditions.ts'
import type { Content } from '../pathway/content.ts'
import type { Evidence, Facts, Known } from '../pathway/known.ts'
import { toldInDoubt } from '../pathway/of-rules.ts'
import type { Rule, Topics } from '../pathway/schema.ts'
import type { Headline } from './per-headline.ts'
import { compileTemplates } from './sentences.ts'
import { compileUnread } from './unread.ts'
import { listWithin } from './words.ts'

/** Words for what could not be checked, by name; the rest stands on the page that says why. */
const mostWordsUnchecked = 8

interface Closing {
  /** How much was looked for, and what could not be checked. */
  looked: string
  strength: string
}

type TellChecked = (facts: Facts) => Closing

interface Checked {
  /** Red flags and others that were asked about, by name. */
  absent: readonly string[]
  answeredNo: readonly string[]
  unchecked: readonly string[]
  present: readonly string[]
  /** Resource types that did not come whole. */
  missing: readonly string[]
  /** When answers were given. */
  at: string | undefined
  /** Entries of the record that nobody could read, and that might have answered. */
  unread: readonly Evidence[]
}

export function compileChecked(content: Content): (headline: Headline) => TellChecked {
  const { strengths } = content.phrases
  const say = compileTemplates(content.phrases.phrases)
  const checkedFor = compileLookedFor(content)
  const more = (list: string, left: number) => say['and-more']({ list, left })
  const tellUnread = compileUnread(content)
  const counted = (count: number, areOthersThere: boolean) => {
    const [one, many] = areOthersThere
      ? (['checked-other', 'checked-others'] as const)
      : (['checked-one', 'checked'] as const)
    return say[count === 1 ? one : many]({ count })
  }

  return (headline) => {
    const look = checkedFor(headline)
    // What warns speaks on what it sees, whatever else is or is not there.
    const restsOnAbsence = headline.stance === 'discourages'
    const strength = strengths[headline.strength] ?? headline.strength
    return (facts) => {
      const { absent, answeredNo, unchecked, present, unread, at = '' } = look(facts)
      const parts = [
        restsOnAbsence && absent.length > 0 && counted(absent.length, present.length > 0),
        answeredNo.length > 0 && say['checked-answered']({ count: answeredNo.length, at }),
        unchecked.length > 0 && say.unchecked({ list: listWithin(unchecked, mostWordsUnchecked, more) }),
      ].filter((part) => part !== false)
      const notRead = unread.length > 0 && say.unread({ list: tellUnread(unread) })
      // A card about a chart that did not come names what above, and counts only what came and could not be read.
      const told = headline.heard === 'last' ? [notRead] : [...parts, notRead]
      const looked = told.filter((part) => part !== false).join('; ')
      return {
        looked: looked && `${capital(looked)}.`,
        strength: say.strength({ strength: capital(strength) }),
      }
    }
  }
}

const capital = (text: string) => text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase())

/** For a headline: what its advice rests on. The card counts it, and the page that says why names it. */
export function compileLookedFor(content: Content): (headline: Headline) => (facts: Facts) => Checked {
  return (headline) => {
    const asked = lookedFor(headline, content)
    const named = asked.flatMap((fact) => {
      const { noun, 'red-flag': isFlag } = content.facts[fact] ?? {}
      return noun ? [{ fact, noun, isFlag: isFlag === true }] : []
    })
    return (facts) => {
      const [absent, answeredNo, unchecked, present] = [
        new Set<string>(),
        new Set<string>(),
        new Set<string>(),
        new Set<string>(),
      ]
      for (const { fact, noun, isFlag } of named) {
        const known = facts.get(fact)
        if (!known) continue
        if (known.value === undefined) unchecked.add(noun)
        else if (isFlag && known.value === true) present.add(noun)
        else if (isFlag && known.value === false) (isAnswered(known) ? answeredNo : absent).add(noun)
      }
      return {
        absent: [...absent],
        answeredNo: [...answeredNo],
        present: [...present],
        unchecked: [...unchecked],
        missing: [...new Set(asked.flatMap((fact) => gapsBehind(facts.get(fact))))],
        at: answeredAt(asked, facts),
        unread: unreadIn(asked, facts),
      }
    }
  }
}

function unreadIn(asked: readonly string[], facts: Facts): Evidence[] {
  const found = new Map<string, Evidence>()
  for (const fact of asked) {
    for (const each of facts.get(fact)?.evidence ?? [])
      if (each.how === 'not-read') found.set(each.reference, each)
  }
  return [...found.values()]
}

const isAnswered = ({ evidence: [first] }: Known) => first?.how === 'answer'

function answeredAt(asked: readonly string[], facts: Facts): string | undefined {
  for (const fact of asked) {
    const first = facts.get(fact)?.evidence[0]
    if (first?.how === 'answer' && first.date) return first.date
  }
  return undefined
}

const nothing: readonly string[] = []
const gapsBehind = (known: Known | undefined) => (known && known.value === undefined ? known.gaps : nothing)

/** Facts whose answer a headline rests on: those that could have quieted it, and gates, by name. */
const lookedFor = (headline: Headline, { rules, topics }: Content): string[] => [
  ...new Set(
    rules.filter((rule) => couldQuiet(rule, headline, topics)).flatMap((rule) => factsIn(rule.when)),
  ),
]

function couldQuiet(rule: Rule, headline: Headline, topics: Topics): boolean {
  if (rule === headline) return false
  if (!rule.on.some((kind) => headline.on.includes(kind))) return false
  const isLast = headline.heard === 'last'
  // What could not be checked is told for the advice that was held back.
  const advice = isLast ? toldInDoubt(topics) : [headline.topic]
  if (rule.role === 'gate') return headline.stance === 'discourages' || isLast
  return (
    (rule.role === 'silencer' || rule.role === 'headline') &&
    advice.some((topic) => rule.silences.includes(topic))
  )
}
