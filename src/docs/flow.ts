/** The pathway as steps of a flow chart: what is asked, of which rules, and what comes of a yes. Drawn, and listed. */
import type { Content } from '../pathway/content.ts'
import {
  type Indicator,
  indicators,
  type Rule,
  type RuleOf,
  type Subject,
  type Topic,
  type Topics,
} from '../pathway/schema.ts'
import { anchors, capital, listed, quoted } from './markdown.ts'
import { subjectStarts, topicName } from './words.ts'

/** Words in a box, without links of their own, and the place of the book where the box leads. */
export interface Boxed {
  says: string
  to?: string
}

export interface Outcome extends Boxed {
  /** When it comes, where the question alone does not say it. */
  when?: string
  indicator: Indicator | 'none'
}

export interface Step {
  name: string
  question: Boxed
  /** Rules that answer yes. */
  asks: readonly Boxed[]
  /** What a yes shows. */
  outcomes: readonly Outcome[]
  /** The step that comes after a yes that shows nothing: `end` is the last. */
  skipsTo?: string
  /** How the way down is labelled. */
  onward: string
}

export interface Flow {
  subject: Subject
  /** `flow-opioid`; the one in brief has a name of its own. */
  name: string
  start: string
  steps: readonly Step[]
  end: Outcome
}

const nothing: Outcome = { says: 'No card', indicator: 'none' }
export const end = 'end'

const flowName = (subject: Subject) => `flow-${subject}`

/** `when` tells a rule's condition without links: it stands in a box. */
export function flowOf(
  subject: Subject,
  { rules, cards, topics }: Pick<Content, 'rules' | 'cards' | 'topics'>,
  when: (rule: Rule) => string,
): Flow {
  const own = rules.filter((rule) => rule.on.includes(subject))
  const stages = stagesOf(own, Object.keys(topics))
  const safety = own.filter((rule) => rule.role === 'headline').filter(({ heard }) => heard === 'beside')
  return {
    subject,
    name: flowName(subject),
    start: subjectStarts[subject],
    steps: [
      gates(own.filter(({ role }) => role === 'gate')),
      ...(safety.length > 0 ? [{ ...loud('safety', safety, topics), onward: 'either way' }] : []),
      ...stages.map((stage, at) => step(stage, stages.slice(at + 1))),
    ],
    end: nothing,
  }

  function step(stage: Stage, rest: readonly Stage[]): Step {
    if (stage.topic === undefined) return quiet(stage, rest)
    if (stage.rules.some(({ stance }) => stance === 'warns')) return loud(stage.name, stage.rules, topics)
    return advice(stage.name, stage.rules)
  }

  /** Cards that need the whole chart are the heart of the pathway: each is drawn with its condition. */
  function advice(name: string, headlines: readonly Headline[]): Step {
    const outcomes = headlines.map((rule) => ({
      when: when(rule).replace(/\.$/, ''),
      says: `${rule.code} ${capital(rule.indicator)}: ${quoted(cards[rule.id]?.summary ?? rule.title)}`,
      indicator: rule.indicator,
      to: anchors.rule(rule.code),
    }))
    return { name, question: { says: questionOf(headlines, topics) }, asks: [], outcomes, onward: 'no' }
  }
}

/** The same on one screen: questions and what a yes shows, each box leading to the whole chart or to its cards. */
export function inBrief(flow: Flow, topicOf: (step: string) => string | undefined): Flow {
  return {
    ...flow,
    name: `brief-${flow.subject}`,
    steps: flow.steps.map((step) => {
      const kinds = indicators.filter((each) => step.outcomes.some(({ indicator }) => indicator === each))
      const found = [...kinds].reverse()
      const to = topicOf(step.name)
      const shown: Outcome[] =
        found[0] === undefined
          ? step.outcomes.map(({ says, indicator }) => ({ says, indicator }))
          : [{ says: `Card: ${briefly(step, found)}`, indicator: found[0], ...(to ? { to } : {}) }]
      return { ...step, question: { ...step.question, to: flow.name }, asks: [], outcomes: shown }
    }),
  }
}

/** A loud step names its indicators in its one outcome already. */
const briefly = ({ asks, outcomes }: Step, found: readonly Indicator[]): string =>
  asks.length > 0 ? (outcomes[0]?.says ?? '').replace(/^[^:]*: /, '') : listed(found, 'or')

const gates = (asks: readonly Rule[]): Step => ({
  name: 'gates',
  question: { says: 'Does the pathway stay out of it?' },
  asks: asks.map(asked),
  outcomes: [nothing],
  onward: 'no',
})

const asked = ({ code, title }: Rule): Boxed => ({ says: `${code} ${title}`, to: anchors.rule(code) })

function loud(name: string, headlines: readonly Headline[], topics: Topics): Step {
  const found = [...indicators].reverse().filter((each) => headlines.some((rule) => rule.indicator === each))
  const [first] = headlines
  const about = first ? topicName(topics, first.topic) : name
  return {
    name,
    question: { says: questionOf(headlines, topics) },
    asks: headlines.map(asked),
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
    question: { says: 'Is there a reason to stay quiet?' },
    asks: rules.map(asked),
    outcomes: [],
    skipsTo: heard?.name ?? end,
    onward: 'no',
  }
}

function questionOf([first]: readonly Headline[], topics: Topics): string {
  const topic = first && topics[first.topic]
  return topic?.role === 'headline' ? topic.asks : ''
}

type Headline = RuleOf<'headline'>
type Silencer = RuleOf<'silencer'>
type Stage =
  | { name: string; topic: Topic; rules: readonly Headline[] }
  | { name: string; topic: undefined; rules: readonly Silencer[] }

/**
 * A topic that quiets another comes before it; a silencer comes just before the first topic that it quiets. What is heard
 * beside everything else, or after it, is no stage.
 */
export function stagesOf(rules: readonly Rule[], topics: readonly Topic[]): Stage[] {
  const headlines = rules
    .filter((rule) => rule.role === 'headline')
    .filter(({ heard }) => heard === 'in-turn')
  let silencers = rules.filter((rule) => rule.role === 'silencer')
  return orderOf(headlines, topics).flatMap((topic): Stage[] => {
    const before = silencers.filter((rule) => rule.silences.includes(topic))
    silencers = silencers.filter((rule) => !before.includes(rule))
    return [
      ...(before.length > 0 ? [{ name: `before-${topic}`, topic: undefined, rules: before }] : []),
      { name: topic, topic, rules: headlines.filter((rule) => rule.topic === topic) },
    ]
  })
}

function orderOf(headlines: readonly Headline[], topics: readonly Topic[]): Topic[] {
  const quiets = (one: Topic, other: Topic) =>
    one !== other && headlines.some((rule) => rule.topic === one && rule.silences.includes(other))
  const waiting = topics.filter((topic) => headlines.some((rule) => rule.topic === topic))
  const order: Topic[] = []
  while (waiting.length > 0) {
    // Two topics that quiet each other go in the order of `topics.yaml`.
    const next = waiting.find((topic) => !waiting.some((other) => quiets(other, topic))) ?? waiting[0]
    if (next === undefined) break
    waiting.splice(waiting.indexOf(next), 1)
    order.push(next)
  }
  return order
}
