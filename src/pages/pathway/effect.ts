/** What happens when a rule holds, in words, and which other rules keep it quiet. */
import type { Rule, Topic } from '../../content/schema.ts'
import { isRetired } from '../../content/status.ts'
import { anchors, capital, listed } from '../../docs/markdown.ts'
import { stances, topicNames } from '../../docs/words.ts'
import { type Html, html, joined, type Part } from '../html.ts'
import { told, withBlanks } from './parts.ts'
import { allRules, here, ruleLink, type View } from './view.ts'

/** Terms of a rule's list: what is shown, what is quieted, what is offered, and what doubt does. */
export function effectOf(rule: Rule, view: View): Part {
  const card = view.book.content.cards[rule.id]
  switch (rule.role) {
    case 'gate':
      return [told('Then', 'Nothing is said.'), told('In doubt', gateDoubts[rule['if-unknown']])]
    case 'silencer':
      return [told('Then', 'Nothing is shown.'), told('Quiets', quiets(rule.silences))]
    case 'marker':
      return told('Then', 'Noted for those who ask why, and nothing more.')
    case 'line':
      return [
        told('Then', html`A line: <strong>“${withBlanks(card?.line ?? rule.title)}”</strong>`),
        told('Rides on', `Cards about ${topicList(rule['rides-on'], 'or')}.`),
        told('Allows', offersOf(rule.offers, view)),
      ]
    case 'offer':
      return [told('Then', 'Nothing is said.'), told('Allows', offersOf(rule.offers, view))]
    case 'headline':
      return [
        told('Then', html`A card: <strong>“${withBlanks(card?.summary ?? rule.title)}”</strong>`),
        told('As a line', card?.line === undefined ? 'Never on another card.' : `“${withBlanks(card.line)}”`),
        told('Offers', offersOf(rule.suggests, view)),
        told('Stance', `${capital(stances[rule.stance])}.`),
        told('Quiets', quiets(rule.silences)),
        told('Quieted by', quietedBy(rule, rule.topic, view)),
        told(
          'In doubt',
          rule['if-unknown'] === 'say-so' && html`${fallback(view)} may say what could not be checked.`,
        ),
      ]
  }
}

const gateDoubts = {
  stop: 'Nothing is said either.',
  'hold-back': 'Cards that need the whole chart are held back, others are not.',
}

const topicList = (topics: readonly Topic[], last: 'and' | 'or') =>
  listed(
    topics.map((topic) => topicNames[topic]),
    last,
  )

const quiets = (topics: readonly Topic[]) =>
  topics.length > 0 ? `Cards about ${topicList(topics, 'and')}.` : undefined

const offersOf = (keys: readonly string[], { book }: View): string =>
  keys.map((key) => book.content.suggestions.suggestions[key]?.label ?? key).join('; ')

function fallback(view: View): Html {
  const card = view.book.content.rules.find(
    (rule) => rule.role === 'headline' && rule.topic === 'not-checked',
  )
  return card ? ruleLink(card, view) : html`Another card`
}

/** Rules whose holding keeps a card unseen; gates, which keep all unseen, are named as a whole. */
function quietedBy(rule: Rule, topic: Topic, view: View): Html | undefined {
  const others = allRules(view).filter(
    (other) => other !== rule && !isRetired(other) && other.on.some((subject) => rule.on.includes(subject)),
  )
  const quieting = others.filter(
    (other) => (other.role === 'silencer' || other.role === 'headline') && other.silences.includes(topic),
  )
  const gates = others.filter(({ role }) => role === 'gate')
  const named = [
    ...(gates.length > 0 ? [html`Any gate (${codes(gates, view)})`] : []),
    ...(quieting.length > 0 ? [codes(quieting, view)] : []),
  ]
  return named.length > 0 ? html`${joined(named, '; ')}.` : undefined
}

const codes = (rules: readonly Rule[], view: View): Html =>
  joined(
    rules.map((rule) => here(anchors.rule(rule.code), rule.code, view)),
    ', ',
  )
