/** Every rule: when it holds, what then happens, what it rests on, and its limits. */

import { factsIn } from '../../decide/conditions.ts'
import type { Content } from '../../pathway/content.ts'
import { isRetired, type Rule, subjects, type Topic, type Topics } from '../../pathway/schema.ts'
import {
  type Entry,
  type Row,
  type Section,
  type Table,
  type Term,
  terms,
  text,
  type Words,
} from '../blocks.ts'
import type { RuleFile } from '../book.ts'
import { anchors, bare, capital, cell, link, listed, quoted } from '../markdown.ts'
import { withUnit } from '../sentence.ts'
import {
  allRules,
  citation,
  ruleLink,
  runningRules,
  sourceLinks,
  type Telling,
  withBlanks,
} from '../telling.ts'
import { roles, stances, subjectNames, topicName } from '../words.ts'

// What happens when a rule holds, in words, and which other rules keep it quiet.

function effectOf(rule: Rule, telling: Telling): Term[] {
  const why = 'unlike-its-topic' in rule && rule['unlike-its-topic']
  return [...thenOf(rule, telling), ...terms(['Unlike its topic', why && cell(why)])]
}

function thenOf(rule: Rule, telling: Telling): Term[] {
  const { topics } = telling.content
  const card = telling.book.content.cards[rule.id]
  const face = (words: string | undefined) =>
    link(`**${quoted(withBlanks(words ?? rule.title))}**`, `../cards/${rule.id}.md`)
  switch (rule.role) {
    case 'gate':
      return terms(
        ['Then', 'Nothing is said.'],
        ['Heard all the same', quiets(rule['lets-speak'], topics)],
        ['In doubt', gateDoubts[rule['if-unknown']]],
      )
    case 'silencer':
      return terms(['Then', 'Nothing is shown.'], ['Quiets', quiets(rule.silences, topics)])
    case 'marker':
      return terms(['Then', 'Noted for those who ask why, and nothing more.'])
    case 'line':
      return terms(
        ['Then', `A line: ${face(card?.line)}`],
        ['Rides on', `Cards about ${topicList(rule['rides-on'], 'or', topics)}.`],
        ['Allows', offersOf(rule.offers, telling)],
      )
    case 'offer':
      return terms(['Then', 'Nothing is said.'], ['Allows', offersOf(rule.offers, telling)])
    case 'headline':
      return terms(
        ['Then', `A card: ${face(card?.summary)}`],
        ['As a line', card?.line === undefined ? 'Never on another card.' : quoted(withBlanks(card.line))],
        ['Offers', offersOf(rule.suggests, telling)],
        ['Stance', `${capital(stances[rule.stance])}.`],
        ['Quiets', quiets(rule.silences, topics)],
        ['Quieted by', quietedBy(rule, rule.topic, telling)],
        [
          'In doubt',
          rule['if-unknown'] === 'say-so' && `${fallback(telling)} may say what could not be checked.`,
        ],
      )
  }
}

export const gateDoubts = {
  stop: 'Nothing is said either.',
  'hold-back': 'Cards that need the whole chart are held back, others are not.',
}

const topicList = (names: readonly Topic[], last: 'and' | 'or', topics: Topics) =>
  listed(
    names.map((topic) => topicName(topics, topic)),
    last,
  )

export const quiets = (silences: readonly Topic[], topics: Topics) =>
  silences.length > 0 && `Cards about ${topicList(silences, 'and', topics)}.`

const offersOf = (keys: readonly string[], { book }: Telling): Words =>
  keys.map((key) => cell(book.content.suggestions.suggestions[key]?.label ?? key)).join('; ')

export function fallback(telling: Telling): Words {
  const card = telling.book.content.rules.find((rule) => rule.role === 'headline' && rule.heard === 'last')
  return card ? ruleLink(card) : 'Another card'
}

