/** A flow as a Mermaid chart, for readers of the repository. */

import { end, type Flow, type Outcome, type Step } from '../flow.ts'
import { capital } from '../markdown.ts'

export function mermaidOf({ start, steps, end: last }: Flow): string {
  const lines = [
    `start([${label(start)}]) --> ${steps[0]?.name ?? end}`,
    ...steps.flatMap((step, at) => linesOf(step, steps[at + 1]?.name ?? 'no-card')),
    boxed('no-card', last),
    ...styles,
  ]
  return [
    '```mermaid',
    '%%{init: {"flowchart": {"wrappingWidth": 330, "nodeSpacing": 25, "rankSpacing": 30}}}%%',
    'flowchart TD',
    ...lines.map((line) => `  ${line}`),
    '```',
  ].join('\n')
}

function linesOf({ name, question, asks, outcomes, skipsTo, onward }: Step, next: string): string[] {
  return [
    `${name}(${label([question, ...asks].map(({ says }) => says).join('<br/>'))})`,
    ...outcomes.flatMap((outcome, at) => {
      const box = outcome.to ?? `${name}-card-${at + 1}`
      return [boxed(box, outcome), edge(name, box, outcome.when ?? 'yes')]
    }),
    ...(skipsTo === undefined ? [] : [edge(name, skipsTo === end ? 'no-card' : skipsTo, 'yes')]),
    edge(name, next, onward),
  ]
}

const boxed = (name: string, { says, indicator }: Outcome) => `${name}[${label(says)}]:::${indicator}`

const edge = (from: string, to: string, says: string) => `${from} -- ${label(says)} --> ${to}`

const styles = [
  'classDef critical fill:#fde2e1,stroke:#b42318,color:#1f1f1f',
  'classDef warning fill:#fef0c7,stroke:#b54708,color:#1f1f1f',
  'classDef info fill:#e0f2fe,stroke:#026aa2,color:#1f1f1f',
  'classDef none fill:#f2f4f7,stroke:#667085,color:#1f1f1f',
]

/** Mermaid ends a text at a quotation mark and reads # as the beginning of an entity. */
const label = (text: string) => `"${capital(text).replaceAll('"', "'").replaceAll('#', '#35;')}"`
