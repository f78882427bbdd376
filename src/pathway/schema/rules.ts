/** Rules: gates, silencers, markers, headlines, lines and offers, each asking facts and citing its source. */
import { z } from 'zod'
import { indicators, ruleCode, sentence, slug, sourceId, subject, subjects, when } from '../../grammar.ts'
import { unknownName } from '../problems.ts'

// Topics: what rules are about together, and what is the same for all rules of one.

/** A name of `topics.yaml`. */
export type Topic = z.infer<typeof slug>

/** Rules quiet whole topics, never single rules. By what is judged, where it differs. */
const silences = z.union([
  z.array(slug),
  z.strictObject(Object.fromEntries(subjects.map((each) => [each, z.array(slug).optional()]))),
])

const gates = z.strictObject({
  role: z.literal('gate'),
  means: sentence,
  /** An unknown gate either stops the pathway, or lets urgent advice through and holds the rest back. */
  'if-unknown': z.enum(['stop', 'hold-back']),
  /** Cards of these topics speak though it holds, or cannot be told. */
  'lets-speak': z.array(slug).default([]),
})
const silencers = z.strictObject({ role: z.literal('silencer'), means: sentence, silences })
const headlines = z.strictObject({
  role: z.literal('headline'),
  means: sentence,
  /** As in "cards about …". */
  name: z.string().min(3),
  /** What a chart of the pathway asks before a card of this topic. */
  asks: z.string().endsWith('?'),
  /**
   * `in-turn`: the rule of the lowest priority gives the card of an order, others ride on it. `beside`: a card of its
   * own, beside whatever else is said. `last`: only where advice was held back and nothing else speaks.
   */
  heard: z.enum(['in-turn', 'beside', 'last']).default('in-turn'),
  /** Between which numbers the priorities of its rules lie; where it is one number, its rules say none. */
  priority: z.union([
    z.int().min(1).max(99),
    z.strictObject({ from: z.int().min(1).max(99), to: z.int().min(1).max(99) }),
  ]),
  /**
   * `discourages` speaks against an order and so needs a whole chart: any gate or silencer that cannot be
   * told holds it back. `warns` speaks on what it sees.
   */
  stance: z.enum(['discourages', 'warns']),
  /** When a rule cannot be told: stay silent, or let a card that is heard last say what could not be checked. */
  'if-unknown': z.enum(['silent', 'say-so']),
  /** Where one of its rules cannot be told, no other advice is given on a condition. */
  'forbids-conditions': z.boolean().default(false),
  /** Its cards lead to the pages for the patient. */
  handout: z.boolean().default(true),
  silences: silences.default([]),
})

const topicDeclaration = z.discriminatedUnion('role', [gates, silencers, headlines])
export type TopicDeclaration = z.infer<typeof topicDeclaration>
type HeadlineTopic = Extract<TopicDeclaration, { role: 'headline' }>
/** In the order in which rules of one kind of order are heard, as far as none quiets the other. */
export const topicsFile = z.strictObject({ about: sentence, topics: z.record(slug, topicDeclaration) })
export type Topics = z.infer<typeof topicsFile>['topics']

export const indicator = z.enum(indicators)
export type Indicator = z.infer<typeof indicator>

const ruleBase = {
  id: slug,
  /** The decision-table id without punctuation: `IM01`, `RF04a`. */
  code: ruleCode,
  title: sentence,
  on: z.array(subject).min(1),
  when,
  cites: z.array(sourceId).min(1),
  /** Strength of the recommendation in its source's own words. */
  strength: z.string(),
  /** Which text states it: `acr-2021`, `WHA-web`, `WHA?`, `DESIGN`. */
  'stated-by': z.string(),
  'not-encoded': z.array(sentence).optional(),
  note: sentence.optional(),
  status: z.union([
    z.literal('draft'),
    z.strictObject({ reviewed: z.strictObject({ by: sentence, on: z.string() }) }),
    z.strictObject({ retired: z.strictObject({ on: z.string(), why: sentence }) }),
  ]),
}

/** What a rule has from its topic, and says itself only where it differs. */
const topical = { topic: slug, 'unlike-its-topic': sentence.optional() }
const gateRule = z.strictObject({
  ...ruleBase,
  ...topical,
  role: z.literal('gate'),
  'if-unknown': z.enum(['stop', 'hold-back']),
  'lets-speak': z.array(slug),
})
const silencerRule = z.strictObject({
  ...ruleBase,
  ...topical,
  role: z.literal('silencer'),
  silences: z.array(slug).min(1),
})
const markerRule = z.strictObject({ ...ruleBase, role: z.literal('marker') })
const priority = z.int().min(1).max(99)
/** What is said on a card of its own; the rest of it comes from the topic. */
const said = {
  indicator,
  suggests: z
    .array(slug)
    .default([])
    .describe(
      'Keys of cards/orders.yaml, in the order in which a card offers them, after those that it recommends. Three at most are offered.',
    ),
  'wrong-when': z.array(sentence).min(1),
}
const headlineRule = z.strictObject({
  ...ruleBase,
  ...topical,
  ...said,
  role: z.literal('headline'),
  priority,
  stance: z.enum(['discourages', 'warns']),
  'if-unknown': z.enum(['silent', 'say-so']),
  silences: z.array(slug),
  heard: z.enum(['in-turn', 'beside', 'last']),
  'forbids-conditions': z.boolean(),
  handout: z.boolean(),
})
const lineRule = z.strictObject({
  ...ruleBase,
  role: z.literal('line'),
  priority,
  /** The topics whose headline this line may ride on. */
  'rides-on': z.array(slug).min(1),
  /** It names a danger of this patient, or a fault of this order: it comes before what a card says to everybody. */
  'of-this-patient': z.boolean().default(false),
  /** Suggestion keys that may be offered when this line holds. */
  offers: z.array(slug).default([]),
})
/** Says nothing: when something may be offered to this patient at all. */
const offerRule = z.strictObject({
  ...ruleBase,
  role: z.literal('offer'),
  /** Suggestion keys that may be offered when this rule holds. */
  offers: z.array(slug).min(1),
})
/** A rule with all that its topic says. */
const rule = z.discriminatedUnion('role', [
  gateRule,
  silencerRule,
  markerRule,
  headlineRule,
  lineRule,
  offerRule,
])
export type Rule = z.infer<typeof rule>
export type RuleOf<R extends Rule['role']> = Extract<Rule, { role: R }>

