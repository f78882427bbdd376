/** One table a rule file: when each rule holds, what then happens, what it rests on, and its limits. */
import type { Content } from '../content/content.ts'
import type { Rule, RuleOf, Topic } from '../content/schema.ts'
import { isRetired } from '../content/status.ts'
import type { Book, RuleFile } from './book.ts'
import { anchor, anchors, capital, cell, link, listed, page, quoted, stacked, table } from './markdown.ts'
import type { Speech } from './sentence.ts'
import { sourceLinks } from './sources.ts'
import { roles, stances, subjectNames, topicNames } from './words.ts'

export function rulesSection({ ruleFiles, content }: Book, speech: Speech): string {
  return page('## Rules', ...ruleFiles.map((file) => ruleTable(file, content, speech))).trimEnd()
}

function ruleTable({ file, about, rules }: RuleFile, content: Content, speech: Speech): string {
  const head = ['Rule', 'Holds when', 'Then', 'Rests on', 'Limits']
  const rows = rules.filter((rule) => !isRetired(rule)).map((rule) => rowOf(rule, content, speech))
  const retired = rules.filter(isRetired).map((rule) => `${rule.code} ${rule.title}: ${retirement(rule)}`)
  return page(
    `### ${titleOf(file)}`,
    `${about.trim()} From ${link(file, file.replace('pathway/', ''))}.`,
    table(head, rows),
    retired.length > 0 ? `Retired: ${retired.join(' ')}` : undefined,
  ).trimEnd()
}

/** `pathway/rules/3-red-flags.yaml` is "3 Red flags". */
export const titleOf = (file: string) =>
  file
    .replace(/^.*\/|\.yaml$/g, '')
    .replace(/^(\d+)-(\p{L})/u, (_, number, first) => `${number} ${first.toUpperCase()}`)
    .replaceAll('-', ' ')

function rowOf(rule: Rule, content: Content, speech: Speech): string[] {
  return [
    stacked(
      `${anchor(anchors.rule(rule.code))}**${rule.code}** ${cell(rule.title)}`,
      `*${roles[rule.role]}* on ${listed(
        rule.on.map((subject) => subjectNames[subject]),
        'and',
      )}`,
      reviewOf(rule),
    ),
    speech.sentence(rule.when).replaceAll('|', '\\|'),
    effectOf(rule, content),
    stacked(
      sourceLinks(rule.cites),
      `Stated by ${cell(rule['stated-by'])}`,
      rule.strength === 'n/a' ? '' : `Strength: ${cell(rule.strength)}`,
    ),
    limitsOf(rule),
  ]
}

function effectOf(rule: Rule, content: Content): string {
  switch (rule.role) {
    case 'gate':
      return `Nothing is said. If it cannot be told: ${gateDoubts[rule['if-unknown']]}.`
    case 'silencer':
      return quietOf(rule.silences)
    case 'marker':
      return 'Noted only.'
    case 'line':
      return lineOf(rule, content)
    case 'offer':
      return `Allows the offers: ${offersOf(rule.offers, content)}.`
    case 'headline':
      return cardOf(rule, content)
  }
}

const gateDoubts = {
  stop: 'nothing is said either',
  'hold-back': 'cards that need the whole chart are held back, others are not',
}

const quietOf = (topics: readonly Topic[]) =>
  topics.length > 0 ? `Quiets: ${topics.map((topic) => topicNames[topic]).join(', ')}.` : ''

function lineOf(rule: RuleOf<'line'>, content: Content): string {
  const topics = rule['rides-on'].map((topic) => topicNames[topic])
  return stacked(
    `Line: ${cardLink(rule, content.cards[rule.id]?.line)}`,
    `On cards about ${listed(topics, 'or')}; priority ${rule.priority}.`,
    rule.offers.length > 0 ? `Allows the offers: ${offersOf(rule.offers, content)}.` : '',
  )
}

function cardOf(rule: RuleOf<'headline'>, content: Content): string {
  const { summary, line } = content.cards[rule.id] ?? {}
  return stacked(
    `**${capital(rule.indicator)}:** ${cardLink(rule, summary)}`,
    `About ${topicNames[rule.topic]}; priority ${rule.priority}; ${stances[rule.stance]}.`,
    quietOf(rule.silences),
    rule.suggests.length > 0 ? `Offers: ${offersOf(rule.suggests, content)}.` : '',
    line === undefined ? 'Never a line on another card.' : '',
    rule['if-unknown'] === 'say-so'
      ? `If it cannot be told: ${fallbackOf(content)} may say what could not be checked.`
      : '',
  )
}

function fallbackOf({ rules }: Content): string {
  const card = rules.find((rule) => rule.role === 'headline' && rule.topic === 'not-checked')
  return card ? link(card.code, `#${anchors.rule(card.code)}`) : 'a card'
}

const cardLink = ({ id }: Rule, text: string | undefined) =>
  link(quoted(cell(text ?? id)), `../cards/${id}.md`)

const offersOf = (keys: readonly string[], { suggestions }: Content) =>
  keys.map((key) => cell(suggestions.suggestions[key]?.label ?? key)).join('; ')

function limitsOf(rule: Rule): string {
  const wrong = rule.role === 'headline' ? rule['wrong-when'] : []
  return stacked(
    wrong.length > 0 ? `**Wrong when:** ${wrong.map(cell).join(' ')}` : '',
    rule['not-encoded'] ? `**Not encoded:** ${rule['not-encoded'].map(cell).join(' ')}` : '',
    rule.note ? `**Note:** ${cell(rule.note)}` : '',
  )
}

function reviewOf({ status }: Rule): string {
  if (typeof status !== 'object' || !('reviewed' in status)) return ''
  return `reviewed by ${cell(status.reviewed.by)} on ${status.reviewed.on}`
}

function retirement({ status }: Rule): string {
  return typeof status === 'object' && 'retired' in status
    ? `${status.retired.why} (${status.retired.on}).`
    : ''
}
