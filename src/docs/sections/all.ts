/** The book: every section of the pathway in words, in reading order. */
import { subjects, type Topic, type TopicDeclaration } from '../../pathway/schema.ts'
import { type Section, text, type Words } from '../blocks.ts'
import { type Flow, flowOf } from '../flow.ts'
import { capital, cell } from '../markdown.ts'
import { speech } from '../sentence.ts'
import { allRules, ruleLink, type Telling } from '../telling.ts'
import { stances, subjectNames, topicName } from '../words.ts'
import { decisionTableSection, historySection, notEncodedSection, openSection } from './open.ts'
import { questionsSection } from './questions.ts'
import { readingSection } from './reading.ts'
import { numbersSection, offersSection, sourcesSection, valueSetsSection } from './reference.ts'
import { fallback, gateDoubts, quiets, rulesSection } from './rules.ts'

// The flow charts: who is heard first.

export function flowsOf({ content }: Pick<Telling, 'content'>): Flow[] {
  const { sentence } = speech(content)
  return subjects
    .filter((subject) => content.rules.some((rule) => rule.on.includes(subject)))
    .map((subject) => flowOf(subject, content, (rule) => sentence(rule.when)))
}

function flowsSection(telling: Telling): Section {
  return {
    id: 'pictures',
    title: 'The pathway in pictures',
    blocks: [
      text(
        'They show who is heard first. A card that is not quieted becomes a line on the card before it; the rules are exact.',
      ),
    ],
    parts: flowsOf(telling).map((flow) => ({
      id: flow.name,
      title: flow.start,
      blocks: [{ kind: 'flow', flow }],
    })),
  }
}

// What rules are about together: what each topic means, how it is heard, what it quiets, and its rules.

export const topicId = (topic: Topic) => `topic-${topic}`

function topicsSection(telling: Telling): Section {
  const { topics } = telling.content
  const rules = allRules(telling)
  return {
    id: 'topics',
    title: 'Topics',
    blocks: [
      text(
        'What is the same for all rules of a topic is said here, once. A rule that differs says so, and why. What a topic quiets is not shown while one of its rules holds.',
      ),
      {
        kind: 'table',
        caption: 'Topics',
        head: ['Topic', 'Means', 'Heard', 'Quiets', 'Rules'],
        rows: Object.entries(topics).map(([name, topic]) => ({
          id: topicId(name),
          cells: [
            `**${capital(topicName(topics, name))}** \`${name}\``,
            cell(topic.means),
            heardOf(topic, telling),
            quietedBy(topic, telling),
            rules
              .filter((rule) => 'topic' in rule && rule.topic === name)
              .map(ruleLink)
              .join(', '),
          ],
        })),
      },
    ],
  }
}

const places = {
  'in-turn': '',
  beside: ', on a card of its own',
  last: ', where nothing else does',
} as const

function heardOf(topic: TopicDeclaration, telling: Telling): Words {
  if (topic.role === 'gate') {
    const heard = quiets(topic['lets-speak'], telling.content.topics)
    return `Closes the pathway${heard ? `. Heard all the same: ${heard.replace(/^C/, 'c')}` : '.'} In doubt: ${gateDoubts[topic['if-unknown']]}`
  }
  if (topic.role === 'silencer') return 'Shows nothing.'
  const { priority, stance, heard } = topic
  const [from, to] = typeof priority === 'number' ? [priority, priority] : [priority.from, priority.to]
  return [
    `${capital(stances[stance])}${places[heard]}; priority ${from === to ? from : `${from} to ${to}`}.`,
    ...(topic['if-unknown'] === 'say-so'
      ? [`In doubt ${fallback(telling)} may say what could not be checked.`]
      : []),
    ...(topic['forbids-conditions'] ? ['In doubt no other advice is given on a condition.'] : []),
  ].join(' ')
}

/** By what is judged, where it differs. */
function quietedBy(topic: TopicDeclaration, { content: { topics } }: Telling): Words {
  if (topic.role === 'gate') return topic['lets-speak'].length > 0 ? 'Everything else.' : 'Everything.'
  const { silences } = topic
  if (Array.isArray(silences)) return quiets(silences, topics) || ''
  return (Object.keys(subjectNames) as (keyof typeof subjectNames)[])
    .flatMap((subject) => {
      const told = quiets(silences[subject] ?? [], topics)
      return told ? [`On ${subjectNames[subject]}: ${told.replace(/^C/, 'c')}`] : []
    })
    .join(' ')
}

export const sectionsOf = (telling: Telling): Section[] => [
  readingSection(telling),
  flowsSection(telling),
  topicsSection(telling),
  rulesSection(telling),
  offersSection(telling),
  numbersSection(telling),
  questionsSection(telling),
  valueSetsSection(telling),
  openSection(telling),
  notEncodedSection(telling),
  decisionTableSection(telling),
  historySection(telling),
  sourcesSection(telling),
]
