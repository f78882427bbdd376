/** The flow charts: who is heard first. */
import { subjects } from '../../pathway/schema.ts'
import { type Section, text } from '../blocks.ts'
import { type Flow, flowOf } from '../flow.ts'
import { speech } from '../sentence.ts'
import type { Telling } from '../telling.ts'

export function flowsOf({ content }: Pick<Telling, 'content'>): Flow[] {
  const { sentence } = speech(content)
  return subjects
    .filter((subject) => content.rules.some((rule) => rule.on.includes(subject)))
    .map((subject) => flowOf(subject, content, (rule) => sentence(rule.when)))
}

export function flowsSection(telling: Telling): Section {
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
