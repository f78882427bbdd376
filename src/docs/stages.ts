/** In which order the rules of one kind of order are heard, worked out from what quiets what. */
import type { Rule, RuleOf, Topic } from '../content/schema.ts'

export type Headline = RuleOf<'headline'>
export type Silencer = RuleOf<'silencer'>
export type Stage =
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
