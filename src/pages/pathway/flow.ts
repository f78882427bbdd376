/** The pathway as steps of a flow chart: what is asked, of which rules, and what comes of a yes. Drawn, and listed. */
import type { Content } from '../../content/content.ts'
import { type Indicator, indicators, type Rule, type Subject } from '../../content/schema.ts'
import { listed } from '../../docs/markdown.ts'
import { type Headline, type Stage, stagesOf } from '../../docs/stages.ts'
import { subjectStarts, topicNames, topicQuestions } from '../../docs/words.ts'

export interface Outcome {
  /** When it comes, where the question alone does not say it. */
  when?: string
  says: string
  indicator: Indicator | 'none'
  /** A card of one rule. */
  rule?: Rule
}

export interface Step {
  name: string
  question: string
  /** Rules that answer yes. */
  asks: readonly Rule[]
  /** What a yes shows. */
  outcomes: readonly Outcome[]
  /** The step that comes after a yes that shows nothing: `end` is the last. */
  skipsTo?: string
  /** How the way down is labelled. */
  onward: string
}

export interface Flow {
  subject: Subject
  start: string
  steps: readonly Step[]
  end: Outcome
}

export type Sayable = (rule: Rule) => string

const nothing: Outcome = { says: 'No card', indicator: 'none' }
export const end = 'end'

export function flowOf(
  subject: Subject,
  { rules, cards }: Pick<Content, 'rules' | 'cards'>,
  when: Sayable,
): Flow {
  const own = rules.filter((rule) => rule.on.includes(subject))
  const stages = stagesOf(own)
  const safety = own.filter((rule) => rule.role === 'headline').filter(({ topic }) => topic === 'safety')
  return {
    subject,
    start: subjectStarts[subject],
    steps: [
      gates(own.filter(({ role }) => role === 'gate')),
      ...(safety.length > 0 ? [{ ...loud('safety', safety), onward: 'either way' }] : []),
      ...stages.map((stage, at) => step(stage, stages.slice(at + 1))),
    ],
    end: nothing,
  }

  function step(stage: Stage, rest: readonly Stage[]): Step {
    if (stage.topic === undefined) return quiet(stage, rest)
    if (stage.rules.some(({ stance }) => stance === 'warns')) return loud(stage.name, stage.rules)
    return advice(stage.name, stage.rules)
  }

  /** Cards that need the whole chart are the heart of the pathway: each is drawn with its condition. */
  function advice(name: string, headlines: readonly Headline[]): Step {
    const outcomes = headlines.map((rule) => ({
      when: when(rule),
      says: cards[rule.id]?.summary ?? rule.title,
      indicator: rule.indicator,
      rule,
    }))
    return { name, question: questionOf(headlines), asks: [], outcomes, onward: 'no' }
  }
}

const gates = (asks: readonly Rule[]): Step => ({
  name: 'gates',
  question: 'Does the pathway stay out of it?',
  asks,
  outcomes: [nothing],
  onward: 'no',
})

function loud(name: string, headlines: readonly Headline[]): Step {
  const found = [...indicators].reverse().filter((each) => headlines.some((rule) => rule.indicator === each))
  const [first] = headlines
  const about = first ? topicNames[first.topic] : name
  return {
    name,
    question: questionOf(headlines),
    asks: headlines,
    outcomes: [{ says: `Card about ${about}: ${listed(found, 'or')}`, indicator: found[0] ?? 'none' }],
    onward: 'no',
  }
}

/** A silencer leads past the topics that it quiets. */
function quiet({ name, rules }: Extract<Stage, { topic: undefined }>, rest: readonly Stage[]): Step {
  const heard = rest.find(
    ({ topic }) => topic !== undefined && rules.some((rule) => !rule.silences.includes(topic)),
  )
  return {
    name,
    question: 'Is there a reason to stay quiet?',
    asks: rules,
    outcomes: [],
    skipsTo: heard?.name ?? end,
    onward: 'no',
  }
}

const questionOf = ([first]: readonly Headline[]) => (first ? topicQuestions[first.topic] : '')
