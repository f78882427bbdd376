/** The checklist asks facts that a yes or a no answers, each once, with numbers that exist. */
import { answersOf } from '../answers.ts'
import { type Draft, entryOf } from '../draft.ts'
import type { Path } from '../files.ts'
import { type Problems, unknownName } from '../problems.ts'
import type { Checklist } from '../schema.ts'

export function checkChecklist(draft: Draft, problems: Problems) {
  const { facts, parameters } = draft
  for (const { value, place } of entryOf<Checklist>(draft.checklist)) {
    const asked = new Set<string>()
    for (const { question, path } of questionsOf(value)) {
      if (asked.has(question.fact))
        problems.add(place(...path, 'fact'), `"${question.fact}" is asked twice: keep one question`)
      asked.add(question.fact)
      checkFact(question.fact, [...path, 'fact'])
      for (const [at, fact] of (question['no-also'] ?? []).entries())
        checkFact(fact, [...path, 'no-also', at])
      for (const [, name = ''] of question.asks.matchAll(/\{\{([^{}]*)\}\}/g)) {
        if (parameters.lacks(name))
          problems.add(place(...path, 'asks'), unknownName('parameter', name, parameters.names))
      }
    }

    function checkFact(fact: string, path: Path) {
      if (facts.lacks(fact)) {
        problems.add(place(...path), unknownName('fact', fact, facts.names))
        return
      }
      const declared = facts.get(fact)
      if (declared && answersOf(declared) !== 'yes-or-no')
        problems.add(place(...path), `"${fact}" is not answered with yes or no: ask another fact`)
    }
  }
}

const questionsOf = ({ groups }: Checklist) =>
  groups.flatMap(({ questions }, group) =>
    questions.map((question, at) => ({ question, path: ['groups', group, 'questions', at] as Path })),
  )