/** As it is written: what is the same for all rules of a topic stands in `topics.yaml`. */
const ofTopic = z.strictObject({
  ...ruleBase,
  ...topical,
  ...said,
  indicator: indicator.optional(),
  suggests: said.suggests.unwrap().optional(),
  'wrong-when': said['wrong-when'].optional(),
  priority: priority.optional().describe('Where its topic leaves a choice'),
  stance: headlineRule.shape.stance.optional(),
  'if-unknown': z.enum(['stop', 'hold-back', 'silent', 'say-so']).optional(),
  silences: z.array(slug).optional(),
  'unlike-its-topic': sentence
    .optional()
    .describe('Why stance, if-unknown or silences are not those of its topic'),
})
type OfTopic = z.infer<typeof ofTopic>
const writtenRule = z.union([ofTopic, markerRule, lineRule, offerRule])
export const rulesFile = z.strictObject({ about: sentence, rules: z.array(writtenRule).min(1) })

/** What a rule may say otherwise than its topic. */
const own = ['stance', 'if-unknown', 'silences'] as const

/** A written rule, completed by its topic. */
export function ruleIn(topics: Topics) {
  return writtenRule
    .transform((written, context): unknown => {
      if (!('topic' in written)) return written
      const amiss = (key: string, message: string) => {
        context.issues.push({ code: 'custom', path: [key], message, input: written })
        return z.NEVER
      }
      const topic = topics[written.topic]
      if (!topic) return amiss('topic', `is an ${unknownName('topic', written.topic, Object.keys(topics))}`)
      const given = { ...topic, silences: silencesOf(topic, written) }
      const unlike = own.filter((key) => written[key] !== undefined)
      for (const key of unlike) {
        if (key in topic && isSame(written[key], Reflect.get(given, key)))
          return amiss(key, `is what the topic "${written.topic}" says: leave it out`)
        if (written['unlike-its-topic'] === undefined)
          return amiss(
            key,
            `is not what the topic "${written.topic}" says: write why under "unlike-its-topic", or leave it out`,
          )
      }
      if (unlike.length === 0 && written['unlike-its-topic'] !== undefined)
        return amiss('unlike-its-topic', 'gives a reason for nothing: this rule says what its topic says')
      if (topic.role === 'gate') {
        const { role, 'if-unknown': unknown, 'lets-speak': letsSpeak } = topic
        return { role, 'if-unknown': unknown, 'lets-speak': letsSpeak, ...written }
      }
      if (topic.role === 'silencer') return { role: topic.role, silences: given.silences, ...written }
      const { role, stance, 'if-unknown': unknown, heard, handout } = topic
      const among = priorityIn(topic, written)
      if (typeof among === 'string') return amiss('priority', among)
      return {
        role,
        stance,
        'if-unknown': unknown,
        silences: given.silences,
        ...written,
        priority: among,
        heard,
        handout,
        'forbids-conditions': topic['forbids-conditions'],
      }
    })
    .pipe(rule)
}

/** Those of the orders that the rule is about. */
function silencesOf(topic: Topics[string], { on }: OfTopic): readonly string[] {
  if (topic.role === 'gate') return []
  const { silences } = topic
  if (Array.isArray(silences)) return silences
  return [...new Set(on.flatMap((each) => silences[each] ?? []))]
}

const isSame = (one: unknown, other: unknown) =>
  Array.isArray(one) && Array.isArray(other)
    ? one.length === other.length && one.every((each) => other.includes(each))
    : one === other

/** The priority, or what is wrong with it. */
function priorityIn({ priority }: HeadlineTopic, written: OfTopic): number | string {
  if (typeof priority === 'number')
    return written.priority === undefined
      ? priority
      : `is ${priority} for all rules of the topic "${written.topic}": leave it out`
  const { from, to } = priority
  if (written.priority === undefined) return 'is missing'
  return written.priority >= from && written.priority <= to
    ? written.priority
    : `must lie between ${from} and ${to}, as the topic "${written.topic}" says`
}

export const rulesFileIn = (topics: Topics) =>
  z.strictObject({ about: sentence, rules: z.array(ruleIn(topics)).min(1) })

/** Retired rules stay in their file for the record and are still checked, but never run. */
export const isRetired = ({ status }: Pick<Rule, 'status'>) =>
  typeof status === 'object' && 'retired' in status
