/** What a fact can answer, and the conditions in which it is asked. */
import type { Path } from './files.ts'
import type { FactDeclaration, Wanted, When } from './schema.ts'

/** Yes or no, a number, or one of a list of words. */
type Answers = 'yes-or-no' | 'number' | readonly string[]

const sexes = ['male', 'female', 'other', 'unknown']

export function answersOf(fact: FactDeclaration): Answers {
  switch (fact.kind) {
    case 'draft-order':
      return [
        ...new Set([
          ...Object.keys(fact.words),
          ...Object.keys(fact.named ?? {}),
          ...(fact.otherwise === undefined ? [] : [fact.otherwise]),
        ]),
      ]
    case 'person':
      if (fact.read === 'age') return fact.value === undefined ? 'number' : 'yes-or-no'
      return fact.read === 'sex' ? sexes : 'yes-or-no'
    case 'dose':
      return fact.read === 'dose-not-read' ? 'yes-or-no' : 'number'
    case 'episode':
      if (fact.read === 'onset-days') return 'number'
      return fact.read === 'sciatica' || fact.read === 'back-pain' ? 'yes-or-no' : (fact.words ?? [])
    case 'condition':
    case 'observation':
    case 'medication':
    case 'allergy':
    case 'service':
    case 'encounter':
    case 'reason':
    case 'words':
    case 'group':
    case 'placed':
    case 'function':
      return 'yes-or-no'
  }
}

interface Question {
  fact: string
  wanted: Wanted
  /** Where in the condition it stands. */
  path: Path
}

/** Every fact that a condition asks, with what it wants to hear. */
export function questionsIn(when: When, path: Path = []): Question[] {
  if ('all' in when && Array.isArray(when.all))
    return when.all.flatMap((each, at) => questionsIn(each, [...path, 'all', at]))
  if ('any' in when && Array.isArray(when.any))
    return when.any.flatMap((each, at) => questionsIn(each, [...path, 'any', at]))
  return Object.entries(when).map(([fact, wanted]) => ({
    fact,
    wanted: wanted as Wanted,
    path: [...path, fact],
  }))
}
