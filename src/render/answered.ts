/** What the clinician answered on the checklist, as a card tells it: beside the record, and never instead of it. */
import type { Content } from '../content/content.ts'
import type { Facts } from '../content/known.ts'
import { markdownText } from './escape.ts'
import { compileTemplates, listOf } from './template.ts'

export interface Answered {
  answered: string | undefined
  /** Answered no, and on record all the same. */
  differs: string | undefined
}

export function compileAnswered({ checklist, facts: declared, phrases: { phrases } }: Content) {
  const say = compileTemplates(phrases)
  const questions = checklist.groups.flatMap(({ questions }) => questions.map(({ fact }) => fact))
  const nounOf = (fact: string) => declared[fact]?.noun ?? declared[fact]?.asks ?? fact

  return (facts: Facts): Answered => {
    const said = new Map<string, string[]>()
    const against: string[] = []
    for (const fact of questions) {
      const known = facts.get(fact)
      // A group carries the answers of its members too, behind its own.
      const [first] = known?.evidence ?? []
      if (first?.how !== 'answer') continue
      const key = say[first.what === 'yes' ? 'answered-yes' : 'answered-no']({
        at: markdownText(first.date ?? ''),
      })
      said.set(key, [...(said.get(key) ?? []), nounOf(fact)])
      if (first.what === 'no' && known?.value === true) against.push(nounOf(fact))
    }
    const list = [...said].map(([how, nouns]) => `${how}: ${listOf(nouns)}`)
    return {
      answered: list.length > 0 ? say.answered({ list: list.join('; ') }) : undefined,
      differs: against.length > 0 ? say.differs({ list: listOf(against) }) : undefined,
    }
  }
}
