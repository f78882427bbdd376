/** Topics: what rules are about together, and what is the same for all rules of one. */
import { z } from 'zod'
import { sentence, slug, subjects } from '../../grammar.ts'

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

export const topicDeclaration = z.discriminatedUnion('role', [gates, silencers, headlines])
export type TopicDeclaration = z.infer<typeof topicDeclaration>
export type HeadlineTopic = Extract<TopicDeclaration, { role: 'headline' }>
/** In the order in which rules of one kind of order are heard, as far as none quiets the other. */
export const topicsFile = z.strictObject({ about: sentence, topics: z.record(slug, topicDeclaration) })
export type Topics = z.infer<typeof topicsFile>['topics']

/** Of which a card that is heard last says what could not be checked. */
export const toldInDoubt = (topics: Topics): Topic[] =>
  Object.entries(topics).flatMap(([name, topic]) =>
    topic.role === 'headline' && topic['if-unknown'] === 'say-so' ? [name] : [],
  )
