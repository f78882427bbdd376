/** In which order the rules of one kind of order are heard, worked out from what quiets what. */
import { type Rule, type RuleOf, type Topic, topics } from '../content/schema.ts'

export type Headline = RuleOf<'headline'>
export type Silencer = RuleOf<'silencer'>
export type Stage =
  | { name: string; topic: Topic; rules: readonly Headline[] }
  | { name: string; topic: undefined; rules: readonly Silencer[] }

/** Heard beside everything else, or after it: no stage of their own. */
const apart: readonly Topic[] = ['safety', 'not-checked']

/** A topic that quiets another comes before it; a silencer comes just before the first topic that it quiets. */
export function stagesOf(rules: readonly Rule[]): Stage[] {
  const headlines = rules.filter((rule) => rule.role === 'headline')
  let silencers = rules.filter((rule) => rule.role === 'silencer')
  return orderOf(headlines).flatMap((topic): Stage[] => {
    const before = silencers.filter((rule) => rule.silences.includes(topic))
    silencers = silencers.filter((rule) => !before.includes(rule))
    return [
      ...(before.length > 0 ? [{ name: `before-${topic}`, topic: undefined, rules: before }] : []),
      { name: topic, topic, rules: headlines.filter((rule) => rule.topic === topic) },
    ]
  })
}

function orderOf(headlines: readonly Headline[]): Topic[] {
  const quiets = (one: Topic, other: Topic) =>
    one !== other && headlines.some((rule) => rule.topic === one && rule.silences.includes(other))
  const waiting = topics.filter(
    (topic) => !apart.includes(topic) && headlines.some((rule) => rule.topic === topic),
  )
  const order: Topic[] = []
  while (waiting.length > 0) {
    // Two topics that quiet each other go in the order of the language.
    const next = waiting.find((topic) => !waiting.some((other) => quiets(other, topic))) ?? waiting[0]
    if (next === undefined) break
    waiting.splice(waiting.indexOf(next), 1)
    order.push(next)
  }
  return order
}
