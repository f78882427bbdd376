/** Rules: gates, silencers, markers, headlines, lines and offers, each asking facts and citing its source. */
import { z } from 'zod'
import { ruleCode, sentence, slug, sourceId, subject, when } from './basics.ts'

export const indicators = ['info', 'warning', 'critical'] as const
export const indicator = z.enum(indicators)
export type Indicator = z.infer<typeof indicator>

/** What a headline is about. A silencer or a stronger headline quiets whole topics, never single rules. */
export const topics = [
  'emergency',
  'right-test',
  'xray-first',
  'ask',
  'not-now',
  'repeat',
  'opioid-first',
  'opioid-safety',
  'use-disorder',
  'care',
  'safety',
  'not-checked',
] as const
export const topic = z.enum(topics)
export type Topic = z.infer<typeof topic>

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

const gateRule = z.strictObject({
  ...ruleBase,
  role: z.literal('gate'),
  /** An unknown gate either stops the pathway, or lets urgent advice through and holds the rest back. */
  'if-unknown': z.enum(['stop', 'hold-back']),
})
const silencerRule = z.strictObject({
  ...ruleBase,
  role: z.literal('silencer'),
  silences: z.array(topic).min(1),
})
const markerRule = z.strictObject({ ...ruleBase, role: z.literal('marker') })
const headlineRule = z.strictObject({
  ...ruleBase,
  role: z.literal('headline'),
  topic,
  priority: z.int().min(1).max(99),
  indicator,
  /**
   * `discourages` speaks against an order and so needs a whole chart: any gate or silencer that cannot be
   * told holds it back. `warns` speaks on what it sees.
   */
  stance: z.enum(['discourages', 'warns']),
  /** When this rule cannot be told: stay silent, or let the card say what could not be checked. */
  'if-unknown': z.enum(['silent', 'say-so']),
  silences: z.array(topic).default([]),
  suggests: z
    .array(slug)
    .default([])
    .describe(
      'Keys of cards/orders.yaml, in the order in which a card offers them, after those that it recommends. Three at most are offered.',
    ),
  'wrong-when': z.array(sentence).min(1),
})
const lineRule = z.strictObject({
  ...ruleBase,
  role: z.literal('line'),
  priority: z.int().min(1).max(99),
  /** The topics whose headline this line may ride on. */
  'rides-on': z.array(topic).min(1),
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
export const rule = z.discriminatedUnion('role', [
  gateRule,
  silencerRule,
  markerRule,
  headlineRule,
  lineRule,
  offerRule,
])
export type Rule = z.infer<typeof rule>
export type RuleOf<R extends Rule['role']> = Extract<Rule, { role: R }>
export const rulesFile = z.strictObject({ about: sentence, rules: z.array(rule).min(1) })
