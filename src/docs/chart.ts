/** The pathway as Mermaid flow charts, one for each thing that rules are about: who is heard before whom. */
import type { Content } from '../content/content.ts'
import { indicators, type Rule, type Subject, subjects } from '../content/schema.ts'
import { capital, listed } from './markdown.ts'
import type { Speech } from './sentence.ts'
import { type Headline, type Stage, stagesOf } from './stages.ts'
import { subjectStarts, topicNames, topicQuestions } from './words.ts'

type Drawn = Pick<Content, 'rules' | 'cards'>

export function chartsOf(content: Drawn, speech: Speech): string[] {
  return subjects
    .filter((subject) => content.rules.some((rule) => rule.on.includes(subject)))
    .map((subject) => `### ${subjectStarts[subject]}\n\n${new Chart(subject, content, speech).text}`)
}

class Chart {
  readonly #cards: Content['cards']
  readonly #speech: Speech
  readonly #lines: string[] = []

  constructor(subject: Subject, { rules, cards }: Drawn, speech: Speech) {
    this.#cards = cards
    this.#speech = speech
    this.#lines.push(`start([${label(subjectStarts[subject])}]) --> gates`)
    this.#draw(rules.filter((rule) => rule.on.includes(subject)))
  }

  get text(): string {
    return [
      '```mermaid',
      '%%{init: {"flowchart": {"wrappingWidth": 330, "nodeSpacing": 25, "rankSpacing": 30}}}%%',
      'flowchart TD',
      ...[...this.#lines, ...styles].map((line) => `  ${line}`),
      '```',
    ].join('\n')
  }

  #draw(rules: readonly Rule[]): void {
    const stages = stagesOf(rules)
    const headlines = rules.filter((rule) => rule.role === 'headline')
    this.#question(
      'gates',
      'Does the pathway stay out of it?',
      rules.filter((rule) => rule.role === 'gate'),
    )
    this.#end('closed', 'No card', 'none')
    this.#edge('gates', 'closed', 'yes')
    this.#edge('gates', stages[0]?.name ?? 'no-card', 'no')
    this.#safety(headlines.filter(({ topic }) => topic === 'safety'))
    for (const [at, stage] of stages.entries()) {
      if (stage.topic === undefined) this.#stayQuiet(stage, stages.slice(at + 1))
      else this.#cardsOf(stage.name, topicQuestions[stage.topic], topicNames[stage.topic], stage.rules)
      this.#edge(stage.name, stages[at + 1]?.name ?? 'no-card', 'no')
    }
    this.#end('no-card', 'No card', 'none')
  }

  /** A silencer leads past the topics that it quiets. */
  #stayQuiet({ name, rules }: Extract<Stage, { topic: undefined }>, rest: readonly Stage[]): void {
    const heard = rest.find(
      ({ topic }) => topic !== undefined && rules.some((rule) => !rule.silences.includes(topic)),
    )
    this.#question(name, 'Is there a reason to stay quiet?', rules)
    this.#edge(name, heard?.name ?? 'no-card', 'yes')
  }

  /** Cards that need the whole chart are the heart of the pathway: each is drawn with its condition. */
  #cardsOf(name: string, question: string, about: string, headlines: readonly Headline[]): void {
    if (headlines.some((rule) => rule.stance === 'warns')) {
      const found = [...indicators]
        .reverse()
        .filter((each) => headlines.some((rule) => rule.indicator === each))
      this.#question(name, question, headlines)
      this.#end(`${name}-card`, `Card about ${about}: ${listed(found, 'or')}`, found[0] ?? 'none')
      this.#edge(name, `${name}-card`, 'yes')
      return
    }
    this.#question(name, question, [])
    for (const rule of headlines) {
      const summary = this.#cards[rule.id]?.summary ?? rule.title
      this.#end(rule.id, `${rule.code}, ${rule.indicator}: ${summary}`, rule.indicator)
      this.#edge(name, rule.id, this.#speech.sentence(rule.when).replace(/\.$/, ''))
    }
  }

  #safety(headlines: readonly Headline[]): void {
    if (headlines.length === 0) return
    this.#cardsOf('safety', topicQuestions.safety, topicNames.safety, headlines)
    this.#lines.push(`gates -. ${label('no, and on a card of its own')} .-> safety`)
  }

  #question(name: string, text: string, rules: readonly Rule[]): void {
    const lines = [text, ...rules.map(({ code, title }) => `${code} ${title}`)]
    this.#lines.push(`${name}(${label(lines.join('<br/>'))})`)
  }

  #end(name: string, text: string, style: string): void {
    this.#lines.push(`${name}[${label(text)}]:::${style}`)
  }

  #edge(from: string, to: string, says: string): void {
    this.#lines.push(`${from} -- ${label(says)} --> ${to}`)
  }
}

const styles = [
  'classDef critical fill:#fde2e1,stroke:#b42318,color:#1f1f1f',
  'classDef warning fill:#fef0c7,stroke:#b54708,color:#1f1f1f',
  'classDef info fill:#e0f2fe,stroke:#026aa2,color:#1f1f1f',
  'classDef none fill:#f2f4f7,stroke:#667085,color:#1f1f1f',
]

/** Mermaid ends a text at a quotation mark and reads # as the beginning of an entity. */
const label = (text: string) => `"${capital(text).replaceAll('"', "'").replaceAll('#', '#35;')}"`