/** Rules whose holding keeps a card unseen; gates, which keep all unseen, are named as a whole. */
function quietedBy(rule: Rule, topic: Topic, telling: Telling): Words | undefined {
  const others = runningRules(telling).filter(
    (other) => other !== rule && other.on.some((subject) => rule.on.includes(subject)),
  )
  const quieting = others.filter(
    (other) => (other.role === 'silencer' || other.role === 'headline') && other.silences.includes(topic),
  )
  const gates = others.filter(({ role }) => role === 'gate')
  const named = [
    ...(gates.length > 0 ? [`Any gate (${gates.map(ruleLink).join(', ')})`] : []),
    ...(quieting.length > 0 ? [quieting.map(ruleLink).join(', ')] : []),
  ]
  return named.length > 0 ? `${named.join('; ')}.` : undefined
}

// Where to find a rule: by what its card looks like, by what it does, and by what it is asked of.
function finderTables(telling: Telling): Table[] {
  const rules = allRules(telling)
  const headlines = rules.filter((rule) => rule.role === 'headline')
  const tables: [string, Row[]][] = [
    [
      'Cards by indicator',
      (['critical', 'warning', 'info'] as const).flatMap((indicator) =>
        rowOf(
          indicator,
          headlines.filter((rule) => rule.indicator === indicator),
        ),
      ),
    ],
    [
      'Rules without a card of their own',
      (['gate', 'silencer', 'line', 'offer', 'marker'] as const).flatMap((role) =>
        rowOf(
          `${role}s`,
          rules.filter((rule) => rule.role === role),
        ),
      ),
    ],
    [
      'By what is judged',
      subjects.flatMap((subject) =>
        rowOf(
          subjectNames[subject],
          rules.filter(({ on }) => on.includes(subject)),
        ),
      ),
    ],
  ]
  return tables.map(([caption, rows]) => ({ kind: 'table', caption, head: ['Which', 'Rules'], rows }))
}

function rowOf(name: string, rules: readonly Rule[]): Row[] {
  if (rules.length === 0) return []
  return [{ cells: [capital(name), rules.map(ruleLink).join(', ')] }]
}

// Which clinical numbers stand behind a rule.
/** Parameters that a rule names, itself or through the facts that it asks, in the order of the pathway. */
export function numbersBehind(
  { when }: Rule,
  { facts, parameters }: Pick<Content, 'facts' | 'parameters'>,
): string[] {
  const asked = new Set<string>()
  const ask = (fact: string) => {
    const declared = facts[fact]
    if (!declared || asked.has(fact)) return
    asked.add(fact)
    const others =
      declared.kind === 'group' ? [...(declared['any-of'] ?? []), ...(declared['all-of'] ?? [])] : []
    for (const other of declared.kind === 'placed' ? [declared.fact] : others) ask(other)
  }
  for (const fact of factsIn(when)) ask(fact)
  const written = JSON.stringify([when, ...[...asked].map((fact) => facts[fact])])
  return Object.keys(parameters).filter((name) => written.includes(`"$${name}"`))
}

export function rulesSection(telling: Telling): Section {
  return {
    id: 'rules',
    title: 'Rules',
    blocks: [
      text('By chapter below, by topic above, and here by what they do and what they are asked of.'),
      ...finderTables(telling),
    ],
    parts: telling.book.ruleFiles.map((file) => chapter(file, telling)),
  }
}

export const chapterId = (file: string) => `rules-${bare(titleOf(file))}`

/** `pathway/rules/3-red-flags.yaml` is "3 Red flags". */
export const titleOf = (file: string) =>
  file
    .replace(/^.*\/|\.yaml$/g, '')
    .replace(/^(\d+)-(\p{L})/u, (_, number, first) => `${number} ${first.toUpperCase()}`)
    .replaceAll('-', ' ')

function chapter({ file, about, rules }: RuleFile, telling: Telling): Section {
  return {
    id: chapterId(file),
    title: titleOf(file),
    blocks: [
      text(`${cell(about)} From ${link(file, file.replace('pathway/', ''))}.`),
      { kind: 'entries', entries: rules.map((rule) => ruleEntry(rule, telling)) },
    ],
  }
}

