/** What happens when a rule holds, in words, and which other rules keep it quiet. */
import type { Rule, Topic, Topics } from '../../pathway/schema.ts'
import { type Term, terms, type Words } from '../blocks.ts'
import { capital, cell, link, listed, quoted } from '../markdown.ts'
import { ruleLink, runningRules, type Telling, withBlanks } from '../telling.ts'
import { stances, topicName } from '../words.ts'

export function effectOf(rule: Rule, telling: Telling): Term[] {
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
      return terms(['Then', 'Nothing is said.'], ['In doubt', gateDoubts[rule['if-unknown']]])
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
