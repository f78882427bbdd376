/** What is cited is there, and nothing is declared for nobody: an unused number or fact is a rule that somebody forgot to write. */

import type { Entry } from '../catalog.ts'
import { type Draft, entryOf } from '../draft.ts'
import type { Path } from '../files.ts'
import { type Problems, unknownName } from '../problems.ts'
import { valueAt } from '../shape.ts'

// Finds things at any depth of a value, with the path at which they stand.

interface Found<T> {
  value: T
  path: Path
}

/** All texts, numbers and truth values below a value. */
function leavesOf(value: unknown, path: Path = []): Found<unknown>[] {
  if (Array.isArray(value)) return value.flatMap((each, at) => leavesOf(each, [...path, at]))
  if (typeof value !== 'object' || value === null) return [{ value, path }]
  return Object.entries(value).flatMap(([key, each]) => leavesOf(each, [...path, key]))
}

/** `$imaging-wait-days` wherever it is a whole value; the name is given without the dollar sign. */
export function parametersIn(value: unknown): Found<string>[] {
  return leavesOf(value).flatMap(({ value: leaf, path }) =>
    typeof leaf === 'string' && /^\$[a-z][a-z0-9-]*$/.test(leaf) ? [{ value: leaf.slice(1), path }] : [],
  )
}

const comparators = ['at-least', 'at-most', 'below']

/** Numbers that a comparison names directly. */
function bareNumbersIn(value: unknown): Found<number>[] {
  return leavesOf(value).flatMap(({ value: leaf, path }) =>
    typeof leaf === 'number' && comparators.includes(String(path.at(-1))) ? [{ value: leaf, path }] : [],
  )
}

/** Values of a key at any depth: all `cites` below a file. */
function valuesOf(value: unknown, key: string, path: Path = []): Found<unknown>[] {
  if (typeof value !== 'object' || value === null) return []
  const steps = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return steps.flatMap(([step, each]) =>
    step === key ? [{ value: each, path: [...path, step] }] : valuesOf(each, key, [...path, step]),
  )
}

// Clinical numbers are named parameters, and nothing else is a clinical number.

export function checkParameters(draft: Draft, problems: Problems) {
  const { parameters, facts, rules, offers, episode, medicines, words } = draft
  for (const { value, place } of [
    ...facts.entries,
    ...rules.entries,
    ...offers.entries,
    ...entryOf(episode),
    ...entryOf(medicines),
    ...entryOf(words),
    ...choicesOf(draft),
  ]) {
    for (const { value: name, path } of parametersIn(value)) {
      if (parameters.lacks(name))
        problems.add(place(...path), unknownName('parameter', name, parameters.names))
    }
    for (const { value: number, path } of bareNumbersIn(value)) {
      problems.add(
        place(...path),
        `"${String(path.at(-1))}: ${number}" is a bare number: write it as a named parameter with its source in pathway.yaml`,
      )
    }
  }
  for (const { name, value, place } of parameters.entries) {
    const { bounds } = value
    if (bounds && (value.value < bounds['at-least'] || value.value > bounds['at-most'])) {
      problems.add(
        place('value'),
        `parameter "${name}" is outside its own bounds: mend its value or its bounds`,
      )
    }
  }
}

/** Who is given which page: the rest of that file holds no condition. */
function choicesOf({ handouts }: Draft) {
  const { file, value } = handouts ?? {}
  if (!file || !value) return []
  return [{ value: value.choices, place: (...path: Path) => file.place(['choices', ...path]) }]
}

/** Topics: what is quieted or ridden on is what cards are about, and no topic is without rules. */
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
    if (topic.role === 'gate') {
      for (const [at, heard] of topic['lets-speak'].entries())
        if (!known(heard)) add(file.place(['topics', name, 'lets-speak', at]), heard)
      continue
    }
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

/** Looks at what was written, right or wrong in shape, so that one mistake does not bring others with it. */
export function checkUses(draft: Draft, problems: Problems) {
  const { parameters, facts, rules, offers, episode, medicines, words, handouts } = draft
  if (!facts.complete || !rules.complete || !offers.complete || !episode.file) return
  if (!medicines.file || !words.file) return
  if (handouts && !handouts.file) return
  const choices = Object.values(valueAt(handouts?.file?.value, ['choices']) ?? {}).flat()
  const readers = [
    ...facts.raw,
    ...rules.raw,
    ...offers.raw,
    episode.file.value,
    medicines.file.value,
    words.file.value,
    ...choices,
  ]
  const usedParameters = new Set(readers.flatMap(parametersIn).map(({ value }) => value))
  for (const { name, place } of parameters.entries) {
    if (!usedParameters.has(name)) {
      problems.add(place(), `parameter "${name}" is never used: use it as $${name}, or delete it`)
    }
  }
  const conditions = readers.flatMap((raw) =>
    ['when', 'recommended-when', 'only-when', 'safe-when'].map((key) => valueAt(raw, [key])),
  )
  const parts = facts.raw.flatMap((raw) =>
    ['any-of', 'all-of', 'fact', 'reads'].map((key) => valueAt(raw, [key])),
  )
  const usedFacts = new Set([
    ...conditions.flatMap((when) => leavesOf(when)).flatMap(({ path }) => path.map(String)),
    ...parts.flatMap((part) => leavesOf(part)).map(({ value }) => String(value)),
  ])
  for (const { name, value, place } of facts.entries) {
    // Every card tells when the pain began, and on what basis.
    if (!usedFacts.has(name) && value.kind !== 'episode') {
      problems.add(place(), `fact "${name}" is never used: ask it in a rule or a group, or delete it`)
    }
  }
}

/** Every citation names a source of `sources.yaml`, and no two sources are one entry of the bibliography. */
export function checkCitations(draft: Draft, problems: Problems) {
  const { parameters, facts, rules, orderKinds, episode, checklist, sources, handouts } = draft
  const citing = [parameters, facts, rules, orderKinds].flatMap(
    (catalog): Entry<unknown>[] => catalog.entries,
  )
  const pages = [handouts, handouts?.share].flatMap((each) =>
    each?.file ? entryOf({ file: each.file, value: each.value }) : [],
  )
  for (const { value, place } of [...citing, ...entryOf(episode), ...entryOf(checklist), ...pages]) {
    for (const cites of valuesOf(value, 'cites')) {
      for (const { value: source, path } of leavesOf(cites.value, cites.path)) {
        const id = String(source)
        if (sources.lacks(id)) problems.add(place(...path), unknownName('source', id, sources.names))
      }
    }
  }
  const numbered = new Map<string, string>()
  for (const { name, value, place } of sources.entries) {
    const number = value.bibliography
    if (number === undefined) continue
    const other = numbered.get(number)
    if (other) problems.add(place('bibliography'), `${number} of the bibliography is ${other} already`)
    else numbered.set(number, name)
  }
}