/** Where a rule is one of many, its sources are named as shortly as can be. */
export function ruleEntry(rule: Rule, telling: Telling, sources: 'short' | 'named' = 'short'): Entry {
  const sentence = telling.speech.sentence(rule.when)
  const effect = effectOf(rule, telling)
  return {
    id: anchors.rule(rule.code),
    code: rule.code,
    title: rule.title,
    look: rule.role === 'headline' ? rule.indicator : rule.role,
    tag: rule.role === 'headline' ? `${roles[rule.role]}: ${rule.indicator}` : roles[rule.role],
    about: aboutOf(rule, telling),
    terms: [
      ...terms(['Holds when', sentence]),
      ...effect,
      ...terms(
        ['Numbers', numbersOf(rule, telling, sources)],
        ['Rests on', restsOn(rule, telling, sources)],
        ['Wrong when', rule.role === 'headline' && rule['wrong-when'].map(cell)],
        ['Not encoded', rule['not-encoded']?.map(cell)],
        ['Note', rule.note && cell(rule.note)],
        ['Review', reviewOf(rule, telling).join(' ')],
      ),
    ],
    brief: [
      sentence,
      ...effect.filter(({ term }) => term === 'Then').map(({ said }) => [said].flat().join(' ')),
    ].join(' '),
  }
}

function aboutOf(rule: Rule, { content: { topics } }: Telling): Words {
  return [
    `on ${listed(
      rule.on.map((subject) => subjectNames[subject]),
      'and',
    )}`,
    ...(rule.role === 'headline' ? [`about ${topicName(topics, rule.topic)}`] : []),
    ...('priority' in rule ? [`priority ${rule.priority}`] : []),
  ].join(' · ')
}

function restsOn(rule: Rule, telling: Telling, sources: 'short' | 'named'): Words {
  const strength = rule.strength === 'n/a' ? '' : ` Strength of the recommendation: ${cell(rule.strength)}.`
  const cited =
    sources === 'short' ? sourceLinks(rule.cites) : rule.cites.map((id) => citation(id, telling)).join('; ')
  return `Stated by ${cell(rule['stated-by'])}.${strength} ${cited}.`
}

function numbersOf(rule: Rule, telling: Telling, sources: 'short' | 'named'): Words[] {
  const { parameters } = telling.content
  return numbersBehind(rule, telling.content).flatMap((name) => {
    const parameter = parameters[name]
    if (!parameter) return []
    const value = `${link(`**${withUnit(parameter)}**`, `#${anchors.parameter(name)}`)}: ${cell(parameter.meaning)}.`
    const own = parameter.usually === undefined ? '' : ` *Set by this site; usually ${parameter.usually}.*`
    const stated =
      sources === 'short'
        ? ''
        : ` Stated by ${cell(parameter['stated-by'])}: ${parameter.cites.map((id) => citation(id, telling)).join('; ')}.`
    return [`${value}${own}${stated}`]
  })
}

/** Where a rule stands: the words for its reviewers, and what this site does with it. */
function reviewOf(rule: Rule, { content }: Pick<Telling, 'content'>): Words[] {
  const { status, code } = rule
  const { off, silent } = content.site.rules
  const reviewed = typeof status === 'object' && 'reviewed' in status ? status.reviewed : undefined
  const retired = typeof status === 'object' && 'retired' in status ? status.retired : undefined
  return [
    retired
      ? `Retired on ${retired.on}: ${cell(retired.why)}`
      : reviewed
        ? `Reviewed by ${cell(reviewed.by)} on ${reviewed.on}.`
        : 'Draft. No clinician has reviewed it.',
    ...(off.includes(code) && !isRetired(rule) ? ['Switched off at this site.'] : []),
    ...(silent.includes(code) ? ['Silent at this site: judged and logged, never shown.'] : []),
  ]
}

export const reviewedOf = (telling: Telling): number =>
  allRules(telling).filter(({ status }) => typeof status === 'object' && 'reviewed' in status).length
