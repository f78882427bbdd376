/** What rules are about together: what each topic means, how it is heard, what it quiets, and its rules. */
import type { Topic, TopicDeclaration } from '../../pathway/schema.ts'
import { type Section, text, type Words } from '../blocks.ts'
import { capital, cell } from '../markdown.ts'
import { allRules, ruleLink, type Telling } from '../telling.ts'
import { stances, subjectNames, topicName } from '../words.ts'
import { fallback, gateDoubts, quiets } from './effect.ts'

export const topicId = (topic: Topic) => `topic-${topic}`

export function topicsSection(telling: Telling): Section {
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
  if (topic.role === 'gate') return `Closes the pathway. In doubt: ${gateDoubts[topic['if-unknown']]}`
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
  if (topic.role === 'gate') return 'Everything.'
  const { silences } = topic
  if (Array.isArray(silences)) return quiets(silences, topics) || ''
  return (Object.keys(subjectNames) as (keyof typeof subjectNames)[])
    .flatMap((subject) => {
      const told = quiets(silences[subject] ?? [], topics)
      return told ? [`On ${subjectNames[subject]}: ${told.replace(/^C/, 'c')}`] : []
    })
    .join(' ')
}
