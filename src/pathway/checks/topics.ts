/** Topics: what is quieted or ridden on is what cards are about, and no topic is without rules. */
import type { Draft } from '../draft.ts'
import { type Problems, unknownName } from '../problems.ts'
import { valueAt } from '../unions.ts'
import { leavesOf } from './walk.ts'

export function checkTopics({ topics: { file, value }, rules, overrideReasons }: Draft, problems: Problems) {
  if (!file || !value) return
  const spoken = Object.entries(value.topics).flatMap(([name, { role }]) =>
    role === 'headline' ? [name] : [],
  )
  const known = (name: string) => spoken.includes(name)
  const add = (place: Parameters<Problems['add']>[0], name: string) =>
    problems.add(place, unknownName('topic of cards', name, spoken))

  const areAllKnown = rules.complete && rules.entries.length === rules.names.size
  for (const [name, topic] of Object.entries(value.topics)) {
    if (areAllKnown && !rules.entries.some(({ value: rule }) => 'topic' in rule && rule.topic === name))
      problems.add(file.place(['topics', name]), `no rule is of the topic "${name}": leave it out`)
    if (topic.role === 'gate') continue
    for (const { value: quieted, path } of leavesOf(topic.silences))
      if (!known(String(quieted))) add(file.place(['topics', name, 'silences', ...path]), String(quieted))
    if (
      topic.role === 'headline' &&
      typeof topic.priority === 'object' &&
      topic.priority.from >= topic.priority.to
    )
      problems.add(
        file.place(['topics', name, 'priority']),
        '"from" must be below "to"; where there is one number, write that alone',
      )
  }
  for (const { value: rule, raw, place } of rules.entries) {
    // What a rule has from its topic is told there.
    const own = 'silences' in rule && valueAt(raw, ['silences']) !== undefined ? rule.silences : []
    const named = { silences: own, 'rides-on': rule.role === 'line' ? rule['rides-on'] : [] }
    for (const [key, list] of Object.entries(named))
      for (const [at, name] of list.entries()) if (!known(name)) add(place(key, at), name)
  }
  for (const [at, { topics }] of (overrideReasons.value?.families ?? []).entries())
    for (const [index, name] of topics.entries())
      if (overrideReasons.file && !known(name))
        add(overrideReasons.file.place(['families', at, 'topics', index]), name)
}
